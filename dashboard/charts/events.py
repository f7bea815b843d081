"""What happened, above a chart over time: a sign at its day, a line down, and a short name."""

from __future__ import annotations

from collections.abc import Sequence
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


def height(events: Sequence[Event]) -> int:
    """Return how many pixels the names take above a chart."""
    return min(_LANES, len(events)) * LANE + 4 if events else 0


def layers(
    events: Sequence[Event], span: tuple[date, date], x: alt.X, *, foot: int, dark: bool
) -> list[alt.Chart]:
    """Return the layers of events: rules from their sign down to `foot`, signs, names.

    Args:
        span: the first day of the axis and the day after its last.
        x: the axis, whose range ends `room.LABELS` before the edge; the field is `at`.
    """
    shown = [event for event in events if span[0] <= event.day < span[1]]
    if not shown:
        return []
    data = pd.DataFrame(_placed(sorted(shown, key=lambda e: e.day), span))
    tooltip = [
        alt.Tooltip("when:N", title=" "),
        alt.Tooltip("name:N", title="  "),
        *([alt.Tooltip("about:N", title="   ")] if any(e.about for e in shown) else []),
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
    lanes: dict[int, tuple[int, str, int]] = {}
    for whole in _WIDTHS:
        field = whole - room.LABELS
        for i, event in enumerate(events):
            if i in lanes:
                continue
            for lane, align in [(n, a) for n in range(_LANES) for a in ("left", "right")]:
                taken = [
                    _box(shares[j] * field, events[j].name, lanes[j][1])
                    for j in lanes
                    if lanes[j][0] == lane
                ]
                start, end = _box(shares[i] * field, event.name, align)
                free = all(end < first or start > last for first, last in taken)
                inside = start >= -8 and end <= whole
                # No rule of a sign in a lane above may cross the name.
                crossed = any(
                    start - 2 <= shares[j] * field <= end + 2
                    for j in range(len(events))
                    if j != i and (j not in lanes or lanes[j][0] <= lane)
                )
                if free and inside and not crossed:
                    lanes[i] = (lane, align, whole)
                    break
    rows = []
    for i, event in enumerate(events):
        lane, align, need = lanes.get(i, (0, "left", 0))
        rows.append(
            {
                "at": f"{event.day.isoformat()}T12:00:00",
                "when": i18n.day(event.day),
                "name": event.name,
                "about": event.about,
                "kind": event.kind,
                "y": lane * LANE + 8,
                "align": align,
                "need": need,
                "spoken": f"{i18n.day(event.day)}: {event.name}",
                "to": event.to,
                "count": event.count,
            }
        )
    return rows


def _box(at: float, name: str, align: str) -> tuple[float, float]:
    """Return where a sign with its name begins and ends."""
    length = 12 + room.width(name, 11.5)
    return (at - 8, at + length) if align == "left" else (at - length, at + 8)
