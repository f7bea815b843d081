"""Channels in which some touchpoints do worse than in others, and than all else does there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N

ALPHA = 0.05
"""The share of false alarms among the channels named."""


@dataclass(frozen=True, slots=True)
class Side:
    """Good and bad words of one channel, about some touchpoints and about all others.

    Attributes:
        bad, spoken: mentions that speak badly of the touchpoints, and all that speak of them.
        other_bad, other_spoken: the same of the mentions that speak of other touchpoints alone.
    """

    bad: int
    spoken: int
    other_bad: int
    other_spoken: int

    @property
    def enough(self) -> bool:
        """Whether both sides have enough mentions."""
        return min(self.spoken, self.other_spoken) >= MIN_N

    @property
    def log_odds_ratio(self) -> tuple[float, float]:
        """The log odds ratio of bad words and its variance, half a mention added to each cell.

        Source: Woolf (1955), Ann. Hum. Genet. 19, 251–253; Haldane (1956), ibid. 20, 309–311.

        Example:
            >>> ratio, variance = Side(30, 40, other_bad=20, other_spoken=40).log_odds_ratio
            >>> round(ratio, 3), round(variance, 3)  # ln(30.5 · 20.5 / (10.5 · 20.5))
            (1.066, 0.226)
        """
        cells = (
            self.bad + 0.5,
            self.spoken - self.bad + 0.5,
            self.other_bad + 0.5,
            self.other_spoken - self.other_bad + 0.5,
        )
        a, b, c, d = cells
        return math.log(a * d / (b * c)), sum(1 / cell for cell in cells)


def uneven(sides: Mapping[str, Side]) -> tuple[float, tuple[str, ...]] | None:
    """Return which channels treat the touchpoints worse than the others do.

    A channel is named where two things hold. Its touchpoints are spoken badly of more often than
    the same touchpoints elsewhere. And its odds of that, over its odds of bad words about anything
    else, are higher than in the other channels: to some channels people come with trouble only,
    which is no fault of a procedure. Whether the ratios differ at all is asked first, by Woolf's
    test of homogeneity.

    Returns:
        The p-value of equal ratios, and the channels that are worse (false discovery rate
        `ALPHA`); None where fewer than two channels have enough mentions.

    Example:
        >>> same, worse = Side(20, 40, 20, 40), Side(38, 40, 20, 40)
        >>> p, channels = uneven({"email": worse, "instagram": same, "whatsapp": same})
        >>> p < 0.01, channels
        (True, ('email',))
    """
    names = [name for name, side in sides.items() if side.enough]
    if len(names) < 2:
        return None
    pairs = [sides[name].log_odds_ratio for name in names]
    ratios, weights = np.array([ratio for ratio, _ in pairs]), 1 / np.array([v for _, v in pairs])
    mean = float(np.average(ratios, weights=weights))
    p = float(chi2.sf((weights * (ratios - mean) ** 2).sum(), len(names) - 1))
    if p >= ALPHA:
        return p, ()
    both = [max(_alone(ratios, weights, i), _above(sides, names, i)) for i in range(len(names))]
    adjusted = benjamini_hochberg(both)
    return p, tuple(name for name, one in zip(names, adjusted, strict=True) if one < ALPHA)


def _alone(ratios: NDArray[np.float64], weights: NDArray[np.float64], i: int) -> float:
    """Return the p-value that one ratio is no higher than the mean of the others."""
    others = np.delete(np.arange(len(ratios)), i)
    mean = float(np.average(ratios[others], weights=weights[others]))
    z = (ratios[i] - mean) / math.sqrt(1 / weights[i] + 1 / weights[others].sum())
    return float(norm.sf(z))


def _above(sides: Mapping[str, Side], names: Sequence[str], i: int) -> float:
    """Return the p-value that one negative rate is no higher than that of the others together."""
    here = sides[names[i]]
    bad = sum(sides[name].bad for name in names) - here.bad
    spoken = sum(sides[name].spoken for name in names) - here.spoken
    half = shares_differ(here.bad, here.spoken, bad, spoken) / 2
    return half if here.bad / here.spoken > bad / spoken else 1 - half
