"""Finds the words that speak for a touchpoint."""

from __future__ import annotations

from collections.abc import Sequence

from models.encoding import Encoded

MAX_WORDS = 12
"""A span longer than this points at nothing."""

_LEAST = 0.3
"""A word within a span should bring this share of what the strongest word brings."""


def evidence_span(encoded: Encoded, contributions: Sequence[float]) -> tuple[int, int] | None:
    """Return the [start, end) in the original text that carries a touchpoint's logit.

    The contributions of a word's tokens are added up; of all runs of at most `MAX_WORDS` words
    the one with the largest sum above a floor is taken (Bentley's maximum subarray with a
    bound), the floor being a share of the strongest word's contribution.

    Args:
        encoded: the text.
        contributions: (T,), what each token brings to the logit.

    Returns:
        None where no word speaks for the touchpoint.
    """
    words = _words(encoded, contributions)
    strongest = max((value for _start, _end, value in words), default=0.0)
    if strongest <= 0.0:
        return None
    floor = _LEAST * strongest
    best, best_sum = (0, 0), 0.0
    for first in range(len(words)):
        running = 0.0
        for last in range(first, min(first + MAX_WORDS, len(words))):
            running += words[last][2] - floor
            if running > best_sum:
                best, best_sum = (first, last), running
    return encoded.normalised.span(words[best[0]][0], words[best[1]][1])


def _words(encoded: Encoded, contributions: Sequence[float]) -> list[tuple[int, int, float]]:
    """Return [start, end) in the normalised text and contribution of each word."""
    text = encoded.normalised.text
    words: list[tuple[int, int, float]] = []
    for (start, end), value in zip(encoded.offsets, contributions, strict=True):
        while start < end and text[start].isspace():
            start += 1
        if start == end:
            continue
        if words and start <= words[-1][1]:  # pieces that touch are one word
            words[-1] = (words[-1][0], max(end, words[-1][1]), words[-1][2] + float(value))
        else:
            words.append((start, end, float(value)))
    return words
