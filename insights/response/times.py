"""How long customers waited, by the clock and in business hours, those who still wait included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from insights.response.waits import Minutes, Waiting, quantile, waiting
from insights.values import NO_DATA, Value
from simak.hours import BusinessHours, local_days, noons
from store.responses import UNKNOWN, Replies

DAY = 1_440
"""Minutes."""

EPOCH = date(1970, 1, 1)

Count = tuple[str, date | None, int]
"""A source, a day, and how many were written then; undated ones have none."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something took, in minutes.

    Attributes:
        median, p90: of those for whom it is over. They flatter, as the others are left out.
        median_of_all, p90_of_all: after how long half, and nine in ten, of all had it, those
            who still wait included; the value is None where that many never had it.
    """

    median: Value
    p90: Value
    median_of_all: Value
    p90_of_all: Value


@dataclass(frozen=True, slots=True)
class Times:
    """A wait by the clock, and in business hours where they are set.

    Attributes:
        untimed: how many had it at a time that is not known, or before it was asked for.
    """

    clock: Wait
    business: Wait | None
    untimed: int


@dataclass(frozen=True)
class Clock:
    """What turns minutes into waits.

    Attributes:
        hours: the business hours, if any.
        ends: until when each source was watched.
    """

    zone: ZoneInfo
    hours: BusinessHours | None
    ends: Mapping[str, int]

    def last_day(self, sources: Sequence[str], days: int) -> date | None:
        """Return the last day of which everything is at least `days` days old, by what was seen.

        Example:
            >>> noon = 20_580 * DAY + 300  # 7 May 2026, 12:00 in Jakarta
            >>> Clock(ZoneInfo("Asia/Jakarta"), None, {"play": noon}).last_day(["play"], 3)
            datetime.date(2026, 5, 3)
        """
        ends = [self.ends[source] for source in sources if source in self.ends]
        if not ends:
            return None
        (day,) = local_days(np.array([max(ends) - days * DAY]), self.zone).tolist()
        return EPOCH + timedelta(days=day - 1)


def times(clock: Clock, over: Minutes, had: Replies, of: Sequence[Count]) -> Times:
    """Return the waits of those who had it, and of all.

    Args:
        over: (N,), when each of `had` had it.
        of: all, by source and day; those whom `had` does not account for still wait.
    """
    timed = _timed(over, had)
    start, end = had.said[timed], over[timed]
    since, until, n = _still_waiting(clock, had, of)
    business = None
    if clock.hours is not None:
        open = clock.hours
        business = _wait(
            open.between(start, end, clock.zone), open.between(since, until, clock.zone), n
        )
    return Times(_wait(end - start, until - since, n), business, int((~timed).sum()))


def by_clock(clock: Clock, over: Minutes, had: Replies, of: Sequence[Count]) -> Waiting:
    """Return who still waits after each time, by the clock; arguments as those of `times`."""
    timed = _timed(over, had)
    since, until, n = _still_waiting(clock, had, of)
    return waiting((over - had.said)[timed], until - since, n)


def known_waits(answers: Replies) -> Minutes:
    """Return (N,), how long each of the answered waited; `UNKNOWN` where that is not known."""
    waits: Minutes = np.where(
        _timed(answers.replied, answers), answers.replied - answers.said, UNKNOWN
    )
    return waits


def _timed(over: Minutes, had: Replies) -> NDArray[np.bool_]:
    timed: NDArray[np.bool_] = (had.said != UNKNOWN) & (over != UNKNOWN) & (over >= had.said)
    return timed


def _wait(over: Minutes, still: Minutes, n: Minutes) -> Wait:
    if not len(over):
        return Wait(NO_DATA, NO_DATA, NO_DATA, NO_DATA)
    all = waiting(over, still, n)
    return Wait(quantile(over, 0.5), quantile(over, 0.9), all.quantile(0.5), all.quantile(0.9))


def _still_waiting(
    clock: Clock, had: Replies, of: Sequence[Count]
) -> tuple[Minutes, Minutes, Minutes]:
    """Return since when, until when, and how many still wait, by source and day.

    All of a day count from its noon: to read when each of a million was written takes longer
    than the half day is worth.
    """
    dated = [(source, (day - EPOCH).days, n) for source, day, n in of if day is not None]
    if not dated:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    sources = sorted({source for source, *_ in dated})
    first, last = min(day for _, day, _ in dated), max(day for _, day, _ in dated)
    left = np.zeros((len(sources), last - first + 1), dtype=np.int64)
    names, days, counts = zip(*dated, strict=True)
    np.add.at(left, (np.searchsorted(sources, names), np.array(days) - first), counts)
    known = had.said != UNKNOWN
    for place, name in enumerate(sources):
        on = local_days(had.said[known & (had.source == name)], clock.zone) - first
        here = on[(on >= 0) & (on <= last - first)]
        left[place] -= np.bincount(here, minlength=left.shape[1])
    source, day = np.nonzero(left > 0)
    since = noons(day + first, clock.zone)
    ends = np.array([clock.ends.get(name, UNKNOWN) for name in sources], dtype=np.int64)
    return since, np.maximum(since, ends[source]), left[source, day]
