"""How long something took: quantiles of waits, also of those that are not over.

The median wait of the answered alone flatters: who never got an answer is not among them. With
those who still wait counted as waiting at least so long, the median is that of all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from insights.intervals import Z
from insights.values import NO_DATA, Value

Minutes = NDArray[np.int64]
Floats = NDArray[np.float64]


def quantile(waits: Minutes, q: float) -> Value:
    """Return a quantile of waits with an interval that no shape of distribution is assumed for.

    The interval runs from the l-th to the u-th shortest wait, where the number of waits below
    the true quantile, binomial with n and q, lies in [l, u − 1] with at least 95 %. Source:
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Args:
        waits: (N,), in any order.

    Returns:
        The shortest wait that a share `q` does not exceed. `high` is None where there are too
        few waits to bound it; `low` is then that of one side alone, and 0 where it has none.

    Example:
        Of 10 the 2nd and the 9th enclose the median with 97.9 %: 1 − 2 · (1 + 10) / 2¹⁰.

        >>> v = quantile(np.array([7, 1, 3, 2, 10, 5, 4, 6, 9, 8]), 0.5)
        >>> v.value, v.low, v.high, v.n
        (5.0, 2.0, 9.0, 10)
    """
    n = len(waits)
    if n == 0:
        return NO_DATA
    ordered = np.sort(waits)
    low, high = int(binom.ppf(0.025, n, q)), int(binom.ppf(0.975, n, q)) + 1
    return Value(
        float(ordered[math.ceil(n * q) - 1]),
        float(ordered[low - 1]) if low >= 1 else 0.0,
        float(ordered[high - 1]) if high <= n else None,
        n,
    )


@dataclass(frozen=True)
class Waiting:
    """The share that still waits after each time: Kaplan and Meier's estimate.

    Source: Kaplan and Meier (1958), JASA 53, 457–481; its variance Greenwood's; the interval on
    the scale of log(−log), Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure
    Time Data, 2nd ed., section 1.4; that of a quantile by turning it round, Brookmeyer and
    Crowley (1982), Biometrics 38, 29–41.

    Attributes:
        at: (M,), the different waits of the answered, shortest first.
        share: (M,), who still waits then.
        low, high: (M,), the interval of that share.
        longest: the longest wait seen, over or not.
        n: how many there were, answered or not.
    """

    at: Minutes
    share: Floats
    low: Floats
    high: Floats
    longest: int
    n: int

    def quantile(self, q: float) -> Value:
        """Return the wait after which a share `q` of all is answered.

        Returns:
            The value, and each end of its interval, is None where that many never were.
        """
        value, low, high = (
            self._first(still, 1 - q) for still in (self.share, self.low, self.high)
        )
        return Value(value, low, high, self.n)

    def after(self, minutes: int) -> Value:
        """Return the share that still waits after so long; no data where nobody was watched so.

        Example:
            >>> found = waiting(np.array([1, 4, 2]), np.array([2]))
            >>> found.after(3).value, found.after(9).value
            (0.5, None)
        """
        if minutes > self.longest:
            return NO_DATA
        place = int(np.searchsorted(self.at, minutes, side="right")) - 1
        if place < 0:
            return Value(1.0, n=self.n)
        ends = (float(self.share[place]), float(self.low[place]), float(self.high[place]))
        return Value(*ends, n=self.n)

    def _first(self, still: Floats, left: float) -> float | None:
        reached = np.flatnonzero(still <= left + 1e-12)
        return float(self.at[reached[0]]) if len(reached) else None


def waiting(answered: Minutes, unanswered: Minutes, weight: Minutes | None = None) -> Waiting:
    """Return who still waits after each time.

    Args:
        answered: (N,), how long those waited who were answered.
        unanswered: (K,), how long the others have waited so far.
        weight: (K,), how many there are of each of the unanswered; None is one.

    Example:
        Answered after 1, 2 and 4 minutes, one still waiting after 2: 3/4, 3/4 · 2/3, 0.

        >>> found = waiting(np.array([1, 4, 2]), np.array([2]))
        >>> found.at.tolist(), [round(float(share), 3) for share in found.share]
        ([1, 2, 4], [0.75, 0.5, 0.0])
        >>> found.quantile(0.5).value, found.quantile(0.9).value
        (2.0, 4.0)
    """
    weight = np.ones(len(unanswered), dtype=np.int64) if weight is None else weight
    n = len(answered) + int(weight.sum())
    at, ended = np.unique(answered, return_counts=True)
    order = np.argsort(unanswered, kind="stable")
    left = np.concatenate([[0], np.cumsum(weight[order])])
    # Whoever waits exactly so long is still counted among those who could be answered then.
    gone = left[np.searchsorted(unanswered[order], at, side="left")]
    risk = n - (np.cumsum(ended) - ended) - gone
    share = np.cumprod(1 - ended / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (risk * (risk - ended).astype(float)))
        log = np.log(share)
        width = Z * np.sqrt(greenwood) / np.abs(log)
        low, high = share ** np.exp(width), share ** np.exp(-width)
    # Where everybody is answered there is no variance to be had.
    done = share <= 0
    longest = int(max([-1, *at[-1:], *np.sort(unanswered)[-1:]]))
    return Waiting(at, share, np.where(done, 0.0, low), np.where(done, 0.0, high), longest, n)
