"""Whether a difference is more than chance, also where many are looked at together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import chdtrc, gammaln

_FEW = 5
"""Below this expected count in a cell the chi-square distribution does not hold."""


def shares_differ(k1: int, n1: int, k2: int, n2: int) -> float:
    """Return the two-sided p-value that two shares of independent samples are equal.

    Pearson's chi-square (1900) without correction; Fisher's exact test (1935) where a cell is
    expected to hold fewer than five.

    Returns:
        1 where either sample is empty.

    Example:
        >>> round(shares_differ(56, 70, 48, 80), 4)
        0.008
    """
    if min(n1, n2) == 0:
        return 1.0
    return heterogeneity((k1, k2), (n1, n2))


def heterogeneity(ks: Sequence[int], ns: Sequence[int]) -> float:
    """Return the p-value that K shares are all equal: chi-square with K − 1 degrees of freedom.

    With two shares and few cases Fisher's exact test; with more, samples in which a cell is
    expected to hold fewer than one are left out. Source: Cochran (1954), Biometrics 10, 417–451.

    Returns:
        1 where fewer than two samples are left, or all shares are 0, or 1.

    Example:
        >>> round(heterogeneity((30, 40, 50), (100, 100, 100)), 4)
        0.0155
    """
    k, n = np.asarray(ks, dtype=float), np.asarray(ns, dtype=float)
    share = k.sum() / n.sum() if n.sum() else 0.0
    if len(k) > 2:
        holds = n * min(share, 1 - share) >= 1
        k, n = k[holds], n[holds]
        share = k.sum() / n.sum() if n.sum() else 0.0
    if len(k) < 2 or min(n) == 0 or share in (0.0, 1.0):
        return 1.0
    if len(k) == 2 and (n * min(share, 1 - share)).min() < _FEW:
        return _exact(k.astype(int), n.astype(int))
    statistic = float(((k - n * share) ** 2 / (n * share * (1 - share))).sum())
    return float(chdtrc(len(k) - 1, statistic))


def _exact(ks: NDArray[np.int64], ns: NDArray[np.int64]) -> float:
    """Return Fisher's p-value: the chance of all tables that are no likelier than this one.

    All of them at once: `scipy.stats.fisher_exact` looks for each, which takes twenty times as
    long for a few cases.
    """
    both = int(ks.sum())
    least = max(0, both - ns[1])
    tables = np.arange(least, min(both, ns[0]) + 1)
    logs = _log_choose(ns[0], tables) + _log_choose(ns[1], both - tables)
    chances = np.exp(logs - logs.max())
    # One that is as likely may differ by the error of the logarithms.
    as_likely = chances <= chances[ks[0] - least] * (1 + 1e-7)
    return float(chances[as_likely].sum() / chances.sum())


def _log_choose(n: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logarithms of the binomial coefficients."""
    found: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def benjamini_hochberg(ps: Sequence[float]) -> NDArray[np.float64]:
    """Return p-values adjusted so that those below q are false discoveries at a rate of q.

    Source: Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289–300.

    Returns:
        In the order given; nothing for nothing.

    Example:
        >>> [round(float(p), 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
        [0.03, 0.04, 0.04]
    """
    if len(ps) == 0:
        return np.zeros(0)
    adjusted: NDArray[np.float64] = stats.false_discovery_control(np.asarray(ps), method="bh")
    return adjusted
