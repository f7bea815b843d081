"""How much was said over time: mentions by sentiment, stacked, the negative at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard import i18n, labels
from dashboard.charts import room, theme
from dashboard.charts.finished import Figure, once
from dashboard.charts.lines import ends, over_time, y_axis
from dashboard.i18n import _, ngettext
from dashboard.labels import SENTIMENTS, SYMBOLS

_LINE_HEIGHT = 14


@dataclass(frozen=True, slots=True)
class Part:
    """The mentions of one sentiment in a period.

    Attributes:
        sentiment: a key of `dashboard.labels.SENTIMENTS`.
        to, count: the address of these mentions, and how many they are.
    """

    sentiment: str
    n: int
    to: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """One period, from its first to its last day, in parts."""

    start: date
    end: date
    parts: Sequence[Part]


@once
def stacked(stacks: Sequence[Stack], *, dark: bool, height: int = 140) -> Figure:
    """Return the bars, each as wide as its period; under `lines.lines` of the same days."""
    span = ends(stacks)
    data = [row for stack in stacks for row in _rows(stack)]
    colours = theme.sentiment_colours(dark)
    present = [s for s in SENTIMENTS if any(row["sentiment"] == s for row in data)]
    most = max((row["top"] for row in data), default=1)
    x = over_time(span, "from", named=False)
    y = alt.Y(
        "bottom:Q",
        title=None,
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=y_axis(",d", ticks=3),
    )
    body = (
        alt.Chart(pd.DataFrame(data))
        .mark_rect(cursor=theme.POINTER, stroke=theme.page(dark), strokeWidth=_gap(len(stacks)))
        .encode(
            x=x,
            x2="until:T",
            y=y,
            y2="top:Q",
            description="spoken:N",
            color=alt.Color(
                "sentiment:N",
                scale=alt.Scale(domain=present, range=[colours[s] for s in present]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("period:N", title=_("Period")),
                alt.Tooltip("name:N", title=_("Sentiment")),
                alt.Tooltip("shown:N", title=_("Mentions")),
            ],
        )
        .add_params(theme.pick())
    )
    named = alt.Chart(pd.DataFrame(_names(stacks[-1], present, most, height))).encode(
        x=alt.value(alt.expr(f"width - {room.LABELS - 14}")), y=alt.Y("y:Q", scale=None, axis=None)
    )
    signs = named.mark_point(filled=True, size=60, shape="square", opacity=1).encode(
        color="sentiment:N"
    )
    names = named.mark_text(
        align="left",
        baseline="middle",
        dx=9,
        lineBreak="\n",
        lineHeight=_LINE_HEIGHT,
        color=theme.quiet(dark),
    ).encode(text="lines:N")
    return theme.styled([body, signs, names], dark, height=height)


def _gap(periods: int) -> float:
    return 1.0 if periods <= 60 else 0.4


def _names(last: Stack, present: Sequence[str], most: int, height: int) -> list[dict[str, Any]]:
    """Return the name of each sentiment beside its part of the last bar."""
    middles, below = {}, 0
    sizes = {part.sentiment: part.n for part in last.parts}
    for sentiment in present:
        middles[sentiment] = below + sizes.get(sentiment, 0) / 2
        below += sizes.get(sentiment, 0)
    rows: list[dict[str, Any]] = [
        {"sentiment": s, "lines": "\n".join(room.wrapped(_named(s), 15))} for s in present
    ]
    spans = [(1 + row["lines"].count("\n")) * _LINE_HEIGHT + 2.0 for row in rows]
    wanted = [height * (1 - middles[s] / most) for s in present]
    for row, size, middle in zip(rows, spans, room.spread(wanted, spans, 0, height), strict=True):
        row["y"] = middle - size / 2 + _LINE_HEIGHT / 2 + 1
    return rows


def _named(sentiment: str) -> str:
    return f"{SYMBOLS[sentiment]} {labels.name(SENTIMENTS, sentiment)}"


def _rows(stack: Stack) -> list[dict[str, Any]]:
    """Return one period's bars.

    Stacked here and not by Vega-Lite, which stacks no bars that have a width of their own.
    """
    rows, top = [], 0
    period = i18n.days(stack.start, stack.end)
    order = list(SENTIMENTS)
    for part in sorted(stack.parts, key=lambda part: order.index(part.sentiment)):
        if not part.n:
            continue
        shown = ngettext("{n} mention", "{n} mentions", part.n)
        name = _named(part.sentiment)
        rows.append(
            {
                "from": f"{stack.start.isoformat()}T00:00:00",
                "until": f"{(stack.end + timedelta(days=1)).isoformat()}T00:00:00",
                "start": stack.start.isoformat(),
                "end": stack.end.isoformat(),
                "period": period,
                "sentiment": part.sentiment,
                "name": name,
                "bottom": top,
                "top": top + part.n,
                "shown": shown,
                "spoken": f"{period}: {name}, {shown}",
                "to": part.to,
                "count": part.count,
            }
        )
        top += part.n
    return rows
