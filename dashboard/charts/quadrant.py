"""How often against how badly: the upper right corner is where mending pays first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Literal

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.i18n import _
from insights.values import Value

_AXIS = 80
WIDTH, HEIGHT = room.PAGE - _AXIS, 400
"""Pixels beside the axis, which places names; a narrow screen scrolls."""

_SIZE, _RADIUS, _MARGIN = 12, 6, 0.06


@dataclass(frozen=True, slots=True)
class Dot:
    """One dot.

    Attributes:
        key, name: of what it stands for.
        volume: mentions, above 0: its place from left to right.
        rate: of these, the share that speaks badly: its height.
        to, count: the address of the mentions behind the rate, and how many they are.
    """

    key: str
    name: str
    volume: int
    rate: Value
    to: str | None = None
    count: int | None = None


@once
def quadrant(
    dots: Sequence[Dot],
    *,
    across: float,
    up: float,
    across_title: str,
    up_title: str,
    dark: bool,
) -> Figure:
    """Return the dots, with lines where the quadrants part.

    Args:
        dots: at least one.
        across, up: the volume and the rate at which they part.
        across_title, up_title: what the axes are. Volume is drawn by its logarithm: it differs
            by hundreds of times.
    """
    low = min(dot.volume for dot in dots)
    high = max(dot.volume for dot in dots)
    ends = (max(0.7, low / 1.6), high * 2.2)
    labels = dict(_placed(dots, ends))
    data = pd.DataFrame([_dot(dot, labels.get(dot.key)) for dot in dots])
    x = alt.X(
        "volume:Q",
        title=across_title,
        scale=alt.Scale(type="log", domain=list(ends), nice=False),
        axis=alt.Axis(values=_ticks(*ends), format=",~d", grid=False),
    )
    y = alt.Y(
        "rate:Q",
        title=up_title,
        scale=alt.Scale(domain=[-_MARGIN, 1 + _MARGIN], nice=False),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    base = alt.Chart(data).encode(x=x, y=y)
    tooltip = units.tooltip(up_title, ("mentions", across_title))
    data["tone"] = [
        "few" if not dot.rate.enough
        else "worst" if dot.volume >= across and (dot.rate.value or 0) >= up
        else "plain"
        for dot in dots
    ]  # fmt: skip
    base.data = data
    kinds = ["worst", "plain", "few"]
    tones = [theme.sentiment_colours(dark)["negative"], theme.accent(dark), theme.faint(dark)]
    marks = (
        base.mark_point(filled=True, size=110, opacity=0.95, cursor=theme.POINTER)
        .encode(
            color=alt.Color("tone:N", scale=alt.Scale(domain=kinds, range=tones), legend=None),
            shape=alt.Shape(
                "tone:N",
                scale=alt.Scale(domain=kinds, range=["diamond", "circle", "square"]),
                legend=None,
            ),
            description="spoken:N",
            tooltip=tooltip,
        )
        .add_params(theme.pick())
    )
    whisker = base.mark_rule(opacity=0.35, color=theme.ink(dark)).encode(
        y=alt.Y("low:Q", title=up_title), y2="high:Q", tooltip=tooltip
    )
    parts = pd.DataFrame([{"volume": across, "rate": up}])
    lines = [
        alt.Chart(parts).mark_rule(strokeDash=[4, 4], color=theme.quiet(dark)).encode(**place)
        for place in ({"x": x}, {"y": y})
    ]
    layers: list[Any] = [*lines, *_corners(dark), whisker, marks]
    for align, dx, dy in sorted(set(labels.values())):
        near = data[data["place"] == f"{align}{dy}"]
        words = (
            alt.Chart(near)
            .mark_text(align=align, dx=dx, dy=dy, fontSize=_SIZE)
            .encode(x=x, y=y, text="name:N", tooltip=tooltip)
        )
        # What lies around a name, so that no line runs through it.
        around = words.encode(stroke=alt.value(theme.page(dark)), strokeWidth=alt.value(4))
        layers += [around, words]
    return theme.styled(layers, dark, height=HEIGHT, width=WIDTH)


def _corners(dark: bool) -> list[alt.Chart]:
    """Return what each corner means, beyond the ends of the shares, where no dot lies."""
    return [
        alt.Chart(pd.DataFrame([{"corner": text}]))
        .mark_text(align=align, baseline="middle", fontSize=11.5, fontWeight="bold")
        .encode(
            x=alt.value(4 if align == "left" else WIDTH - 4),
            y=alt.value(down),
            text="corner:N",
            color=alt.value(theme.quiet(dark)),
        )
        for text, align, down in _meanings()
    ]


def _meanings() -> tuple[tuple[str, Literal["left", "right"], int], ...]:
    """Return the words of each corner, the side that they stand on, and how far down."""
    return (
        (_("Seldom but badly: watch"), "left", 11),
        (_("Often and badly: mend first"), "right", 11),
        (_("Seldom and well"), "left", HEIGHT - 10),
        (_("Often and well: keep"), "right", HEIGHT - 10),
    )


_Place = tuple[Literal["left", "right", "center"], int, int]
"""How a name stands at its dot: align, pixels to the right, pixels down."""

_PLACES: tuple[_Place, ...] = (
    ("left", 10, 0), ("right", -10, 0), ("center", 0, -14), ("center", 0, 14),
)  # fmt: skip


def _placed(dots: Sequence[Dot], ends: tuple[float, float]) -> Iterator[tuple[str, _Place]]:
    """Yield where each name stands; one that has no room is left to the tooltip."""
    spread = log10(ends[1]) - log10(ends[0])
    where = {
        dot.key: (
            (log10(dot.volume) - log10(ends[0])) / spread * WIDTH,
            HEIGHT * (1 - ((dot.rate.value or 0.0) + _MARGIN) / (1 + 2 * _MARGIN)),
        )
        for dot in dots
    }
    taken = [(x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS) for x, y in where.values()]
    for text, side, down in _meanings():
        wide = room.width(text, _SIZE) + 4
        left = 0.0 if side == "left" else WIDTH - wide
        taken.append((left, down - _SIZE * 0.65, left + wide, down + _SIZE * 0.65))
    # What weighs most is named first.
    for dot in sorted(dots, key=lambda dot: -(dot.rate.k or 0)):
        x, y = where[dot.key]
        wide = room.width(dot.name, _SIZE)
        for align, dx, dy in _PLACES:
            left = x + dx - {"left": 0.0, "right": wide, "center": wide / 2}[align]
            box = (left, y + dy - _SIZE * 0.65, left + wide, y + dy + _SIZE * 0.65)
            if box[0] < 0 or box[2] > WIDTH or any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            yield dot.key, (align, dx, dy)
            break


_Box = tuple[float, float, float, float]


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ticks(low: float, high: float) -> list[float]:
    steps = [m * 10.0**p for p in range(8) for m in (1, 3)]
    return [step for step in steps if low <= step <= high]


def _dot(dot: Dot, place: _Place | None) -> dict[str, object]:
    value = dot.rate.value or 0.0
    return {
        **units.fields(dot.name, dot.rate, "percent"),
        "key": dot.key,
        "volume": dot.volume,
        "rate": value,
        "low": value if dot.rate.low is None else dot.rate.low,
        "high": value if dot.rate.high is None else dot.rate.high,
        "mentions": i18n.number(dot.volume),
        "place": f"{place[0]}{place[2]}" if place else "",
        "to": dot.to,
        "count": dot.count,
    }
