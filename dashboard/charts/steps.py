"""Shares that move in steps, such as who still waits after so long, with bands and medians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.charts.units import Unit
from dashboard.i18n import _
from insights.values import NO_DATA, Value

_LINE_HEIGHT, _CHARS, _HALF = 14, 14, 0.5
_FINEST = 400
"""Steps of a curve that are drawn at most: finer ones could not be seen."""

_FIRST = 0.25
"""Hours at which an axis of waits begins: a quarter of an hour."""

_WAITS = (0.25, 1, 6, 24, 72, 168, 672, 2_016, 8_760, 87_600)
"""Hours a reader counts waits in: minutes, hours, days, weeks, a year."""

_GRAINS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
_HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672, 1_344, 2_688, 5_376, 10_752)


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on, until the next step, the share is `value`."""

    at: float
    value: Value


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        steps: in order.
        until: how far anything was seen: the curve ends there.
        median: where half is reached, with its interval; its value is None where it never is.
        to, count: the address of the mentions behind the curve, and how many they are; a click
            on any of its steps opens them.
    """

    key: str
    name: str
    steps: Sequence[Step]
    until: float
    median: Value = NO_DATA
    to: str | None = None
    count: int | None = None


@once
def steps(
    curves: Sequence[Curve],
    *,
    title: str,
    along: str,
    dark: bool,
    unit: Unit = "hours",
    falling: bool = True,
    reach: float | None = None,
    height: int = 280,
) -> Figure:
    """Return the curves, from all or from none, with a dot on the median of each.

    Args:
        curves: up to five, the one the chart is about first.
        title: what the share is of, for the tooltip.
        along: what runs from left to right, below its axis.
        unit: in which `Step.at`, `Curve.until` and the medians are: `waits` are hours on an axis
            that gives minutes, days and weeks the same room (a logarithmic one).
        falling: whether the curves begin at 100 % (who still waits) or at 0 % (who was answered).
        reach: where the axis ends; the longest seen where None. A curve goes on behind it.
    """
    end = reach or max((curve.until for curve in curves), default=1.0) or 1.0
    data = pd.DataFrame(
        [row for i, one in enumerate(curves) for row in _rows(one, i, falling, end, unit)]
    )
    right = alt.expr(f"width - {room.LABELS}")
    x = alt.X(
        "at:Q",
        title=along,
        scale=alt.Scale(
            domain=[_first(unit), end],
            nice=False,
            range=[0, right],
            type="log" if unit == "waits" else "linear",
        ),
        axis=_axis(end, unit),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False),
    )
    colours = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=[str(i) for i in range(len(curves))],
            range=theme.series_colours(dark)[: len(curves)],
        ),
        legend=None,
    )
    base = alt.Chart(data).encode(x=x, y=y, color=colours, detail="series:N")
    half = alt.Chart(pd.DataFrame({"value": [_HALF]})).mark_rule(
        color=theme.quiet(dark), strokeDash=[4, 3]
    )
    band = base.mark_area(
        interpolate="step-after", opacity=0.17 if len(curves) == 1 else 0.1, clip=True
    ).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    track = base.mark_line(interpolate="step-after", strokeWidth=2, clip=True)
    # Nothing is seen of them: where the pointer is on a step, they say what it is.
    heard = (
        base.mark_point(size=160, opacity=0, filled=True, cursor=theme.POINTER)
        .encode(tooltip=units.tooltip(title, ("after", along)), description="spoken:N")
        .add_params(theme.pick())
    )
    drawn: list[Any] = [
        half.encode(y=alt.Y("value:Q"), x=alt.value(0), x2=alt.value(right)),
        band,
        track,
        _names(curves, data, colours, unit, height),
    ]
    medians = [_median(c, i, unit) for i, c in enumerate(curves) if _within(c, end)]
    if medians:
        drawn += _medians(pd.DataFrame(medians), x, y, colours, dark)
    drawn.append(heard)
    return theme.styled(drawn, dark, height=height)


def _medians(
    data: pd.DataFrame, x: alt.X, y: alt.Y, colours: alt.Color, dark: bool
) -> list[alt.Chart]:
    base = alt.Chart(data).encode(x=x, y=y)
    drop = base.mark_rule(strokeDash=[2, 3]).encode(y2=alt.datum(0), color=colours)
    dots = base.mark_point(
        size=110, filled=True, opacity=1, stroke=theme.page(dark), strokeWidth=1.5
    ).encode(color=colours, description="spoken:N")
    return [drop, dots]


def _within(curve: Curve, end: float) -> bool:
    return curve.median.value is not None and curve.median.value <= end


def _median(curve: Curve, place: int, unit: Unit) -> dict[str, Any]:
    name = f"{curve.name}, {_('Median').lower()}"
    return {
        **units.fields(name, curve.median, unit),
        "series": str(place),
        "at": max(curve.median.value or 0.0, _first(unit)),
        "value": _HALF,
        "to": curve.to,
        "count": curve.count,
    }


def _rows(curve: Curve, place: int, falling: bool, end: float, unit: Unit) -> list[dict[str, Any]]:
    first = 1.0 if falling else 0.0
    n = curve.steps[0].value.n if curve.steps else 0
    start = _first(unit)
    found = [Step(start, Value(first, first, first, n))]
    for step in curve.steps:
        value = step.value.value
        if value is None or step.at > end:
            continue
        last = found[-1].value.value or 0.0
        if step.at <= start:
            found[-1] = Step(start, step.value)
        elif abs(value - last) >= 1 / _FINEST or step is curve.steps[-1]:
            found.append(step)
    until = min(curve.until, end)
    if found[-1].at < until:
        found.append(Step(until, found[-1].value))
    return [
        {
            **units.fields(curve.name, step.value, "percent"),
            "series": str(place),
            "at": step.at,
            "after": units.show(step.at, unit),
            "value": step.value.value,
            "low": step.value.low,
            "high": step.value.high,
            "to": curve.to,
            "count": curve.count,
        }
        for step in found
    ]


def _names(
    curves: Sequence[Curve], data: pd.DataFrame, colours: alt.Color, unit: Unit, height: int
) -> alt.Chart:
    """Return the name of each curve and its median, at the right edge, near where it ends."""
    rows: list[dict[str, Any]] = []
    wanted: list[float] = []
    for place, curve in enumerate(curves):
        told = _("median {value}", value=units.show(curve.median.value, unit))
        if curve.median.value is None:
            told = _("median not reached")
        lines = [*room.wrapped(curve.name, _CHARS), *room.wrapped(told, _CHARS)]
        last = data[data["series"] == str(place)].iloc[-1]
        rows.append({"series": str(place), "lines": "\n".join(lines)})
        wanted.append(height * (1 - float(last["value"])))
    sizes = [(1 + row["lines"].count("\n")) * _LINE_HEIGHT + 3.0 for row in rows]
    for row, size, middle in zip(rows, sizes, room.spread(wanted, sizes, 0, height), strict=True):
        row["y"] = round(middle - size / 2 + _LINE_HEIGHT / 2 + 1, 1)
    named: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_text(
            align="left",
            baseline="middle",
            dx=8,
            fontWeight="bold",
            lineBreak="\n",
            lineHeight=_LINE_HEIGHT,
        )
        .encode(
            x=alt.value(alt.expr(f"width - {room.LABELS}")),
            y=alt.Y("y:Q", scale=None, axis=None),
            text="lines:N",
            color=colours,
        )
    )
    return named


def _first(unit: Unit) -> float:
    return _FIRST if unit == "waits" else 0.0


def _axis(end: float, unit: Unit) -> alt.Axis:
    if unit == "waits":
        ticks = [float(one) for one in _WAITS if one <= end]
        names = {f"{tick:g}": units.show(tick, unit) for tick in ticks}
        return alt.Axis(values=ticks, grid=False, labelExpr=theme.renamed(names))
    return alt.Axis(values=_ticks(end, unit), grid=False, format=units.axis_format(unit))


def _ticks(end: float, unit: Unit) -> list[float]:
    """Return ticks a reader counts in: of hours, halves of days and days."""
    grains = _HOURS if unit == "hours" else _GRAINS
    grain = next((one for one in grains if end / one <= 6), grains[-1])
    return [float(i * grain) for i in range(int(end // grain) + 1)]
