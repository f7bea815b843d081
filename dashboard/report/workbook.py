"""The report as a workbook: a sheet a part, with numbers to go on counting with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import count as numbers
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n import _
from dashboard.report import pictures
from dashboard.report.content import Content, Section, told_quotes
from dashboard.report.tables import RATES, Cell, Kind, Table
from insights.values import Value

_MADE = datetime(2000, 1, 1)
"""What the file says of its making: the same brief gives the same bytes."""

_FORMATS = {
    "count": "#,##0",
    "day": "yyyy-mm-dd",
    "complaint_rate": "0.0%",
    "net_sentiment": "+0.0%;-0.0%;0.0%",
    "stars": "0.00",
    "change": "+0.0%;-0.0%;0.0%",
    "growth": "+0.0%;-0.0%;0.0%",
    "difference": "+0.00;-0.00;0.00",
    "text": "@",
}
_LONGEST = 32_767
"""Characters that a cell may hold."""

_WIDEST, _PAGE = 60, 110
"""Characters in a line of a column, and of a sheet of sentences."""

_LINE, _MOST_LINES = 15, 12
"""Points of a line, and lines of a row."""

Head = tuple[str, str]
"""A column's name, and how it is written: a key of `_FORMATS`."""


def workbook(content: Content) -> bytes:
    """Return the report as a workbook (xlsx)."""
    buffer = BytesIO()
    # Texts stay texts: what a customer wrote never becomes a formula, a number or a link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": content.title, "created": _MADE})
        _Book(book).fill(content)
    return buffer.getvalue()


class _Book:
    def __init__(self, book: Any) -> None:
        self._book = book
        base = {"valign": "top", "font_name": "Calibri", "font_size": 11}
        self._formats = {key: book.add_format({**base, **_look(key)}) for key in _FORMATS}
        self._few = {
            key: book.add_format({**base, **_look(key), "font_color": "#6B6E74"})
            for key in _FORMATS
        }
        self._head = book.add_format(
            {**base, "bold": True, "bg_color": "#E6EEF4", "bottom": 1, "text_wrap": True}
        )
        self._title = book.add_format({**base, "bold": True, "font_size": 16})
        self._heading = book.add_format({**base, "bold": True, "font_size": 12})
        self._names: set[str] = set()

    def fill(self, content: Content) -> None:
        """Write every sheet, the summary first."""
        self._summary(content)
        self._figures(content)
        for section in content.sections:
            for table in (*section.tables, *section.behind):
                if table.rows:
                    self._table(table, section)
        quotes = [
            (heading, finding, quote.text, quote.where)
            for heading, finding, quote in told_quotes(content.sections)
        ]
        if quotes:
            heads: list[Head] = [
                (_("Part"), "text"),
                (_("Finding"), "text"),
                (_("Text"), "text"),
                (_("Channel"), "text"),
            ]
            self._sheet(_("In the customers' words"), heads, quotes, [False] * len(quotes))
        self._notes(content)

    def _summary(self, content: Content) -> None:
        sheet = self._add(_("Summary"))
        sheet.set_column(0, 0, _PAGE)
        row = numbers()
        self._write(sheet, next(row), 0, content.title, self._title)
        for text in (content.headline, *content.further):
            self._line(sheet, next(row), text)
        for section in content.sections:
            if section.lines and section.key != "basis":
                next(row)
                self._write(sheet, next(row), 0, section.heading, self._heading)
                for line in section.lines:
                    self._line(sheet, next(row), line.text)

    def _notes(self, content: Content) -> None:
        sheet = self._add(_("Notes"))
        sheet.set_column(0, 0, _PAGE)
        row = numbers()
        basis = content.section("basis")
        texts = [line.text for line in basis.lines] if basis else []
        texts += [note for section in content.sections for note in section.notes]
        if basis:
            self._write(sheet, next(row), 0, basis.heading, self._heading)
        for text in texts:
            self._line(sheet, next(row), text)

    def _figures(self, content: Content) -> None:
        heads: list[Head] = [(_("Figure"), "text")]
        for name in (_("This week"), _("The week before")):
            heads += [(name, "text"), *_interval(name, "text"), (f"{name}: n", "count")]
        heads += [(_("Change"), "text"), *_interval(_("Change"), "text")]
        rows, forms = [], []
        for one in content.figures:
            now = "count" if one.metric == "volume" else one.metric
            moved = {"volume": "growth", "stars": "difference"}.get(one.metric, "change")
            cells: list[Cell] = [one.name]
            form = ["text"]
            for value in (one.now, one.before):
                cells += [*_parts(value), None if value is None else value.n]
                form += [now, now, now, "count"]
            rows.append((*cells, *_parts(one.moved)))
            forms.append((*form, moved, moved, moved))
        few = [one.few for one in content.figures]
        self._sheet(_("Figures"), heads, rows, few, forms)

    def _table(self, table: Table, section: Section) -> None:
        heads = [one for head, kind in table.columns for one in _heads(head, kind)]
        rows = [
            tuple(
                part
                for (_head, kind), cell in zip(table.columns, row, strict=True)
                for part in _cells(kind, cell)
            )
            for row in table.rows
        ]
        sheet = self._sheet(table.title, heads, rows, table.few)
        if section.picture is not None and table is (*section.tables, *section.behind)[0]:
            image = pictures.png(section.picture, 560)
            sheet.insert_image(
                1,
                len(heads) + 1,
                "chart.png",
                {
                    "image_data": BytesIO(image),
                    "description": section.picture.about,
                    "x_scale": 0.5,
                    "y_scale": 0.5,
                },
            )

    def _sheet(
        self,
        name: str,
        heads: Sequence[Head],
        rows: Sequence[Sequence[Cell]],
        few: Sequence[bool],
        forms: Sequence[Sequence[str]] | None = None,
    ) -> Worksheet:
        sheet = self._add(name)
        for column, (head, form) in enumerate(heads):
            self._write(sheet, 0, column, head, self._head)
            longest = max(
                [len(str(row[column])) for row in rows if form == "text" and row[column]] or [0]
            )
            sheet.set_column(column, column, min(max(11, len(head) * 0.6, longest + 2), _WIDEST))
        for place, row in enumerate(rows):
            looks = self._few if few[place] else self._formats
            for column, cell in enumerate(row):
                form = forms[place][column] if forms else heads[column][1]
                self._write(sheet, place + 1, column, cell, looks[form])
            self._room(sheet, place + 1, row, _WIDEST)
        sheet.set_row(0, 3 * _LINE)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        return sheet

    def _line(self, sheet: Worksheet, row: int, text: str) -> None:
        """Write a sentence over the width of a page."""
        self._write(sheet, row, 0, text, self._formats["text"])
        self._room(sheet, row, [text], _PAGE)

    def _room(self, sheet: Worksheet, row: int, cells: Sequence[Cell], width: int) -> None:
        """Make a row as high as its longest text: not every program does so on its own."""
        lines = max(1 + len(cell) // width if isinstance(cell, str) else 1 for cell in cells)
        if lines > 1:
            sheet.set_row(row, _LINE * min(lines, _MOST_LINES))

    def _add(self, name: str) -> Worksheet:
        """Add a sheet that prints on the width of a page."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, look: Any) -> None:
        assert not isinstance(cell, Value)
        if cell is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:_LONGEST], look)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look)
        else:
            sheet.write_number(row, column, cell, look)


def _look(key: str) -> dict[str, object]:
    look: dict[str, object] = {"num_format": _FORMATS[key]}
    if key == "text":
        look["text_wrap"] = True
    elif key == "day":
        look["align"] = "left"
    return look


def _interval(name: str, form: str) -> list[Head]:
    return [(_("{name}: low", name=name), form), (_("{name}: high", name=name), form)]


def _heads(head: str, kind: Kind) -> Iterator[Head]:
    if kind == "change":
        yield _("{name} (points)", name=head), kind
    else:
        yield head, kind
    if kind in (*RATES, "change"):
        yield from _interval(head, kind)
    if kind in RATES:
        yield f"{head}: n", "count"


def _cells(kind: Kind, cell: Cell) -> Iterator[Cell]:
    if kind not in (*RATES, "change"):
        yield cell
        return
    assert cell is None or isinstance(cell, Value)
    yield from _parts(cell)
    if kind in RATES:
        yield None if cell is None else cell.n


def _parts(value: Value | None) -> tuple[Cell, ...]:
    return (None, None, None) if value is None else (value.value, value.low, value.high)
