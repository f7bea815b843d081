"""A click on a mark opens exactly the mentions behind it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import links
from dashboard.charts.finished import Figure
from dashboard.charts.theme import PICK

_TARGET, _TURN = "open_mentions", "chart_turn"


def chart(
    figure: Figure, *, key: str, about: str, width: Literal["stretch", "content"] = "stretch"
) -> None:
    """Draw a chart whose marks open the lists that their field `to` names.

    Args:
        figure: its selection is `theme.pick()`.
        about: what the chart shows, for screen readers.
        width: `content` keeps the chart's own; a narrow screen scrolls it.
    """
    # A new key after every click: a chart that comes back with Back has nothing picked.
    widget = f"{key}-{st.session_state.get(_TURN, 0)}"

    def picked() -> None:
        marks = st.session_state[widget]["selection"].get(PICK) or []
        if marks and marks[0].get("to"):
            st.session_state[_TARGET] = links.parameters(marks[0]["to"])
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1

    st.vega_lite_chart(spec=figure.to_dict(), key=widget, on_select=picked, alt=about, width=width)


def follow() -> None:
    """Go where the last click points, if there was one."""
    target = st.session_state.pop(_TARGET, None)
    if target is not None:
        st.switch_page(f"views/{links.MENTIONS}.py", query_params=target)
