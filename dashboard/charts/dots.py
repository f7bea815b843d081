"""Dots with their intervals, one row each: what lies clearly apart, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.charts.units import Unit
from insights.values import Value

_ROW_HEIGHT, _BESIDE = 34, 17


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: a figure, and beside it the same of another time or brand where there is one.

    Attributes:
        key: what tells it from the others; names may be the same.
        value: with its interval.
        to, count: the address of the mentions behind it, and how many they are.
        other, other_to, other_count: of the figure beside it.
        about: what else is said above it, and on hover.
        clear: False draws it hollow: it cannot be told from the line.
    """

    key: str
    name: str
    value: Value
    to: str | None = None
    count: int | None = None
    other: Value | None = None
    other_to: str | None = None
    other_count: int | None = None
    about: str = ""
    clear: bool = True


@once
def dots(
    rows: Sequence[Dot],
    *,
    title: str,
    dark: bool,
    unit: Unit = "percent",
    names: tuple[str, str] | None = None,
    line: float | None = None,
    line_name: str = "",
    about: str = "",
) -> Figure:
    """Return the rows in the order given.

    Args:
        title: what the figure is, for the axis and the tooltip.
        names: what the dots are and what those beside them are, where there are any.
        line: where an upright line stands, such as 0 or what holds of all.
        line_name: what it is.
        about: the name of `Dot.about` in the tooltip.
    """
    both = [_row(row, unit, place, names) for row in rows for place in (0, 1)]
    data = pd.DataFrame([row for row in both if row is not None])
    at = units.scaled(line, unit)
    ends = [*data["low"], *data["high"], *([] if at is None else [at])]
    low, high = (min(ends), max(ends)) if unit != "percent" or min(ends) < 0 else (0.0, max(ends))
    behind = round(max(room.width(said, 13) for said in data["label"]) + 14)
    paired = any(row.other is not None for row in rows)
    height = _ROW_HEIGHT + (_BESIDE + 8 if paired else 8)
    up = 9 if paired else 2  # the offsets below are from the middle of a row
    y = alt.Y("key:N", sort=[row.key for row in rows], title=None, axis=None)
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(
            domain=[low, high if high > low else low + 1],
            range=[4, alt.expr(f"width - {behind}")],
        ),
        axis=alt.Axis(
            format=units.axis_format(unit), labelExpr=units.LABEL, tickCount=5, labelOverlap=True
        ),
    )
    base = alt.Chart(data).encode(y=y, tooltip=_tooltip(title, names, about))
    first, second = theme.series_colours(dark)[:2]
    colour = alt.condition(
        "datum.enough",
        alt.Color(
            "place:N", scale=alt.Scale(domain=["0", "1"], range=[first, second]), legend=None
        ),
        alt.value(theme.faint(dark)),
    )
    colour_of = (alt.value(first), alt.value(second))
    drawn = []
    for place, offset in ((0, 9 - up), (1, 9 - up + _BESIDE)):
        if str(place) not in set(data["place"]):
            continue
        here = base.transform_filter(f"datum.place === '{place}'")
        drawn.append(
            here.mark_rule(yOffset=offset, strokeWidth=2, opacity=0.55).encode(
                x=alt.X("low:Q"), x2="high:Q", color=colour
            )
        )
        drawn.append(
            here.mark_point(
                yOffset=offset, size=95, strokeWidth=2, cursor=theme.POINTER, opacity=1
            ).encode(
                x=x,
                color=colour,
                fill=alt.condition(
                    "datum.clear && datum.enough",
                    alt.value(second if place else first),
                    alt.value(theme.page(dark)),
                ),
                shape=alt.value("square" if place else "circle"),
                description="spoken:N",
            )
        )
        told = here.encode(x="high:Q", text="label:N").mark_text(
            yOffset=offset, align="left", dx=8, fontWeight="bold"
        )
        # Grey as the marks, the words of too few could hardly be read.
        words = alt.condition("datum.enough", colour_of[place], alt.value(theme.quiet(dark)))
        drawn += [_cleared(told, dark), told.encode(color=words)]
    drawn[1] = drawn[1].add_params(theme.pick())
    above = (
        base.transform_filter("datum.place === '0'")
        .mark_text(align="left", baseline="bottom", yOffset=1 - up, fontSize=13)
        .encode(x=alt.value(0), text="above:N")
    )
    drawn += [_cleared(above, dark), above]
    if at is not None:
        drawn.insert(0, _line(at, dark))
        if line_name:
            drawn.append(_line_name(at, line_name, dark))
    # The rows' own offsets stand within a step: the step's middle is their zero.
    return theme.styled(drawn, dark, height=alt.Step(height))


def _cleared(words: alt.Chart, dark: bool) -> alt.Chart:
    """Return what lies behind words, so that no line runs through them."""
    behind: alt.Chart = words.encode(stroke=alt.value(theme.page(dark)), strokeWidth=alt.value(4))
    return behind


def _line(at: float, dark: bool) -> alt.Chart:
    rule: alt.Chart = (
        alt.Chart(pd.DataFrame({"value": [at]}))
        .mark_rule(color=theme.quiet(dark), strokeDash=[4, 3])
        .encode(x="value:Q")
    )
    return rule


def _line_name(at: float, name: str, dark: bool) -> alt.Chart:
    text: alt.Chart = (
        alt.Chart(pd.DataFrame({"value": [at], "name": [name]}))
        .mark_text(color=theme.quiet(dark), align="left", dx=5, baseline="bottom", fontSize=11)
        .encode(x="value:Q", y=alt.value(0), text="name:N")
    )
    return text


def _tooltip(title: str, names: tuple[str, str] | None, about: str) -> list[alt.Tooltip]:
    more = [("which", "  ")] if names else []
    return units.tooltip(title, *more, *([("about", about)] if about else []))


def _row(
    row: Dot, unit: Unit, place: int, names: tuple[str, str] | None
) -> dict[str, object] | None:
    value = row.other if place else row.value
    if value is None or value.value is None:
        return None
    which = names[place] if names else ""
    drawn = units.scaled(value.value, unit)
    low, high = (units.scaled(end, unit) for end in (value.low, value.high))
    shown = units.show(value.value, unit)
    return {
        **units.fields(f"{row.name}, {which}" if which else row.name, value, unit),
        "key": row.key,
        "place": str(place),
        "which": which,
        "value": drawn,
        "low": drawn if low is None else low,
        "high": drawn if high is None else high,
        "label": f"{shown}  {which}" if which else shown,
        "clear": row.clear,
        "about": row.about,
        "above": f"{row.name}  ({row.about})" if row.about else row.name,
        "to": row.other_to if place else row.to,
        "count": row.other_count if place else row.count,
    }
