"""The report's tables: values with interval and n, which each format writes in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd

from dashboard import i18n, labels, sentences
from dashboard.charts import theme
from dashboard.i18n import _
from dashboard.report import told
from dashboard.report.pictures import of
from insights import intervals
from insights.brief import Brief
from insights.touchpoints import Touchpoints
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy

Kind = Literal["text", "count", "day", "complaint_rate", "net_sentiment", "stars", "change"]
"""How a column is written: the metrics are values with interval and n, `change` is in points."""

RATES = ("complaint_rate", "net_sentiment", "stars")

IN_WORDS = ("text", "change")
"""The kinds that are read from the left."""

Cell: TypeAlias = str | int | float | date | Value | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        key: the same in every language.
        columns: head and kind.
        rows: a cell a column; None where there is no data.
        few: of each row, whether it rests on too few to compare.
    """

    key: str
    title: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Cell, ...], ...]
    few: tuple[bool, ...]

    def heads(self) -> list[tuple[str, Kind]]:
        """Return the heads of the table in words; an n that all rows share stands in the head."""
        found: list[tuple[str, Kind]] = []
        for place, (head, kind) in enumerate(self.columns):
            shared = self._shared(place)
            if shared is not None:
                head = f"{head} (n = {i18n.number(shared)})"
            found.append((head, kind))
            if kind in RATES and shared is None:
                found.append(("n", "count"))
        return found

    def _shared(self, place: int) -> int | None:
        """Return the n of a column of rates where several rows have the same, else None."""
        if self.columns[place][1] not in RATES:
            return None
        cells = [row[place] for row in self.rows]
        found = {cell.n for cell in cells if isinstance(cell, Value)}
        whole = all(isinstance(cell, Value) and cell.value is not None for cell in cells)
        return found.pop() if whole and len(cells) > 1 and len(found) == 1 else None

    def cut(self, most: int) -> str:
        """Say how many rows are left out where no more than `most` are shown."""
        if len(self.rows) <= most:
            return ""
        return _(
            "{n} of {all} rows; the workbook (XLSX) has them all.",
            n=i18n.number(most),
            all=i18n.number(len(self.rows)),
        )

    def words(self) -> list[list[str]]:
        """Return the rows in words: a rate with its interval, and its n beside it."""
        return [
            [
                text
                for place, ((_head, kind), cell) in enumerate(zip(self.columns, row, strict=True))
                for text in _words(kind, cell)[: 1 if self._shared(place) is not None else None]
            ]
            for row in self.rows
        ]


def _words(kind: Kind, cell: Cell) -> list[str]:
    if kind == "change":
        assert cell is None or isinstance(cell, Value)
        return [sentences.change("complaint_rate", cell)[0]]
    if isinstance(cell, Value):
        return [told.with_interval(kind, cell), i18n.number(cell.n)]
    if cell is None:
        return ["–"] * (2 if kind in RATES else 1)
    if isinstance(cell, date):
        return [i18n.day(cell)]
    if isinstance(cell, str):
        return [cell]
    return [i18n.number(cell)]


def _table(
    key: str,
    title: str,
    columns: Sequence[tuple[str, Kind]],
    rows: Sequence[tuple[Cell, ...]],
    few: Sequence[bool] | None = None,
) -> Table:
    return Table(key, title, tuple(columns), tuple(rows), tuple(few or [False] * len(rows)))


def weeks(trend: pd.DataFrame) -> Table:
    """Return the trend week by week."""
    rows: list[tuple[Cell, ...]] = []
    for row in theme.records(trend):
        rates = [of(row, name) for name in ("complaint_rate", "net_sentiment", "stars")]
        rows.append((row["start"], row["end"], int(row["volume"]), *rates))
    columns: list[tuple[str, Kind]] = [
        (_("From"), "day"),
        (_("To"), "day"),
        (_("Mentions"), "count"),
        (_("Complaint rate"), "complaint_rate"),
        (_("Net sentiment"), "net_sentiment"),
        (_("Stars"), "stars"),
    ]
    few = [int(row["complaint_rate_n"]) < MIN_N for row in theme.records(trend)]
    return _table("weeks", _("Week by week"), columns, rows, few)


def events(brief: Brief, taxonomy: Taxonomy) -> Table:
    """Return what stood out, with what was to be expected."""
    rows: list[tuple[Cell, ...]] = []
    for one in brief.events:
        head = one.event.head
        about = None if head.touchpoint is None else labels.touchpoint(taxonomy, head.touchpoint)
        rows.append(
            (
                head.since,
                head.until,
                about,
                labels.name(labels.SENTIMENTS, head.polarity),
                head.seen.k,
                head.expected.value,
                told.event(one, taxonomy),
            )
        )
    columns: list[tuple[str, Kind]] = [
        (_("From"), "day"),
        (_("To"), "day"),
        (_("Touchpoint"), "text"),
        (_("Sentiment"), "text"),
        (_("Seen"), "count"),
        (_("Expected"), "count"),
        (_("Why"), "text"),
    ]
    return _table("events", _("What stood out"), columns, rows)


def ranking(found: Touchpoints, taxonomy: Taxonomy) -> Table:
    """Return the touchpoints by their share of the complaints, with whose they are."""
    named = [row for row in found.rows if row.complaint_share.k]
    rows: list[tuple[Cell, ...]] = [
        (
            labels.touchpoint(taxonomy, row.id),
            labels.owner(row.owner),
            row.complaint_share.k,
            row.complaint_share,
            row.change,
        )
        for row in named
    ]
    columns: list[tuple[str, Kind]] = [
        (_("Touchpoint"), "text"),
        (_("Owner"), "text"),
        (_("Complaints"), "count"),
        (_("Share of complaints"), "complaint_rate"),
        (_("Change"), "change"),
    ]
    few = [not row.complaint_share.enough for row in named]
    return _table("touchpoints", _("Touchpoints"), columns, rows, few)


def places(found: Touchpoints, taxonomy: Taxonomy) -> Table:
    """Return touchpoint by channel, a row a pair that occurs."""
    order = [row.id for row in found.rows]
    cells = [
        row
        for row in theme.records(found.by_channel)
        if row["touchpoint"] in order and row["complaints"]
    ]
    cells.sort(key=lambda row: (order.index(row["touchpoint"]), -row["all_complaints"]))
    shares = [intervals.share(int(row["complaints"]), int(row["all_complaints"])) for row in cells]
    rows: list[tuple[Cell, ...]] = [
        (
            labels.touchpoint(taxonomy, row["touchpoint"]),
            labels.channel(row["channel"]),
            share.k,
            share,
        )
        for row, share in zip(cells, shares, strict=True)
    ]
    columns: list[tuple[str, Kind]] = [
        (_("Touchpoint"), "text"),
        (_("Channel"), "text"),
        (_("Complaints"), "count"),
        (_("Share of complaints"), "complaint_rate"),
    ]
    few = [not share.enough for share in shares]
    return _table("places", _("By channel"), columns, rows, few)


def themes(brief: Brief) -> Table:
    """Return what is new or growing in the complaints."""
    rows: list[tuple[Cell, ...]] = [
        (one.theme.phrase, one.theme.share.k, one.theme.share, one.theme.change)
        for one in brief.themes
    ]
    columns: list[tuple[str, Kind]] = [
        (_("Theme"), "text"),
        (_("Complaints"), "count"),
        (_("Share of complaints"), "complaint_rate"),
        (_("Change"), "change"),
    ]
    return _table("themes", _("Themes"), columns, rows)


def promises(brief: Brief) -> Table:
    """Return the promises that were said to be broken."""
    rows: list[tuple[Cell, ...]] = [
        (one.promise.text, one.kept.broken.k, one.kept.kept.k, one.kept.rate)
        for one in brief.promises
    ]
    columns: list[tuple[str, Kind]] = [
        (_("Promise"), "text"),
        (_("Said to be broken"), "count"),
        (_("Said to be kept"), "count"),
        (_("Kept, of those who speak of it"), "complaint_rate"),
    ]
    few = [not one.kept.rate.enough for one in brief.promises]
    return _table("promises", _("Promises"), columns, rows, few)


def actions(brief: Brief, taxonomy: Taxonomy) -> Table:
    """Return what was done, and what became of it."""
    rows: list[tuple[Cell, ...]] = []
    for one in brief.actions:
        about = one.action.touchpoint
        rows.append(
            (
                one.action.text,
                one.action.day,
                None if about is None else labels.touchpoint(taxonomy, about),
                told.verdict(one),
                one.negative.before if one.negative else None,
                one.negative.after if one.negative else None,
            )
        )
    columns: list[tuple[str, Kind]] = [
        (_("Action"), "text"),
        (_("Since"), "day"),
        (_("Touchpoint"), "text"),
        (_("Verdict"), "text"),
        (_("Negative before"), "complaint_rate"),
        (_("Negative after"), "complaint_rate"),
    ]
    sides = [(one.negative.before, one.negative.after) if one.negative else () for one in
             brief.actions]  # fmt: skip
    few = [not all(side.enough for side in both) for both in sides]
    return _table("actions", _("Actions"), columns, rows, few)


def brands(measured: Mapping[str, Mapping[str, Value]], own: str) -> Table:
    """Return the brands side by side, the own first."""
    names = [name for name in (own, *(one for one in measured if one != own)) if name in measured]
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            measured[name]["volume"].n,
            *(measured[name][rate] for rate in ("complaint_rate", "net_sentiment", "stars")),
        )
        for name in names
    ]
    columns: list[tuple[str, Kind]] = [
        (_("Brand"), "text"),
        (_("Mentions"), "count"),
        (_("Complaint rate"), "complaint_rate"),
        (_("Net sentiment"), "net_sentiment"),
        (_("Stars"), "stars"),
    ]
    few = [not measured[name]["complaint_rate"].enough for name in names]
    return _table("brands", _("Brands"), columns, rows, few)
