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

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from insights.values import Value

DRAWS = 400
"""Simulated repetitions behind an interval."""

_SUM = 1e3
"""The weight of the condition that shares add up to 1."""

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
    rates = np.asarray(errors, dtype=float)
    generator = np.random.default_rng(seed)
    again = generator.multinomial(n, seen / n, size=DRAWS) / n
    # Half a row a cell: a class that was never confused could still be.
    rows = np.stack([generator.dirichlet(line + 0.5, size=DRAWS) for line in rates], axis=1)
    point = _solve(seen / n, rates / rates.sum(axis=1, keepdims=True))
    draws = np.stack([_solve(said, rate) for said, rate in zip(again, rows, strict=True)])
    return Shares(point, draws, n)


def _solve(said: Floats, rates: Floats) -> Floats:
    """Return the shares whose expected counts are nearest to those said."""
    conditions = np.vstack([rates.T, np.full((1, len(said)), _SUM)])
    shares: Floats = nnls(conditions, np.append(said, _SUM))[0]
    shares /= shares.sum()
    return shares
