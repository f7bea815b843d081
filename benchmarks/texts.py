"""Texts to measure with: those of the bundled sample, and as many more as are asked for."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from simak.cli.pipeline import SAMPLE

_TYPO_RATE = 0.15
_NUMBER_RATE = 0.1


@cache
def sample_texts(path: Path = SAMPLE) -> tuple[str, ...]:
    """Return the distinct texts of the bundled sample, in its order."""
    with path.open(encoding="utf-8") as lines:
        return tuple(dict.fromkeys(json.loads(line)["text"] for line in lines))


def recombined(seed: int = 1) -> Iterator[str]:
    """Yield texts without end: the first words of one sample text and the last of another.

    Common words stay as common as they are in the sample, and its phrases stay whole. A
    misspelt word or an order number here and there gives the long tail of rare words that
    people's texts have.

    Example:
        >>> from itertools import islice
        >>> len(list(islice(recombined(), 3)))
        3
    """
    source = random.Random(seed)
    texts = [text.split() for text in sample_texts()]
    while True:
        first, second = source.choice(texts), source.choice(texts)
        words = first[: source.randint(1, len(first))] + second[-source.randint(1, len(second)) :]
        if source.random() < _TYPO_RATE:
            place = source.randrange(len(words))
            words[place] = _misspelt(words[place], source)
        if source.random() < _NUMBER_RATE:
            words.append(f"#{source.randrange(10**7, 10**8)}")
        yield " ".join(words)


def _misspelt(word: str, source: random.Random) -> str:
    place = source.randrange(len(word))
    return word[:place] + source.choice("aeioukns") + word[place + source.randint(0, 1) :]
