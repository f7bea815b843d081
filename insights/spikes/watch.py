"""One pass over many series: each day against what the days before it led to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.significance import benjamini_hochberg
from insights.spikes import tail
from insights.spikes.baseline import COLUMNS, DAYS, RECENCY, Fit, design, fit
from insights.spikes.segments import LEAST_DAYS, Levels

HISTORY_DAYS = 56
"""Before the first day that is judged."""

MIN_VOLUME = 30
"""Mentions a series must have in the window of its expectation."""

MIN_SEEN = 5
"""Mentions of a day that can be a spike."""

MIN_RATIO = 1.25
"""Seen over expected, or the inverse, from which on a reader cares."""

SPIKE_CHANCE = 1 / 500
"""The mid-p value up to which a day is a spike, if the rate of false discoveries agrees too.

Below 1 / 365, for what is expected is itself estimated; set so that series without any event have
at most one false alarm a year (`python -m benchmarks.spikes`)."""

WIDER = 1.2
"""How much the dispersion beyond 1 is raised: an estimate that is too low by chance costs more
false alarms than one too high by chance saves."""

SHIFT_CHANCE = 5e-5
"""The same of a level: small, for the day of the change was chosen among many."""

FALSE_DISCOVERIES = 0.1
"""Of the series that stand out on a day, how many may do so by chance (Benjamini-Hochberg)."""

NEW_FOR = 42
"""Days within which a change of level is found, or is not one any more."""

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


def watch(counts: NDArray[np.integer], weekday: int, missing: Places | None = None) -> Watched:
    """Follow S series over T days, looking back only.

    Args:
        counts: (S, T).
        weekday: of the first day; 0 is a Monday.
        missing: (S, T), the day in whose evening a day is known not to have been (fully)
            collected, counted as the days are; T or more where it was. None: all were.
    """
    series, days = counts.shape
    seen = np.asarray(counts, float)
    known_missing = np.full(counts.shape, days) if missing is None else missing
    expected, error, dispersion, history = (np.full((series, days), np.nan) for _ in range(4))
    judged = np.zeros((series, days), bool)
    watcher = _Watcher(seen, known_missing)
    last: Fit | None = None
    first = HISTORY_DAYS + (-weekday - HISTORY_DAYS) % 7
    for monday in range(first, days, 7):
        week = slice(monday, min(monday + 7, days))
        last, volume, enough = watcher.fit(monday, last)
        rows = design(0, week.stop - monday)
        mean = np.exp(np.clip(last.effects[:, :COLUMNS] @ rows.T, -7, 20))
        spread = np.einsum(
            "di,sij,dj->sd", rows, last.covariance[:, :COLUMNS, :COLUMNS], rows, optimize=True
        )
        expected[:, week] = mean
        error[:, week] = np.sqrt(spread)
        dispersion[:, week] = _widened(last.dispersion)[:, None]
        history[:, week] = volume[:, None]
        judged[:, week] = enough[:, None]
        watcher.look(monday, last, mean, enough)
    p = np.where(judged, 1.0, np.nan)
    high = judged & (seen >= MIN_SEEN) & (seen >= MIN_RATIO * np.nan_to_num(expected))
    mean = expected[high]
    # What is expected is not known for certain: its variance adds to that of the count.
    p[high] = tail.upper(seen[high], mean, dispersion[high] + mean * error[high] ** 2)
    return Watched(expected, error, dispersion, history, p, tuple(watcher.shifts))


def alarms(watched: Watched) -> Bools:
    """Return which days of which series are spikes, (S, T).

    A day's p value must be small, and stay so when all series of the day are held against each
    other. Days that a change of level explains are left out.
    """
    found = np.zeros(watched.p.shape, bool)
    low = watched.p <= SPIKE_CHANCE
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


def _widened(dispersion: Floats) -> Floats:
    return 1 + WIDER * (dispersion - 1)


class _Watcher:
    """Goes through the weeks, keeping what is known of the levels."""

    def __init__(self, seen: Floats, missing: Places) -> None:
        series, self._days = seen.shape
        self._missing = missing
        self._seen = seen
        self._padded = np.concatenate([np.zeros((series, DAYS)), seen], axis=1)
        self._levels: Levels | None = None
        self._first = 0
        self._fits: list[Fit] = []
        self._enough: list[Bools] = []
        self._volumes: list[Floats] = []
        self._step = np.zeros(series, np.intp)
        """The first day of each series' present level."""
        self._reach = np.zeros(series, np.intp)
        """The first day of the level before, beyond which no expectation reaches."""
        self._settled = np.zeros(series, np.intp)
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
        self._volumes.append(volume)
        return fit(window, weights, stepped, start, rounds=2), volume, enough

    def look(self, monday: int, fitted: Fit, mean: Floats, enough: Bools) -> None:
        """Look for changes of level on each day of a week."""
        if self._levels is None:
            self._first = monday
            self._levels = Levels(len(self._seen), self._days - monday)
        self._fits.append(fitted)
        self._enough.append(enough)
        # In units of the weekday alone: the level is what is looked for.
        usual = np.exp(fitted.effects[:, 2:COLUMNS] @ design(0, 7)[:, 2:].T)
        half = _CAP * np.sqrt(fitted.dispersion[:, None] * mean)
        seen = self._seen[:, monday : monday + 7]
        capped = np.clip(seen, np.maximum(mean - half, 0), mean + half + 1)
        for place in range(mean.shape[1]):
            day = monday + place
            there = (self._missing[:, day] > day) / fitted.dispersion
            last = self._levels.add(capped[:, place] * there, usual[:, place] * there)
            self._test(day, last + self._first)

    def _test(self, day: int, start: Places) -> None:
        """Test the level that began on `start` against what was expected then."""
        lasted = day + 1 - start
        asked = np.flatnonzero(
            (lasted >= LEAST_DAYS)
            & (lasted <= NEW_FOR)
            & (start > self._first)
            & (start >= self._settled)
        )
        if not len(asked):
            return
        start = start[asked]
        week = (start - self._first) // 7
        monday = self._first + 7 * week
        effects = np.stack([self._fits[w].effects[s] for w, s in zip(week, asked, strict=True)])
        covariance = np.stack(
            [self._fits[w].covariance[s] for w, s in zip(week, asked, strict=True)]
        )
        spread = _widened(
            np.array([self._fits[w].dispersion[s] for w, s in zip(week, asked, strict=True)])
        )
        enough = np.array([self._enough[w][s] for w, s in zip(week, asked, strict=True)])
        ahead = np.arange(NEW_FOR + 7)
        days = monday[:, None] + ahead
        used = (days >= start[:, None]) & (days <= day)
        within = np.minimum(days, self._days - 1)
        used &= self._missing[asked[:, None], within] > day
        mean = used * np.exp(np.clip(effects[:, :COLUMNS] @ _AHEAD.T, -7, 20))
        expected = mean.sum(1)
        slope = mean @ _AHEAD / np.maximum(expected, 1e-9)[:, None]
        variance = np.einsum("si,sij,sj->s", slope, covariance[:, :COLUMNS, :COLUMNS], slope)
        seen = (self._seen[asked[:, None], within] * used).sum(1)
        p = tail.two_sided(seen, np.maximum(expected, 1e-9), spread + expected * variance)
        ratio = seen / np.maximum(expected, 1e-9)
        found = (
            (p <= SHIFT_CHANCE)
            & (np.maximum(ratio, 1 / np.maximum(ratio, 1e-9)) >= MIN_RATIO)
            & (used.sum(1) >= LEAST_DAYS)
            & enough
        )
        for i in np.flatnonzero(found):
            one = int(asked[i])
            settled = self._first + 7 * ((day - self._first) // 7 + 1)
            self._reach[one], self._step[one] = self._step[one], start[i]
            self._settled[one] = settled
            self.shifts.append(
                Shift(
                    one, int(start[i]), day, settled, float(seen[i]), float(expected[i]),
                    float(spread[i]), float(np.sqrt(variance[i])), float(p[i]),
                    int(used[i].sum()), float(self._volumes[int(week[i])][one]),
                )
            )  # fmt: skip


_AHEAD = design(0, NEW_FOR + 7)
