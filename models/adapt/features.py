"""What a head of an installation's own is fitted on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from models.adapt.linear import Floats, Linear, Singles
from models.adapt.signs import Signs, signs_of
from models.runtime import NO_STATES, Logits, Runtime

STATES_SHARE = 0.3
"""The length of the mean state beside that of the pieces, at most 1.

The states carry what the encoder was trained for, the signs which words there are. Chosen on four
touchpoints that are no part of the benchmark, by average precision on unseen texts from 20
examples each: with pieces and hardly any states 0.628, at 0.3 0.643, at 0.6 0.614, at 1 0.588.
Letter n-grams beside the pieces raise it from 0.600 to 0.623, on six. The states alone did far
worse (0.286 from 10 examples, where pieces had 0.472).
"""

_Sign = TypeVar("_Sign", int, str)


@dataclass(frozen=True)
class Reading:
    """A text as the encoder reads it.

    Attributes:
        pieces, grams: the distinct signs in it.
        mean: (H,), the mean of its token states.
        logits: of the shipped heads; the states are left out.
    """

    pieces: frozenset[int]
    grams: frozenset[str]
    mean: Singles
    logits: Logits


def read(runtime: Runtime, texts: Sequence[str]) -> list[Reading | None]:
    """Return each text as the encoder reads it; None where there is nothing to read."""
    return [
        None if logits is None else _reading(signs_of(encoded), logits)
        for encoded, logits in runtime.run(texts, states=True)
    ]


class Features:
    """The mean token state on the background's scale, and the signs of the taught texts.

    A sign counts by its inverse document frequency in the background, ln((1 + N) / (1 + n)) + 1
    (Salton and Buckley 1988, smoothed), divided by its largest value; the pieces of a text are
    divided by the square root of their number, and so are its n-grams: long texts weigh no more
    than short ones.

    Args:
        background: texts of all kinds, and of the house.
        taught: the texts to learn from. A piece that is in none of them is no feature, nor an
            n-gram that is not in two.
        many: whether they are many, of all kinds. A piece is then no feature either that is not
            in two of them, and n-grams, which brought nothing there, are none.
    """

    def __init__(
        self,
        background: Sequence[Reading],
        taught: Sequence[Reading],
        *,
        many: bool = False,
    ) -> None:
        means = np.stack([one.mean for one in background]).astype(float)
        self._centre = means.mean(0)
        self._scale = STATES_SHARE / (means.std(0) + 1e-6) / math.sqrt(means.shape[1])
        n = len(background)
        self._pieces = _rarity(
            Counter(sign for one in background for sign in one.pieces),
            _found((one.pieces for one in taught), 2 if many else 1),
            n,
        )
        self._grams = _rarity(
            Counter(sign for one in background for sign in one.grams),
            () if many else _found((one.grams for one in taught), 2),
            n,
        )

    def matrix(self, readings: Sequence[Reading]) -> Singles:
        """Return the features of texts, (N, D)."""
        means = np.stack([one.mean for one in readings])
        states = ((means - self._centre) * self._scale).astype(np.float32)
        pieces = _weighed([one.pieces for one in readings], self._pieces)
        return np.hstack([states, pieces, _weighed([one.grams for one in readings], self._grams)])

    def head(self, weights: Floats, bias: Floats) -> Linear:
        """Return the head whose logits are `matrix(...) @ weights + bias`.

        Args:
            weights: (D, K).
            bias: (K,).
        """
        ends = np.cumsum([len(self._centre), len(self._pieces)])
        of_states, of_pieces, of_grams = np.split(weights, ends)
        states = (of_states * self._scale[:, None]).T
        return Linear(
            states,
            states @ self._centre,
            {s: r * w for (s, r), w in zip(self._pieces.items(), of_pieces, strict=True)},
            {s: r * w for (s, r), w in zip(self._grams.items(), of_grams, strict=True)},
            bias,
        )


def _reading(signs: Signs, logits: Logits) -> Reading:
    return Reading(
        frozenset(signs.pieces),
        frozenset(signs.grams),
        logits.states.mean(0),
        logits._replace(states=NO_STATES),
    )


def _found(texts: Iterable[Collection[_Sign]], times: int) -> set[_Sign]:
    """Return the signs that are in so many texts or more."""
    counts = Counter(sign for signs in texts for sign in signs)
    return {sign for sign, n in counts.items() if n >= times}


def _rarity(seen: Mapping[_Sign, int], signs: Iterable[_Sign], n: int) -> dict[_Sign, float]:
    """Return the inverse document frequency of signs, at most 1."""
    most = math.log(1 + n) + 1
    return {sign: (most - math.log(1 + seen.get(sign, 0))) / most for sign in sorted(signs)}


def _weighed(texts: Sequence[Collection[_Sign]], rarity: Mapping[_Sign, float]) -> Singles:
    columns = {sign: column for column, sign in enumerate(rarity)}
    values = np.array(list(rarity.values()))
    weighed = np.zeros((len(texts), len(columns)), np.float32)
    for row, signs in enumerate(texts):
        found = [columns[sign] for sign in signs if sign in columns]
        weighed[row, found] = values[found] / math.sqrt(max(len(signs), 1))
    return weighed
