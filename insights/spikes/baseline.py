"""What to expect of a day: level and trend of the 26 weeks before, past bursts aside.

A quasi-Poisson regression with a log link, fitted to many series at once by iteratively weighted
least squares. Weeks count less the longer ago they are, and days far from what the others say
count less, so that a past burst does not hide the next one. What weekdays differ by is given:
`insights.spikes.memory` knows it. Source: Farrington et al. (1996),
J. R. Stat. Soc. A 159, 547–563; Noufaily et al. (2013), Stat. Med. 32, 1206–1222.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEEKS = 26
DAYS = 7 * WEEKS

HALF_LIFE = 60
"""Days after which a day counts half."""

FAR = 2.58
"""Standard deviations from the mean from which on a day counts less (99 of 100 are nearer)."""

COLUMNS = 2
"""Level and trend per year; a third is the step of a level shift."""

_STEP = COLUMNS
_TREND_PRIOR = 0.5
_STEP_PRIOR = 10.0
"""How large, on the log scale, the effects are before anything is seen (standard deviations)."""

_LEAST = -7.0
"""The least log mean: about one a thousand days."""

_ROUNDS = 4

Floats = NDArray[np.float64]


def design(first: int, last: int) -> Floats:
    """Return the rows (last − first, COLUMNS) of days counted from the Monday after the window.

    Example:
        >>> design(0, 2).round(4).tolist()
        [[1.0, 0.0], [1.0, 0.0027]]
    """
    day = np.arange(first, last)
    return np.column_stack([np.ones(len(day)), day / 365])


WINDOW = design(-DAYS, 0)
"""(DAYS, COLUMNS): of the days of a window, which always begins on a Monday."""

RECENCY: Floats = 0.5 ** (np.arange(DAYS, 0, -1) / HALF_LIFE)
"""(DAYS,): how much each day of the window counts."""

_PRODUCTS = (WINDOW[:, :, None] * WINDOW[:, None, :]).reshape(DAYS, COLUMNS * COLUMNS)


@dataclass(frozen=True)
class Fit:
    """The regressions of S series.

    Attributes:
        effects: (S, COLUMNS + 1).
        covariance: (S, COLUMNS + 1, COLUMNS + 1), of the effects; a sandwich, for the weights are
            no sizes of samples.
        dispersion: (S,), variance over mean of the window, at least 1.
        used: (S, DAYS), how much each day counted at last.
        level: (S, DAYS), the mean of each day if it were no weekday.
        weekdays: (S, 7), as given.
        freedom: (S,), the part of the days that the effects leave to the dispersion.
    """

    effects: Floats
    covariance: Floats
    dispersion: Floats
    used: Floats
    level: Floats
    weekdays: Floats
    freedom: Floats


def fit(
    counts: Floats,
    weekdays: Floats,
    weights: Floats,
    stepped: Floats,
    start: Fit | None = None,
    *,
    far: float = FAR,
    priors: bool = True,
    rounds: int = _ROUNDS,
) -> Fit:
    """Fit S series over one window.

    Args:
        counts: (S, DAYS).
        weekdays: (S, 7), the factor of each weekday, Monday first.
        weights: (S, DAYS), how much a day counts; 0 leaves it out.
        stepped: (S, DAYS), 1 on the days before a level shift that is known of, else 0.
        start: where to begin, the fit of the week before.
        far: see `FAR`; infinity takes every day as it is.
        priors: whether large effects are shrunk.
        rounds: of the iteration; few are needed from the fit of the week before.
    """
    series = len(counts)
    size = COLUMNS + 1
    usual = np.tile(weekdays, DAYS // 7)
    if start is None:
        level = (weights * counts).sum(1) / np.maximum(weights.sum(1), 1e-9)
        effects = np.zeros((series, size))
        effects[:, 0] = np.log(np.maximum(level, 1e-2))
        dispersion = np.ones(series)
        rounds += 3
    else:
        effects, dispersion = start.effects, start.dispersion
    prior = np.array([0, 1 / _TREND_PRIOR**2, 1 / _STEP_PRIOR**2])
    if not priors:
        prior = np.array([*[0.0] * COLUMNS, 1e-9])
    roots = np.sqrt(counts + 0.375)
    within = np.eye(size)
    used = weights
    for turn in range(rounds + 1):
        log_mean = np.maximum(effects[:, :_STEP] @ WINDOW.T, _LEAST)
        log_mean += effects[:, _STEP, None] * stepped
        even = np.exp(np.minimum(log_mean, 20))
        mean = even * usual
        if np.isfinite(far):
            away = 2 * np.abs(roots - np.sqrt(mean + 0.375)) / np.sqrt(dispersion)[:, None]
            # The fourth power: a burst must widen what is usual no more than it lifts it.
            used = weights * np.square(np.square(np.minimum(1, far / np.maximum(away, 1e-9))))
        precision = used * mean
        information = _information(precision, stepped)
        penalty = prior * dispersion[:, None]
        inverse = np.linalg.inv(information + penalty[:, None, :] * within)
        middle = _information(used * precision, stepped)
        freedom = used.sum(1) - np.einsum("sij,sji->s", inverse, middle)
        squares = (used * np.square(counts - mean) / mean).sum(1)
        dispersion = np.maximum(1, squares / np.maximum(freedom, 1))
        if turn == rounds:
            break
        gap = used * (counts - mean)
        score = np.column_stack([gap @ WINDOW, (gap * stepped).sum(1)]) - penalty * effects
        effects = effects + np.clip(np.einsum("sij,sj->si", inverse, score), -2, 2)
    covariance = dispersion[:, None, None] * (inverse @ middle @ inverse)
    left = np.maximum(freedom, 0) / np.maximum(used.sum(1), 1e-9)
    return Fit(effects, covariance, dispersion, used, even, weekdays, left)


def _information(precision: Floats, stepped: Floats) -> Floats:
    """Return X'WX of each series, (S, COLUMNS + 1, COLUMNS + 1)."""
    series = len(precision)
    whole = np.empty((series, COLUMNS + 1, COLUMNS + 1))
    whole[:, :_STEP, :_STEP] = (precision @ _PRODUCTS).reshape(series, COLUMNS, COLUMNS)
    before = precision * stepped
    across = before @ WINDOW
    whole[:, _STEP, :_STEP] = across
    whole[:, :_STEP, _STEP] = across
    whole[:, _STEP, _STEP] = (before * stepped).sum(1)
    return whole
