"""Ranked horizontal bars from zero, each with its interval and its figure beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import theme
from dashboard.charts.theme import Figure
from dashboard.i18n import _
from insights.values import Value

_ROW_HEIGHT = 30
_LABEL_PIXELS = 150


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        key: what a click opens.
        name: what stands before it.
        value: a share.
        said: what stands behind it; the share where None.
        about: a further line of the tooltip.
    """

    key: str
    name: str
    value: Value
    said: str | None = None
    about: str = ""


def ranked(
    rows: Sequence[Bar],
    *,
    title: str,
    about: str,
    counted: str,
    dark: bool,
    strong: str | None = None,
) -> Figure:
    """Return bars in the order given; a bar's field is `key`.

    Args:
        title: what the share is of, for the axis and the tooltip.
        about: the name of `Bar.about` in the tooltip.
        counted: the name of the numerator in the tooltip.
        strong: the key of a bar to set off; all are where None.
    """
    data = pd.DataFrame([_row(row, strong) for row in rows])
    reach = min(1.0, max(0.05, float(data["high"].max()) * 1.02))
    y = alt.Y(
        "key:N",
        sort=[row.key for row in rows],
        title=None,
        axis=alt.Axis(
            labelLimit=_LABEL_PIXELS,
            labelExpr=theme.renamed({row.key: row.name for row in rows}),
            domain=False,
            ticks=False,
            labelPadding=8,
            labelFontSize=13,
        ),
    )
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[0, reach]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    base = alt.Chart(data).encode(y=y)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("share:N", title=title),
        alt.Tooltip("interval:N", title=_("95% interval")),
        alt.Tooltip("k:N", title=counted),
        alt.Tooltip("n:N", title="n"),
        *([alt.Tooltip("about:N", title=about)] if about else []),
    ]
    body = (
        base.mark_bar(height=16, cornerRadiusEnd=2, cursor="pointer")
        .encode(
            x=x,
            color=alt.Color(
                "tone:N",
                scale=alt.Scale(
                    domain=["strong", "plain", "few"],
                    range=[
                        theme.sentiment_colours(dark)["negative"],
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
        .add_params(theme.pick("key"))
    )
    whisker = base.mark_rule(color=theme.ink(dark), strokeWidth=1.4).encode(
        x=alt.X("low:Q"), x2="high:Q", tooltip=tooltip
    )
    text = base.mark_text(align="left", dx=6, fontSize=12).encode(
        x=alt.X("high:Q"), text="said:N", tooltip=tooltip
    )
    return theme.styled(
        alt.layer(body, whisker, text).properties(
            height=alt.Step(_ROW_HEIGHT), padding={"right": 70, "left": 0, "top": 4, "bottom": 4}
        ),
        dark,
    )


def _row(row: Bar, strong: str | None) -> dict[str, object]:
    value = row.value
    share = "–" if value.value is None else i18n.percent(value.value)
    tone = "strong" if strong is None or row.key == strong else "plain"
    return {
        "key": row.key,
        "name": row.name,
        "value": value.value or 0.0,
        "low": value.low or 0.0,
        "high": value.high or value.value or 0.0,
        "tone": tone if value.enough else "few",
        "share": share,
        "said": row.said or share,
        "interval": interval(value),
        "k": i18n.number(value.k or 0),
        "n": i18n.number(value.n) if value.enough else _("{n}: too few", n=i18n.number(value.n)),
        "about": row.about,
        "spoken": f"{row.name}: {share}, {interval(value)}, {i18n.number(value.k or 0)}",
    }


def interval(value: Value) -> str:
    """Return a share's interval, `28% … 41%`."""
    if value.low is None or value.high is None:
        return "–"
    return f"{i18n.percent(value.low)} … {i18n.percent(value.high)}"
