"""How sure the model was against how often it was right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import theme
from dashboard.charts.finished import Figure, once
from dashboard.i18n import _


@once
def reliability(bins: Sequence[Mapping[str, Any]], *, dark: bool) -> Figure:
    """Return the reliability diagram: on the diagonal the model is as right as it is sure.

    Args:
        bins: with `confidence`, `accuracy` and `n`; empty ones are left out.
    """
    data = pd.DataFrame([dict(one) for one in bins if one["n"]])
    axis = alt.Axis(format="%", values=[0.4, 0.6, 0.8, 1.0])
    scale = alt.Scale(domain=[0.3, 1.0], clamp=True)
    x = alt.X("confidence:Q", title=_("how sure the model was"), axis=axis, scale=scale)
    y = alt.Y("accuracy:Q", title=_("how often it was right"), axis=axis, scale=scale)
    ideal = pd.DataFrame({"confidence": [0.3, 1.0], "accuracy": [0.3, 1.0]})
    line = alt.Chart(ideal).mark_line(strokeDash=[4, 4], color=theme.faint(dark)).encode(x=x, y=y)
    points = (
        alt.Chart(data)
        .mark_circle(color=theme.accent(dark), opacity=0.85)
        .encode(
            x=x,
            y=y,
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[25, 700])),
            tooltip=[
                alt.Tooltip("confidence:Q", format=".0%", title=_("how sure the model was")),
                alt.Tooltip("accuracy:Q", format=".0%", title=_("how often it was right")),
                alt.Tooltip("n:Q", title=_("Texts")),
            ],
        )
    )
    return theme.styled([line, points], dark, height=320)
