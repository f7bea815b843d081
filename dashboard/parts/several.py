"""A page's own choice of several names, kept in the address as one value."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote

import streamlit as st

from dashboard.parts import filters
from dashboard.parts.shell import View


def chosen(view: View, name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names chosen, each once; what is not known is left out."""
    names = map(unquote, (view.state.choice(name) or "").split(","))
    return tuple(dict.fromkeys(one for one in names if one in known))


def choose(
    view: View, name: str, known: Sequence[str], *, label: str, none: str, most: int | None = None
) -> None:
    """Draw the widget.

    Args:
        name: of the choice in the address.
        none: what stands in it where nothing is chosen.
        most: names that can be chosen at once.
    """
    key = f"w_{name}"

    def changed() -> None:
        filters.choose(name, ",".join(quote(one, safe="") for one in st.session_state[key]) or None)

    st.multiselect(
        label,
        known,
        key=filters.put(key, list(chosen(view, name, known)[:most])),
        max_selections=most,
        placeholder=none,
        select_all=False,  # its words are English in every language
        on_change=changed,
        width=330,
    )
