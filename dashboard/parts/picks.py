"""A click on a mark opens exactly the mentions behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

from dashboard.charts.theme import PICK, Figure
from dashboard.state import State

MENTIONS_PAGE = "views/mentions.py"

_TARGET, _TURN = "open_mentions", "chart_turn"


def chart(
    figure: Figure,
    *,
    key: str,
    opens: Callable[[Mapping[str, Any]], State],
    description: str,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draw a chart whose marks open the list of mentions.

    Args:
        figure: its selection is named `PICK`.
        opens: from the picked mark's fields to the state of the list.
        description: what the chart shows, for screen readers.
        width: `content` keeps the chart's own; a narrow screen scrolls it.
    """
    # A new key after every click: a chart that comes back with Back has nothing picked.
    widget = f"{key}-{st.session_state.get(_TURN, 0)}"

    def picked() -> None:
        marks = st.session_state[widget]["selection"].get(PICK) or []
        if marks:
            st.session_state[_TARGET] = opens(marks[0]).query()
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1

    st.altair_chart(figure, key=widget, on_select=picked, alt=description, width=width)


def follow() -> None:
    """Go where the last click points, if there was one."""
    target = st.session_state.pop(_TARGET, None)
    if target is not None:
        st.switch_page(MENTIONS_PAGE, query_params=target)
