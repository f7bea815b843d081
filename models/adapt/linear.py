"""Heads that are linear in what the encoder gives of a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.adapt.signs import Signs

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
_Sign = TypeVar("_Sign", int, str)

_DIGITS = 6


@dataclass(frozen=True)
class Linear:
    """K logits of a text, each the sum of what its T tokens bring.

    Logit k is bias_k + mean over tokens t of (states_k · state_t - centre_k) + sum over the
    distinct pieces p of pieces_pk / sqrt(their number) + the same for the letter n-grams.

    Attributes:
        states: (K, H), the weight of each dimension of a token's state.
        centre: (K,), what a token of an average text brings before it is taken off.
        pieces: vocabulary id to (K,), the weight of a piece that is in the text.
        grams: the same of letter n-grams.
        bias: (K,).
    """

    states: Floats
    centre: Floats
    pieces: Mapping[int, Floats]
    grams: Mapping[str, Floats]
    bias: Floats

    def parts(self, signs: Signs, states: Singles) -> Floats:
        """Return what each token brings to each logit, (K, T); the bias is what is missing.

        Args:
            signs: of the text.
            states: (T, H).
        """
        parts: Floats = (self.states @ states.T - self.centre[:, None]) / len(states)
        _share_out(parts, signs.pieces, self.pieces)
        _share_out(parts, signs.grams, self.grams)
        return parts

    def logits(self, pieces: Collection[int], grams: Collection[str], mean: Singles) -> Floats:
        """Return the logits, (K,): the sum of `parts` over tokens, and the bias.

        Args:
            pieces, grams: the distinct signs of the text.
            mean: (H,), the mean of its token states.
        """
        logits: Floats = self.states @ mean - self.centre + self.bias
        for weight in [self.pieces[sign] for sign in pieces if sign in self.pieces]:
            logits = logits + weight / np.sqrt(len(pieces))
        for weight in [self.grams[sign] for sign in grams if sign in self.grams]:
            logits = logits + weight / np.sqrt(len(grams))
        return logits

    def record(self) -> dict[str, Any]:
        """Return what `read_linear` reads, in the types of JSON."""
        return {
            "states": [_rounded(row) for row in self.states],
            "centre": _rounded(self.centre),
            "pieces": {str(piece): _rounded(row) for piece, row in self.pieces.items()},
            "grams": {gram: _rounded(row) for gram, row in self.grams.items()},
            "bias": _rounded(self.bias),
        }


def read_linear(record: Mapping[str, Any]) -> Linear:
    """Return the head that `Linear.record` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is none.

    Example:
        >>> made = Linear(np.zeros((1, 2)), np.zeros(1), {7: np.ones(1)}, {}, np.zeros(1))
        >>> read_linear(made.record()).pieces[7]
        array([1.])
    """
    head = Linear(
        np.array(record["states"], float),
        np.array(record["centre"], float),
        {int(piece): np.array(row, float) for piece, row in record["pieces"].items()},
        {str(gram): np.array(row, float) for gram, row in record["grams"].items()},
        np.array(record["bias"], float),
    )
    outputs = len(head.bias)
    weights = (*head.pieces.values(), *head.grams.values())
    shapes = {head.centre.shape, *(row.shape for row in weights)}
    if head.states.ndim != 2 or len(head.states) != outputs or shapes - {(outputs,)}:
        raise ValueError("the parts of a head differ in size")
    return head


def _share_out(
    parts: Floats, signs: Mapping[_Sign, list[int]], weights: Mapping[_Sign, Floats]
) -> None:
    """Add the weight of each sign in equal parts to the tokens where it stands."""
    share = 1.0 / np.sqrt(max(len(signs), 1))
    for sign, tokens in signs.items():
        weight = weights.get(sign)
        if weight is not None:
            parts[:, tokens] += (weight * (share / len(tokens)))[:, None]


def _rounded(values: Floats) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values]
