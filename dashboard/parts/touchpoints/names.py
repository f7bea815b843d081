"""Names of touchpoints that lead to a closer look at them."""

from __future__ import annotations

from html import escape

from dashboard import labels, links
from dashboard.parts.shell import View

PAGE = "touchpoints"


def looked_at(view: View, id: str) -> str:
    """Return a touchpoint's name as a link to a closer look at it, as HTML."""
    there = links.href(PAGE, view.state.shared().choosing("about", id))
    return f'<a href="{there}">{escape(labels.touchpoint(view.taxonomy, id))}</a>'
