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
    return styled.hide(axis="index").set_properties(**left)


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


def point(day: date, value: Value, **others: Any) -> dict[str, Any]:
    """Return one point for `lines`."""
    return {
        "day": pd.Timestamp(day),
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "rests on": "enough" if value.n >= MIN_N else f"fewer than {MIN_N}",
        **others,
    }


def lines(
    points: Sequence[Mapping[str, Any]], by: str, title: str, form: str = "%"
) -> alt.LayerChart:
    """Return a line in its 95 % band for each `by`; hollow points rest on too few cases.

    Args:
        points: as of `point`, with a value for `by`.
        title: of the vertical axis, with its unit.
        form: how that axis writes its numbers.
    """
    names = list(dict.fromkeys(row[by] for row in points))
    base = alt.Chart(pd.DataFrame(points)).encode(
        x=alt.X("day:T", title="Month", axis=alt.Axis(format="%b %Y", labelAngle=-45)),
        color=alt.Color(
            f"{by}:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        ),
        tooltip=[
            alt.Tooltip(f"{by}:N"),
            alt.Tooltip("day:T", title="from"),
            *(alt.Tooltip(f"{name}:Q", format=form) for name in ("value", "low", "high")),
            alt.Tooltip("n:Q"),
        ],
    )
    y = alt.Y("value:Q", title=title, axis=alt.Axis(format=form))
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=title), y2="high:Q")
    marks = base.mark_point(size=60).encode(
        y=y,
        fill=alt.condition(
            alt.datum["rests on"] == "enough",
            alt.Color(f"{by}:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)]))),
            alt.value("white"),
        ),
        shape=alt.Shape(
            "rests on:N",
            scale=alt.Scale(domain=["enough", f"fewer than {MIN_N}"], range=["circle", "diamond"]),
            title="rests on … mentions",
        ),
    )
    return alt.layer(band, base.mark_line().encode(y=y), marks).properties(width=620, height=240)


def ranges(rows: Sequence[Mapping[str, Any]], title: str, form: str = "%") -> alt.LayerChart:
    """Return a dot with its 95 % interval for each row, in the order given.

    Args:
        rows: `name`, `value` (a `Value`) and, where it is not what n says, `enough`.
        title: of the horizontal axis, with its unit.
    """
    data = pd.DataFrame(
        [
            {
                "name": row["name"],
                "value": row["value"].value,
                "low": row["value"].low,
                "high": row["value"].high,
                "n": row["value"].n,
                "rests on": "enough"
                if row.get("enough", row["value"].enough)
                else f"fewer than {MIN_N}",
            }
            for row in rows
        ]
    )
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", title=None, sort=list(data["name"]), axis=alt.Axis(labelLimit=220)),
        color=alt.Color(
            "rests on:N",
            scale=alt.Scale(domain=["enough", f"fewer than {MIN_N}"], range=[COLOURS[0], FAINT]),
            title="rests on … mentions",
        ),
        tooltip=[
            alt.Tooltip("name:N"),
            *(alt.Tooltip(f"{name}:Q", format=form) for name in ("value", "low", "high")),
            alt.Tooltip("n:Q"),
        ],
    )
    x = alt.X("value:Q", title=title, axis=alt.Axis(format=form))
    rule = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    return alt.layer(rule, base.mark_point(size=70, filled=True, opacity=1).encode(x=x)).properties(
        width=520, height=alt.Step(24)
    )
