"""The report as slides: a finding each, its sentence above, its chart below, the words in notes."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from dashboard.charts.finished import Figure
from dashboard.report import pictures
from dashboard.report.content import Content, Line, Section
from dashboard.report.pictures import Picture
from dashboard.report.quotes import Quote
from dashboard.report.tables import IN_WORDS, Kind, Table

_MADE = datetime(2000, 1, 1)
"""What the file says of its making: the same brief gives the same bytes."""

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP = Inches(0.6), Inches(1.75)
_ACROSS, _DOWN = Inches(12.13), Inches(5.2)
_FOOT = Inches(7.0)


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]


_INK, _QUIET = _rgb("1F2023"), _rgb("5C5F66")
_BLUE, _LINE = _rgb("00609A"), _rgb("D9DBE0")
_WHITE, _BAND = _rgb("FFFFFF"), _rgb("F4F6F8")
_TONES = {"better": _BLUE, "worse": _rgb("B34700"), "same": _QUIET}

_FONT = "Arial"
"""Every computer has it or one of the same widths."""

_ROWS = 9
"""Rows of a table that a slide has room for."""

_LARGEST = Inches(0.0115)
"""How large a pixel of a picture becomes at most: a chart of few marks is no poster."""

_NARROW = 6
"""Columns of a table that has room beside a chart."""

_NOTE = 3_000
"""Characters of a verbatim in the notes."""

_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Box = tuple[int, int, int, int]
"""Left, top, width, height."""


def slides(content: Content) -> bytes:
    """Return the report as a presentation (pptx), 16:9."""
    deck = _Deck(content.title, content.language)
    deck.opening(content)
    for section in content.sections:
        if section.key in ("why", "themes", "praised"):
            for line in section.lines:
                if line.quotes:
                    deck.words(section.heading, line.text, line.quotes)
            deck.list(section.heading, [line for line in section.lines if not line.quotes])
        elif section.key in ("look", "basis"):
            deck.list(section.heading, section.lines)
        else:
            deck.finding(section)
    return deck.bytes()


def slide(title: str, chart: Figure, source: str, notes: str) -> bytes:
    """Return one slide with one chart, to be shown as it is.

    Args:
        title: the sentence that the chart shows.
        chart: in the light theme.
        source: what the numbers are of, written below the chart.
        notes: what the speaker is to know.
    """
    deck = _Deck(title, "")
    page = deck.page(title)
    deck.picture(page, Picture(chart, title), (_LEFT, _TOP, _ACROSS, _DOWN), 560)
    deck.text(page, [source], (_LEFT, _FOOT, _ACROSS, Inches(0.35)), 12, _QUIET)
    deck.note(page, notes)
    return deck.bytes()


class _Deck:
    def __init__(self, title: str, language: str) -> None:
        self._deck: Any = Presentation()
        self._deck.slide_width, self._deck.slide_height = _WIDTH, _HEIGHT
        facts = self._deck.core_properties
        facts.title, facts.author, facts.language = _plain(title)[:255], "Simak", language
        facts.created = facts.modified = _MADE
        facts.last_modified_by = "Simak"

    def bytes(self) -> bytes:
        """Return the file, the same for the same slides."""
        made, fixed = BytesIO(), BytesIO()
        self._deck.save(made)
        with ZipFile(made) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
            for name in old.namelist():
                info = ZipInfo(name, _MADE.timetuple()[:6])
                info.compress_type = ZIP_DEFLATED
                new.writestr(info, old.read(name))
        return fixed.getvalue()

    def page(self, title: str, above: str = "") -> Any:
        """Add a slide with its sentence, and a word above it on what part it is of."""
        page = self._deck.slides.add_slide(self._deck.slide_layouts[5])
        if above:
            self.text(page, [above], (_LEFT, Inches(0.3), _ACROSS, Inches(0.35)), 13, _BLUE)
        head = page.shapes.title
        head.left, head.top, head.width, head.height = _LEFT, Inches(0.6), _ACROSS, Inches(1.05)
        frame = head.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = 0
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        _write(frame.paragraphs[0], title, _title_size(title), _INK, bold=True)
        return page

    def opening(self, content: Content) -> None:
        """Add the first slide: whose week, its finding and its four figures."""
        page = self.page(content.title)
        said = [content.headline, *content.further]
        self.text(page, said, (_LEFT, Inches(1.5), _ACROSS, Inches(2.2)), 20, _INK, gap=8)
        gap = Inches(0.2)
        width = (_ACROSS - gap * (len(content.figures) - 1)) // len(content.figures)
        for place, one in enumerate(content.figures):
            left = _LEFT + place * (width + gap)
            box = page.shapes.add_textbox(left, Inches(4.2), width, Inches(2.2))
            box.line.color.rgb = _LINE
            frame = box.text_frame
            frame.auto_size = MSO_AUTO_SIZE.NONE
            frame.word_wrap = True
            lines = (
                (one.name, 15, _QUIET, False),
                (one.value, 34, _QUIET if one.few else _INK, True),
                (one.change, 15, _TONES[one.tone], True),
                (one.rest, 13, _QUIET, False),
            )
            for number, (text, size, colour, bold) in enumerate(lines):
                paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
                _write(paragraph, text, size, colour, bold=bold)

    def finding(self, section: Section) -> None:
        """Add a section with its chart, its table or both; the lines go to the notes."""
        page = self.page(section.lead, section.heading)
        tables = section.tables
        top, down = int(_TOP), int(_DOWN)
        more = [table.cut(_ROWS) for table in tables]
        notes = "  ".join(filter(None, (*section.notes, *more)))
        if notes:
            down -= Inches(0.6)
            self.text(page, [notes], (_LEFT, top + down + Inches(0.05), _ACROSS, Inches(0.55)), 12)
        if section.picture is None:
            self._below(page, section, tables, top, down)
        elif not tables:
            self.picture(page, section.picture, (_LEFT, top, _ACROSS, down), 620)
        else:
            gap = Inches(0.3)
            if len(tables[0].heads()) > _NARROW:
                rows = Inches(0.42) * (1 + min(_ROWS, len(tables[0].rows)))
                high = max(down - rows - gap, Inches(1.6))
                box = (_LEFT, top, _ACROSS, high)
                high = self.picture(page, section.picture, box, 760)
                self.table(page, tables[0], (_LEFT, top + high + gap, _ACROSS, rows))
                self.note(page, "\n\n".join(_told(section.lines)))
                return
            half = int(_ACROSS * 0.41)
            self.picture(page, section.picture, (_LEFT, top, half, down), 420)
            self.table(page, tables[0], (_LEFT + half + gap, top, _ACROSS - half - gap, down))
        self.note(page, "\n\n".join(_told(section.lines)))

    def _below(
        self, page: Any, section: Section, tables: Sequence[Table], top: int, down: int
    ) -> None:
        """Write the tables below one another, and the lines where there is no table."""
        if not tables:
            lines = [line.text for line in section.lines]
            self.text(page, lines, (_LEFT, top, _ACROSS, down), 18, _INK, gap=8)
            return
        for table in tables:
            height = Inches(0.4) * (1 + min(_ROWS, len(table.rows)))
            self.text(page, [table.title], (_LEFT, top, _ACROSS, Inches(0.4)), 15, _BLUE)
            self.table(page, table, (_LEFT, top + Inches(0.42), _ACROSS, height))
            top += height + Inches(0.9)
        said = [f"“{quote.short}” ({quote.where})" for quote in section.quotes]
        self.text(page, said, (_LEFT, top, _ACROSS, _TOP + _DOWN - top), 15, _INK, gap=6)

    def words(self, heading: str, text: str, quotes: Sequence[Quote]) -> None:
        """Add a finding that customers' words show better than a chart."""
        page = self.page(text, heading)
        said = [f"“{quote.short}” ({quote.where})" for quote in quotes]
        top = _TOP + Inches(0.3)
        self.text(page, said, (_LEFT, top, _ACROSS, _DOWN - Inches(0.3)), 20, _INK, gap=14)
        self.note(page, "\n\n".join(_told([Line(text, tuple(quotes))])))

    def list(self, heading: str, lines: Sequence[Line]) -> None:
        """Add findings without customers' words as a list, where there are any."""
        if not lines:
            return
        page = self.page(heading)
        texts = [f"• {line.text}" for line in lines]
        box = (_LEFT, Inches(1.5), _ACROSS, Inches(5.4))
        self.text(page, texts, box, _size(texts), _INK, gap=8)

    def text(
        self,
        page: Any,
        paragraphs: Sequence[str],
        box: Box,
        size: int,
        colour: RGBColor = _QUIET,
        *,
        gap: int = 0,
    ) -> None:
        """Write paragraphs into a box of their own."""
        frame = page.shapes.add_textbox(*map(Emu, box)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for number, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
            paragraph.space_after = Pt(gap)
            _write(paragraph, text, size, colour)

    def picture(self, page: Any, picture: Picture, box: Box, width: int) -> int:
        """Put a chart into a box, as large as it goes, with its description; return its height."""
        left, top, across, down = box
        image = pictures.png(picture, width)
        wide, high = struct.unpack(">II", image[16:24])
        scale = min(across / wide, down / high, _LARGEST)
        shape = page.shapes.add_picture(
            BytesIO(image), left, top, round(wide * scale), round(high * scale)
        )
        shape._element.nvPicPr.cNvPr.set("descr", _plain(picture.about))
        return int(shape.height)

    def table(self, page: Any, table: Table, box: Box) -> None:
        """Write a table that can be edited; what it has no room for, the workbook has."""
        heads = table.heads()
        rows = table.words()[:_ROWS]
        height = min(box[3], Inches(0.42) * (len(rows) + 1))
        shape = page.shapes.add_table(len(rows) + 1, len(heads), *map(Emu, (*box[:3], height)))
        shape.name = table.title
        grid = shape.table
        weights = [
            _room(column, head, kind)
            for (head, kind), column in zip(heads, zip(*rows, strict=True), strict=True)
        ]
        for column, weight in enumerate(weights):
            grid.columns[column].width = Emu(int(box[2] * weight / sum(weights)))
        for row, words in enumerate([[head for head, _kind in heads], *rows]):
            grid.rows[row].height = Emu(int(height / (len(rows) + 1)))
            for column, text in enumerate(words):
                cell = grid.cell(row, column)
                cell.margin_left = cell.margin_right = Inches(0.05)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                paragraph = cell.text_frame.paragraphs[0]
                if heads[column][1] not in IN_WORDS:
                    paragraph.alignment = PP_ALIGN.RIGHT
                few = row > 0 and table.few[row - 1]
                colour = _WHITE if row == 0 else _QUIET if few else _INK
                _write(paragraph, text, 12, colour, bold=row == 0)
                cell.fill.solid()
                cell.fill.fore_color.rgb = _BLUE if row == 0 else _BAND if row % 2 else _WHITE

    def note(self, page: Any, text: str) -> None:
        """Write what the speaker reads."""
        if text:
            page.notes_slide.notes_text_frame.text = _plain(text)


def _told(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield line.text
        for quote in line.quotes:
            yield f"“{quote.text[:_NOTE]}” ({quote.where})"


def _write(paragraph: Any, text: str, size: int, colour: RGBColor, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = _plain(text).replace("n = ", "n\u00a0=\u00a0")  # stays on one line
    run.font.name = _FONT
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour


def _plain(text: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _title_size(text: str) -> int:
    return 28 if len(text) < 90 else 22 if len(text) < 180 else 18


def _room(column: Sequence[str], head: str, kind: Kind) -> int:
    """Return how wide a column is to be, in characters: numbers stay whole, words may wrap."""
    word = max(len(word) for word in head.split())
    longest = max(map(len, column))
    return 3 + min(14, max(word, longest)) if kind in IN_WORDS else 6 + max(word, longest)


def _size(texts: Sequence[str]) -> int:
    """Return the size at which a list fills its slide and no more."""
    lines = sum(1 + len(text) // 90 for text in texts)
    return 22 if lines < 9 else 18 if lines < 14 else 14
