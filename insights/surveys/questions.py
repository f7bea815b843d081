"""What an answer on a scale means: satisfied or not, promoter or detractor, easy or hard."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import ttest_ind_from_stats

from insights import intervals
from insights.significance import shares_differ
from insights.values import MIN_N, NO_DATA, Value

Counts = Mapping[float, int]
"""Score → how many answered so."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """How a brand asked. Answers to different questions are never pooled.

    Attributes:
        metric: `csat`, `nps` or `ces`.
        low, high: the ends of the scale.
        higher_is_better: whether a high score is a good one.

    Example:
        >>> csat = Question("Senandika", "csat", 1, 5, True)
        >>> csat.good, csat.bad
        ((4.0, 5.0), (1.0, 2.0))
        >>> Question("Senandika", "ces", 1, 7, False).bad  # "How hard was it?"
        (5.5, 7.0)
    """

    brand: str
    metric: str
    low: float
    high: float
    higher_is_better: bool

    @property
    def good(self) -> tuple[float, float] | None:
        """The lowest and highest score of a satisfied customer or a promoter.

        Of satisfaction it is the upper quarter of the scale: 4 and 5 of 1 to 5, 6 and 7 of 1 to
        7, 8 to 10 of 0 to 10, 3 of 1 to 3. Promoters answer 9 or 10 (Reichheld 2003, Harvard
        Business Review 81(12), 46–54), which only a scale up to 10 knows. None where it is not
        defined, as for effort, which is a mean.
        """
        if self.metric == "nps":
            return (9.0, 10.0) if self._up_to_ten else None
        return self._quarter(better=True) if self.metric == "csat" else None

    @property
    def bad(self) -> tuple[float, float] | None:
        """The same of the unhappy: detractors answer up to 6, else it is the worst quarter."""
        if self.metric == "nps":
            return (float(self.low), 6.0) if self._up_to_ten else None
        return self._quarter(better=False)

    @property
    def _up_to_ten(self) -> bool:
        return self.high == 10 and self.low in (0, 1) and self.higher_is_better

    def _quarter(self, *, better: bool) -> tuple[float, float]:
        quarter = (self.high - self.low) / 4
        if better == self.higher_is_better:
            return self.high - quarter, float(self.high)
        return float(self.low), self.low + quarter

    def measure(self, counts: Counts) -> Value:
        """Return what the answers say: a share, a balance, or a mean on the scale.

        Satisfaction is the share of the satisfied with Wilson's interval. The net promoter score
        is promoters − detractors as a share of all, with the adjusted Wald interval of
        `intervals.balance`, which Rocks (2016), Am. Stat. 70, 365–372, finds to hold what it
        promises. Effort is a mean with Student's t interval.

        Example:
            50 promoters and 30 detractors of 100: (50 − 30) / 100.
            >>> nps = Question("Senandika", "nps", 0, 10, True)
            >>> nps.measure({9: 30, 10: 20, 7: 20, 6: 10, 0: 20}).value
            0.2
            >>> Question("Senandika", "csat", 1, 5, True).measure({5: 1, 4: 2, 3: 1}).value
            0.75
            >>> Question("Senandika", "ces", 1, 7, True).measure({5: 1, 6: 3}).value
            5.75
        """
        n, total, squares = _sums(counts)
        if self.metric == "ces":
            return intervals.mean(n, total, squares, lowest=self.low, highest=self.high)
        if self.good is None or self.bad is None:
            return NO_DATA
        good = within(counts, self.good)
        if self.metric == "csat":
            return intervals.share(good, n)
        return intervals.balance(good, within(counts, self.bad), n)

    def standard_error(self, counts: Counts) -> float | None:
        """Return the standard error of a net promoter score, √((p + d − (p − d)²) / n).

        p and d are the shares of promoters and detractors: the variance of +1, 0 and −1. Source:
        Rocks (2016). None for other metrics, and without answers.

        Example:
            √((0.5 + 0.3 − 0.2²) / 100) = √0.0076
            >>> nps = Question("Senandika", "nps", 0, 10, True)
            >>> round(nps.standard_error({9: 50, 8: 20, 3: 30}), 4)
            0.0872
        """
        n = sum(counts.values())
        if self.metric != "nps" or self.good is None or self.bad is None or not n:
            return None
        promoters, detractors = within(counts, self.good) / n, within(counts, self.bad) / n
        return math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / n)

    def unhappy(self, counts: Counts) -> Value:
        """Return the share of answers in `bad`."""
        if self.bad is None:
            return NO_DATA
        return intervals.share(within(counts, self.bad), sum(counts.values()))

    def differ(self, one: Counts, other: Counts) -> float | None:
        """Return how likely so large a difference is by chance; None below `MIN_N` answers.

        Two shares are compared as `significance.shares_differ` does; two scores or means by
        Welch's t test, a promoter counting 1 and a detractor −1.
        """
        n, m = sum(one.values()), sum(other.values())
        if min(n, m) < MIN_N or (self.metric != "ces" and self.good is None):
            return None
        if self.metric == "csat" and self.good is not None:
            return shares_differ(within(one, self.good), n, within(other, self.good), m)
        moments = [_mean_and_deviation(self._valued(counts)) for counts in (one, other)]
        (mean, deviation), (mean_of_other, deviation_of_other) = moments
        if deviation == deviation_of_other == 0:
            return float(mean == mean_of_other)
        return float(
            ttest_ind_from_stats(
                mean, deviation, n, mean_of_other, deviation_of_other, m, equal_var=False
            ).pvalue
        )

    def _valued(self, counts: Counts) -> Counts:
        if self.metric == "ces" or self.good is None or self.bad is None:
            return counts
        promoters, detractors = within(counts, self.good), within(counts, self.bad)
        return {
            1.0: promoters,
            -1.0: detractors,
            0.0: sum(counts.values()) - promoters - detractors,
        }


def within(counts: Counts, ends: tuple[float, float]) -> int:
    """Return how many answered from one end to the other, both included."""
    low, high = ends
    return sum(n for score, n in counts.items() if low <= score <= high)


def _sums(counts: Counts) -> tuple[int, float, float]:
    return (
        sum(counts.values()),
        sum(score * n for score, n in counts.items()),
        sum(score * score * n for score, n in counts.items()),
    )


def _mean_and_deviation(counts: Counts) -> tuple[float, float]:
    n, total, squares = _sums(counts)
    return total / n, math.sqrt(max(0.0, (squares - total * total / n) / (n - 1)))
