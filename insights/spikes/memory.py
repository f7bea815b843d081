"""What is remembered of a series for longer than its level: its weekdays and its dispersion.

A level moves, so that only its last weeks tell it; how Mondays differ from Sundays, and how far
counts stray from their mean, stays. Learned from the whole past they are known better than from
the 26 weeks that tell the level; and how far they stray is much alike among a brand's series.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from insights.spikes.baseline import DAYS, RECENCY, Fit

HALF_LIFE = 365
"""Days after which what was learned counts half."""

_PRIOR = 0.22
"""How far a weekday is from the others, on the log scale, before anything is seen (standard
deviation)."""

WIDER = 1.3
"""How much the dispersion beyond 1 is raised. Days that stand out are left out of it, and an
estimate that is too low by chance costs more false alarms than one too high by chance saves."""

Floats = NDArray[np.float64]


class Memory:
    """Learns of the S series of one brand, week by week.

    A weekday's factor is (seen + k) / (expected without weekdays + k), the mean of a gamma
    posterior; its prior has the mean 1 and the variance 1 / k.

    Example:
        By hand: k = 1 / 0.22² = 20.66. 26 Mondays with 16 where 8 were to be expected of a day:
        (416 + 20.66) / (208 + 20.66) = 1.910, and (208 + 20.66) / (208 + 20.66) = 1 of the other
        days; over the geometric mean of all seven, 1.097, that is 1.741 and 0.912.

        >>> counts = np.tile([16.0, 8, 8, 8, 8, 8, 8], DAYS // 7)[None]
        >>> none = np.zeros((1, 3))
        >>> even = Fit(none, none, np.ones(1), RECENCY[None], np.full((1, DAYS), 8.0),
        ...            np.ones((1, 7)), np.ones(1))
        >>> memory = Memory(1)
        >>> memory.begin(counts, even)
        >>> memory.weekdays[0, :2].round(3).tolist()
        [1.741, 0.912]
    """

    def __init__(self, series: int) -> None:
        self._seen = np.zeros((series, 7))
        self._even = np.zeros((series, 7))
        self._squares = np.zeros(series)
        self._freedom = np.zeros(series)

    def begin(self, counts: Floats, fitted: Fit) -> None:
        """Learn from the whole of the first window, and from nothing before it.

        Args:
            counts: (S, DAYS).
        """
        for known in (self._seen, self._even, self._squares, self._freedom):
            known[:] = 0
        self._learn(counts, fitted, DAYS)

    def learn(self, counts: Floats, fitted: Fit) -> None:
        """Learn from the last week of a window.

        Args:
            counts: (S, DAYS).
        """
        self._learn(counts, fitted, 7)

    def _learn(self, counts: Floats, fitted: Fit, days: int) -> None:
        series, last = len(counts), slice(DAYS - days, DAYS)
        fade = 0.5 ** (days / HALF_LIFE)
        used = fitted.used[:, last] / RECENCY[last]
        seen, level = counts[:, last], fitted.level[:, last]
        mean = level * np.tile(fitted.weekdays, days // 7)
        for known, new in ((self._seen, used * seen), (self._even, used * level)):
            known[:] = fade * known + new.reshape(series, -1, 7).sum(1)
        # Twice as strict as the level: one burst adds more to the squares than to the sum.
        keen = np.square(used)
        self._squares = fade * self._squares + (keen * np.square(seen - mean) / mean).sum(1)
        self._freedom = fade * self._freedom + keen.sum(1) * fitted.freedom

    @property
    def weekdays(self) -> Floats:
        """(S, 7): how much more than on average is said on each day; Monday first."""
        factor = (self._seen + _PRIOR**-2) / (self._even + _PRIOR**-2)
        of_all: Floats = np.exp(np.log(factor).mean(1, keepdims=True))
        return factor / of_all

    @property
    def unsure(self) -> Floats:
        """(S, 7): the variance of the logarithm of `weekdays`."""
        return self.dispersion[:, None] / (self._even + _PRIOR**-2)

    @property
    def dispersion(self) -> Floats:
        """(S,): variance over mean, at least 1, each drawn towards that of all S series."""
        freedom = np.maximum(self._freedom, 1)
        own = self._squares / freedom
        unsure = 2 * np.square(np.maximum(own, 1)) / freedom
        return 1 + WIDER * np.maximum(pooled(own, unsure) - 1, 0)


def pooled(own: Floats, unsure: Floats) -> Floats:
    """Return estimates drawn towards their mean, the more the less sure each is.

    Empirical Bayes for a normal mean: τ², by which the true values differ, is what the estimates
    differ by beyond what they are unsure (DerSimonian and Laird 1986, Control. Clin. Trials 7,
    177–188), and an estimate keeps the part τ² / (τ² + unsure) of its distance from the mean
    (Morris 1983, JASA 78, 47–55).

    Args:
        own, unsure: (S,), estimates and their variances.

    Example:
        By hand: weights 100 and 100, mean 1.25; Q = 200 · 0.25² = 12.5, less 1 degree of freedom
        11.5, over 200 − 20 000 / 200 = 100: τ² = 0.115, and 0.115 / 0.125 = 0.92 of 0.25 is kept.

        >>> pooled(np.array([1.0, 1.5]), np.array([0.01, 0.01])).round(3).tolist()
        [1.02, 1.48]
    """
    weight = 1 / unsure
    mean = (weight * own).sum() / weight.sum()
    distance = (weight * np.square(own - mean)).sum() - (len(own) - 1)
    room = weight.sum() - np.square(weight).sum() / weight.sum()
    differ = max(0.0, distance / room) if room > 1e-9 else 1.0
    weight = 1 / (unsure + differ)
    mean = (weight * own).sum() / weight.sum()
    drawn: Floats = mean + differ / (differ + unsure) * (own - mean)
    return drawn
