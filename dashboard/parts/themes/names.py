"""Ways to the page Themes: a theme's phrase, and a touchpoint's own themes."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import links
from dashboard.i18n import _
from dashboard.parts.shell import View
from dashboard.parts.themes import chosen
from dashboard.state import State
from store.themes import Polarity

PAGE = "themes"


def looked_at(view: View, id: int, phrase: str, polarity: Polarity = "negative") -> str:
    """Return a theme's phrase as a link to a closer look at it, as HTML."""
    return f'<a href="{links.href(PAGE, closely(view, id, polarity))}">{escape(phrase)}</a>'


def closely(view: View, id: int, polarity: Polarity = "negative") -> State:
    """Return the view that looks closely at a theme."""
    state = view.state.shared().choosing("about", str(id))
    return state.choosing("said", chosen.said(polarity))


def of_touchpoint(view: View, id: str) -> None:
    """Draw the link to the themes of one touchpoint's complaints."""
    st.page_link(
        f"views/{PAGE}.py",
        label=_("Its themes, with their trend"),
        icon=":material/category:",
        query_params=view.state.shared().choosing("of", id).query(),
    )
