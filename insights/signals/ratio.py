"""How many times as often: the ratio of two shares."""

from __future__ import annotations

import math

from insights import intervals
from insights.values import NO_DATA, Value


def ratio(k1: int, n1: int, k2: int, n2: int) -> Value:
    """Return (k1 / n1) / (k2 / n2) of independent samples, with the interval from Wilson's.

    Source: Donner and Zou (2012), Stat. Methods Med. Res. 21, 347–359, equation 9 (MOVER for a
    ratio).

    Returns:
        `n` is n1. Where k2 is 0 there is no value, only the end below.

    Example:
        12 of 60 against 30 of 600: four times as often.

        >>> v = ratio(12, 60, 30, 600)
        >>> round(v.value, 2), round(v.low, 2), round(v.high, 2)
        (4.0, 2.14, 7.17)
    """
    if n1 == 0 or n2 == 0:
        return NO_DATA
    one, two = intervals.share(k1, n1), intervals.share(k2, n2)
    p, low, high = one.value, one.low, one.high
    q, below, above = two.value, two.low, two.high
    assert p is not None and low is not None and high is not None  # noqa: PT018
    assert q is not None and below is not None and above is not None  # noqa: PT018
    # The equation's (pq − √…) / (above · …) with both multiplied by (pq + √…): no division by 0.
    inner = (p * q) ** 2 - low * above * (2 * p - low) * (2 * q - above)
    least = low * (2 * p - low) / (p * q + math.sqrt(max(0.0, inner))) if k1 else 0.0
    if k2 == 0:
        return Value(None, least, None, n1)
    inner = (p * q) ** 2 - high * below * (2 * p - high) * (2 * q - below)
    most = (p * q + math.sqrt(max(0.0, inner))) / (below * (2 * q - below))
    return Value(p / q, least, most, n1)
