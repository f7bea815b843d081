"""How the reputation moves: the figure chosen over time, above the mentions by sentiment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any, cast

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import lines, stacks, theme, units
from dashboard.i18n import _
from dashboard.labels import METRICS, PERIODS, SENTIMENTS
from dashboard.links import linked
from dashboard.parts import filters, frame, marked, several, tables, words
from dashboard.parts.shell import View
from insights.reputation import Corrected, Every, Reputation, reputation
from insights.values import MIN_N, Value
from simak.tags import SENTIMENTS as POLARITIES
from store.filter import Filter
from store.tables import UNTAGGED

TREND_METRICS = ("complaint_rate", "net_sentiment", "stars")
EVERY = ("day", "week", "month")

_AUTO = "auto"

RAW, CORRECTED = "raw", "corrected"

MOST_RIVALS = 4
"""Beside the brand's own line."""


def measure(view: View) -> Reputation:
    """Return the figures for the view, by the period chosen or one long enough to tell.

    Left to itself the trend takes the shortest period whose points mostly rest on enough
    mentions, and never a shorter one than the length of time asks for.
    """
    chosen = view.choice("every", (_AUTO, *EVERY), _AUTO)
    every = None if chosen == _AUTO else cast("Every", chosen)
    result = view.ask(reputation, view.filter, every=every)
    if every is not None or result.trend.empty:
        return result
    shown = spacing(result)
    for coarser in EVERY[EVERY.index(shown) + 1 :]:
        counted = result.trend["complaint_rate_n"]
        if (counted >= MIN_N).mean() >= 0.5:
            break
        longer = view.ask(reputation, view.filter, every=cast("Every", coarser))
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
    metric = view.choice("metric", TREND_METRICS, TREND_METRICS[0])
    corrected = _choices(view, result, metric)
    if result.trend.empty:
        words.note(_("Nothing here is dated: no trend."))
        return
    name = labels.name(METRICS, metric)
    if result.trend[metric].notna().any():
        every = cast("Every", spacing(result))
        frame.chart(
            view,
            lines.lines(
                _series(view, result, metric, every, corrected=corrected),
                marked.events(view),
                title=name,
                unit=units.METRIC_UNITS[metric],
                dark=view.dark,
            ),
            key="trend",
            about=_("{figure} over time with its 95% interval", figure=name),
            table=_trend_table(view, result),
        )
        if corrected:
            words.note(
                _(
                    "Corrected for how often the model was wrong on texts whose labels are known. "
                    "The band is wider, as that is not known for certain either; it is the same "
                    "for all periods, so that the moves are surer than the height. A point opens "
                    "what was counted."
                )
            )
    else:
        text = _("no stars here") if metric == "stars" else _("nothing tagged yet")
        words.note(f"{name}: {text}")
    frame.chart(
        view,
        stacks.stacked(_stacks(view, result), dark=view.dark),
        key="volume",
        about=_("Mentions over time by sentiment"),
    )
    _legend(result)


def _choices(view: View, result: Reputation, metric: str) -> bool:
    """Draw what the reader can choose of the trend; return whether it is to be corrected."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("Figure"),
            TREND_METRICS,
            key=filters.put("w_metric", metric),
            format_func=lambda key: labels.name(METRICS, key),
            required=True,
            on_change=lambda: filters.choose("metric", st.session_state["w_metric"]),
        )
        st.segmented_control(
            _("By"),
            (_AUTO, *EVERY),
            key=filters.put("w_every", view.choice("every", (_AUTO, *EVERY), _AUTO)),
            format_func=lambda key: _("Auto") if key == _AUTO else labels.name(PERIODS, key),
            required=True,
            on_change=_every_changed,
        )
        counted = view.choice("errors", (RAW, CORRECTED), RAW)
        # Stars are the customers' own, and a model that nobody measured cannot be corrected.
        can = metric in result.corrected
        if can:
            names = {RAW: _("As counted"), CORRECTED: _("Corrected")}
            st.segmented_control(
                _("The model’s errors"),
                (RAW, CORRECTED),
                key=filters.put("w_errors", counted),
                format_func=names.__getitem__,
                required=True,
                on_change=lambda: filters.choose("errors", st.session_state["w_errors"]),
            )
        others = [name for name in view.brands if name != view.state.brand]
        if others:
            several.choose(
                view, "against", others, label=_("Against"), none=_("no rival"), most=MOST_RIVALS
            )
    return can and counted == CORRECTED


def _series(
    view: View, result: Reputation, metric: str, every: Every, *, corrected: bool
) -> list[lines.Series]:
    """Return the brand's line, and that of each rival that it is held against."""
    found = []
    others = [name for name in view.brands if name != view.state.brand]
    for brand in (view.state.brand or "", *several.chosen(view, "against", others)[:MOST_RIVALS]):
        filter = view.filter.but(brands=(brand,))
        shown = result
        if corrected:
            correct = cast("Corrected", metric)
            shown = view.ask(reputation, filter, every=every, correct=correct)
        elif brand != view.state.brand:
            shown = view.ask(reputation, filter, every=every)
        points = _points(view, filter, shown, metric, corrected=corrected)
        if any(point.value.value is not None for point in points):
            found.append(lines.Series(brand, brand, points))
    return found


def within(filter: Filter, row: Mapping[str, Any]) -> Filter:
    """Return the mentions of one period of the trend."""
    return filter.but(since=row["start"], until=row["end"])


def behind(filter: Filter, row: Mapping[str, Any], metric: str) -> tuple[Filter, int]:
    """Return the mentions behind a point, and how many: the complaints, or what a mean is of."""
    there = within(filter, row)
    if metric == "complaint_rate":
        return there.but(complaint=True), int(row["complaints"])
    if metric == "stars":
        return there.but(has_rating=True), int(row["stars_n"])
    return there.but(sentiments=POLARITIES), int(row["net_sentiment_n"])


def _points(
    view: View, filter: Filter, result: Reputation, metric: str, *, corrected: bool
) -> list[lines.Point]:
    names = (metric, f"{metric}_low", f"{metric}_high")
    if corrected:
        names = ("corrected", "corrected_low", "corrected_high")
    found = []
    for row in theme.records(result.trend):
        there, n = behind(filter, row, metric)
        at, low, high = (_number(row[name]) for name in names)
        k = n if metric == "complaint_rate" and not corrected else None
        value = Value(at, low, high, int(row[f"{metric}_n"]), k)
        found.append(lines.Point(row["start"], row["end"], value, view.to(there), n))
    return found


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)  # NaN is unequal to itself


def _stacks(view: View, result: Reputation) -> list[stacks.Stack]:
    found = []
    for row in theme.records(result.trend):
        there = within(view.filter, row)
        parts = [
            stacks.Part(name, n, view.to(there.but(sentiments=(name,))), n)
            for name in SENTIMENTS
            if (n := _said(row, name))
        ]
        found.append(stacks.Stack(row["start"], row["end"], parts))
    return found


def _said(row: Mapping[str, Any], sentiment: str) -> int:
    if sentiment == UNTAGGED:
        return int(row["volume"] - sum(row[name] for name in POLARITIES))
    return int(row[sentiment])


def _every_changed() -> None:
    chosen = st.session_state["w_every"]
    filters.choose("every", None if chosen == _AUTO else chosen)


def _legend(result: Reputation) -> None:
    hints = [_("Click a point or a bar to read the mentions behind it.")]
    if (result.trend["complaint_rate_n"] < MIN_N).any():
        few = _("Grey diamonds: fewer than {least} mentions, too few to rely on.", least=MIN_N)
        hints.append(few)
    words.note(" ".join(hints))


def _trend_table(view: View, result: Reputation) -> frame.Table:
    rows = []
    for row in reversed(theme.records(result.trend)):
        there = within(view.filter, row)

        def opened(n: int, filter: Filter) -> str:
            return linked(i18n.number(n), view.to(filter), n)

        cells = [
            i18n.days(row["start"], row["end"]),
            opened(int(row["volume"]), there),
            *(
                opened(int(row[sentiment]), there.but(sentiments=(sentiment,)))
                for sentiment in POLARITIES
            ),
            opened(int(row["complaints"]), there.but(complaint=True)),
            *(_rate(row, metric) for metric in TREND_METRICS),
        ]
        rows.append((cells, row["complaint_rate_n"] < MIN_N))
    heads = [
        _("Period"),
        _("Mentions"),
        *(labels.name(SENTIMENTS, name) for name in POLARITIES),
        _("Complaints"),
        *(labels.name(METRICS, metric) for metric in TREND_METRICS),
    ]
    return frame.Table(heads, rows)


def _rate(row: Mapping[str, Any], metric: str) -> str:
    value, low, high = row[metric], row[f"{metric}_low"], row[f"{metric}_high"]
    if value is None or value != value:  # NaN is unequal to itself
        return "–"
    show = partial(units.show, unit=units.METRIC_UNITS[metric])
    if low is None or low != low:
        return escape(show(value))
    return tables.with_interval(Value(value), show(value), show(low), show(high))
