"""Since when what is told is new: the reader's last visit, or the last week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _
from dashboard.labels import name
from dashboard.parts import filters, shell, visits, words
from dashboard.parts.shell import View
from insights.today import new_days

VISIT, WEEK = _SINCE = ("visit", "week")

_STALE_DAYS = 2
"""Days after the newest mention from which on it is said how old it is."""


@dataclass(frozen=True, slots=True)
class Since:
    """What is new.

    Attributes:
        visited: when the last visit ended, where what is told is new since its day.
        in_vain: when it ended, where nothing was said on its day or later.
    """

    visited: datetime | None = None
    in_vain: datetime | None = None


def choose(view: View) -> tuple[View, Since]:
    """Let the reader choose, where there was a visit; return the view of the new days.

    Where nothing at all is dated the run ends here.
    """
    last = view.facets.last
    if last is None:
        shell.empty(
            _("Nothing here is dated"),
            _("This page tells what is new, and no mention says when it was written."),
        )
        st.stop()
    visited = visits.last()
    seen = visited.astimezone(view.store.zone).date() if visited else None
    chosen = view.choice("news", _SINCE, VISIT)
    since = Since()
    if visited is not None and seen is not None:
        since = Since(in_vain=visited) if seen > last else Since(visited=visited)
        if seen <= last:
            _switch(chosen)
    if chosen == WEEK:
        seen, since = None, Since()
    first, until = new_days(last, seen)
    view = replace(view, filter=view.filter.but(since=first, until=until))
    words.under(shell.summary(view))
    _say_how_old(view)
    return view, since


def _switch(chosen: str) -> None:
    names = {VISIT: _("Since my last visit"), WEEK: _("In the last week")}
    st.segmented_control(
        _("What is new"),
        _SINCE,
        key=filters.put("w_news", chosen),
        format_func=lambda key: name(names, key),
        label_visibility="collapsed",
        required=True,
        on_change=lambda: filters.choose("news", st.session_state["w_news"]),
    )


def _say_how_old(view: View) -> None:
    last = view.facets.last
    assert last is not None
    now = datetime.now(UTC)
    days = (now.astimezone(view.store.zone).date() - last).days
    if days >= _STALE_DAYS:
        words.alert(
            _(
                "The newest mention is of {day}, {n} days ago: whether nothing was said since, or "
                "nothing was collected, stands under the sources below.",
                day=i18n.day(last),
                n=i18n.number(days),
            )
        )
