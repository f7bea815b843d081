"""Names groups of texts by their own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from insights.themes.weights import Floats, class_weights
from insights.themes.words import LONGEST, is_name, terms, words_of

WORDS = 5
"""Words that stand beside the phrase."""

_RECURS = 3
"""Texts of a group that a phrase is in at least."""

_SHARE = 0.03
"""And the part of them."""

_VOCABULARY = 20_000


def names(texts: Sequence[str], groups: Sequence[int], k: int, brand: str) -> list[list[str]]:
    """Return of each group its most telling phrase, and then its most telling words.

    A phrase counts once a text; how telling it is, is its class-based TF-IDF times the root of
    the mean of that of its first and last word. Of phrases of which one holds the other, the
    longer is taken where at least two thirds of the texts with the shorter have it. A group
    without a phrase that recurs is named by words alone. No two are named by the same phrase.

    Args:
        texts: N texts.
        groups: of each text its group, 0 to k - 1; -1 for none.
        brand: whose name is left out.
    """
    found = [set(terms(words_of(text), longest=LONGEST)) for text in texts]
    number = Counter(term for one in found for term in one)
    usual = sorted(
        (term for term, n in number.items() if n >= _RECURS and not _is_no_name(term, brand)),
        key=lambda term: (-number[term], term),
    )[:_VOCABULARY]
    places = {term: place for place, term in enumerate(usual)}
    counts = np.zeros((k, len(usual)))
    for one, group in zip(found, groups, strict=True):
        if group >= 0:
            counts[group, [places[term] for term in one if term in places]] += 1
    sizes = np.bincount([group for group in groups if group >= 0], minlength=k)
    lengths = np.array([len(term.split()) for term in usual], dtype=int)
    weights = class_weights(counts)
    # A phrase counts by its words too: one that a few repeat may have none of the group's.
    of_words = np.array([[places.get(word, -1) for word in _ends(term)] for term in usual])
    known = np.hstack([weights, np.zeros((k, 1))])
    weights = weights * np.sqrt(known[:, of_words.reshape(-1, 2)].mean(axis=2))
    taken: set[str] = set()
    named: list[list[str]] = [[] for _ in range(k)]
    # The largest group has the first choice.
    for group in np.argsort(-sizes, kind="stable"):
        phrase = _phrase(usual, counts[group], weights[group], lengths, sizes[group], taken)
        order = np.argsort(-np.where(lengths == 1, weights[group], 0.0), kind="stable")
        single = [usual[place] for place in order[: 2 * WORDS] if counts[group, place] > 0]
        of_phrase = phrase.split() if phrase else []
        words = [word for word in single if word not in of_phrase][:WORDS]
        if phrase is None and words:
            phrase, words = words[0], words[1:]
        named[group] = [phrase, *words] if phrase else ["…"]
        taken.add(named[group][0])
    return named


def _phrase(
    usual: Sequence[str],
    counts: Floats,
    weights: Floats,
    lengths: Floats,
    size: int,
    taken: set[str],
) -> str | None:
    least = max(_RECURS, _SHARE * size)
    may = (lengths > 1) & (counts >= least)
    may &= np.array([term not in taken for term in usual], dtype=bool)
    if not may.any():
        return None
    best = int(np.argmax(np.where(may, weights, -1.0)))
    for longer in np.flatnonzero(may & (lengths > lengths[best])):
        holds = f" {usual[best]} " in f" {usual[int(longer)]} "
        if holds and counts[longer] >= 2 / 3 * counts[best]:
            best = int(longer)
    return usual[best]


def _ends(term: str) -> tuple[str, str]:
    words = term.split()
    return words[0], words[-1]


def _is_no_name(term: str, brand: str) -> bool:
    """Say whether a term names the brand, or is one word twice, such as "hati hati"."""
    words = term.split()
    if len(words) > len(set(words)):
        return True
    joined = any(is_name("".join(pair), brand) for pair in pairwise(words))
    return joined or any(is_name(word, brand) for word in words)
