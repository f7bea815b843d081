"""One promise: who speaks of it, over time, by channel, in their words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import bars, lines
from dashboard.charts.lines import Point, Series
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import cards, frame, words
from dashboard.parts.promises import cells, sentences
from dashboard.parts.shell import View
from insights.promises import Kept, PromiseRow
from insights.telling import telling
from insights.values import MIN_N

_WORDS = 3
"""Verbatims of either side."""


def draw(view: View, row: PromiseRow) -> None:
    """Draw what customers say of a promise; the charts only where enough of them do."""
    _draw_facts(view, row)
    if row.all.rate.enough:
        _draw_months(view, row)
        _draw_channels(view, row)
    if row.all.rate.n:
        _draw_words(view, row)


def _draw_facts(view: View, row: PromiseRow) -> None:
    held = row.promise.while_held(view.filter)
    links = [
        (_("say it was kept"), row.all.kept.k or 0, row.all.behind_kept),
        (_("say it was broken"), row.all.broken.k or 0, row.all.behind_broken),
    ]
    if held is not None:
        name = labels.touchpoint(view.taxonomy, row.promise.touchpoint)
        spoken = held.but(touchpoints=(row.promise.touchpoint,))
        links.append((_("speak of {touchpoint}", touchpoint=name), row.mentions, spoken))
    told = " · ".join(
        linked(f"{i18n.number(n)} {name}", view.to(behind), n) for name, n, behind in links
    )
    facts = f"{sentences.facts(row.promise, view.taxonomy)}. {sentences.queries(row)}"
    st.html(f'<p class="sm-note">{told}<br>{escape(facts)}</p>')


def _draw_months(view: View, row: PromiseRow) -> None:
    if len(row.months) < 2:
        return
    st.header(_("Over time"), anchor=False)
    points = [_point(view, month, row.months.get(month)) for month in _through(row.months)]
    frame.chart(
        view,
        lines.lines(
            [Series("kept", _("Said to be kept"), points)],
            title=_("Said to be kept"),
            unit="percent",
            dark=view.dark,
        ),
        key="months",
        about=_("Of those who speak of the promise, how many say it was kept, by month"),
        table=cells.table(
            view,
            [_("Month")],
            [([i18n.days(*_days(month, kept))], kept) for month, kept in row.months.items()],
        ),
    )
    words.note(
        _("Grey diamonds: months with fewer than {least} who speak of it.", least=MIN_N)
        + " "
        + _("A point opens the mentions that say it was kept; the table opens both sides.")
    )


def _draw_channels(view: View, row: PromiseRow) -> None:
    if len(row.channels) < 2:
        return
    st.header(_("By channel"), anchor=False)
    frame.chart(
        view,
        bars.ranked(
            [
                cells.bar(view, channel, labels.channel(channel), kept)
                for channel, kept in row.channels.items()
            ],
            title=_("Said to be kept"),
            dark=view.dark,
            tone="positive",
        ),
        key="channels",
        about=_("Of those who speak of the promise, how many say it was kept, by channel"),
        table=cells.table(
            view,
            [_("Channel")],
            [([labels.channel(channel)], kept) for channel, kept in row.channels.items()],
        ),
    )


def _draw_words(view: View, row: PromiseRow) -> None:
    st.header(_("In the customers' words"), anchor=False)
    sides = st.columns(2)
    for place, title, n, behind in (
        (sides[0], _("▲ They say it was broken"), row.all.broken.k or 0, row.all.behind_broken),
        (sides[1], _("✓ They say it was kept"), row.all.kept.k or 0, row.all.behind_kept),
    ):
        with place:
            st.subheader(title, anchor=False)
            if not n:
                words.note(_("Nobody in this selection."))
                continue
            cards.draw(view, view.ask(telling, behind, limit=_WORDS))
            read = ngettext("Read the {n} mention", "Read all {n} mentions", n)
            st.html(f'<p class="sm-note">{linked(read, view.to(behind), n)}</p>')


def _point(view: View, month: date, kept: Kept | None) -> Point:
    if kept is None:
        return Point(month, _last(month))
    n = kept.kept.k or 0
    to = view.to(kept.behind_kept) if n else None
    return Point(*_days(month, kept), kept.rate, to, n if n else None)


def _days(month: date, kept: Kept) -> tuple[date, date]:
    """Return the days of a month that were asked for."""
    behind = kept.behind_kept
    return behind.since or month, behind.until or _last(month)


def _through(months: Iterable[date]) -> list[date]:
    """Return all months from the first to the last."""
    first, last = min(months), max(months)
    found = [first]
    while found[-1] < last:
        found.append(_last(found[-1]) + timedelta(days=1))
    return found


def _last(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
