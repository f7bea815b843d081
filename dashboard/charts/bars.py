"""Ranked horizontal bars from zero: the name above, the interval and the figure beside each."""

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

_ROW_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        key: what a click opens.
        name: what stands above it.
        value: a share.
        said: what stands behind it; the share where None.
        about: what else stands above it, and in the tooltip.
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
    # A quarter more than the longest interval leaves room for the figure behind it.
    reach = max(0.05, float(data["high"].max())) * 1.28
    y = alt.Y("key:N", sort=[row.key for row in rows], title=None, axis=None)
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[0, reach]),
        axis=alt.Axis(
            format="%",
            values=[tick / 10 for tick in range(11) if tick / 10 <= reach],
            labelOverlap=True,
        ),
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
        base.mark_bar(height=13, yOffset=8, cornerRadiusEnd=2, cursor="pointer")
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
    whisker = base.mark_rule(yOffset=8, color=theme.ink(dark), strokeWidth=1.4).encode(
        x=alt.X("low:Q"), x2="high:Q", tooltip=tooltip
    )
    figure = base.mark_text(align="left", dx=6, yOffset=8, fontWeight="bold").encode(
        x=alt.X("high:Q"), text="said:N", tooltip=tooltip
    )
    name = base.mark_text(align="left", baseline="bottom", yOffset=-1, fontSize=13).encode(
        x=alt.value(0), text="above:N", tooltip=tooltip
    )
    layers = alt.layer(body, whisker, figure, name)
    return theme.styled(layers.properties(height=alt.Step(_ROW_HEIGHT)), dark)


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
        "above": f"{row.name}  ({row.about})" if row.about else row.name,
        "spoken": f"{row.name}: {share}, {interval(value)}, {i18n.number(value.k or 0)}",
    }


def interval(value: Value) -> str:
    """Return a share's interval, `28% … 41%`."""
    if value.low is None or value.high is None:
        return "–"
    return f"{i18n.percent(value.low)} … {i18n.percent(value.high)}"
