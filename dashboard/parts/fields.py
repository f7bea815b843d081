"""What forms share: an error beside its field, word of what was done, a question before the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

import streamlit as st

from dashboard import labels
from dashboard.i18n import _
from dashboard.parts import words

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""The days a form takes, as an address does."""

_DONE = "done"


def problems(form: str) -> Mapping[str, str]:
    """Return what is wrong with what was typed, by field, to be translated."""
    found: Mapping[str, str] = st.session_state.get(f"{form}_problems", {})
    return found


def refuse(form: str, found: Mapping[str, str]) -> None:
    """Keep what is wrong with what was typed; it is said beside the fields.

    Args:
        found: field to a text marked by `N_`: a callback runs before the language is known.
    """
    st.session_state[f"{form}_problems"] = found


def problem(form: str, field: str) -> None:
    """Draw what is wrong with the field above, if anything is."""
    if text := problems(form).get(field):
        say(_(text))


def say(text: str) -> None:
    """Draw an error beside its field."""
    st.html(f'<p class="sm-problem" role="alert"><b>!</b> {escape(text)}</p>')


def done(text: str) -> None:
    """Keep word of what was done for the next time the page is drawn."""
    st.session_state[_DONE] = text


def told() -> None:
    """Draw word of what was just done, once."""
    if text := st.session_state.pop(_DONE, None):
        words.alert(text)


def confirmed(label: str, question: str, *, key: str, icon: str) -> bool:
    """Draw a button that asks before it does; True in the run in which it was answered yes.

    Args:
        question: what will be gone and what stays, plain text.
    """
    with st.popover(label, icon=icon, key=f"{key}-ask"):
        st.html(f"<p>{escape(question)}</p>")
        return st.button(_("Yes: {action}", action=labels.plain(label)), key=key)
