"""How figures move: lines in their interval's bands, and what happened above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import events as happened
from dashboard.charts import room, theme, units
from dashboard.charts.events import Event
from dashboard.charts.finished import Figure, once
from dashboard.charts.units import Unit
from dashboard.i18n import _
from insights.values import NO_DATA, Value

AXIS_WIDTH = 52
"""Pixels kept for the vertical axis, so that charts stand under one another."""

SHAPES = ("circle", "square", "triangle-up", "cross", "triangle-down")
_LINE_HEIGHT, _CHARS = 14, 14


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series.

    Attributes:
        start, end: its first and last day.
        value: where it has none, the line breaks.
        to, count: the address of the mentions behind it, and how many they are.
    """

    start: date
    end: date
    value: Value = NO_DATA
    to: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its points from the first period to the last, and the name at its end.

    Attributes:
        dashed: whether it is what would have been, and not what was.
    """

    key: str
    name: str
    points: Sequence[Point]
    dashed: bool = False


@once
def lines(
    series: Sequence[Series],
    events: Sequence[Event] = (),
    *,
    title: str,
    unit: Unit,
    dark: bool,
    height: int = 250,
) -> Figure:
    """Return the lines, the first set off as the one the chart is about.

    Args:
        series: up to five, at least one with a value.
        events: those outside the lines' days are left out.
        title: what the figure is, for the tooltip.
        unit: stars are drawn from 1 to 5, shares from 0.
        height: in pixels, with the events' names.
    """
    span = ends([point for one in series for point in one.points])
    data = pd.DataFrame(
        [_point(one, i, p, unit) for i, one in enumerate(series) for p in one.points]
    )
    told = happened.place(events, span)
    top = happened.height(told)
    low, high = units.domain(
        [None if pd.isna(v) else v for field in ("low", "value", "high") for v in data[field]],
        unit,
    )
    scale = alt.Scale(domain=[low, high], nice=False, range=[height, top])
    y = alt.Y("value:Q", title=None, scale=scale, axis=y_axis(units.axis_format(unit)))
    x = over_time(span, "at")
    colours = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=[str(i) for i in range(len(series))],
            range=theme.series_colours(dark)[: len(series)],
        ),
        legend=None,
    )
    base = alt.Chart(data).encode(x=x, y=y, detail="series:N")
    band = base.mark_area(opacity=0.17 if len(series) == 1 else 0.1).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=y_axis(units.axis_format(unit))),
        y2="high:Q",
        color=colours,
    )
    track = base.mark_line(strokeWidth=2, strokeJoin="round").encode(
        color=colours,
        strokeDash=alt.condition("datum.dashed", alt.value([5, 4]), alt.value([1, 0])),
    )
    drawn: list[Any] = [band, track, *_points(base, colours, data, series, title, dark)]
    if low < 0 < high:
        zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(
            color=theme.quiet(dark), strokeWidth=1
        )
        end = alt.value(alt.expr(f"width - {room.LABELS}"))
        drawn.insert(0, zero.encode(y=alt.Y("value:Q", scale=scale), x=alt.value(0), x2=end))
    drawn += happened.layers(told, x, foot=height, dark=dark)
    named = _names(series, x, colours, (low, high), (height, top), unit)
    if named is not None:
        drawn.append(named)
    return theme.styled(drawn, dark, height=height)


def _points(
    base: alt.Chart,
    colours: alt.Color,
    data: pd.DataFrame,
    series: Sequence[Series],
    title: str,
    dark: bool,
) -> list[alt.Chart]:
    """Return the points, whose grey diamonds rest on too few, and what tells them alone apart."""
    several = len(series) > 1
    crowded = len(data) / len(series)
    size = 70 if crowded <= 30 else 40 if crowded <= 60 else 18
    has = base.transform_filter("isValid(datum.value)")
    shape = alt.Shape(
        "series:N",
        scale=alt.Scale(domain=[str(i) for i in range(len(series))], range=SHAPES[: len(series)]),
        legend=None,
    )
    tooltip = units.tooltip(title, ("period", _("Period")))
    points = (
        has.mark_point(filled=True, opacity=1, cursor=theme.POINTER)
        .encode(
            color=alt.condition("datum.enough", colours, alt.value(theme.faint(dark))),
            size=alt.condition("datum.enough", alt.value(size), alt.value(max(size, 90))),
            shape=alt.condition("datum.enough", shape, alt.value("diamond"))
            if several
            else alt.condition("datum.enough", alt.value("circle"), alt.value("diamond")),
            description="spoken:N",
            tooltip=tooltip,
        )
        .add_params(theme.pick())
    )
    # A period between two without a value has no band: its interval is a line.
    alone = has.transform_filter("datum.alone").mark_rule(opacity=0.4, strokeWidth=1)
    return [alone.encode(y="low:Q", y2="high:Q", color=colours), points]


def _names(
    series: Sequence[Series],
    x: alt.X,
    colours: alt.Color,
    domain: tuple[float, float],
    span: tuple[int, int],
    unit: Unit,
) -> alt.Chart | None:
    """Return the name of each line at its end; of one line alone its last figure."""
    (low, high), (foot, top) = domain, span
    rows: list[dict[str, Any]] = []
    wanted: list[float] = []
    for place, one in enumerate(series):
        last = next((p for p in reversed(one.points) if p.value.value is not None), None)
        if last is None:
            continue
        shown = units.show(last.value.value, unit)
        text = [shown] if len(series) == 1 else [*room.wrapped(one.name, _CHARS), shown]
        rows.append({"series": str(place), "at": _middle(last), "lines": "\n".join(text)})
        value = units.scaled(last.value.value, unit) or 0.0
        wanted.append(foot - (value - low) / (high - low) * (foot - top))
    if not rows:
        return None
    sizes = [(1 + row["lines"].count("\n")) * _LINE_HEIGHT + 3.0 for row in rows]
    for row, size, middle in zip(
        rows, sizes, room.spread(wanted, sizes, top, foot + 6), strict=True
    ):
        row["y"] = round(middle - size / 2 + _LINE_HEIGHT / 2 + 1, 1)
    named: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_text(
            align="left",
            baseline="middle",
            dx=10,
            fontSize=12,
            fontWeight="bold",
            lineBreak="\n",
            lineHeight=_LINE_HEIGHT,
        )
        .encode(x=x, y=alt.Y("y:Q", scale=None, axis=None), text="lines:N", color=colours)
    )
    return named


def _point(series: Series, place: int, point: Point, unit: Unit) -> dict[str, Any]:
    value = point.value
    found: dict[str, Any] = {
        "series": str(place),
        "at": _middle(point),
        "start": point.start.isoformat(),
        "end": point.end.isoformat(),
        "period": i18n.days(point.start, point.end),
        "value": None,
        "low": None,
        "high": None,
        "alone": False,
        "dashed": series.dashed,
        "to": point.to,
        "count": point.count,
    }
    found |= units.fields(series.name, value, unit)
    if value.value is None:  # keeps its place, so that the line breaks there
        return found
    around = series.points.index(point)
    beside = [*series.points[max(0, around - 1) : around], *series.points[around + 1 : around + 2]]
    return found | {
        "value": units.scaled(value.value, unit),
        "low": units.scaled(value.low, unit),
        "high": units.scaled(value.high, unit),
        "alone": all(one.value.value is None for one in beside) and value.low is not None,
        "spoken": units.spoken(f"{series.name}, {found['period']}", value, unit),
    }


def _middle(point: Point) -> str:
    middle = point.start + (point.end - point.start) / 2
    return f"{middle.isoformat()}T12:00:00"


def ends(spans: Sequence[Any]) -> tuple[date, date]:
    """Return the first day of what has `start` and `end`, and the day after the last."""
    first = min(one.start for one in spans)
    return first, max(one.end for one in spans) + timedelta(days=1)


def over_time(span: tuple[date, date], field: str, *, named: bool = True) -> alt.X:
    """Return the axis of days that all charts over time share, with room for words at its end."""
    first, last = span
    long = (last - first).days > 150
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(
            domain=[alt.DateTime(year=d.year, month=d.month, date=d.day) for d in span],
            range=[0, alt.expr(f"width - {room.LABELS}")],
        ),
        axis=alt.Axis(
            # The year stands below the first day named, and below every January.
            labelExpr=(
                f"[timeFormat(datum.value, '{'%b' if long else '%e %b'}'), datum.index == 0 "
                f"|| {'month(datum.value) == 0' if long else 'false'} "
                "? timeFormat(datum.value, '%Y') : '']"
            ),
            tickCount=alt.expr(f"min({(last - first).days}, max(3, floor(width / 75)))"),
            grid=False,
            labels=named,
            ticks=named,
            labelOverlap=True,
            labelFlush=True,
        ),
    )


def y_axis(form: str, ticks: int = 5) -> alt.Axis:
    """Return a vertical axis of the width that all charts over time share."""
    return alt.Axis(
        format=form,
        labelExpr=units.LABEL,
        tickCount=ticks,
        minExtent=AXIS_WIDTH,
        maxExtent=AXIS_WIDTH,
        domain=False,
    )
