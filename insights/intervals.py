"""All uncertainty of the project: 95 % intervals for shares, balances, means and differences."""

from __future__ import annotations

import math

from scipy.special import stdtrit

from insights.values import NO_DATA, Value

Z = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


def share(k: int, n: int) -> Value:
    """Return k of n with Wilson's score interval.

    Source: Wilson (1927), JASA 22, 209–212.

    Example:
        >>> v = share(15, 50)
        >>> round(v.value, 3), round(v.low, 3), round(v.high, 3)
        (0.3, 0.191, 0.438)
    """
    if n == 0:
        return NO_DATA
    p, z2 = k / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # At the ends the formula gives 0 and 1 exactly but for rounding.
    low = 0.0 if k == 0 else max(0.0, middle - half)
    high = 1.0 if k == n else min(1.0, middle + half)
    return Value(p, low, high, n, k)


def balance(positive: int, negative: int, n: int) -> Value:
    """Return (positive − negative) / n, net sentiment, with the adjusted Wald interval.

    Two shares of one sample: one added to each count, two to n. Source: Bonett and Price (2012),
    J. Educ. Behav. Stat. 37, 479–488.

    Example:
        >>> v = balance(50, 30, 100)
        >>> round(v.value, 3), round(v.low, 3), round(v.high, 3)
        (0.2, 0.026, 0.366)
    """
    if n == 0:
        return NO_DATA
    p, q = (positive + 1) / (n + 2), (negative + 1) / (n + 2)
    half = Z * math.sqrt((p + q - (p - q) ** 2) / (n + 2))
    value = (positive - negative) / n
    return Value(value, max(-1.0, min(value, p - q - half)), min(1.0, max(value, p - q + half)), n)


def mean(
    n: int, total: float, squares: float, *, lowest: float = 1.0, highest: float = 5.0
) -> Value:
    """Return the mean of n numbers from their sum and sum of squares, with Student's t interval.

    Args:
        lowest, highest: the interval is cut to what is possible.

    Example:
        >>> v = mean(4, 14, 54)  # 2, 3, 4, 5
        >>> round(v.value, 2), round(v.low, 2), round(v.high, 2)
        (3.5, 1.45, 5.0)
    """
    if n == 0:
        return NO_DATA
    value = total / n
    if n == 1:
        return Value(value, lowest, highest, n)
    variance = max(0.0, (squares - n * value * value) / (n - 1))
    half = float(stdtrit(n - 1, 0.975)) * math.sqrt(variance / n)
    return Value(value, max(lowest, value - half), min(highest, value + half), n)


def difference(now: Value, before: Value) -> Value:
    """Return now − before, of independent samples, with the interval recovered from theirs.

    With Wilson's intervals this is Newcombe's hybrid score interval. Source: Zou and Donner
    (2008), Stat. Med. 27, 1693–1702 (MOVER); Newcombe (1998), Stat. Med. 17, 873–890, method 10.

    Returns:
        `n` is the smaller of the two.

    Example:
        >>> v = difference(share(56, 70), share(48, 80))
        >>> round(v.value, 4), round(v.low, 4), round(v.high, 4)
        (0.2, 0.0524, 0.3339)
    """
    if now.value is None or before.value is None:
        return NO_DATA
    n = min(now.n, before.n)
    value = now.value - before.value
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return Value(value, n=n)
    low = math.hypot(now.value - now.low, before.high - before.value)
    high = math.hypot(now.high - now.value, before.value - before.low)
    return Value(value, value - low, value + high, n)


def growth(now: int, before: int) -> Value:
    """Return now / before − 1 of two counts over equal time, with its interval.

    Given their sum, `now` is binomial; Wilson's interval for its share is carried over to the
    ratio. Source: Przyborowski and Wilenski (1940), Biometrika 31, 313–323.

    Returns:
        `n` is the sum of both counts; no data where `before` is 0.

    Example:
        >>> v = growth(150, 100)
        >>> round(v.value, 2), round(v.low, 2), round(v.high, 2)
        (0.5, 0.17, 0.93)
    """
    if before == 0:
        return NO_DATA
    part = share(now, now + before)
    assert part.low is not None
    assert part.high is not None
    return Value(
        now / before - 1,
        part.low / (1 - part.low) - 1,
        part.high / (1 - part.high) - 1,
        now + before,
    )
