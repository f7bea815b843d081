"""The parts of the Overview below its figures: the trend, the brands, the channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any, cast

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import theme, trend
from dashboard.i18n import _
from dashboard.labels import METRICS, PERIODS, SENTIMENTS, SYMBOLS
from dashboard.parts import filters, picks, tables, words
from dashboard.parts.shell import View
from dashboard.sentences import formatter
from dashboard.state import CUSTOM, EVERY, TREND_METRICS, State
from insights.reputation import Every, Reputation
from insights.values import MIN_N, Value
from simak.tags import SENTIMENTS as POLARITIES
from store.tables import UNTAGGED

_AUTO = "auto"


def measure(view: View) -> Reputation:
    """Return the figures for the view, by the period chosen or one long enough to tell.

    Left to itself the trend takes the shortest period whose points mostly rest on enough
    mentions, and never a shorter one than the length of time asks for.
    """
    every = cast("Every | None", view.state.every)
    result = view.queries.reputation(view.filter, every)
    if every is not None or result.trend.empty:
        return result
    shown = spacing(result)
    for coarser in EVERY[EVERY.index(shown) + 1 :]:
        counted = result.trend["complaint_rate_n"]
        if (counted >= MIN_N).mean() >= 0.5:
            break
        longer = view.queries.reputation(view.filter, cast("Every", coarser))
        if len(longer.trend) < 3:
            break
        result = longer
    return result


def spacing(result: Reputation) -> str:
    """Return which period the trend is by: `day`, `week` or `month`."""
    longest = max((row["end"] - row["start"]).days for row in theme.records(result.trend))
    return "day" if longest == 0 else "week" if longest < 7 else "month"


def draw_trend(view: View, result: Reputation) -> None:
    """Draw the figure chosen over time, above the mentions by sentiment."""
    state = view.state
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("Figure"),
            TREND_METRICS,
            key=filters.put("w_metric", state.metric),
            format_func=lambda key: labels.name(METRICS, key),
            required=True,
            on_change=lambda: filters.change(metric=st.session_state["w_metric"]),
        )
        st.segmented_control(
            _("By"),
            (_AUTO, *EVERY),
            key=filters.put("w_every", state.every or _AUTO),
            format_func=lambda key: _("Auto") if key == _AUTO else labels.name(PERIODS, key),
            required=True,
            on_change=_every_changed,
        )
    if result.trend.empty:
        words.note(_("Nothing here is dated: no trend."))
        return
    name = labels.name(METRICS, state.metric)
    if result.trend[state.metric].notna().any():
        picks.chart(
            trend.line(result.trend, state.metric, dark=view.dark),
            key="trend",
            opens=lambda mark: point(state, mark),
            description=_("{figure} over time with its 95% interval", figure=name),
        )
    else:
        text = _("no stars here") if state.metric == "stars" else _("nothing tagged yet")
        words.note(f"{name}: {text}")
    picks.chart(
        trend.bars(result.trend, dark=view.dark),
        key="volume",
        opens=lambda mark: bar(state, mark),
        description=_("Mentions over time by sentiment"),
    )
    _legend(view, result)
    with st.expander(_("The same as a table")):
        _trend_table(view, result)


def period(state: State, mark: Mapping[str, Any]) -> State:
    """Return the list of one period of the trend."""
    return state.shared().but(
        period=CUSTOM,
        since=date.fromisoformat(mark["start"]),
        until=date.fromisoformat(mark["end"]),
    )


def point(state: State, mark: Mapping[str, Any]) -> State:
    """Return the list behind a point: the complaints, or what the mean is of."""
    there = period(state, mark)
    if state.metric == "complaint_rate":
        return there.but(complaint=True)
    if state.metric == "stars":
        return there.but(has_rating=True)
    return there.but(sentiments=POLARITIES)


def bar(state: State, mark: Mapping[str, Any]) -> State:
    """Return the list behind a bar of the volume."""
    return period(state, mark).but(sentiments=(str(mark["sentiment"]),))


def _every_changed() -> None:
    chosen = st.session_state["w_every"]
    filters.change(every=None if chosen == _AUTO else chosen)


def _legend(view: View, result: Reputation) -> None:
    colours = theme.sentiment_colours(view.dark)
    totals = {name: int(result.trend[name].sum()) for name in SENTIMENTS if name in result.trend}
    totals[UNTAGGED] = int(result.trend["volume"].sum()) - sum(totals.values())
    entries = "".join(
        f'<span><i style="background:{colours[name]}"></i>'
        f"{escape(f'{SYMBOLS[name]} {labels.name(SENTIMENTS, name)}')} "
        f"<b>{i18n.number(n)}</b></span>"
        for name, n in totals.items()
        if n
    )
    clicks = _("Click a point or a bar to read the mentions behind it.")
    few = (result.trend["complaint_rate_n"] < MIN_N).any()
    hint = _("Grey diamonds: fewer than {least} mentions, too few to rely on.", least=MIN_N)
    st.html(
        f'<div class="sm-legend">{entries}{f"<span>◆ {escape(hint)}</span>" if few else ""}'
        f"<span>{escape(clicks)}</span></div>"
    )


def _trend_table(view: View, result: Reputation) -> None:
    rows = []
    for row in reversed(theme.records(result.trend)):
        there = period(view.state, {"start": str(row["start"]), "end": str(row["end"])})
        cells = [
            i18n.days(row["start"], row["end"]),
            tables.linked(i18n.number(row["volume"]), there),
        ]
        for sentiment in ("negative", "neutral", "positive"):
            cells.append(
                tables.linked(i18n.number(row[sentiment]), there.but(sentiments=(sentiment,)))
            )
        cells.append(tables.linked(i18n.number(row["complaints"]), there.but(complaint=True)))
        for metric in TREND_METRICS:
            cells.append(_rate(row, metric))
        rows.append((cells, row["complaint_rate_n"] < MIN_N))
    heads = [
        _("Period"),
        _("Mentions"),
        *(labels.name(SENTIMENTS, name) for name in ("negative", "neutral", "positive")),
        _("Complaints"),
        *(labels.name(METRICS, metric) for metric in TREND_METRICS),
    ]
    tables.table(heads, rows)


def _rate(row: Mapping[str, Any], metric: str) -> str:
    value, low, high = row[metric], row[f"{metric}_low"], row[f"{metric}_high"]
    if value is None or value != value:  # NaN is unequal to itself
        return "–"
    show = formatter(metric)
    if low is None or low != low:
        return escape(show(value))
    return tables.with_interval(Value(value), show(value), show(low), show(high))
