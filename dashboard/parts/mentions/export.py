"""What is shown, to be taken along: all mentions that match as CSV or XLSX."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import streamlit as st
import xlsxwriter

from dashboard import i18n, labels, member
from dashboard.charts.data import unformulated
from dashboard.i18n import _
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.parts import shell
from dashboard.parts.mentions import narrowed
from dashboard.parts.shell import View
from simak.taxonomy import Taxonomy
from store.cases import Case, cases_of
from store.engine import Store
from store.filter import Filter
from store.lists import Count, MentionRow, list_mentions

MOST = 100_000
"""Mentions of one file."""

_AT_ONCE = 2_000
_CELL_CHARS = 32_767
"""Excel takes no more."""

_NAME = re.compile(r"[^\w-]+")

Cell = str | int | float | datetime | date | None


@dataclass(frozen=True)
class Wanted:
    """What a file is about.

    Attributes:
        words: the filter in words, a line each.
        noted: puts on record that so many were taken along, in a format.
    """

    store: Store
    filter: Filter
    taxonomy: Taxonomy
    language: str
    words: Sequence[str]
    noted: Callable[[str, int], None] = lambda form, n: None


def draw(view: View, filter: Filter, total: Count) -> None:
    """Draw the ways to take the list along; a file is written when it is asked for."""
    with st.popover(_("Export"), icon=":material/download:", type="tertiary"):
        if total.n > MOST or total.capped:
            st.text(_("The newest {n} at most.", n=i18n.number(MOST)))
        else:
            st.text(_("All {n} that match.", n=i18n.number(total.n)))
        lines = [shell.summary(view), *narrowed.in_words(view)]
        wanted = Wanted(view.store, filter, view.taxonomy, i18n.language(), lines, exported(view))
        name = _NAME.sub("-", f"simak-{view.state.brand or ''}").lower().strip("-")
        for form, mime, write in (
            ("csv", "text/csv", as_csv),
            (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                as_xlsx,
            ),
        ):
            st.download_button(
                form.upper(),
                partial(write, wanted),
                f"{name}.{form}",
                mime,
                key=f"export-{form}",
                on_click="ignore",
            )


def exported(view: View) -> Callable[[str, int], None]:
    """Return what puts an export on record, outside the page's run too; not what was searched."""
    record = member.recorder(view.settings)
    return lambda form, n: record(
        "exported", {"what": "mentions", "form": form, "n": n, "brand": view.state.brand}
    )


def as_csv(wanted: Wanted) -> bytes:
    """Return the mentions as CSV, which no spreadsheet takes for formulas."""
    i18n.use(wanted.language)  # it is written after the page, outside its run
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([title for title, _value in _columns(wanted)])
    n = 0
    for cells in _cells(wanted):
        writer.writerow([_plain(cell) for cell in cells])
        n += 1
    wanted.noted("csv", n)
    return file.getvalue().encode("utf-8-sig")  # the mark tells Excel how to read it


def as_xlsx(wanted: Wanted) -> bytes:
    """Return the mentions as a workbook; its second sheet says which they are."""
    i18n.use(wanted.language)
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_("Mentions"))
        sheet.freeze_panes(1, 0)
        columns = _columns(wanted)
        for place, (title, _value) in enumerate(columns):
            wide = title in (_("Text"), _("Reply of the brand"))
            sheet.set_column(place, place, 60 if wide else 16)
            sheet.write_string(0, place, title, bold)
        n = 0
        for n, cells in enumerate(_cells(wanted), 1):
            for place, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(n, place, cell, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(n, place, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, int | float):
                    sheet.write_number(n, place, cell)
                elif cell:
                    sheet.write_string(n, place, cell[:_CELL_CHARS])
        sheet.autofilter(0, 0, n, len(columns) - 1)
        about = book.add_worksheet(_("Filter"))
        about.set_column(0, 0, 100)
        for line, words in enumerate(
            [*wanted.words, _("{n} mentions in this file", n=i18n.number(n))]
        ):
            about.write_string(line, 0, words, wrap)
    wanted.noted("xlsx", n)
    return file.getvalue()


def _plain(cell: Cell) -> str | int | float:
    """Return what a spreadsheet shows and never computes."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    shown: str | int | float = unformulated(cell)
    return shown


def _cells(wanted: Wanted) -> Iterator[list[Cell]]:
    values = [value for _title, value in _columns(wanted)]
    after, left = None, MOST
    while left > 0:
        rows = list_mentions(wanted.store, wanted.filter, limit=min(_AT_ONCE, left), after=after)
        cases = cases_of(wanted.store, [row.id for row in rows])
        for row in rows:
            yield [value(row, cases.get(row.id)) for value in values]
        left -= len(rows)
        if not rows:
            return
        after = rows[-1].position


def _columns(
    wanted: Wanted,
) -> list[tuple[str, Callable[[MentionRow, Case | None], Cell]]]:
    """Return each column's title and what of a mention, and its case, stands in it."""
    zone = wanted.store.zone

    def spoken(row: MentionRow, case: Case | None) -> str:
        return "; ".join(
            f"{labels.touchpoint(wanted.taxonomy, id)} {SYMBOLS.get(tag.polarity, '')}"
            for id, tag in row.touchpoints.items()
        )

    return [
        (_("Id"), lambda row, case: row.id),
        (_("Brand"), lambda row, case: row.brand),
        (_("Channel"), lambda row, case: labels.channel(row.channel)),
        (_("Source"), lambda row, case: row.source),
        (_("Time ({zone})", zone=zone.key), lambda row, case: _local(row.published_at, zone)),
        (_("Text"), lambda row, case: row.text),
        (_("Stars"), lambda row, case: row.stars),
        (_("Sentiment"), lambda row, case: labels.name(SENTIMENTS, row.sentiment)),
        (_("Complaint"), lambda row, case: _("yes") if row.complaint else _("no")),
        (_("Touchpoints"), spoken),
        (_("Signals"), lambda row, case: "; ".join(map(labels.signal, row.signals))),
        (_("Text language"), lambda row, case: labels.spoken(row.language)),
        (_("Product"), lambda row, case: row.product),
        (_("Version"), lambda row, case: row.version),
        (_("Reply of the brand"), lambda row, case: row.reply),
        (_("Replied at"), lambda row, case: _local(row.reply_at, zone)),
        (_("Link"), lambda row, case: row.url),
        (_("Mentions with this text"), lambda row, case: row.alike),
        (_("Corrected by"), lambda row, case: row.corrected_by),
        (_("Corrected at"), lambda row, case: _local(row.corrected_at, zone)),
        (_("Deleted at the source or erased"), lambda row, case: _local(row.deleted_at, zone)),
        (
            _("Case"),
            lambda row, case: labels.case_status(case.status) if case else None,
        ),
        (_("Taken on by"), lambda row, case: case.owner if case else None),
        (_("Due"), lambda row, case: case.due if case else None),
        (_("Note"), lambda row, case: case.note if case else None),
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return a time as the clock on the wall showed it: spreadsheets know no zones."""
    return at.astimezone(zone).replace(tzinfo=None) if at else None
