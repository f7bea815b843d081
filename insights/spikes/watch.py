"""One pass over many series: each day against what the days before it led to expect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from insights.significance import benjamini_hochberg
from insights.spikes import tail
from insights.spikes.baseline import COLUMNS, DAYS, RECENCY, Fit, design, fit
from insights.spikes.memory import Memory
from insights.spikes.segments import LEAST_DAYS, Levels

HISTORY_DAYS = 56
"""Before the first day that is judged."""

MIN_VOLUME = 30
"""Mentions a series must have in the window of its expectation."""

MIN_SEEN = 5
"""Mentions of a day that can be a spike."""

MIN_RATIO = 1.25
"""Seen over expected, or the inverse, from which on a reader cares."""

SPIKE_CHANCES = ((1.0, 1.03, 2.0), (1 / 355, 1 / 460, 1 / 320))
"""The mid-p value up to which a day is a spike, if the rate of false discoveries agrees too: by
dispersion as it is estimated, what lies between on a line (of one over the value).

Set on 6 × 43 series of two years (seeds 100 to 105 of `benchmarks.spikes`, none of which it
reports) so that series without any event have at most one false alarm a year whether the true
dispersion is 1, 1.1, 1.25, 1.5, 2 or 3. An estimate a little above 1 is too low more often than
too high, for those below 1 are raised to it."""

SHIFT_CHANCE = 6e-4
"""The same of a level: small, for the day of the change was chosen among many."""

FALSE_DISCOVERIES = 0.15
"""Of the series that stand out on a day, how many may do so by chance (Benjamini-Hochberg); of one
brand's 43 series it lets a single one pass at 1 / 287, so that the chances above decide."""

NEW_FOR = 42
"""Days within which a change of level is found, or is not one any more."""

BEFORE_DAYS = 56
"""That a level is held against."""

DRIFT = 0.08
"""How far a level moves by itself over these weeks (standard deviation of its logarithm)."""

_CAP = 3.0
"""Standard deviations beyond which a day does not speak for a change of level: it is a spike."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of level of the series at place `series`; days are counted from the first.

    Attributes:
        start: the first day of the new level.
        found: the day on which enough was known.
        settled: from this day on the new level is what is expected.
        seen, expected: sums over the days from `start` to `found`.
        error: the standard error of log expected.
        days: how many days were summed; those that were not collected are left out.
        history: mentions in the window of the expectation.
    """

    series: int
    start: int
    found: int
    settled: int
    seen: float
    expected: float
    dispersion: float
    error: float
    p: float
    days: int
    history: float


@dataclass(frozen=True)
class Watched:
    """What was expected of S series over T days, and what stood out.

    Attributes:
        expected, error: (S, T), the mean and the standard error of its logarithm; NaN on days
            that were not judged.
        dispersion: (S, T), variance over mean.
        history: (S, T), mentions in the window of the expectation.
        p: (S, T), mid-p value of the count; NaN on days that were not judged, 1 where the count
            is too small to matter.
        shifts: in the order in which they were found.
    """

    expected: Floats
    error: Floats
    dispersion: Floats
    history: Floats
    p: Floats
    shifts: tuple[Shift, ...]


def watch(
    counts: NDArray[np.integer],
    weekday: int,
    missing: Places | None = None,
    brands: Sequence[str] | None = None,
) -> Watched:
    """Follow S series over T days, looking back only.

    How far the counts of a series stray is learned from those of its brand too; else no series
    knows of another.

    Args:
        counts: (S, T).
        weekday: of the first day; 0 is a Monday.
        missing: (S, T), the day in whose evening a day is known not to have been (fully)
            collected, counted as the days are; T or more where it was. None: all were.
        brands: (S,), whose each series is. None: all are one brand's.
    """
    if not len(counts):
        nothing = np.full(counts.shape, np.nan)
        return Watched(nothing, nothing, nothing, nothing, nothing, shifts=())
    known_missing = np.full(counts.shape, counts.shape[1]) if missing is None else missing
    owner = np.zeros(len(counts), np.intp)
    if brands is not None:
        owner = np.unique(np.array(brands), return_inverse=True)[1]
    # A brand at a time: what is known of more series does not fit a processor's cache.
    places = [np.flatnonzero(owner == one) for one in range(owner.max() + 1)]
    parts = [_watch(counts[own], weekday, known_missing[own]) for own in places]
    shifts = [
        replace(shift, series=int(own[shift.series]))
        for own, part in zip(places, parts, strict=True)
        for shift in part.shifts
    ]
    return Watched(
        *_joined(parts, np.argsort(np.concatenate(places))),
        shifts=tuple(sorted(shifts, key=lambda shift: (shift.found, shift.series))),
    )


def _joined(
    parts: Sequence[Watched], order: Places
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    expected, error, dispersion, history, p = (
        np.concatenate([getattr(part, name) for part in parts])[order]
        for name in ("expected", "error", "dispersion", "history", "p")
    )
    return expected, error, dispersion, history, p


def _watch(counts: NDArray[np.integer], weekday: int, known_missing: Places) -> Watched:
    series, days = counts.shape
    seen = np.asarray(counts, float)
    expected, error, dispersion, history = (np.full((series, days), np.nan) for _ in range(4))
    judged = np.zeros((series, days), bool)
    watcher = _Watcher(seen, known_missing)
    last: Fit | None = None
    first = HISTORY_DAYS + (-weekday - HISTORY_DAYS) % 7
    for monday in range(first, days, 7):
        week = slice(monday, min(monday + 7, days))
        last, volume, enough = watcher.fit(monday, last)
        rows = design(0, week.stop - monday)
        weekdays = watcher.memory.weekdays[:, : len(rows)]
        unsure = watcher.memory.unsure[:, : len(rows)]
        mean = np.exp(np.clip(last.effects[:, :COLUMNS] @ rows.T, -7, 20)) * weekdays
        spread = np.einsum(
            "di,sij,dj->sd", rows, last.covariance[:, :COLUMNS, :COLUMNS], rows, optimize=True
        )
        expected[:, week] = mean
        error[:, week] = np.sqrt(spread + unsure)
        dispersion[:, week] = watcher.memory.dispersion[:, None]
        history[:, week] = volume[:, None]
        judged[:, week] = enough[:, None]
        watcher.look(monday, last, mean, enough)
    p = np.where(judged, 1.0, np.nan)
    high = judged & (seen >= MIN_SEEN) & (seen >= MIN_RATIO * np.nan_to_num(expected))
    mean = expected[high]
    # What is expected is not known for certain: its variance adds to that of the count.
    p[high] = tail.upper(seen[high], mean, dispersion[high] + mean * error[high] ** 2)
    return Watched(expected, error, dispersion, history, p, tuple(watcher.shifts))


def spike_chance(dispersion: Floats) -> Floats:
    """Return up to which p value a day is a spike, in the shape of the estimated dispersions.

    Example:
        >>> (1 / spike_chance(np.array([1, 1.03, 1.53, 4]))).round().tolist()
        [355.0, 460.0, 388.0, 320.0]
    """
    at, chances = SPIKE_CHANCES
    chance: Floats = 1 / np.interp(dispersion, at, [1 / chance for chance in chances])
    return chance


def alarms(watched: Watched) -> Bools:
    """Return which days of which series are spikes, (S, T).

    A day's p value must be small, and stay so when all series of the day are held against each
    other. Days that a change of level explains are left out.
    """
    found = np.zeros(watched.p.shape, bool)
    low = watched.p <= spike_chance(watched.dispersion)
    for day in np.flatnonzero(low.any(0)):
        judged = np.flatnonzero(~np.isnan(watched.p[:, day]))
        p = watched.p[judged, day]
        found[judged, day] = low[judged, day] & (
            np.asarray(benjamini_hochberg(p.tolist())) <= FALSE_DISCOVERIES
        )
    for shift in watched.shifts:
        if shift.seen > shift.expected:
            found[shift.series, shift.start : shift.settled] = False
    return found


class _Watcher:
    """Goes through the weeks, keeping what is known of the levels."""

    def __init__(self, seen: Floats, missing: Places) -> None:
        series, self._days = seen.shape
        self._missing = missing
        self._seen = seen
        self._padded = np.concatenate([np.zeros((series, DAYS)), seen], axis=1)
        self.memory = Memory(series)
        self._levels: Levels | None = None
        self._first = 0
        self._capped, self._usual, self._spread = (np.zeros(seen.shape) for _ in range(3))
        self._step = np.zeros(series, np.intp)
        """The first day of each series' present level."""
        self._reach = np.zeros(series, np.intp)
        """The first day of the level before, beyond which no expectation reaches."""
        self.shifts: list[Shift] = []

    def fit(self, monday: int, start: Fit | None) -> tuple[Fit, Floats, Bools]:
        """Fit the window before a Monday; return the fit, the mentions in it and where it will do.

        Both are (S,): there must have been enough mentions, over enough days.
        """
        day = np.arange(monday - DAYS, monday)
        collected = (day >= 0) & (self._missing[:, np.maximum(day, 0)] >= monday)
        within = day >= self._reach[:, None]
        weights = RECENCY * collected * within
        window = self._padded[:, monday : monday + DAYS]
        stepped = ((day < self._step[:, None]) & within).astype(float)
        volume = (window * (weights > 0)).sum(1)
        enough = (volume >= MIN_VOLUME) & (collected.sum(1) >= HISTORY_DAYS)
        if start is None:
            even = np.ones((len(window), 7))
            start = fit(window, even, weights, stepped)
            self.memory.begin(window, start)
            start = fit(window, self.memory.weekdays, weights, stepped, start)
            self.memory.begin(window, start)
        else:
            start = fit(window, self.memory.weekdays, weights, stepped, start, rounds=2)
            self.memory.learn(window, start)
        return start, volume, enough

    def look(self, monday: int, fitted: Fit, mean: Floats, enough: Bools) -> None:
        """Look for changes of level on each day of a week."""
        if self._levels is None:
            self._first = monday
            self._levels = Levels(len(self._seen), self._days - monday)
        spread = self.memory.dispersion[:, None]
        week = slice(monday, monday + mean.shape[1])
        half = _CAP * np.sqrt(spread * mean)
        # In units of the weekday alone: the level is what is looked for.
        usual = self.memory.weekdays[:, : mean.shape[1]]
        capped = np.clip(self._seen[:, week], np.maximum(mean - half, 0), mean + half + 1)
        self._spread[:, week] = spread
        self._usual[:, week], self._capped[:, week] = usual / spread, capped / spread
        for day in range(week.start, week.stop):
            there = self._missing[:, day] > day
            last = self._levels.add(self._capped[:, day] * there, self._usual[:, day] * there)
            self._test(day, last + self._first, enough)

    def _test(self, day: int, start: Places, enough: Bools) -> None:
        """Test the level that began on `start` against that of the weeks before it."""
        assert self._levels is not None
        lasted = day + 1 - start
        oldest = np.maximum(np.maximum(start - BEFORE_DAYS, self._step), self._first)
        asked = np.flatnonzero(
            (lasted >= LEAST_DAYS) & (lasted <= NEW_FOR) & (start - oldest >= 7) & enough
        )
        if not len(asked):
            return
        begun, before = start[asked] - self._first, oldest[asked] - self._first
        now = self._levels.sums(asked, begun, np.full(len(asked), day + 1 - self._first))
        p = _changed(*now, *self._levels.sums(asked, before, begun))
        for one in asked[p <= SHIFT_CHANCE].tolist():
            self._found(one, int(oldest[one]), int(start[one]), day)

    def _found(self, one: int, oldest: int, start: int, day: int) -> None:
        """Test once more without the days that are known by now not to have been collected."""
        there = self._missing[one, oldest : day + 1] > day
        usual = self._usual[one, oldest : day + 1] * there
        capped = self._capped[one, oldest : day + 1] * there
        old = start - oldest
        if min(there[old:].sum(), there[:old].sum()) < LEAST_DAYS:
            return
        # A level of nothing at all is known no better than one of half a mention.
        before = max(capped[:old].sum(), 0.5), usual[:old].sum()
        p = float(_changed(capped[old:].sum(), usual[old:].sum(), *before))
        spread = float(self._spread[one, start])
        expected = float(spread * usual[old:].sum() * before[0] / before[1])
        seen = float((self._seen[one, start : day + 1] * there[old:]).sum())
        ratio = max(seen / expected, expected / max(seen, 1e-9))
        if p > SHIFT_CHANCE or ratio < MIN_RATIO:
            return
        settled = self._first + 7 * ((day - self._first) // 7 + 1)
        self._reach[one], self._step[one] = self._step[one], start
        # The new level is no spike: a later one is held against what was really seen of it.
        new = slice(start, settled)
        self._capped[one, new] = self._seen[one, new] / self._spread[one, start]
        self._usual[one, new] *= self._spread[one, new] / self._spread[one, start]
        self.shifts.append(
            Shift(
                one, start, day, settled, seen, expected, spread,
                math.sqrt(1 / before[0] + DRIFT**2), p, int(there[old:].sum()),
                float(self._seen[one, oldest:start][there[:old]].sum()),
            )
        )  # fmt: skip


def _changed(seen: Floats, usual: Floats, seen_before: Floats, usual_before: Floats) -> Floats:
    """Return the two-sided p value that a level is that of the days before, all over dispersion.

    The level before is not known for certain either, and moves a little by itself: 1 / seen_before
    + DRIFT² is the variance of its logarithm.
    """
    seen_before = np.maximum(seen_before, 0.5)
    mean = np.maximum(usual * seen_before / np.maximum(usual_before, 1e-9), 1e-9)
    error = 1 / seen_before + DRIFT**2
    return tail.two_sided(seen, mean, 1 + mean * error)
