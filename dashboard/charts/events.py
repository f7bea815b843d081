"""What happened, above a chart over time: a sign at its day, a line down, and a short name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import room, theme

LANE = 17
"""Pixels that a line of names takes."""

_LANES = 3
_NEAR = 0.15
"""How much of the days lies between two events whose names may get in each other's way."""

_WIDTHS = (180, 260, 340, 440, 560, 700, 860, 1040, 1400)
"""Widths of the marks' field for which names are placed: a wider one keeps what a narrower has."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        kind: a spike of complaints (▲) or something that was done (◆).
        name: a few words, shown beside its sign where there is room, and on hover.
        about: a sentence more, on hover.
        to, count: the address of the mentions behind it, and how many they are.
    """

    day: date
    kind: Literal["spike", "action"]
    name: str
    about: str = ""
    to: str | None = None
    count: int | None = None


def place(events: Sequence[Event], span: tuple[date, date]) -> list[dict[str, Any]]:
    """Return the rows of the events that lie in `span`: words, lane, and where a name has room.

    Args:
        span: the first day of the axis and the day after its last.
    """
    shown = sorted((e for e in events if span[0] <= e.day < span[1]), key=lambda e: e.day)
    return _placed(shown, span) if shown else []


def height(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many pixels placed events take above a chart."""
    return int(max(row["y"] for row in rows)) + LANE // 2 + 6 if rows else 0


def layers(rows: list[dict[str, Any]], x: alt.X, *, foot: int, dark: bool) -> list[alt.Chart]:
    """Return the layers of placed events: rules from their sign down to `foot`, signs, names.

    Args:
        x: the axis, whose range ends `room.LABELS` before the edge; the field is `at`.
    """
    if not rows:
        return []
    data = pd.DataFrame(rows)
    tooltip = [
        alt.Tooltip("when:N", title=" "),
        alt.Tooltip("name:N", title="  "),
        *([alt.Tooltip("about:N", title="   ")] if data["about"].any() else []),
    ]
    colour = alt.condition(
        "datum.kind == 'spike'",
        alt.value(theme.series_colours(dark)[1]),
        alt.value(theme.ink(dark)),
    )
    y = alt.Y("y:Q", scale=None, axis=None, title=None)
    base = alt.Chart(data).encode(x=x, tooltip=tooltip)
    rules = base.mark_rule(strokeDash=[2, 3], strokeWidth=1, opacity=0.7).encode(
        y=y, y2=alt.value(foot), color=colour
    )
    signs = (
        base.mark_point(filled=True, size=80, opacity=1, cursor=theme.POINTER)
        .encode(
            y=y,
            color=colour,
            shape=alt.condition(
                "datum.kind == 'spike'", alt.value("triangle-up"), alt.value("diamond")
            ),
            description="spoken:N",
        )
        .add_params(theme.pick())
    )
    names = base.mark_text(
        fontSize=11.5,
        baseline="middle",
        align=alt.expr("datum.align"),
        dx=alt.expr("datum.align == 'left' ? 8 : -8"),
        opacity=alt.expr("datum.need > 0 && width >= datum.need ? 1 : 0"),
        cursor=theme.POINTER,
    ).encode(y=y, text="name:N", color=colour)
    return [rules, signs, names]


def _placed(events: Sequence[Event], span: tuple[date, date]) -> list[dict[str, Any]]:
    """Return the data of each event: its lane, and from which width on its name is shown."""
    days = (span[1] - span[0]).days
    shares = [((event.day - span[0]).days + 0.5) / days for event in events]
    lanes = _lanes(shares)
    shown: dict[int, tuple[int, str]] = {}
    for whole in _WIDTHS:
        for i in range(len(events)):
            sides = ("left", "right") if shares[i] <= 0.5 else ("right", "left")
            side = next(
                (s for s in sides if _fits(i, s, whole, shares, lanes, events, shown)), None
            )
            if i not in shown and side is not None:
                shown[i] = (whole, side)
    rows = []
    for i, event in enumerate(events):
        need, align = shown.get(i, (0, "left"))
        rows.append(
            {
                "at": f"{event.day.isoformat()}T12:00:00",
                "when": i18n.day(event.day),
                "name": event.name,
                "about": event.about,
                "kind": event.kind,
                "y": lanes[i] * LANE + 8,
                "align": align,
                "need": need,
                "spoken": f"{i18n.day(event.day)}: {event.name}",
                "to": event.to,
                "count": event.count,
            }
        )
    return rows


def _lanes(shares: Sequence[float]) -> list[int]:
    """Return the lane of each sign: those near one another stand on a stair.

    On the left half it goes down, on the right half up, so that a name has no rule to cross.
    """
    groups: list[list[int]] = []
    for i, share in enumerate(shares):
        near = groups and share - shares[groups[-1][-1]] < _NEAR
        same_half = groups and (shares[groups[-1][0]] <= 0.5) == (share <= 0.5)
        if near and same_half:
            groups[-1].append(i)
        else:
            groups.append([i])
    lanes = [0] * len(shares)
    for group in groups:
        down = shares[group[0]] <= 0.5
        for step, i in enumerate(group if down else reversed(group)):
            lanes[i] = step % _LANES
    return lanes


def _fits(
    i: int,
    side: str,
    whole: int,
    shares: Sequence[float],
    lanes: Sequence[int],
    events: Sequence[Event],
    shown: Mapping[int, tuple[int, str]],
) -> bool:
    """Whether a name has room beside the other names of its lane, and no rule to cross.

    What is apart in one field is further apart in a wider one.
    """
    field = whole - room.LABELS
    start, end = _box(shares[i] * field, events[i].name, side)
    if start < -8 or end > whole:
        return False
    for j in range(len(events)):
        if j == i or lanes[j] > lanes[i]:
            continue
        first = last = shares[j] * field
        if lanes[j] == lanes[i] and j in shown:
            first, last = _box(first, events[j].name, shown[j][1])
        if start <= last + 3 and end >= first - 3:
            return False
    return True


def _box(at: float, name: str, align: str) -> tuple[float, float]:
    """Return where a sign with its name begins and ends."""
    length = 12 + room.width(name, 11.5)
    return (at - 8, at + length) if align == "left" else (at - length, at + 8)
