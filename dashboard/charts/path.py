"""The journey as a path through its phases: where it dips, people speak badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.i18n import _
from insights.values import NO_DATA, Value

_TOP, _PLOT, _FOOT = 52, 240, 76
_LINE = 15
_APART = 12
"""Pixels between the middle of a figure and what it stands above or below."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One phase of the path.

    Attributes:
        key, name: of the phase.
        stage: the name of the stage that it belongs to; stops of one stand together.
        rate: the share that speaks badly of it; where it has none, the path breaks.
        to, count: the address of the mentions behind it, and how many they are.
        note: what stands below, such as its weakest touchpoint.
        sign: what stands beside its figure, such as that it is clearly weak.
        other, other_to, other_count: the same of what it is compared with.
    """

    key: str
    name: str
    stage: str
    rate: Value
    to: str | None = None
    count: int | None = None
    note: str = ""
    sign: str = ""
    other: Value = NO_DATA
    other_to: str | None = None
    other_count: int | None = None


@once
def path(stops: Sequence[Stop], *, title: str, here: str, there: str = "", dark: bool) -> Figure:
    """Return the path from left to right, and a second, dashed, where it is compared.

    Args:
        stops: in the order of the journey.
        title: what the figure is, for the tooltip.
        here, there: the names of the two paths; `there` is empty without a second.
    """
    step = room.PAGE / len(stops)
    rows = [_stop(stop, (i + 0.5) * step, here) for i, stop in enumerate(stops)]
    others = [_other(stop, (i + 0.5) * step, there) for i, stop in enumerate(stops)]
    data = pd.DataFrame([*rows, *(others if there else [])])
    heads = pd.DataFrame([_head(stop, (i + 0.5) * step, step) for i, stop in enumerate(stops)])
    height = _TOP + _PLOT + _FOOT
    across: Any = {"scale": alt.Scale(domain=[0, room.PAGE], nice=False), "axis": None}
    down: Any = {"scale": alt.Scale(domain=[height, 0], nice=False), "axis": None}
    x, y = alt.X("px:Q", **across), alt.Y("py:Q", **down)
    # A stop without a rate keeps its row, so that the path breaks there.
    every = alt.Chart(data).encode(x=x, y=y)
    known = every.transform_filter("isValid(datum.py)")
    mine, held = (every.transform_filter(f"datum.side == '{side}'") for side in ("here", "there"))
    tooltip = units.tooltip(title, ("whose", " "))
    ink, quiet = theme.ink(dark), theme.quiet(dark)
    tone = alt.Color(
        "tone:N",
        scale=alt.Scale(
            domain=["here", "few", "there"], range=[theme.accent(dark), theme.faint(dark), quiet]
        ),
        legend=None,
    )
    shape = alt.Shape(
        "side:N",
        scale=alt.Scale(domain=["here", "there"], range=["circle", "diamond"]),
        legend=None,
    )
    layers: list[Any] = [
        *_stages(stops, step, across, down, dark),
        *_grid(across, down, dark),
        held.mark_line(strokeDash=[5, 4], color=quiet, strokeWidth=1.5),
        mine.mark_line(color=theme.accent(dark), strokeWidth=3, strokeJoin="round"),
        known.mark_rule(strokeWidth=1.3).encode(
            y=alt.Y("low_y:Q", **down),
            y2="high_y:Q",
            color=alt.condition("datum.side == 'here'", alt.value(ink), alt.value(quiet)),
            tooltip=tooltip,
        ),
        known.mark_point(filled=True, opacity=1, cursor=theme.POINTER)
        .encode(
            shape=shape,
            size=alt.condition("datum.side == 'here'", alt.value(190), alt.value(110)),
            color=tone,
            description="spoken:N",
            tooltip=tooltip,
        )
        .add_params(theme.pick()),
        mine.transform_filter("isValid(datum.py)")
        .mark_text(fontSize=14, fontWeight="bold")
        .encode(y=alt.Y("said_y:Q", **down), text="said:N"),
        alt.Chart(heads)
        .mark_text(fontSize=13.5, fontWeight="bold", baseline="top", lineHeight=_LINE)
        .encode(x=x, y=alt.Y("name_y:Q", **down), text="name:N"),
        alt.Chart(heads)
        .mark_text(fontSize=11.5, color=quiet, baseline="top", lineBreak="\n", lineHeight=_LINE)
        .encode(x=x, y=alt.Y("note_y:Q", **down), text="note:N"),
    ]
    if there:
        layers.append(
            held.mark_text(align="left", dx=11, dy=9, fontSize=11.5, color=quiet).encode(
                text="said:N"
            )
        )
    return theme.styled(layers, dark, height=height, width=room.PAGE)


def _down(rate: float) -> float:
    """Return how far down a rate stands: the more speak badly, the deeper."""
    return _TOP + rate * _PLOT


def _stop(stop: Stop, x: float, whose: str) -> dict[str, Any]:
    mine = _place(stop.name, stop.rate, x)
    return {
        **mine,
        "side": "here",
        "said_y": _clear(mine, _place(stop.name, stop.other, x)),
        "tone": "here" if stop.rate.enough else "few",
        "whose": whose,
        "said": " ".join(filter(None, [units.show(stop.rate.value, "percent"), stop.sign])),
        "to": stop.to,
        "count": stop.count,
    }


def _clear(mine: dict[str, Any], other: dict[str, Any]) -> float:
    """Return how far down a figure stands: beside its interval, and not on the other path's."""
    (above, below), (first, last) = _around(mine), _around(other)
    return next((at for at in (above, below) if not first < at < last), min(above, first))


def _around(place: dict[str, Any]) -> tuple[float, float]:
    """Return how far down words stand clear of a rate and its interval, above and below.

    What has no rate lies above all, where no words stand.
    """
    ends = [place[end] for end in ("py", "low_y", "high_y") if place[end] is not None] or [0.0]
    return min(ends) - _APART, max(ends) + _APART


def _other(stop: Stop, x: float, whose: str) -> dict[str, Any]:
    return {
        **_place(stop.name, stop.other, x),
        "side": "there",
        "tone": "there",
        "whose": whose,
        "said": units.show(stop.other.value, "percent"),
        "to": stop.other_to,
        "count": stop.other_count,
    }


def _place(name: str, rate: Value, x: float) -> dict[str, Any]:
    return {
        **units.fields(name, rate, "percent"),
        "px": x,
        "py": None if rate.value is None else _down(rate.value),
        "low_y": None if rate.low is None else _down(rate.low),
        "high_y": None if rate.high is None else _down(rate.high),
    }


def _head(stop: Stop, x: float, step: float) -> dict[str, Any]:
    chars = int(step / 6.6)
    lines = [line for part in stop.note.split("\n") for line in room.wrapped(part, chars)]
    return {
        "px": x,
        "name": stop.name,
        "name_y": _TOP + _PLOT + 12,
        "note": "\n".join(lines[:3]),
        "note_y": _TOP + _PLOT + 32,
    }


def _stages(
    stops: Sequence[Stop], step: float, across: Any, down: Any, dark: bool
) -> list[alt.Chart]:
    """Return a band with its name for each stage."""
    rows, first = [], 0
    for place, (stage, members) in enumerate(groupby(stops, key=lambda stop: stop.stage)):
        last = first + len(list(members))
        rows.append({"stage": stage, "left": first * step + 4, "right": last * step - 4,
                     "top": 22, "foot": _TOP + _PLOT, "name_y": 11, "place": place})  # fmt: skip
        first = last
    bands = alt.Chart(pd.DataFrame(rows))
    return [
        bands.mark_rect(color="#232327" if dark else "#f1f2f4", cornerRadius=4).encode(
            x=alt.X("left:Q", **across), x2="right:Q", y=alt.Y("top:Q", **down), y2="foot:Q"
        ),
        bands.mark_text(align="left", dx=2, color=theme.quiet(dark), fontSize=12).encode(
            x=alt.X("left:Q", **across), y=alt.Y("name_y:Q", **down), text="stage:N"
        ),
    ]


def _grid(across: Any, down: Any, dark: bool) -> list[alt.Chart]:
    """Return lines at none, half and all who speak badly, with what they mean."""
    rows = [
        {"at": _down(share), "left": 8, "right": room.PAGE - 8, "text": text}
        for share, text in (
            (0.0, _("nobody speaks badly")), (0.5, _("half do")), (1.0, _("all do")),
        )
    ]  # fmt: skip
    lines = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("at:Q", **down))
    return [
        lines.mark_rule(color=theme.faint(dark), opacity=0.5, strokeDash=[2, 3]).encode(
            x=alt.X("left:Q", **across), x2="right:Q"
        ),
        lines.mark_text(
            align="left", dx=4, baseline="bottom", dy=-2, fontSize=10.5, color=theme.quiet(dark)
        ).encode(x=alt.X("left:Q", **across), text="text:N"),
    ]
