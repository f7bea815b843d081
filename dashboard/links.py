"""Addresses that open exactly the mentions behind a number."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, urlencode

from dashboard.state import State
from store.address import MENTIONS as MENTIONS


def query_string(state: State) -> str:
    """Return the parameters of a view's address.

    Example:
        >>> query_string(State(lang="en", period="30"))
        'lang=en&days=30'
    """
    return urlencode(state.query(), doseq=True)


def parameters(query: str) -> dict[str, str | list[str]]:
    """Return the parameters that `query_string` wrote."""
    return dict(parse_qs(query))


def href(page: str, state: State) -> str:
    """Return the relative address of a page, escaped for an attribute."""
    return escape(f"{page}?{query_string(state)}")


def linked(text: str, to: str, count: int | None = None, *, kind: str = "") -> str:
    """Return a link to a list of mentions, as HTML.

    Args:
        text: plain text.
        to: what `query_string` says of the list.
        count: how many mentions it opens, kept in the element so that it can be checked; what
            would open none is plain text.
        kind: a class of the style sheet.
    """
    if count == 0:
        return escape(text)
    counted = "" if count is None else f' data-count="{count}"'
    style = f' class="{escape(kind)}"' if kind else ""
    return f'<a{style}{counted} href="{escape(f"{MENTIONS}?{to}")}">{escape(text)}</a>'
