"""How a text has changed, word by word, as HTML with everything escaped."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import escape

_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 4_000
"""Longer texts are shown without marks: comparing them takes too long."""


def changed(before: str, after: str) -> str:
    """Return `after` with what is new marked, and what is gone struck out in its place.

    Example:
        >>> changed("lama sekali", "cepat sekali")
        '<del>lama</del><ins>cepat</ins> sekali'
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        return escape(after)
    pieces = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if what == "equal":
            pieces.append(come)
            continue
        if gone:
            pieces.append(f"<del>{gone}</del>")
        if come:
            pieces.append(f"<ins>{come}</ins>")
    return "".join(pieces)
