"""Negative mentions of all, a week at a time, and how far they scatter beyond chance.

Days are taken in whole weeks, counted from the day of the action both ways: no week has both
sides in it, and every weekday weighs the same on both. Weeks of one side differ by more than
chance, for one bad day brings many complaints. How much more is estimated from them, and every
interval is widened by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from insights.intervals import Z
from insights.values import NO_DATA, Value

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weeks:
    """A series of shares around a day.

    Attributes:
        k, n: (weeks,), numerator and denominator of each week, oldest first.
        before: how many of the weeks are before the day.
    """

    k: Counts
    n: Counts
    before: int

    def side(self, after: bool) -> tuple[int, int]:
        """Return k and n of one side."""
        part = slice(self.before, None) if after else slice(self.before)
        return int(self.k[part].sum()), int(self.n[part].sum())

    def cut(self, before: int, after: int) -> Weeks:
        """Return only so many weeks on each side of the day."""
        part = slice(self.before - before, self.before + after)
        return Weeks(self.k[part], self.n[part], before)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much wider than by chance alone.

    Attributes:
        ratio: variance against that of a binomial; 1 is chance alone.
        degrees: degrees of freedom that it was estimated with.
    """

    ratio: float
    degrees: float

    @property
    def quantile(self) -> float:
        """The 97.5 % point of Student's t distribution, which allows for the ratio's own error."""
        return float(stdtrit(self.degrees, 0.975))

    @property
    def divisor(self) -> float:
        """By what numbers are divided to count as if chance alone had made them (see `share`)."""
        return self.ratio * (self.quantile / Z) ** 2


def spread(weeks: Weeks) -> Spread | None:
    """Estimate the dispersion of the weeks about the share of their side.

    Pearson's X² by its degrees of freedom, as in quasi-likelihood. Source: McCullagh and Nelder
    (1989), Generalized Linear Models, 2nd ed., section 4.5.2. It may come out below 1: a floor
    there would make intervals of calm weeks too wide. A side whose cases are all alike cannot
    scatter, whatever its weeks are like: it counts for no degree of freedom, and beside it the
    other side may widen intervals, not narrow them.

    Returns:
        None where fewer than two weeks of a side have a case; chance alone where nothing scatters.

    Example:
        >>> flat = Weeks(np.array([10, 20, 5, 5]), np.array([40, 40, 20, 20]), before=2)
        >>> found = spread(flat)  # (10 − 15)² + (20 − 15)² by 40 · 3/8 · 5/8, and no more after
        >>> round(found.ratio, 3), found.degrees
        (2.667, 2)
    """
    x2, degrees, silent = 0.0, 0, 0
    for part in (slice(weeks.before), slice(weeks.before, None)):
        k, n = weeks.k[part], weeks.n[part]
        k, n = k[n > 0], n[n > 0]
        if len(n) < 2:
            return None
        share = k.sum() / n.sum()
        if 0 < share < 1:
            degrees += len(n) - 1
            x2 += float((((k - n * share) ** 2) / (n * share * (1 - share))).sum())
        else:
            silent += len(n) - 1
    if not x2:
        return Spread(1.0, degrees or silent)
    return Spread(max(1.0, x2 / degrees) if silent else x2 / degrees, degrees)


def share(k: int, n: int, spread: Spread) -> Value:
    """Return k of n with Wilson's interval, widened.

    The counts are divided as if fewer, independent cases had been seen. Source: Rao and Scott
    (1992), Biometrics 48, 577–585.

    Example:
        >>> v = share(150, 500, Spread(1.0, 10**6))
        >>> w = share(150, 500, Spread(4.0, 14))
        >>> round(v.low, 3), round(v.high, 3), round(w.low, 3), round(w.high, 3)
        (0.261, 0.342, 0.22, 0.394)
    """
    if n == 0:
        return NO_DATA
    p, n_eff = k / n, n / spread.divisor
    z2 = Z * Z / n_eff
    middle = (p + z2 / 2) / (1 + z2)
    half = Z / (1 + z2) * math.sqrt(p * (1 - p) / n_eff + z2 / (4 * n_eff))
    low = 0.0 if k == 0 else max(0.0, middle - half)
    high = 1.0 if k == n else min(1.0, middle + half)
    return Value(p, low, high, n, k)


def log_odds(k: int, n: int) -> tuple[float, float]:
    """Return the log-odds of k of n and the variance by chance, half a case added to each side.

    Source: Gart and Zweifel (1967), Biometrika 54, 181–187.

    Example:
        >>> value, variance = log_odds(10, 30)  # log(10.5 / 20.5), 1 / 10.5 + 1 / 20.5
        >>> round(value, 3), round(variance, 3)
        (-0.669, 0.144)
    """
    yes, no = k + 0.5, n - k + 0.5
    return math.log(yes / no), 1 / yes + 1 / no
