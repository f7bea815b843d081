"""How each touchpoint's share of the complaints moves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import cast

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import lines, multiples
from dashboard.i18n import _
from dashboard.labels import PERIODS
from dashboard.links import linked
from dashboard.parts import filters, frame, words
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from insights.touchpoint_trends import TouchpointTrend, TouchpointTrends, touchpoint_trends
from insights.trend_points import Every
from insights.values import MIN_N

EVERY = ("week", "month")
_AUTO = "auto"
_MOST = 12


def measure(view: View) -> TouchpointTrends:
    """Return the trends by the period chosen, or by one that the length of time asks for.

    Left to itself it takes months where most weeks hold too few complaints to speak of.
    """
    chosen = view.choice("every", (_AUTO, *EVERY), _AUTO)
    if chosen != _AUTO:
        return view.ask(touchpoint_trends, view.taxonomy, view.filter, every=cast("Every", chosen))
    found = view.ask(touchpoint_trends, view.taxonomy, view.filter)
    if found.every == "month" or not found.rows:
        return found
    points = found.rows[0].points
    if sum(point.share.enough for point in points) * 2 >= len(points):
        return found
    by_month = view.ask(touchpoint_trends, view.taxonomy, view.filter, every="month")
    return by_month if len(by_month.rows[0].points) > 2 else found


def draw_many(view: View, shown: Sequence[str]) -> None:
    """Draw small multiples of the touchpoints that are most complained of."""
    st.header(_("How they move"), anchor=False)
    found = measure(view)
    _choose(view)
    rows = [row for row in found.rows if row.id in shown][:_MOST]
    if not rows:
        words.note(_("No dated complaint speaks badly of a touchpoint: no trend."))
        return
    if len(rows[0].points) < 2:
        words.note(_("One period alone: no trend."))
        return
    frame.chart(
        view,
        multiples.multiples(
            [_series(view, row) for row in rows],
            title=_("Share of complaints"),
            unit="percent",
            dark=view.dark,
        ),
        key="trends",
        about=_("Each touchpoint's share of the complaints over time, all on one scale"),
        table=_table(view, found, rows),
        width="content",
    )
    text = _(
        "Of the complaints of each period, those that speak badly of it. Grey squares: fewer than "
        "{least} complaints in the period.",
        least=MIN_N,
    )
    words.note(text)


def draw_one(view: View, id: str) -> None:
    """Draw the trend of one touchpoint, in its interval."""
    st.header(_("How it moves"), anchor=False)
    found = measure(view)
    _choose(view)
    rows = [row for row in found.rows if row.id == id]
    if not rows or len(rows[0].points) < 2:
        words.note(_("Too few dated complaints speak of it: no trend."))
        return
    frame.chart(
        view,
        lines.lines(
            [_series(view, rows[0])],
            title=_("Share of complaints"),
            unit="percent",
            dark=view.dark,
        ),
        key="trend",
        about=_("The touchpoint's share of the complaints over time with its 95% interval"),
        table=_table(view, found, rows),
    )


def _choose(view: View) -> None:
    st.segmented_control(
        _("By"),
        (_AUTO, *EVERY),
        key=filters.put("w_every", view.state.choice("every") or _AUTO),
        format_func=lambda key: _("Auto") if key == _AUTO else labels.name(PERIODS, key),
        required=True,
        on_change=_chosen,
    )


def _chosen() -> None:
    value = st.session_state["w_every"]
    filters.choose("every", value if value in EVERY else None)


def _series(view: View, row: TouchpointTrend) -> lines.Series:
    name = labels.touchpoint(view.taxonomy, row.id)
    points = [
        lines.Point(
            point.start, point.end, point.share, to=view.to(point.behind), count=point.share.k
        )
        for point in row.points
    ]
    return lines.Series(row.id, name, points)


def _table(view: View, found: TouchpointTrends, rows: Sequence[TouchpointTrend]) -> frame.Table:
    points = rows[0].points
    lines_ = []
    for row in rows:
        cells = [looked_at(view, row.id)]
        for point in row.points:
            k = point.share.k or 0
            text = linked(i18n.number(k), view.to(point.behind), k) if k else "0"
            more = escape(i18n.percent(point.share.value or 0)) if point.share.enough else ""
            cells.append(f"{text} <small>{more}</small>")
        lines_.append((cells, False))
    heads = [i18n.days(point.start, point.end) for point in points]
    return frame.Table([_("Touchpoint"), *heads], lines_)
