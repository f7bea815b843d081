"""How a figure moves: a line in its interval's band, above bars of how much was said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard import i18n, labels
from dashboard.charts import theme
from dashboard.charts.theme import Figure
from dashboard.i18n import _, ngettext
from dashboard.labels import METRICS, SENTIMENTS
from dashboard.sentences import formatter
from insights.values import MIN_N
from store.tables import UNTAGGED

_AXIS_WIDTH = 52
"""Pixels kept for the vertical axis, so that both charts stand under one another."""


def line(trend: pd.DataFrame, metric: str, *, dark: bool) -> Figure:
    """Return the line of `metric` with its 95 % band; a point's fields are `start` and `end`.

    Args:
        trend: `Reputation.trend`.
        metric: `complaint_rate`, `net_sentiment` or `stars`.
    """
    data = pd.DataFrame([_point(row, metric) for row in theme.records(trend)])
    scale = alt.Scale(domain=_domain(data, metric), nice=metric == "net_sentiment")
    form = {"complaint_rate": "%", "net_sentiment": "+d", "stars": ".1f"}[metric]
    y = alt.Y("value:Q", title=None, scale=scale, axis=_y_axis(form))
    base = alt.Chart(data).encode(x=_x(*_ends(trend), "at"))
    colour = theme.accent(dark)
    band = base.mark_area(opacity=0.18, color=colour).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=_y_axis(form)), y2="high:Q"
    )
    track = base.mark_line(color=colour, strokeWidth=2).encode(y=y)
    points = base.mark_point(
        size=75, filled=True, opacity=1, strokeWidth=2, cursor="pointer"
    ).encode(
        y=y,
        color=alt.condition("datum.enough", alt.value(colour), alt.value(theme.faint(dark))),
        shape=alt.condition("datum.enough", alt.value("circle"), alt.value("diamond")),
        description="spoken:N",
        tooltip=[
            alt.Tooltip("period:N", title=_("Period")),
            alt.Tooltip("shown:N", title=_(METRICS[metric])),
            alt.Tooltip("interval:N", title=_("95% interval")),
            alt.Tooltip("n:N", title="n"),
        ],
    )
    points = points.add_params(theme.pick("start", "end"))
    rule = base.mark_rule(color=colour, opacity=0.35, strokeWidth=1).encode(
        y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    layers: list[Any] = [band, track, rule, points]
    if metric == "net_sentiment":
        zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(
            color=theme.faint(dark), strokeDash=[4, 3]
        )
        layers.insert(0, zero.encode(y=alt.Y("zero:Q", scale=scale)))
    return theme.styled(alt.layer(*layers).properties(height=230), dark)


def bars(trend: pd.DataFrame, *, dark: bool) -> Figure:
    """Return mentions by sentiment; a bar's fields are `start`, `end` and `sentiment`."""
    data = pd.DataFrame([bar for row in theme.records(trend) for bar in _stack(row)])
    colours = theme.sentiment_colours(dark)
    present = [s for s in ("negative", "neutral", "positive", UNTAGGED) if s in set(data.sentiment)]
    chart = (
        alt.Chart(data)
        .mark_rect(cursor="pointer", stroke="#19191b" if dark else "#fbfbfc", strokeWidth=1)
        .encode(
            x=_x(*_ends(trend), "from", named=False),
            x2="to:T",
            y=alt.Y("bottom:Q", title=None, axis=_y_axis(",d", ticks=3)),
            y2="top:Q",
            description="spoken:N",
            color=alt.Color(
                "sentiment:N",
                scale=alt.Scale(domain=present, range=[colours[s] for s in present]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("period:N", title=_("Period")),
                alt.Tooltip("name:N", title=_("Sentiment")),
                alt.Tooltip("shown:N", title=_("Mentions")),
            ],
        )
        .add_params(theme.pick("start", "end", "sentiment"))
        .properties(height=130)
    )
    return theme.styled(chart, dark)


def _x(first: date, last: date, field: str, *, named: bool = True) -> alt.X:
    """Both charts share the days they span, so that a bar stands under its point."""
    long = (last - first).days > 150
    ends = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in (first, last)]
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(domain=ends),
        axis=alt.Axis(
            format="%b %Y" if long else "%e %b",
            tickCount="month" if long else 8,
            grid=False,
            labels=named,
            ticks=named,
            labelOverlap=True,
            labelFlush=True,
        ),
    )


def _y_axis(form: str, ticks: int = 5) -> alt.Axis:
    return alt.Axis(
        format=form, tickCount=ticks, minExtent=_AXIS_WIDTH, maxExtent=_AXIS_WIDTH, domain=False
    )


def _ends(trend: pd.DataFrame) -> tuple[date, date]:
    return trend["start"].min(), trend["end"].max() + timedelta(days=1)


def _domain(data: pd.DataFrame, metric: str) -> list[float]:
    """Shares begin at 0 and stars at 1, whatever the data: a small move must look small."""
    if metric == "stars":
        return [1.0, 5.0]
    if metric == "complaint_rate":
        return [0.0, min(1.0, float(data["high"].max()) * 1.05)]
    reach = max(abs(float(data["low"].min())), abs(float(data["high"].max())), 20.0)
    return [-min(reach * 1.05, 100.0), min(reach * 1.05, 100.0)]


def _point(row: dict[str, Any], metric: str) -> dict[str, Any]:
    span = _span(row) | {"at": f"{_middle(row).isoformat()}T12:00:00"}
    if pd.isna(row[metric]):  # keeps its place, so that the line breaks there
        return span | {"value": None, "low": None, "high": None, "enough": False}
    show, n = formatter(metric), int(row[f"{metric}_n"])
    times = 100 if metric == "net_sentiment" else 1
    low, high = row[f"{metric}_low"], row[f"{metric}_high"]
    return span | {
        "value": times * row[metric],
        "low": None if pd.isna(low) else times * low,
        "high": None if pd.isna(high) else times * high,
        "enough": n >= MIN_N,
        "shown": show(row[metric]),
        "interval": "–" if pd.isna(low) else f"{show(low)} … {show(high)}",
        "n": i18n.number(n) if n >= MIN_N else _("{n}: too few", n=i18n.number(n)),
        "spoken": f"{span['period']}: {show(row[metric])}, n = {i18n.number(n)}",
    }


def _middle(row: dict[str, Any]) -> date:
    middle: date = row["start"] + (row["end"] - row["start"]) / 2
    return middle


def _stack(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one period's bars, the negative at the bottom.

    Stacked here and not by Vega-Lite, which stacks no bars that have a width of their own.
    """
    stack, top = [], 0
    for sentiment in SENTIMENTS:
        n = _count(row, sentiment)
        if not n:
            continue
        name = f"{labels.SYMBOLS[sentiment]} {labels.name(SENTIMENTS, sentiment)}"
        shown = ngettext("{n} mention", "{n} mentions", n)
        span = _span(row)
        bar = {
            "from": f"{row['start'].isoformat()}T00:00:00",
            "to": f"{(row['end'] + timedelta(days=1)).isoformat()}T00:00:00",
            "sentiment": sentiment,
            "name": name,
            "bottom": top,
            "top": top + n,
            "shown": shown,
            "spoken": f"{span['period']}: {name}, {shown}",
        }
        stack.append(span | bar)
        top += n
    return stack


def _span(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": row["start"].isoformat(),
        "end": row["end"].isoformat(),
        "period": i18n.days(row["start"], row["end"]),
    }


def _count(row: dict[str, Any], sentiment: str) -> int:
    if sentiment == UNTAGGED:
        return int(row["volume"] - row["negative"] - row["neutral"] - row["positive"])
    return int(row[sentiment])
