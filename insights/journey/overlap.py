"""Two shares of which some cases are the same: a mention may speak of both sides compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from insights import intervals
from insights.values import NO_DATA, Value


@dataclass(frozen=True, slots=True)
class Pair:
    """The counts of two shares over cases that partly coincide.

    Attributes:
        n1, k1, n2, k2: cases and hits of the first and the second share.
        both: cases in both; of them `both_k1` hit in the first, `both_k2` in the second, and
            `both_k` in both.
    """

    n1: int
    k1: int
    n2: int
    k2: int
    both: int = 0
    both_k1: int = 0
    both_k2: int = 0
    both_k: int = 0

    @classmethod
    def of(
        cls,
        n: NDArray[np.int64],
        cases: tuple[NDArray[np.bool_], NDArray[np.bool_]],
        hits: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    ) -> Pair:
        """Count from cells.

        Args:
            n: (C,), mentions in each cell.
            cases, hits: of the first and of the second share, (C,) each; hits are cases.

        Example:
            >>> yes, no = np.array([True, True]), np.array([False, True])
            >>> Pair.of(np.array([3, 4]), (yes, no), (no, no)).both_k
            4
        """
        both = cases[0] & cases[1]
        masks = (
            *(cases[0], hits[0], cases[1], hits[1]),
            *(both, both & hits[0], both & hits[1], hits[0] & hits[1]),
        )
        return cls(*(int(n[mask].sum()) for mask in masks))

    @property
    def first(self) -> Value:
        """The first share."""
        return intervals.share(self.k1, self.n1)

    @property
    def second(self) -> Value:
        """The second share."""
        return intervals.share(self.k2, self.n2)

    @property
    def difference(self) -> Value:
        """First minus second share, with its interval.

        Wilson's intervals of both, combined with the correlation that the shared cases make.
        Source: Zou (2007), Psychol. Methods 12, 399–413 (MOVER for dependent estimates); without
        shared cases it is Newcombe's interval, `insights.intervals.difference`.

        Example:
            >>> v = Pair(n1=70, k1=56, n2=80, k2=48).difference
            >>> round(v.value, 4), round(v.low, 4), round(v.high, 4)
            (0.2, 0.0524, 0.3339)

            Ten of each side are the same mentions and say the same of both sides (7 twice bad):

            >>> v = Pair(70, 56, 80, 48, both=10, both_k1=7, both_k2=7, both_k=7).difference
            >>> round(v.low, 4), round(v.high, 4)
            (0.0628, 0.325)
        """
        one, two = self.first, self.second
        if one.value is None or two.value is None:
            return NO_DATA
        assert one.low is not None
        assert one.high is not None
        assert two.low is not None
        assert two.high is not None
        p1, p2 = one.value, two.value
        spread = math.sqrt(p1 * (1 - p1) * p2 * (1 - p2) / (self.n1 * self.n2))
        r = self._covariance(p1, p2) / spread if spread else 0.0
        r = max(-1.0, min(1.0, r))
        down, up = (p1 - one.low, two.high - p2), (one.high - p1, p2 - two.low)
        low, high = (math.sqrt(max(0.0, a * a + b * b - 2 * r * a * b)) for a, b in (down, up))
        return Value(p1 - p2, p1 - p2 - low, p1 - p2 + high, min(self.n1, self.n2))

    @property
    def p(self) -> float:
        """The two-sided p-value of both shares being equal; 1 where either has no cases.

        A z-test whose variance takes the shared cases into account. Without any it is the pooled
        test of two proportions, with all of them McNemar's. After Derrick et al. (2015),
        J. Appl. Quant. Methods 10(3), 1–14 (partially overlapping samples); the covariance is
        that of two ratios (delta method), for mentions of both sides differ from the others.

        Example:
            >>> round(Pair(n1=70, k1=56, n2=80, k2=48).p, 4)  # z = 0.2 / 0.07547
            0.008
            >>> mcnemar = Pair(100, 60, 100, 50, both=100, both_k1=60, both_k2=50, both_k=40)
            >>> round(mcnemar.p, 4)  # (20 − 10)² / (20 + 10) = 3.33
            0.0679
        """
        if not self.n1 or not self.n2:
            return 1.0
        apart = self.k1 / self.n1 - self.k2 / self.n2
        p = (self.k1 + self.k2) / (self.n1 + self.n2)
        variance = p * (1 - p) * (1 / self.n1 + 1 / self.n2) - 2 * self._covariance(p, p)
        if variance <= 1e-12:  # nothing varies, up to rounding
            return 1.0 if abs(apart) < 1e-9 else 0.0
        return float(2 * ndtr(-abs(apart) / math.sqrt(variance)))

    def _covariance(self, p1: float, p2: float) -> float:
        products = self.both_k - p2 * self.both_k1 - p1 * self.both_k2 + self.both * p1 * p2
        return products / (self.n1 * self.n2)
