"""Ranked horizontal bars from zero: the name above, the interval and the figure beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import pandas as pd

from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.charts.units import Unit
from insights.values import Value

_ROW_HEIGHT = 40
_MARGIN = 12
"""Pixels between the longest interval and the edge, beside the figure that stands there."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        key: what tells it from the others; names may be the same.
        name: what stands above it.
        value: its length; below zero it points to the left.
        to, count: the address of the mentions behind it, and how many they are.
        said: what stands behind it; the value where None.
        about: what else stands above it, and in the tooltip.
    """

    key: str
    name: str
    value: Value
    to: str | None = None
    count: int | None = None
    said: str | None = None
    about: str = ""


@once
def ranked(
    rows: Sequence[Bar],
    *,
    title: str,
    dark: bool,
    unit: Unit = "percent",
    about: str = "",
    strong: str | None = None,
    tone: Literal["negative", "positive"] = "negative",
) -> Figure:
    """Return bars in the order given.

    Args:
        title: what the value is, for the axis and the tooltip.
        about: the name of `Bar.about` in the tooltip.
        strong: the key of a bar to set off; all are where None.
        tone: whether long bars are bad or not, as the colour of those set off then says.
    """
    data = pd.DataFrame([_row(row, unit, strong) for row in rows])
    ends = [0.0, *data["low"], *data["high"]]
    low, high = min(ends), max(max(ends), 0.05 if unit == "percent" else 0.0)
    behind = round(max(room.width(said, 13) for said in data["said"]) + _MARGIN)
    y = alt.Y("key:N", sort=[row.key for row in rows], title=None, axis=None)
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[low, high], range=[0, alt.expr(f"width - {behind}")]),
        axis=alt.Axis(
            format=units.axis_format(unit), labelExpr=units.LABEL, tickCount=5, labelOverlap=True
        ),
    )
    base = alt.Chart(data).encode(y=y)
    tooltip = units.tooltip(title, *([("about", about)] if about else []))
    body = (
        base.mark_bar(height=13, yOffset=8, cornerRadiusEnd=2, cursor=theme.POINTER)
        .encode(
            x=x,
            color=alt.Color(
                "tone:N",
                scale=alt.Scale(
                    domain=["strong", "plain", "few"],
                    range=[
                        theme.sentiment_colours(dark)[tone],
                        theme.sentiment_colours(dark)["neutral"],
                        theme.faint(dark),
                    ],
                ),
                legend=None,
            ),
            description="spoken:N",
            opacity=alt.condition("datum.tone == 'few'", alt.value(0.55), alt.value(0.9)),
            tooltip=tooltip,
        )
        .add_params(theme.pick())
    )
    whisker = base.mark_rule(yOffset=8, color=theme.ink(dark), strokeWidth=1.4).encode(
        x="low:Q", x2="high:Q", tooltip=tooltip
    )
    figure = base.mark_text(align="left", dx=6, yOffset=8, fontWeight="bold").encode(
        x="end:Q", text="said:N", tooltip=tooltip
    )
    name = base.mark_text(align="left", baseline="bottom", yOffset=-1, fontSize=13).encode(
        x=alt.value(0), text="above:N", tooltip=tooltip
    )
    layers = [body, whisker, figure, name]
    if low < 0:
        zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(color=theme.quiet(dark))
        layers.insert(1, zero.encode(x="value:Q"))
    return theme.styled(layers, dark, height=alt.Step(_ROW_HEIGHT))


def _row(row: Bar, unit: Unit, strong: str | None) -> dict[str, object]:
    value = units.scaled(row.value.value, unit) or 0.0
    low, high = (units.scaled(end, unit) for end in (row.value.low, row.value.high))
    tone = "strong" if strong is None or row.key == strong else "plain"
    return {
        **units.fields(row.name, row.value, unit),
        "key": row.key,
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "end": max(0.0, value if high is None else high),
        "tone": tone if row.value.enough else "few",
        "said": row.said or units.show(row.value.value, unit),
        "about": row.about,
        "above": f"{row.name}  ({row.about})" if row.about else row.name,
        "to": row.to,
        "count": row.count,
    }
