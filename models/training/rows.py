"""One form for every data set: a text, the labels it has, and how much to believe them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

UNLABELLED = -1


@dataclass(frozen=True, slots=True)
class Row:
    """A text with the labels known of it.

    Attributes:
        text: as written.
        source: the data set, `smsa` for one.
        weight: of its losses; machine-made labels count less.
        sentiment: index into `SENTIMENTS`, or `UNLABELLED`.
        complaint: 1, 0 or `UNLABELLED`.
        touchpoints: id to polarity, the polarity None where only the presence is known.
        known: the touchpoint ids whose presence or absence is known.
        signals: the signals present, or None where nobody looked.
        group: rows of one group, such as a text and its translation, never stand on both sides
            of a split.
    """

    text: str
    source: str
    weight: float = 1.0
    sentiment: int = UNLABELLED
    complaint: int = UNLABELLED
    touchpoints: tuple[tuple[str, str | None], ...] = ()
    known: frozenset[str] = frozenset()
    signals: tuple[str, ...] | None = None
    group: str = ""


def fingerprint(text: str) -> str:
    """Return what two copies of a text share: its letters and digits in lower case.

    Example:
        >>> fingerprint("Mantap, gan!") == fingerprint("mantap gan")
        True
    """
    letters = re.sub(r"\W+", "", text.lower())
    return letters or " ".join(text.split())


def key(text: str) -> str:
    """Return the name of a text and its copies: 64 hexadecimal digits.

    Rows are dealt to splits by it, so that no order of files or ids enters.

    Example:
        >>> key("Mantap, gan!")[:12] == key("mantap gan")[:12]
        True
    """
    return hashlib.sha256(fingerprint(text).encode("utf-8", "replace")).hexdigest()
