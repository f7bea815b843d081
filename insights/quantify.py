"""How many there really are of each class, from what a model that errs has counted.

Counting a classifier's answers is biased wherever its errors do not cancel out: a model that
misses a tenth of the complaints reports a tenth too few. The shares that would have led to the
counts seen, given how often each class is taken for which, are nearer the truth. Source: Forman
(2008), Data Min. Knowl. Discov. 17, 164–206 (adjusted count); Hopkins and King (2010), Am. J.
Polit. Sci. 54, 229–247 (many classes at once).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from insights.values import Value

DRAWS = 400
"""Simulated repetitions behind an interval."""

_EXACT = 1e-12
"""The squared distance from what was said up to which shares meet it."""

_GRAIN = 1e-11

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Corrected shares of K classes.

    Attributes:
        point: (K,), adding up to 1.
        draws: (DRAWS, K), the same under chance: of what was counted, and of the rows on which
            the errors were measured.
        n: how many mentions were counted.
    """

    point: Floats
    draws: Floats
    n: int

    def value(self, weights: Sequence[float]) -> Value:
        """Return the sum of the shares times `weights` with its 95 % interval.

        Args:
            weights: (K,); (0, 1) for the share of the second class, (-1, 0, 1) for the third
                less the first.
        """
        along = np.asarray(weights, dtype=float)
        low, high = np.percentile(self.draws @ along, (2.5, 97.5))
        value = float(self.point @ along)
        return Value(value, min(value, float(low)), max(value, float(high)), self.n)


def corrected(counted: Sequence[int], errors: Sequence[Sequence[int]], seed: int = 0) -> Shares:
    """Return the shares of each class that best explain what was counted.

    Least squares under the conditions of shares: none below 0, all of them 1 together. The
    interval repeats the counting (multinomial) and the measuring of the errors (Dirichlet).

    Args:
        counted: (K,), how many mentions the model put in each class; at least one.
        errors: (K, K), of how many rows of each true class (line) the model said which (column).
        seed: of the draws.

    Raises:
        ValueError: nothing was counted.

    Example:
        >>> shares = corrected([30, 70], [[80, 20], [0, 100]])  # a fifth of the first is missed
        >>> [round(float(share), 3) for share in shares.point]
        [0.375, 0.625]
    """
    seen = np.asarray(counted, dtype=float)
    n = int(seen.sum())
    if n == 0:
        raise ValueError("nothing was counted")
    rows_of = np.asarray(errors, dtype=float)
    generator = np.random.default_rng(seed)
    # Half a row a cell: a class that was never confused could still be. Drawn first: with one
    # seed they are the same whatever was counted, as one model has read it all.
    rates = np.stack([generator.dirichlet(line + 0.5, size=DRAWS) for line in rows_of], axis=1)
    again = generator.multinomial(n, seen / n, size=DRAWS) / n
    point = _solve(seen[None] / n, (rows_of / rows_of.sum(axis=1, keepdims=True))[None])[0]
    return Shares(point, _solve(again, rates), n)


def _solve(said: Floats, rates: Floats) -> Floats:
    """Return the shares whose expected counts are nearest to those said, for each of D draws.

    Where shares can meet the counts exactly that is a linear equation. Else some share is 0 in
    the answer: of all choices of those that are not, the nearest is taken that asks for no share
    below 0. There are few classes, and all draws are solved at once.

    Args:
        said: (D, K), adding up to 1.
        rates: (D, K, K), each line adding up to 1.
    """
    classes = said.shape[1]
    shares = np.zeros(said.shape)
    left = np.arange(len(said))
    distance = np.full(len(said), np.inf)
    for size in range(classes, 0, -1):
        for some in combinations(range(classes), size):
            found = _among(said[left], rates[left][:, list(some)])
            expected = np.einsum("ds,dsk->dk", found, rates[left][:, list(some)])
            away = np.where((found < 0).any(axis=1), np.inf, ((expected - said[left]) ** 2).sum(1))
            nearer = away < distance[left]
            rows = left[nearer]
            distance[rows], shares[rows] = away[nearer], 0
            shares[rows[:, None], list(some)] = found[nearer]
        if size == classes:
            left = left[distance > _EXACT]
    return shares


def _among(said: Floats, rates: Floats) -> Floats:
    """Return the shares of S classes, of any sign but 1 together, nearest to the counts (D, S).

    Least squares with Lagrange's multiplier.

    Args:
        rates: (D, S, K), of these classes alone.
    """
    draws, some, _classes = rates.shape
    system = np.zeros((draws, some + 1, some + 1))
    # A grain on the diagonal: of classes that are told apart not at all each gets an equal part.
    system[:, :some, :some] = rates @ rates.transpose(0, 2, 1) + _GRAIN * np.eye(some)
    system[:, :some, some] = system[:, some, :some] = 1
    wanted = np.ones((draws, some + 1, 1))
    wanted[:, :some, 0] = np.einsum("dsk,dk->ds", rates, said)
    shares: Floats = np.linalg.solve(system, wanted)[:, :some, 0]
    return shares
