"""Whether evidence spans carry the decision: the deletion test."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.tagger import Tagger

_FEWEST_WORDS = 8
_MOST_OF_TEXT = 0.6


@dataclass(frozen=True, slots=True)
class DeletionTest:
    """How far a touchpoint's score falls when words are taken out of the text.

    Attributes:
        n: touchpoints tested: those in texts of 8 words and more whose span leaves 40 %.
        span: the mean fall when the evidence span is taken out.
        chance: the mean fall when as many words from a random place are.
        words: the mean length of a span.
    """

    n: int
    span: float
    chance: float
    words: float


def deletion_test(tagger: Tagger, texts: Sequence[str], seed: int = 0) -> DeletionTest:
    """Take out each evidence span, then as many words elsewhere, and compare the fall.

    After the "comprehensiveness" of ERASER (DeYoung et al. 2020).

    Args:
        tagger: one that gives spans.
        texts: any.
        seed: of the random places.
    """
    generator = random.Random(seed)
    cases: list[tuple[str, float, int]] = []
    reduced: list[str] = []
    for text, tags in zip(texts, tagger.predict(texts), strict=True):
        words = [match.span() for match in re.finditer(r"\S+", text)]
        for name, tag in tags.touchpoints.items():
            if tag.span is None or len(words) < _FEWEST_WORDS:
                continue
            start, end = tag.span
            count = sum(1 for first, last in words if first < end and last > start)
            if count > _MOST_OF_TEXT * len(words):
                continue
            first = generator.randrange(len(words) - count + 1)
            cases.append((name, tag.score, count))
            reduced.append(text[:start] + " " + text[end:])
            reduced.append(text[: words[first][0]] + " " + text[words[first + count - 1][1] :])
    after = iter(tagger.predict(reduced))
    falls = [
        (score - next(after).scores.get(name, 0.0), score - next(after).scores.get(name, 0.0))
        for name, score, _count in cases
    ]
    n = len(cases)
    return DeletionTest(
        n,
        sum(fall for fall, _chance in falls) / max(n, 1),
        sum(chance for _fall, chance in falls) / max(n, 1),
        sum(count for _name, _score, count in cases) / max(n, 1),
    )
