"""What would have been without the action, told by a series that the action did not touch.

Difference in differences on the log-odds: without the action the log-odds of a bad word about the
touchpoint would have changed as they did in the comparison. Log-odds, because a touchpoint of
which a tenth is bad and one of which nine tenths are cannot lose as many points each. Source:
Angrist and Pischke (2009), Mostly Harmless Econometrics, section 5.2; Puhani (2012), Econ. Lett.
115, 85–87, for the effect on the share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, stdtr, stdtrit

from insights import intervals
from insights.actions.weeks import Counts, Spread, Weeks, log_odds, share, spread
from insights.values import MIN_N, Value

MIN_HISTORY = 4
"""Weeks before the day that two series must share to be compared."""

APART = 0.05
"""Two series whose gap grows or shrinks before the day, with a p below this, are not compared."""

Kind = Literal["touchpoint", "rival"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that could stand for what would have been.

    Attributes:
        kind: another touchpoint of the brand, or the same one of a rival.
        name: the touchpoint's id, or the rival.
        weeks: its series over the same weeks.
    """

    kind: Kind
    name: str
    weeks: Weeks


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two series went along before the day.

    Attributes:
        gap: root mean square of the gap of their log-odds about its mean: the lower the better.
        p: of a gap that neither grew nor shrank (parallel trends).
        weeks: how many were compared.
    """

    gap: float
    p: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Effect:
    """The action's effect by a comparison; an association, as long as nothing else happened.

    Attributes:
        expected: share of bad words after the day if it had changed as the comparison's did.
        effect: the share that was, minus the expected one.
        p: of no effect, a t test of the log-odds (Welch and Satterthwaite's degrees of freedom).
        cost: variance of the effect by that of the bare change: what comparing costs in certainty.
    """

    expected: Value
    effect: Value
    p: float
    cost: float


def choose(
    treated: Weeks, candidates: Sequence[Candidate], weeks: int
) -> tuple[Candidate, Fit] | None:
    """Return the candidate that went along best before the day; None where none did.

    Nothing after the day is looked at but that there are at least `MIN_N` cases on either side.

    Args:
        weeks: on either side, of those cases.
    """
    fits = [
        (candidate, fit)
        for candidate in candidates
        if min(candidate.weeks.cut(weeks, weeks).side(side)[1] for side in (False, True)) >= MIN_N
        and (fit := along(treated, candidate.weeks)) is not None
        and fit.p >= APART
    ]
    return min(fits, key=lambda pair: pair[1].gap) if fits else None


def along(treated: Weeks, other: Weeks) -> Fit | None:
    """Return how well two series went along before the day, the weeks weighed by the treated's n.

    Returns:
        None where fewer than `MIN_HISTORY` weeks have cases of both.

    Example:
        >>> up = Weeks(np.array([1, 2, 3, 4, 5, 9]), np.full(6, 10), before=5)
        >>> fit = along(up, up)
        >>> fit.gap, fit.p, fit.weeks
        (0.0, 1.0, 5)
    """
    rows = [
        (at, log_odds(k, n)[0] - log_odds(j, m)[0], n)
        for at, (k, n, j, m) in enumerate(
            zip(*(a[: treated.before].tolist() for a in _columns(treated, other)), strict=True)
        )
        if n and m
    ]
    if len(rows) < MIN_HISTORY:
        return None
    at, gap, weight = np.array(rows).T
    weight = weight / weight.sum()
    at, gap = at - weight @ at, gap - weight @ gap
    square = float(weight @ gap**2)
    slope = float(weight @ (at * gap)) / float(weight @ at**2)
    left = square - slope**2 * float(weight @ at**2)
    if left < 1e-12:
        return Fit(math.sqrt(square), 1.0 if square < 1e-12 else 0.0, len(rows))
    degrees = len(rows) - 2
    t = abs(slope) * math.sqrt(float(weight @ at**2) * degrees / left)
    return Fit(math.sqrt(square), 2 * float(stdtr(degrees, -t)), len(rows))


def effect(treated: Weeks, other: Weeks) -> Effect | None:
    """Return what the action did by a comparison.

    Returns:
        None where one of the series is too short to say how it scatters.

    Example:
        60 of 100 before and 40 of 100 after, while the other fell from 50 to 40 of 100:
        log-odds 0.405 − 0.405 of the other's fall lead to 50 %, and 40 % is 10 points less.

        >>> def weeks(before, after):
        ...     return Weeks(np.array(before + after), np.full(4, 50), before=2)
        >>> found = effect(weeks([28, 32], [18, 22]), weeks([23, 27], [18, 22]))
        >>> round(found.expected.value, 2), round(found.effect.value, 2)
        (0.5, -0.1)
    """
    own, its = spread(treated), spread(other)
    if own is None or its is None:
        return None
    before, after = (log_odds(*treated.side(side)) for side in (False, True))
    then, now = (log_odds(*other.side(side)) for side in (False, True))
    moved = now[0] - then[0]
    parts = [(own, before[1] + after[1]), (its, then[1] + now[1])]
    degrees = _degrees(parts)
    bare, added = (spread.ratio * variance for spread, variance in parts)
    # One quantile for all parts, that of their sum.
    half = float(stdtrit(degrees, 0.975)) * math.sqrt(own.ratio * before[1] + added)
    low, value, high = (float(expit(before[0] + moved + side * half)) for side in (-1, 0, 1))
    expected = Value(value, low, high, treated.side(False)[1])
    seen = share(*treated.side(True), Spread(own.ratio, degrees))
    p = _two_sided(after[0] - before[0] - moved, parts)
    return Effect(expected, intervals.difference(seen, expected), p, 1 + added / bare)


def alone(weeks: Weeks) -> float | None:
    """Return p of no change between before and after; None where the series is too short."""
    own = spread(weeks)
    if own is None:
        return None
    before, after = (log_odds(*weeks.side(side)) for side in (False, True))
    return _two_sided(after[0] - before[0], [(own, before[1] + after[1])])


_Parts = Sequence[tuple[Spread, float]]
"""Independent parts of a sum: the dispersion of each, and its variance by chance alone."""


def _two_sided(difference: float, parts: _Parts) -> float:
    error = math.sqrt(sum(spread.ratio * variance for spread, variance in parts))
    return 2 * float(stdtr(_degrees(parts), -abs(difference) / error))


def _degrees(parts: _Parts) -> float:
    """Return the degrees of freedom of a sum. Source: Satterthwaite (1946), Biometrics 2, 110."""
    variances = [(spread.ratio * variance, spread.degrees) for spread, variance in parts]
    return sum(variance for variance, _ in variances) ** 2 / sum(
        variance**2 / degrees for variance, degrees in variances
    )


def _columns(treated: Weeks, other: Weeks) -> tuple[Counts, ...]:
    return treated.k, treated.n, other.k, other.n
