"""A click on a mark opens exactly the mentions behind it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import links
from dashboard.charts.finished import Figure
from dashboard.charts.theme import PICK

_TARGET, _TURN, _LINK = "open_mentions", "chart_turn", "picked-link"

_CLICK = """<script data-turn="{turn}">
  (function click() {{
    const link = document.querySelector(".st-key-{link} a");
    if (link) link.click(); else requestAnimationFrame(click);
  }})();
</script>"""
"""Another one each time: the browser would not run the same again."""


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
    """Go where the last click points, if there was one.

    By a link that is clicked as a reader's own would be: `st.switch_page` leaves the page with the
    list's parameters in the browser's history, and Back would stop there.
    """
    target = st.session_state.pop(_TARGET, None)
    if target is None:
        return
    with st.container(key=_LINK):
        st.page_link(f"views/{links.MENTIONS}.py", label="…", query_params=target)
    script = _CLICK.format(turn=st.session_state[_TURN], link=_LINK)
    st.html(script, unsafe_allow_javascript=True)
    st.stop()
