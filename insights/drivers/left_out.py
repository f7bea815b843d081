"""The mean stars with some mentions left out, against the mean of all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from insights import intervals
from insights.values import NO_DATA, Value


@dataclass(frozen=True, slots=True)
class Stars:
    """Stars of some mentions.

    Attributes:
        n: how many have stars.
        total, squares: the sum of the stars, and of their squares.
    """

    n: int
    total: float
    squares: float

    def mean(self) -> Value:
        """Return their mean."""
        return intervals.mean(self.n, self.total, self.squares)

    def without(self, others: Stars) -> Stars:
        """Return those that are not among `others`."""
        return Stars(self.n - others.n, self.total - others.total, self.squares - others.squares)


def stars_without(all: Stars, left_out: Stars) -> Value:
    """Return by how much the mean of `all` would be higher without those `left_out`.

    It is w · (mean of the rest − mean of those left out), where w is the share left out. Both
    factors have intervals (Wilson's, and that of a difference of means), from which that of the
    product is recovered: Donner and Zou (2012), Stat. Methods Med. Res. 21, 347–359 (MOVER), with
    the delta method's weights.

    Args:
        left_out: some of `all`.

    Returns:
        `n` is that of `all`. No interval where none is left out, for then there is nothing to
        judge their stars by.

    Example:
        Of 100 mentions 20 are left out, with 2 stars each; the 80 others have 4.5: the mean of
        4.0 rises by 0.2 · 2.5 = 0.5.

        >>> v = stars_without(Stars(100, 400, 1720), Stars(20, 40, 80))
        >>> round(v.value, 2), round(v.low, 2), round(v.high, 2)
        (0.5, 0.33, 0.72)
    """
    rest = all.without(left_out)
    if rest.n == 0:
        return NO_DATA
    if left_out.n == 0:
        return Value(0.0, n=all.n)
    gap = intervals.difference(rest.mean(), left_out.mean())
    part = intervals.share(left_out.n, all.n)
    assert gap.value is not None and gap.low is not None and gap.high is not None  # noqa: PT018
    assert part.value is not None and part.low is not None and part.high is not None  # noqa: PT018
    value = part.value * gap.value
    # Where fewer of those left out would raise the result, the ends of the share change places.
    below, above = part.value - part.low, part.high - part.value
    if gap.value < 0:
        below, above = above, below
    low = math.hypot(gap.value * below, part.value * (gap.value - gap.low))
    high = math.hypot(gap.value * above, part.value * (gap.high - gap.value))
    return Value(value, value - low, value + high, all.n)
