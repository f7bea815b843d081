"""How many mentions it takes to see what an action can plausibly do."""

from __future__ import annotations

import math

from scipy.special import ndtri

from insights.intervals import Z

PLAUSIBLE = 0.25
"""An effect worth waiting for: a quarter fewer bad words than before."""

POWER = 0.8


def needed(share: float, ratio: float = 1.0) -> int:
    """Return how many mentions a side needs to find a `PLAUSIBLE` effect four times in five.

    Two shares, each with its own variance, widened by the dispersion. Source: Fleiss, Levin and
    Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.2.

    Args:
        share: of bad words before; between 0 and 1.
        ratio: dispersion of the weeks, `insights.actions.weeks.Spread`; below 1 is taken for 1.

    Returns:
        0 where there is nothing to make fewer.

    Example:
        >>> needed(0.4)  # (1.96 √(2 · 0.35 · 0.65) + 0.84 √(0.4 · 0.6 + 0.3 · 0.7))² / 0.1²
        356
    """
    if share <= 0:
        return 0
    less = share * (1 - PLAUSIBLE)
    pooled = (share + less) / 2
    root = Z * math.sqrt(2 * pooled * (1 - pooled))
    root += float(ndtri(POWER)) * math.sqrt(share * (1 - share) + less * (1 - less))
    return math.ceil(max(1.0, ratio) * (root / (share - less)) ** 2)
