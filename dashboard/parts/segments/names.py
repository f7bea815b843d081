"""Names of segments that lead to a closer look at them."""

from __future__ import annotations

from html import escape

from dashboard import links
from dashboard.parts.segments import chosen
from dashboard.parts.shell import View

PAGE = "segments"


def looked_at(view: View, facet: str, value: str) -> str:
    """Return a segment's name as a link to a closer look at it, as HTML."""
    state = view.state.shared().choosing("by", facet).choosing("about", chosen.written(value))
    return f'<a dir="auto" href="{links.href(PAGE, state)}">{escape(value)}</a>'
