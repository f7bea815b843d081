"""Words and phrases of a text, and which of them say nothing of what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from simak.near_duplicates import plain

MIN_WORDS = 4
"""Texts with fewer words seldom say what they are about; no theme is made of them."""

LONGEST = 4
"""Words of a phrase at most."""

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")

NOT = frozenset(
    [
        "tidak",
        "tdk",
        "gak",
        "ga",
        "gk",
        "nggak",
        "ngga",
        "enggak",
        "engga",
        "ngak",
        "kagak",
        "tak",
        "ndak",
        "g",
        "belum",
        "blm",
        "blum",
        "bukan",
        "not",
        "no",
        "never",
        "can't",
        "cannot",
        "don't",
    ]
)
"""Words that turn around what follows: a phrase may begin with one and never ends with one."""


_MEANT = frozenset({"same"})
"""Stop words of English that are half of a name here: "same day"."""


@cache
def stop_words() -> frozenset[str]:
    """Return the words of Indonesian and English that no theme is named by."""
    lines = Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").splitlines()
    own: set[str] = {word for line in lines if not line.startswith("#") for word in line.split()}
    return frozenset(own | set(ENGLISH_STOP_WORDS)) - NOT - _MEANT


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order: lower case, no links, handles, numbers, signs.

    Example:
        >>> words_of("@gojek OTP tidak masukkk!!! https://t.co/x 3x")
        ['otp', 'tidak', 'masuk']
    """
    return _WORD.findall(_STRETCHED.sub(r"\1", plain(text)))


def is_name(word: str, brand: str) -> bool:
    """Whether a word is the brand's name, or what people make of it.

    A nickname has at least five letters, begins as the name does, and the rest of its letters
    stand in the name in the same order.

    Example:
        >>> [word for word in ("tokopedia", "tokped", "toped", "toko", "paket") if
        ...  is_name(word, "Tokopedia")]
        ['tokopedia', 'tokped', 'toped']
    """
    name = "".join(_WORD.findall(plain(brand)))
    if word == name or word in plain(brand).split():
        return True
    bare = word.removesuffix("nya") if len(word) > 7 else word
    if len(bare) < 5 or bare[:2] != name[:2]:
        return bare == name
    letters = iter(name)
    return all(letter in letters for letter in bare)


def terms(words: Sequence[str], *, longest: int) -> Iterator[str]:
    """Yield each run of up to `longest` neighbouring words that may name something.

    It neither begins nor ends with a stop word, and does not end with a word that turns around
    what follows: it would be cut off. A single such word says nothing.

    Example:
        >>> list(terms("otp tidak masuk ke hp".split(), longest=3))
        ['otp', 'otp tidak masuk', 'tidak masuk', 'masuk', 'masuk ke hp', 'hp']
    """
    stops = stop_words()
    for start, first in enumerate(words):
        if first in stops:
            continue
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            last = words[end - 1]
            if last not in stops and last not in NOT:
                yield " ".join(words[start:end])
