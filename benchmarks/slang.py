"""Writes out chat abbreviations and slang, and keeps the way back.

A step that normalisation does without: `benchmarks.normalisation` shows no gain from it.

The list is `slang.tsv`: a first line with its version, then a word and its standard form a line,
sorted. It holds words that mean one thing whatever stands beside them, in Indonesian and English
alike; what Javanese and Sundanese have in the same form is left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.normalise import Normalised

LIST = Path(__file__).with_name("slang.tsv")

_WORDS = re.compile(
    # Names, joined words such as tp-link, dotted letters and web places are read as one, so that
    # no part of them is taken for slang.
    r"[@#]\w+|\w+(?:[-'’]\w+)+|\w(?:\.\w)+\b|\w+\.(?:com|co|id|net|org)\b|\w+"
)


@cache
def slang_words() -> dict[str, str]:
    """Return each listed word and its standard form, of one or more words."""
    _version, *lines = LIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def write_out(normalised: Normalised) -> Normalised:
    """Return a normalised text with the listed words in their standard form.

    Each character of a standard form has the whole word that it stands for as its origin. Doing it
    twice is doing it once.

    Example:
        >>> from models.normalise import normalise
        >>> said = write_out(normalise("Kurir gk ramah"))
        >>> said.text, said.span(6, 11)
        ('kurir tidak ramah', (6, 8))
    """
    text, at = normalised.text, 0
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORDS.finditer(text):
        standard = slang_words().get(match.group())
        if standard is None:
            continue
        first, last = normalised.span(*match.span())
        pieces += text[at : match.start()], standard
        starts += [*normalised.starts[at : match.start()], *[first] * len(standard)]
        ends += [*normalised.ends[at : match.start()], *[last] * len(standard)]
        at = match.end()
    return replace(
        normalised,
        text="".join([*pieces, text[at:]]),
        starts=[*starts, *normalised.starts[at:]],
        ends=[*ends, *normalised.ends[at:]],
    )
