"""Brings a text into the form the model was trained on, and finds the way back.

Training and tagging call the same function, so that the model meets in use what it met in
training. Every step remembers where each character came from: evidence spans point into the text
as the customer wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MAX_CHARACTERS = 4000
"""Longer texts keep their head and tail: no model input reaches further than this."""

_TAIL = 1000

_CHANGES = re.compile(
    r"(?P<url>https?://\S+|www\.\S+)"
    # Variation selectors, skin tones, zero-width characters, marks of direction and soft hyphens.
    r"|(?P<drop>[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    r"\ufeff\u00ad]+)"
    r"|(?P<emoji>[\U0001f000-\U0001fbff])"
    r"|(?P<closed>\s+(?=[.,!?;:)]))"
    r"|(?P<space>[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+)"
    r"|(?P<word_end>(?P<e>[^\W\d_])(?P=e){2,}(?!\w))"
    r"|(?P<within>(?P<w>[^\W\d_])(?P=w){2,})"
    r"|(?P<marks>(?P<m>[^\w\s])(?P=m){3,})"
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as the model reads it.

    Attributes:
        text: the normalised text.
        starts: for each of its characters, where its origin begins in the original.
        ends: for each of its characters, where its origin ends.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the [start, end) of the original behind the [start, end) given.

        Example:
            >>> normalise("Baguuuus  !").span(0, 6)
            (0, 8)
        """
        return self.starts[start], self.ends[end - 1]


@cache
def emoji_words() -> dict[str, str]:
    """Return the words for frequent emoji that the vocabulary lacks."""
    lines = Path(__file__).with_name("emoji.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def normalise(text: str) -> Normalised:
    """Lower-case a text, tidy spaces, links and stretched letters, write out unknown emoji.

    Case goes because the largest training set comes in lower case, and because capitals fall
    apart into letters in the vocabulary. Never raises; surrogates and controls become spaces.

    Example:
        >>> normalise("BAGUSSS   bangetttt🥲").text
        'bagus banget senyum sedih'
    """
    keep = len(text) if len(text) <= MAX_CHARACTERS else MAX_CHARACTERS - _TAIL
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    _append(text[:keep], 0, pieces, starts, ends)
    if keep < len(text):
        _append(" ", keep, pieces, starts, ends)
        _append(text[-_TAIL:], len(text) - _TAIL, pieces, starts, ends)
    result = "".join(pieces)
    left = len(result) - len(result.lstrip(" "))
    right = max(len(result.rstrip(" ")), left)
    return Normalised(result[left:right], starts[left:right], ends[left:right])


def _append(text: str, offset: int, pieces: list[str], starts: list[int], ends: list[int]) -> None:
    lowered = text.lower()
    if len(lowered) != len(text):  # such as U+0130, whose lower case has two characters
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    at = 0
    for match in _CHANGES.finditer(lowered):
        start, end = match.span()
        replacement = _replacement(match)
        if replacement is None:
            continue
        pieces.append(lowered[at:start])
        starts.extend(range(offset + at, offset + start))
        ends.extend(range(offset + at + 1, offset + start + 1))
        pieces.append(replacement)
        starts.extend([offset + start] * len(replacement))
        ends.extend([offset + end] * len(replacement))
        at = end
    pieces.append(lowered[at:])
    starts.extend(range(offset + at, offset + len(lowered)))
    ends.extend(range(offset + at + 1, offset + len(lowered) + 1))


def _replacement(match: re.Match[str]) -> str | None:
    """Return what takes the place of a match, or None to leave it as it is."""
    kind, found = match.lastgroup, match.group()
    # `lastgroup` names the last group closed, the outer one of a nested pair.
    if kind == "emoji":
        words = emoji_words().get(found)
        return f" {words} " if words else None
    if kind == "space":
        return None if found == " " else " "
    if kind == "url":
        return "http"
    if kind == "word_end":
        return found[0]
    if kind == "within":
        return found[:2]
    if kind == "marks":
        return found[:3]
    return ""
