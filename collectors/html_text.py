"""Turns HTML into the plain text a reader would see."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            # Also closes what was opened inside and never closed.
            del self._unseen[self._unseen.index(tag) :]
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # A line end in the source is a blank; only elements break lines.
            self.parts.append(data.replace("\n", " "))


def plain_text(html: str) -> str:
    """Return what a reader of `html` sees: no tags, no scripts, one line per block.

    Example:
        >>> plain_text("<p>Barang <b>rusak</b> &amp; telat</p><script>x()</script><p>Kapok</p>")
        'Barang rusak & telat\\nKapok'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tidy("".join(reader.parts))


def tidy(text: str) -> str:
    """Return `text` with runs of blanks and of empty lines made one.

    Example:
        >>> tidy("  a \\t b\\n\\n c ")
        'a b\\nc'
    """
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
