"""Where the level of many series changed last, as known on each day: PELT, day by day.

Killick, Fearnhead and Eckley (2012), JASA 107, 1590–1598. The least cost of the days up to t is
the least over s of (cost up to s) + (cost of one level from s to t) + penalty, so that each new
day needs only what is known of the days before: nothing is looked up ahead of its time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PENALTY = 8.0
"""What a change must gain in deviance; the test after it decides, this only proposes."""

LEAST_DAYS = 5
"""Of a level: shorter ones are spikes."""

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Levels:
    """Follows the levels of S series over T days.

    The cost of days with counts y, in units of what was usual e, is the quasi-Poisson deviance up
    to a constant: −2·Y·log(Y / E) with Y = Σ y / d and E = Σ e / d, d the dispersion.

    Example:
        >>> import numpy as np
        >>> levels = Levels(1, 40)
        >>> for day in range(40):
        ...     last = levels.add(np.array([4.0 if day < 20 else 12.0]), np.ones(1))
        >>> int(last[0])
        20
    """

    def __init__(self, series: int, days: int, *, penalty: float = PENALTY) -> None:
        self._penalty = penalty
        self._day = 0
        self._seen = np.zeros((series, days + 1))
        self._usual = np.zeros((series, days + 1))
        self._cost = np.full((series, days + 1), np.inf)
        self._cost[:, 0] = -penalty
        self._starts: Places = np.array([0])

    def add(self, seen: Floats, usual: Floats) -> Places:
        """Take in a day.

        Args:
            seen, usual: (S,), counts and what they are measured in, both over the dispersion.

        Returns:
            (S,): the first day of each series' present level, counted from the first day taken in.
        """
        day = self._day = self._day + 1
        self._seen[:, day] = self._seen[:, day - 1] + seen
        self._usual[:, day] = self._usual[:, day - 1] + usual
        fit = self._starts[: np.searchsorted(self._starts, day - LEAST_DAYS, side="right")]
        if not len(fit):
            return np.zeros(len(seen), np.intp)
        y = self._seen[:, day, None] - self._seen[:, fit]
        e = self._usual[:, day, None] - self._usual[:, fit]
        # A level of no count at all costs nothing, as does one of no days that were collected.
        cost = self._cost[:, fit] - 2 * y * np.log(np.maximum(y, 1e-300) / np.maximum(e, 1e-9))
        best = cost.argmin(1)
        self._cost[:, day] = cost[np.arange(len(seen)), best] + self._penalty
        # What is worse by more than a change costs now stays worse; all series must agree.
        alive = (cost <= self._cost[:, day, None]).any(0)
        young = self._starts[len(fit) :]
        last: Places = fit[best]
        self._starts = np.concatenate([fit[alive], young, [day]])
        return last

    def sums(self, series: Places, start: Places, end: Places) -> tuple[Floats, Floats]:
        """Return what was seen, and what it is measured in, over the days [start, end) of each."""
        return (
            self._seen[series, end] - self._seen[series, start],
            self._usual[series, end] - self._usual[series, start],
        )
