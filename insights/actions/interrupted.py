"""An interrupted time series: how level and trend of a share change at a day.

log-odds of week t = a + b · t + level · after + slope · after · (t − day), a quasi-binomial
regression on the weeks of both sides. Source: Wagner et al. (2002), J. Clin. Pharm. Ther. 27,
299–309; Bernal et al. (2017), Int. J. Epidemiol. 46, 348–355. The errors are widened by the
dispersion of the weeks and Student's t distribution, which for a dozen weeks keeps its promise
where Newey and West's does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, fdtrc, stdtrit

from insights.actions.weeks import Weeks
from insights.values import MIN_N, Value

MIN_WEEKS = 4
"""Weeks a side below which a line through them says nothing."""

_STEPS = 25
_WILD = 20.0
"""A log-odds whose interval is wider than this has no answer."""

_RIDGE = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What changed at the day, against the trend before it.

    Attributes:
        level: the odds of a bad word right after the day by those that the trend led to expect;
            1 is no change.
        slope: by how much those odds change more in a week than before; 1 is no change.
        middle: the same odds in the middle of the weeks after: level and slope together.
        expected: the share that the trend before leads to there.
        p: of the hypothesis that neither level nor slope changed.
        carried: correlation of a week's residual with the next one's; far from 0 the weeks hang
            together and the intervals are too narrow.
    """

    level: Value
    slope: Value
    middle: Value
    expected: Value
    p: float
    carried: float


def interrupted(weeks: Weeks) -> Interrupted | None:
    """Estimate level and slope change.

    Returns:
        None with fewer than `MIN_WEEKS` weeks with a case or `MIN_N` cases on a side, or where the
        regression has no finite answer (all cases of a side alike, or the shares of all weeks).
    """
    kept = weeks.n > 0
    sides = (kept[: weeks.before].sum(), kept[weeks.before :].sum())
    totals = [weeks.side(after) for after in (False, True)]
    if min(sides) < MIN_WEEKS or any(n < MIN_N or k in (0, n) for k, n in totals):
        return None
    # Centred weeks: half a week before and after the day.
    at = np.arange(len(weeks.n), dtype=np.float64) - weeks.before + 0.5
    design = lines(at)[kept]
    k, n = weeks.k[kept].astype(float), weeks.n[kept].astype(float)
    beta, covariance, ratio, residual = fit(k, n, design)
    degrees = len(n) - design.shape[1]
    covariance = covariance * ratio
    half = float(stdtrit(degrees, 0.975))
    if ratio <= 0:
        return None
    if not np.isfinite(beta).all() or (half * np.sqrt(covariance.diagonal()) > _WILD).any():
        return None
    total = int(n.sum())

    def ends(along: Floats) -> Floats:
        """Return low, value and high of a sum of coefficients."""
        error = half * np.sqrt(along @ covariance @ along)
        low_to_high: Floats = along @ beta + np.array([-error, 0.0, error])
        return low_to_high

    middle = float(at[kept & (at > 0)].mean())
    both = beta[2:] @ np.linalg.solve(covariance[2:, 2:], beta[2:]) / 2
    return Interrupted(
        level=_value(np.exp(ends(np.array([0.0, 0.0, 1.0, 0.0]))), total),
        slope=_value(np.exp(ends(np.array([0.0, 0.0, 0.0, 1.0]))), total),
        middle=_value(np.exp(ends(np.array([0.0, 0.0, 1.0, middle]))), total),
        expected=_value(expit(ends(np.array([1.0, middle, 0.0, 0.0]))), total),
        p=float(fdtrc(2, degrees, both)),
        carried=_carried(residual),
    )


def lines(at: Floats) -> Floats:
    """Return the design of two lines that meet at no point: (weeks, 4)."""
    after = (at > 0).astype(float)
    return np.stack([np.ones_like(at), at, after, after * at], axis=-1)


def fit(k: Floats, n: Floats, design: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Fit binomial regressions by Newton's method, any number at a time.

    Args:
        k, n: (…, weeks).
        design: (weeks, p).

    Returns:
        Coefficients (…, p), their covariance by chance alone (…, p, p), Pearson's X² by its
        degrees of freedom (…,), and Pearson's residuals (…, weeks).

    Example:
        >>> beta, covariance, ratio, _ = fit(
        ...     np.array([10.0, 20.0]), np.array([40.0, 40.0]), np.array([[1.0], [1.0]])
        ... )
        >>> [round(float(x), 4) for x in (expit(beta[0]), covariance[0, 0], ratio)]
        [0.375, 0.0533, 5.3333]
    """
    p = design.shape[1]
    beta = np.zeros((*k.shape[:-1], p))
    ridge = _RIDGE * np.eye(p)
    for _ in range(_STEPS):
        mean = expit(beta @ design.T)
        information = np.einsum("...w,wi,wj->...ij", n * mean * (1 - mean), design, design) + ridge
        step = np.linalg.solve(information, ((k - n * mean) @ design)[..., None])[..., 0]
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    mean = expit(beta @ design.T)
    variance = n * mean * (1 - mean)
    information = np.einsum("...w,wi,wj->...ij", variance, design, design) + ridge
    residual = (k - n * mean) / np.sqrt(np.maximum(variance, 1e-12))
    ratio = (residual**2).sum(axis=-1) / (k.shape[-1] - p)
    return beta, np.linalg.inv(information), ratio, residual


def _carried(residual: Floats) -> float:
    total = float(residual @ residual)
    return float(residual[1:] @ residual[:-1]) / total if total else 0.0


def _value(ends: Floats, n: int) -> Value:
    low, value, high = (float(end) for end in ends)
    return Value(value, low, high, n)
