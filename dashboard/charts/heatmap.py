"""Touchpoint by channel: the deeper the colour, the larger the share of complaints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import theme
from dashboard.charts.theme import Figure
from dashboard.i18n import _
from insights.values import MIN_N

_ROW_HEIGHT, _COLUMN_WIDTH = 30, 74


def heatmap(
    cells: pd.DataFrame,
    *,
    touchpoints: Mapping[str, str],
    channels: Mapping[str, str],
    order: Sequence[str],
    to: Callable[[str, str], str],
    dark: bool,
) -> Figure:
    """Return the map; a cell opens its complaints.

    Args:
        cells: `Touchpoints.by_channel`.
        touchpoints, channels: id to the name shown.
        to: from a touchpoint and a channel to the address of their complaints.
        order: the touchpoints to show, from top to bottom.
    """
    rows = [
        _cell(row, touchpoints, channels, to)
        for row in theme.records(cells)
        if row["touchpoint"] in order and row["complaints"]
    ]
    data = pd.DataFrame(rows)
    sizes = cells.groupby("channel")["all_complaints"].max().sort_values(ascending=False)
    present = set(data["channel"])
    x = alt.X(
        "channel:N",
        title=None,
        sort=[c for c in sizes.index if c in present],
        axis=alt.Axis(
            orient="top",
            labelAngle=-35,
            labelExpr=theme.renamed(channels),
            domain=False,
            ticks=False,
            labelLimit=110,
        ),
    )
    y = alt.Y(
        "touchpoint:N",
        title=None,
        sort=list(order),
        axis=alt.Axis(
            labelExpr=theme.renamed(touchpoints),
            labelLimit=150,
            domain=False,
            ticks=False,
            labelFontSize=13,
            labelPadding=8,
        ),
    )
    tooltip = [
        alt.Tooltip("name:N", title=_("Touchpoint")),
        alt.Tooltip("where:N", title=_("Channel")),
        alt.Tooltip("share_said:N", title=_("Of the channel's complaints")),
        alt.Tooltip("interval:N", title=_("95% interval")),
        alt.Tooltip("k:N", title=_("Complaints")),
        alt.Tooltip("n:N", title="n"),
    ]
    base = alt.Chart(data).encode(x=x, y=y, tooltip=tooltip)
    squares = (
        base.mark_rect(cursor="pointer", cornerRadius=3, stroke="transparent", strokeWidth=2)
        .encode(
            description="spoken:N",
            color=alt.condition(
                "datum.enough",
                alt.Color(
                    "share:Q",
                    scale=alt.Scale(
                        domain=[0, max(0.1, float(data["share"].max()))],
                        range=["#3a2a20", "#e8762c"] if dark else ["#fdf0e6", "#d55e00"],
                    ),
                    legend=None,
                ),
                alt.value("#2f2f33" if dark else "#eeeff1"),
            ),
        )
        .add_params(theme.pick())
    )
    figures = base.mark_text(fontSize=11.5).encode(
        text="said:N",
        color=alt.condition(
            "datum.enough",
            alt.value("#ffffff" if dark else "#1f1f22"),
            alt.value("#a9acb2" if dark else "#6b6e74"),
        ),
    )
    chart = alt.layer(squares, figures).properties(
        height=alt.Step(_ROW_HEIGHT), width=alt.Step(_COLUMN_WIDTH)
    )
    return theme.styled(chart, dark)


def _cell(
    row: Mapping[str, object],
    touchpoints: Mapping[str, str],
    channels: Mapping[str, str],
    to: Callable[[str, str], str],
) -> dict[str, object]:
    touchpoint, channel = str(row["touchpoint"]), str(row["channel"])
    share, low, high = (float(str(row[key])) for key in ("share", "low", "high"))
    k, n = int(str(row["complaints"])), int(str(row["all_complaints"]))
    name, where = touchpoints.get(touchpoint, touchpoint), channels.get(channel, channel)
    return {
        "touchpoint": touchpoint,
        "channel": channel,
        "to": to(touchpoint, channel),
        "count": k,
        "name": name,
        "where": where,
        "spoken": f"{name}, {where}: {i18n.percent(share)}, {i18n.number(k)}",
        "share": share,
        "enough": n >= MIN_N,
        "share_said": i18n.percent(share),
        # One of one is not shown as 100 %: it would shout.
        "said": i18n.percent(share) if n >= MIN_N else f"{i18n.number(k)}/{i18n.number(n)}",
        "interval": f"{i18n.percent(low)} … {i18n.percent(high)}",
        "k": i18n.number(k),
        "n": i18n.number(n) if n >= MIN_N else _("{n}: too few", n=i18n.number(n)),
    }
