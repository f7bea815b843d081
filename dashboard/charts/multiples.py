"""Many small lines side by side, all on one scale: which of them moved, seen at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.charts.lines import Point, Series
from dashboard.charts.units import Unit
from dashboard.i18n import _

COLUMNS = 3
_EDGE, _GAP, _HEIGHT, _HEAD, _FOOT = 6, 46, 62, 38, 20
_WIDTH = (room.PAGE - _EDGE) // COLUMNS - _GAP
"""Pixels: dots reach over the edge; beside a small chart is a gap, its name and days are around."""


@once
def multiples(series: Sequence[Series], *, title: str, unit: Unit, dark: bool) -> Figure:
    """Return a small line chart for each series.

    They are drawn as one chart, placed by hand: marks of several charts could not be picked.

    Args:
        series: with points of the same days, at least one of them with a value.
        title: what the figure is, for the tooltip.
        unit: the axis of all begins where `units.domain` says.
    """
    starts = [point.start for one in series for point in one.points]
    span = (min(starts), max(starts))
    found = [
        end
        for one in series
        for point in one.points
        for end in (point.value.value, point.value.high if point.value.enough else None)
    ]
    low, high = units.domain([units.scaled(value, unit) for value in found], unit)
    rows, frames = [], []
    for place, one in enumerate(series):
        left = (place % COLUMNS) * (_WIDTH + _GAP)
        top = (place // COLUMNS) * (_HEAD + _HEIGHT + _FOOT) + _HEAD
        box = (left, top)
        points = [_point(one, p, unit, box, span, (low, high)) for p in one.points]
        rows += points
        frames.append(_frame(one, points, box, (low, high), span, unit))
    data, boxes = pd.DataFrame(rows), pd.DataFrame(frames)
    lines = -(-len(series) // COLUMNS)
    size = (
        min(len(series), COLUMNS) * (_WIDTH + _GAP),
        lines * (_HEAD + _HEIGHT + _FOOT),
    )
    across: Any = {"scale": alt.Scale(domain=[0, size[0]], nice=False), "axis": None}
    down: Any = {"scale": alt.Scale(domain=[size[1], 0], nice=False), "axis": None}
    # Where a period has no value its row stays, so that the line breaks there.
    every = alt.Chart(data).encode(
        x=alt.X("px:Q", **across), y=alt.Y("py:Q", **down), detail="key:N"
    )
    base = every.transform_filter("isValid(datum.py)")
    around = alt.Chart(boxes)
    tooltip = units.tooltip(title, ("days", _("Days")))
    layers: list[Any] = [
        around.mark_rule(color=theme.faint(dark), opacity=0.6).encode(
            x=alt.X("left:Q", **across), x2="right:Q", y=alt.Y("foot:Q", **down)
        ),
        every.mark_area(opacity=0.13, color=theme.accent(dark)).encode(
            y=alt.Y("low_y:Q", **down), y2="high_y:Q"
        ),
        every.mark_line(strokeWidth=1.8, color=theme.accent(dark), strokeJoin="round"),
        base.mark_point(filled=True, size=34, opacity=1, cursor=theme.POINTER)
        .encode(
            color=alt.condition(
                "datum.enough", alt.value(theme.accent(dark)), alt.value(theme.faint(dark))
            ),
            shape=alt.Shape(
                "tone:N",
                scale=alt.Scale(domain=["plain", "few"], range=["circle", "square"]),
                legend=None,
            ),
            description="spoken:N",
            tooltip=tooltip,
        )
        .add_params(theme.pick()),
    ]
    words: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("name", "left", "head", {"dy": -24, "fontWeight": "bold", "color": theme.ink(dark)}),
        (
            "most",
            "right",
            "head",
            {"dy": -24, "fontSize": 10.5, "color": theme.quiet(dark), "align": "right"},
        ),
        ("first", "left", "foot", {"dy": 12, "fontSize": 10.5, "color": theme.quiet(dark)}),
        (
            "last",
            "right",
            "foot",
            {"dy": 12, "fontSize": 10.5, "color": theme.quiet(dark), "align": "right"},
        ),
    )
    for field, at, height, look in words:
        layers.append(
            around.mark_text(**{"align": "left", "baseline": "middle", **look}).encode(
                x=alt.X(f"{at}:Q", **across), y=alt.Y(f"{height}:Q", **down), text=f"{field}:N"
            )
        )
    layers.append(
        around.mark_text(align="left", dx=6, fontSize=11.5, fontWeight="bold").encode(
            x=alt.X("end:Q", **across), y=alt.Y("end_y:Q", **down), text="now:N"
        )
    )
    return theme.styled(layers, dark, height=size[1], width=size[0])


_Pair = tuple[float, float]


def _point(
    one: Series, point: Point, unit: Unit, box: _Pair, span: Sequence[Any], ends: _Pair
) -> dict[str, Any]:
    days = max(1, (span[1] - span[0]).days)
    value = units.scaled(point.value.value, unit)
    across = (point.start - span[0]).days / days

    def down(found: float | None) -> float | None:
        """Return how far down a value stands; an interval is cut at the ends of the scale."""
        if found is None or value is None:
            return None
        up = (found - ends[0]) / (ends[1] - ends[0])
        return box[1] + (1 - min(1.0, max(0.0, up))) * _HEIGHT

    return {
        **units.fields(one.name, point.value, unit),
        "key": one.key,
        "days": i18n.days(point.start, point.end),
        "value": value,
        "px": box[0] + across * _WIDTH,
        "py": down(value),
        "low_y": down(units.scaled(point.value.low, unit)),
        "high_y": down(units.scaled(point.value.high, unit)),
        "tone": "plain" if point.value.enough else "few",
        "spoken": units.spoken(
            f"{one.name}, {i18n.days(point.start, point.end)}", point.value, unit
        ),
        "to": point.to,
        "count": point.count,
    }


def _frame(
    one: Series,
    points: Sequence[dict[str, Any]],
    box: _Pair,
    ends: _Pair,
    span: Sequence[Any],
    unit: Unit,
) -> dict[str, Any]:
    drawn = [point for point in points if point["py"] is not None]
    last = drawn[-1] if drawn else {"px": box[0], "py": box[1], "shown": "–"}
    scale = 100 if unit == "points" else 1
    return {
        "name": "".join(room.wrapped(one.name, 22, 1)),
        "left": box[0],
        "right": box[0] + _WIDTH,
        "head": box[1] - 4,
        "foot": box[1] + _HEIGHT,
        "most": _("up to {most}", most=units.show(ends[1] / scale, unit)),
        "first": i18n.day(span[0]),
        "last": i18n.day(span[1]) if span[1] != span[0] else "",
        "end": last["px"],
        "end_y": last["py"],
        "now": last["shown"],
    }
