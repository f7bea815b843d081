"""How often touchpoints are spoken of against how badly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import quadrant
from dashboard.i18n import _
from dashboard.parts import frame, words
from dashboard.parts.shell import View
from insights.touchpoints import TouchpointRow


def draw(view: View, rows: Sequence[TouchpointRow], owned: Collection[str]) -> None:
    """Draw the touchpoints that are spoken of.

    Args:
        rows: all touchpoints, among which they stand.
        owned: those that are shown.
    """
    spoken = [row for row in rows if row.mentions and row.id in owned]
    known = [row for row in rows if row.negative_rate.enough]
    if len(known) < 2 or len(spoken) < 2:  # nothing to set side by side
        return
    st.header(_("How often and how badly"), anchor=False)
    across = float(median(row.mentions for row in known))
    # Of all that is said of any touchpoint, each time counted: what lies above is worse than usual.
    up = sum(row.negative_rate.k or 0 for row in known) / sum(row.mentions for row in known)
    frame.chart(
        view,
        quadrant.quadrant(
            [_dot(view, row) for row in spoken],
            across=across,
            up=up,
            across_title=_("Mentions that speak of it"),
            up_title=_("Of these, speak badly of it"),
            dark=view.dark,
        ),
        key="quadrant",
        about=_("Touchpoints by how often they are spoken of and how badly, with 95% intervals"),
        width="content",
    )
    worst = [
        labels.touchpoint(view.taxonomy, row.id)
        for row in known
        if row.id in owned and row.mentions >= across and (row.negative_rate.low or 0.0) > up
    ]
    text = _("None is both often spoken of and surely worse than the rest.")
    if worst:
        text = _(
            "Often spoken of and surely worse than the {rate} of all: {names}.",
            rate=i18n.percent(up),
            names=", ".join(worst),
        )
    words.note(
        f"{text} "
        + _("Diamonds: upper right corner. Squares: too few mentions. A name may have no room.")
    )


def _dot(view: View, row: TouchpointRow) -> quadrant.Dot:
    bad = view.filter.but(touchpoints=(row.id,), polarity="negative")
    return quadrant.Dot(
        row.id,
        labels.touchpoint(view.taxonomy, row.id),
        row.mentions,
        row.negative_rate,
        to=view.to(bad),
        count=row.negative_rate.k,
    )
