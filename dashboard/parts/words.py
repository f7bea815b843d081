"""Sentences on a page, as plain text: whatever they hold is shown as it is written."""

from __future__ import annotations

from html import escape

import streamlit as st

SIGN = '<i class="sm-sign" aria-hidden="true">i</i>'
"""Stands before a remark. Drawn: few fonts have the letter in a circle."""


def finding(text: str, further: str = "", *, count: int | None = None) -> None:
    """Draw the sentence a page begins with, and a quieter one below it.

    Args:
        count: the number the sentence is about, kept in the element for tests to read.
    """
    data = "" if count is None else f' data-count="{count}"'
    below = f"<small>{escape(further)}</small>" if further else ""
    st.html(f'<p class="sm-finding" role="status"{data}>{escape(text)}{below}</p>')


def note(text: str) -> None:
    """Draw a remark in small print."""
    st.html(f'<p class="sm-note">{escape(text)}</p>')


def alert(text: str, link: str = "") -> None:
    """Draw a remark that asks to be seen; `link`, what can be done about it, is HTML."""
    st.html(f'<p class="sm-note" role="status">{SIGN} {escape(text)} {link}</p>')


def under(text: str) -> None:
    """Draw the line below a title: what the page is about."""
    st.html(f'<p class="sm-under">{escape(text)}</p>')
