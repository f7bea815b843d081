"""What all notebooks share: the store they begin with, and how figures, quotes and lines look."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import altair as alt
import pandas as pd
from pandas.io.formats.style import Styler

from insights.values import MIN_N, Value
from simak.cli.show.common import figure, interval
from simak.own_touchpoints import taxonomy_of
from simak.settings import load_settings
from simak.taxonomy import Taxonomy
from store.engine import Store, open_store
from store.lists import MentionRow

COLOURS = ("#00609a", "#d55e00", "#5c5f66")

FAINT = "#a6a9af"
"""Of what rests on too few cases."""


def begin() -> tuple[Store, Taxonomy]:
    """Open the store that SIMAK_DB names, or else the sample in a store that ends with the kernel.

    Filling that one takes some ten seconds, as the model reads 1,220 texts.
    """
    if not os.environ.get("SIMAK_DB"):
        os.environ["SIMAK_DB"] = _sample()
    settings = load_settings()
    return open_store(settings.store_url, zone=settings.timezone), taxonomy_of(settings)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="simak-", ignore_cleanup_errors=True)


def _sample() -> str:
    url = f"sqlite:///{_folder().name}/sample.db"
    subprocess.run([sys.executable, "-m", "simak", "sample", "--db", url], check=True)
    return url


def shown(metric: str, value: Value | None, *, change: bool = False) -> str:
    """Return a value with its interval and n: `71.3 % (68.3 % … 74.1 %), n = 920`.

    Args:
        metric: `volume`, `stars`, or any other name for a share.
        change: whether it is the difference of two.
    """
    if value is None or value.value is None:
        return "no data"
    words = figure(metric, value.value, change=change)
    if value.low is not None:
        words += f" ({interval(metric, value, change=change)})"
    if metric != "volume":
        words += f", n = {value.n:,}" + ("" if value.enough else ", too few")
    return words


def table(rows: Iterable[Mapping[str, Any]]) -> Styler:
    """Return rows as a table; what people wrote is shown as text, whatever it holds."""
    styled = pd.DataFrame([dict(row) for row in rows]).style.format(escape="html")
    left = {"text-align": "left", "vertical-align": "top"}
    return styled.hide(axis="index").set_properties(subset=None, **left)


def quotes(rows: Iterable[MentionRow], **others: Any) -> list[dict[str, Any]]:
    """Return mentions as rows of a table: `others`, then when, where and the customer's words."""
    return [
        {
            **others,
            "day": f"{row.published_at:%Y-%m-%d}" if row.published_at else "",
            "channel": row.channel,
            "stars": "" if row.stars is None else f"{row.stars:.0f}",
            "words": " ".join(row.text.split()),
        }
        for row in rows
    ]


def point(month: date, value: Value, **others: Any) -> dict[str, Any]:
    """Return one point for `lines`, in the middle of the month that begins on this day."""
    return {
        "month": pd.Timestamp(month) + pd.Timedelta(days=14),
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "rests on": _rests_on(value),
        **others,
    }


def _rests_on(value: Value) -> str:
    return "enough" if value.enough else f"fewer than {MIN_N}"


def lines(
    points: Sequence[Mapping[str, Any]], by: str, title: str
) -> alt.LayerChart | alt.FacetChart:
    """Return a line of shares in its 95 % band for each `by`; diamonds rest on too few cases.

    Args:
        points: as of `point`, with a value for `by`.
        title: of the vertical axis, with its unit.
    """
    names = list(dict.fromkeys(row[by] for row in points))
    base = alt.Chart(pd.DataFrame(points)).encode(
        x=alt.X("month:T", title="Month", axis=alt.Axis(format="%b %Y", labelAngle=-45)),
        color=alt.Color(
            f"{by}:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        ),
        tooltip=[f"{by}:N", alt.Tooltip("month:T", format="%b %Y"), *_figures()],
    )
    y = alt.Y("value:Q", title=title, axis=alt.Axis(format="%"))
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=title), y2="high:Q")
    marks = base.mark_point(size=70, strokeWidth=2).encode(
        y=y,
        shape=alt.Shape(
            "rests on:N",
            scale=alt.Scale(domain=["enough", f"fewer than {MIN_N}"], range=["circle", "diamond"]),
            title="rests on … mentions",
            legend=alt.Legend(symbolStrokeColor="#2f3136"),
        ),
    )
    return alt.layer(band, base.mark_line().encode(y=y), marks).properties(width=620, height=240)


def ranges(values: Mapping[str, Value], title: str) -> alt.LayerChart | alt.FacetChart:
    """Return a dot with its 95 % interval for each named share, in the order given.

    Args:
        title: of the horizontal axis, with its unit.
    """
    data = pd.DataFrame(
        [
            {
                "name": name,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "n": value.n,
                "rests on": _rests_on(value),
            }
            for name, value in values.items()
        ]
    )
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", title=None, sort=list(values), axis=alt.Axis(labelLimit=220)),
        color=alt.Color(
            "rests on:N",
            scale=alt.Scale(domain=["enough", f"fewer than {MIN_N}"], range=[COLOURS[0], FAINT]),
            title="rests on … mentions",
        ),
        tooltip=["name:N", *_figures()],
    )
    x = alt.X("value:Q", title=title, axis=alt.Axis(format="%"))
    rule = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    dot = base.mark_point(size=70, filled=True, opacity=1).encode(x=x)
    return alt.layer(rule, dot).properties(width=520, height=alt.Step(24))


def _figures() -> list[alt.Tooltip]:
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("value", "low", "high")]
    return [*shares, alt.Tooltip("n:Q")]
