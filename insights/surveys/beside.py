"""Whether what is answered and what is said go together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import spearmanr

from insights.intervals import Z
from insights.values import NO_DATA, Value

MIN_POINTS = 10
"""Of fewer pairs a correlation says next to nothing."""


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> Value:
    """Return Spearman's rank correlation of pairs, with its interval; `n` is how many pairs.

    The interval is Fisher's transform with the standard error √((1 + ρ² / 2) / (n − 3)). Source:
    Bonett and Wright (2000), Psychometrika 65, 23–28. No data below `MIN_POINTS` pairs, or where
    one side is all the same.

    Example:
        Two neighbours of ten swapped: 1 − 6 · 2 / (10 · 99).
        >>> v = rank_correlation(range(10), [1, 0, 2, 3, 4, 5, 6, 7, 8, 9])
        >>> round(v.value, 3), round(v.low, 3), round(v.high, 3)
        (0.988, 0.928, 0.998)
    """
    n = len(one)
    if n < MIN_POINTS or len(set(one)) == 1 or len(set(other)) == 1:
        return NO_DATA
    rho = float(spearmanr(one, other).statistic)
    if abs(rho) >= 1 - 1e-12:  # Fisher's transform has no end there
        return Value(math.copysign(1.0, rho), n=n)
    middle, half = math.atanh(rho), Z * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return Value(rho, math.tanh(middle - half), math.tanh(middle + half), n)
