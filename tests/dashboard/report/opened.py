"""Each format opened with its library: all it says as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pypdf
from openpyxl import load_workbook
from pptx import Presentation

SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text with one space for any space."""
    return SPACES.sub(" ", text.replace("\u00ad", ""))


def pdf(made: bytes) -> str:
    """Return the text of a PDF."""
    return plain("\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages))


def pptx(made: bytes) -> str:
    """Return the text of slides, their tables and their notes."""
    return plain("\n".join(_of_slides(made)))


def _of_slides(made: bytes) -> Iterator[str]:
    for slide in Presentation(BytesIO(made)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                for row in shape.table.rows:
                    for cell in row.cells:
                        yield cell.text
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def xlsx(made: bytes) -> str:
    """Return the texts of a workbook."""
    return plain("\n".join(str(cell) for cell in cells(made) if isinstance(cell, str)))


def cells(made: bytes) -> list[Any]:
    """Return the value of every cell that has one."""
    book = load_workbook(BytesIO(made))
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


class Page(HTMLParser):
    """A page of HTML: its tags, their attributes and its text."""

    def __init__(self, made: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(made.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.words.append(data)


def html(made: bytes) -> str:
    """Return the text of a page."""
    return plain(" ".join(Page(made).words))


TEXT: dict[str, Callable[[bytes], str]] = {"pdf": pdf, "pptx": pptx, "xlsx": xlsx, "html": html}
