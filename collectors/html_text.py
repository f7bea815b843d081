"""Turns HTML into the plain text a reader would see."""

from __future__ import annotations

import re
from html import unescape

_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
# Possessive throughout: between two "<" no character is looked at again and again.
_TAG = re.compile(
    r"""<(?:(?P<close>/)?(?P<name>[a-zA-Z][\w:-]*+)|[!?/])"""
    r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+>"""
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain_text(html: str) -> str:
    """Return what a reader of `html` sees: no tags, no scripts, one line per block.

    Takes time linear in its length whatever stands in it, which `html.parser` does not, and
    knows no text that it cannot read.

    Example:
        >>> plain_text("<p>Barang <b>rusak</b> &amp; telat</p><script>x()</script><p>Kapok</p>")
        'Barang rusak & telat\\nKapok'
    """
    html = _without_comments(html)
    parts: list[str] = []
    unseen: list[str] = []
    end = 0
    for tag in _TAG.finditer(html):
        if not unseen:
            # A line end in the source is a blank; only elements break lines.
            parts.append(unescape(html[end : tag.start()]).replace("\n", " "))
        end = tag.end()
        name = (tag["name"] or "").lower()
        if name in _UNSEEN:
            if not tag["close"]:
                if not tag[0].endswith("/>"):
                    unseen.append(name)
            elif name in unseen:
                # Also closes what was opened inside and never closed.
                del unseen[unseen.index(name) :]
        elif name in _BREAKS and not unseen:
            parts.append("\n")
    if not unseen:
        parts.append(unescape(html[end:]).replace("\n", " "))
    return tidy("".join(parts))


def _without_comments(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def tidy(text: str) -> str:
    """Return `text` with runs of blanks and of empty lines made one, and without NULs.

    Example:
        >>> tidy("  a \\t b\\n\\n c ")
        'a b\\nc'
    """
    return _LINES.sub("\n", _BLANKS.sub(" ", text.replace("\x00", ""))).strip()
