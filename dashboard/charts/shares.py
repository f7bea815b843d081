"""How wholes divide: a bar of equal length for each, its parts from the worst to the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import theme, units
from dashboard.charts.finished import Figure, once
from dashboard.i18n import _
from insights.values import Value

_ROW_HEIGHT, _BAR = 46, 20
_WIDE = 0.07
"""A narrower part has no room for its figure, which its tooltip tells."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a bar.

    Attributes:
        kind: `negative`, `neutral` or `positive`: its colour and its place.
        name: what it is called.
        value: its share of the whole.
        to, count: the address of the mentions behind it, and how many they are.
    """

    kind: str
    name: str
    value: Value
    to: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """One bar: its name, what else is said above it, and its parts from left to right."""

    key: str
    name: str
    parts: Sequence[Share]
    about: str = ""


@once
def shares(rows: Sequence[Whole], *, title: str, dark: bool) -> Figure:
    """Return the bars in the order given, each part with its share in it.

    Args:
        title: what the shares are of, for the axis and the tooltip.
    """
    data = pd.DataFrame([part for row in rows for part in _parts(row, dark)])
    colours = theme.sentiment_colours(dark)
    kinds = list(dict.fromkeys(data["kind"]))
    y = alt.Y("key:N", sort=[row.key for row in rows], title=None, axis=None)
    x = alt.X(
        "from:Q",
        title=title,
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    base = alt.Chart(data).encode(y=y)
    bars = (
        base.mark_bar(
            height=_BAR, yOffset=10, stroke=theme.page(dark), strokeWidth=1, cursor=theme.POINTER
        )
        .encode(
            x=x,
            x2="until:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds]),
                legend=None,
            ),
            opacity=alt.condition("datum.enough", alt.value(1.0), alt.value(0.45)),
            description="spoken:N",
            tooltip=units.tooltip(title),
        )
        .add_params(theme.pick())
    )
    figures = (
        base.transform_filter(f"datum.until - datum.from >= {_WIDE}")
        .mark_text(yOffset=10, fontWeight="bold")
        .encode(
            x=alt.X("middle:Q", title=title),
            text="said:N",
            color=alt.Color("ink:N", scale=None, legend=None),
        )
    )
    above = (
        alt.Chart(pd.DataFrame([{"key": row.key, "above": _above(row)} for row in rows]))
        .mark_text(align="left", baseline="bottom", yOffset=-4, fontSize=13)
        .encode(y=y, x=alt.value(0), text="above:N")
    )
    return theme.styled([bars, figures, above], dark, height=alt.Step(_ROW_HEIGHT))


def _above(row: Whole) -> str:
    return f"{row.name}  ({row.about})" if row.about else row.name


def _parts(row: Whole, dark: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at = 0.0
    for place, part in enumerate(row.parts):
        size = part.value.value or 0.0
        shown = units.show(size, "percent")
        fill = theme.sentiment_colours(dark)[part.kind]
        found.append(
            {
                **units.fields(_("{name}, {part}", name=row.name, part=part.name),
                               part.value, "percent"),
                "key": row.key,
                "place": place,
                "kind": part.kind,
                "from": at,
                "until": at + size,
                "middle": at + size / 2,
                "said": f"{part.name} {shown}" if size >= 3 * _WIDE else shown,
                # On a bar made paler the page shines through: its ink is that of the page.
                "ink": theme.readable(fill) if part.value.enough else theme.ink(dark),
                "to": part.to,
                "count": part.count,
            }
        )  # fmt: skip
        at += size
    return found
