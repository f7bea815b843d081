"""How far a count is from what is usual: counts whose variance is a multiple of their mean.

A count with mean m and variance d·m, d > 1, is taken to be negative binomial with size m / (d − 1)
and success chance 1 / d (NB1: Cameron and Trivedi 2013, "Regression Analysis of Count Data",
section 3.3); with d = 1 it is Poisson.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc, gammaln
from scipy.stats import nbinom, poisson

from insights.intervals import Z

_POISSON = 1.0005
"""Below this dispersion the two distributions cannot be told apart, and the first overflows."""

Floats = NDArray[np.float64]


def upper(count: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Floats:
    """Return the chance of a count so high or higher, half of the count itself taken off.

    The mid-p value: a count has few values, and P(X ≥ count) would be too large on average.
    Source: Lancaster (1961), JASA 56, 223–234.

    Args:
        count, mean, dispersion: of any shapes that fit together; means above 0.

    Example:
        >>> round(float(upper(17, 8, 1)), 5)  # 0.00159 above 17, and half of the 0.00213 at 17
        0.00266
    """
    x, m, d = np.broadcast_arrays(
        np.asarray(count, float), np.asarray(mean, float), np.asarray(dispersion, float)
    )
    spread = d > _POISSON
    size = m / np.where(spread, d - 1, 1)
    above = np.where(
        spread, betainc(x + 1, size, np.where(spread, 1 - 1 / d, 0.5)), gammainc(x + 1, m)
    )
    log_at = np.where(
        spread,
        gammaln(x + size)
        - gammaln(size)
        - size * np.log(np.where(spread, d, 1))
        + x * np.log(np.where(spread, 1 - 1 / d, 1)),
        x * np.log(m) - m,
    ) - gammaln(x + 1)
    p: Floats = above + 0.5 * np.exp(log_at)
    return p


def two_sided(count: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Floats:
    """Return twice the smaller of the two tails, each a mid-p value.

    Example:
        >>> round(float(two_sided(2, 8, 1)), 3)
        0.017
    """
    above = upper(count, mean, dispersion)
    p: Floats = 2 * np.minimum(above, 1 - above)
    return p


def distance(count: float, mean: float, dispersion: float) -> float:
    """Return how many standard deviations a count is from its mean, on the scale of roots.

    The root of a count has nearly the same spread whatever its mean (Anscombe 1948, Biometrika 35,
    246–254), and unlike a chance this is never too small for a number.

    Example:
        >>> round(distance(20, 8, 1), 2), round(distance(200, 80, 1), 2)
        (3.24, 10.38)
    """
    away = 2 * (math.sqrt(count + 0.375) - math.sqrt(mean + 0.375))
    return abs(away) / math.sqrt(dispersion)


def usual(mean: float, dispersion: float) -> tuple[int, int]:
    """Return the range that 95 of 100 counts stay within.

    Example:
        >>> usual(8, 1)
        (3, 14)
    """
    ends = (0.025, 0.975)
    if dispersion > _POISSON:
        low, high = nbinom.ppf(ends, mean / (dispersion - 1), 1 / dispersion)
    else:
        low, high = poisson.ppf(ends, mean)
    return int(low), int(high)


_BEYOND = 300.0
"""Logarithm of a ratio that is as good as without end, and still a number."""


def ratio(
    seen: int, expected: float, dispersion: float, error: float
) -> tuple[float, float, float]:
    """Return seen / expected with its 95 % interval, on the scale of logarithms.

    The variance of log seen is dispersion / seen, that of log expected is `error`² (delta method).
    Where nothing was seen, the upper end is that of a mean under which nothing has 2.5 % chance.

    Args:
        error: the standard error of log expected.

    Example:
        >>> value, low, high = ratio(20, 8, 1, 0)
        >>> round(value, 2), round(low, 2), round(high, 2)
        (2.5, 1.61, 3.88)
    """
    value = seen / expected
    if seen == 0:
        # P(X = 0) of a mean m is dispersion^(−m / (dispersion − 1)), exp(−m) in the limit.
        each = math.log(dispersion) / (dispersion - 1) if dispersion > _POISSON else 1.0
        return 0.0, 0.0, -math.log(0.025) / each / expected * math.exp(min(Z * error, _BEYOND))
    half = min(Z * math.sqrt(dispersion / seen + error * error), _BEYOND)
    return value, value * math.exp(-half), value * math.exp(half)
