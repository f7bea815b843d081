"""The days since a promise began beside as many before it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import units
from dashboard.i18n import _
from dashboard.parts import tables, words
from dashboard.parts.promises import sentences
from dashboard.parts.shell import View
from insights.promises import PromiseRow, Start, promises
from insights.values import Value
from store.filter import Filter


def draw(view: View, row: PromiseRow) -> None:
    """Draw the days since it began beside those before, whatever the period shown."""
    anyway = view.ask(promises, view.filter.but(since=None, until=None))
    start = next((one.start for one in anyway.rows if one.promise.id == row.promise.id), None)
    st.header(_("Since it began"), anchor=False)
    if start is None:
        words.note(_("There is too little from before or since it began to compare."))
        return
    name = labels.touchpoint(view.taxonomy, row.promise.touchpoint)
    words.finding(sentences.since(start, name), sentences.moved_too(start) or "")
    tables.table(
        ["", _("Before"), _("Since"), _("Change")],
        [
            _change(view, _("Speak badly of {touchpoint}", touchpoint=name), start),
            _kept_change(view, start),
        ],
    )


def _change(view: View, name: str, start: Start) -> tuple[list[str], bool]:
    sides = (
        (start.negative_before, start.behind_before),
        (start.negative_after, start.behind_after),
    )
    return _changed(view, name, sides, start.negative_change)


def _kept_change(view: View, start: Start) -> tuple[list[str], bool]:
    sides = (
        (start.kept_before.rate, start.kept_before.behind_kept),
        (start.kept_after.rate, start.kept_after.behind_kept),
    )
    return _changed(view, _("Say it was kept"), sides, start.kept_change)


def _changed(
    view: View, name: str, sides: Iterable[tuple[Value, Filter]], change: Value
) -> tuple[list[str], bool]:
    cells = [escape(name)]
    few = False
    for value, behind in sides:
        few = few or not value.enough
        cells.append(tables.counted(value, view.to(behind)))
    shown = "–"
    if change.value is not None:
        ends = units.interval(change, "points")
        shown = f"{i18n.signed(100 * change.value)} <small>({escape(ends)})</small>"
    return [*cells, shown], few
