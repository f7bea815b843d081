"""Business hours: when somebody is there to answer, and how much of a wait they make up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from simak.errors import ConfigurationError

Minutes = NDArray[np.int64]
"""Whole minutes since 1 January 1970, UTC."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAY, _WEEK = 1_440, 10_080
_EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday."""

_SHIFT = re.compile(
    r"(?P<first>[A-Za-z]{3})(?:\s*[-–]\s*(?P<last>[A-Za-z]{3}))?\s+"
    r"(?P<opens>\d\d?:\d\d)\s*[-–]\s*(?P<closes>\d\d?:\d\d)"
)


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The hours of a week at which somebody is there. Get one from `parse_hours`.

    Attributes:
        text: as it was written.
        open: (10080,), for every minute of a week from Monday 00:00, whether it is open.
    """

    text: str
    open: tuple[bool, ...]

    def between(self, start: Minutes, end: Minutes, zone: ZoneInfo) -> Minutes:
        """Return how many open minutes lie in each [start, end).

        The clock of `zone` decides what is open, also on the days it is put forward or back.

        Args:
            start, end: (N,), no start after its end.

        Returns:
            (N,).

        Example:
            >>> hours = parse_hours("Mon-Fri 09:00-17:00")
            >>> friday = int(datetime(2026, 5, 8, 9, 30, tzinfo=UTC).timestamp()) // 60  # 16:30
            >>> monday = friday + 3 * 1_440 - 7 * 60  # 09:30
            >>> jakarta = ZoneInfo("Asia/Jakarta")
            >>> hours.between(np.array([friday]), np.array([monday]), jakarta).tolist()
            [60]
        """
        if not len(start):
            return np.zeros(0, dtype=np.int64)
        week = np.concatenate([[0], np.cumsum(np.asarray(self.open, dtype=np.int64))])

        def until(local: Minutes) -> Minutes:
            """Open minutes up to a minute of the local clock."""
            weeks, minute = np.divmod(local + _EPOCH_WEEKDAY * _DAY, _WEEK)
            counted: Minutes = weeks * week[-1] + week[minute]
            return counted

        # The clock runs evenly between two changes; at each change the count goes on where it
        # was, though the clock jumps.
        at, offset = _changes(int(start.min()), int(end.max()), zone)
        jumps = until(at[1:] + offset[:-1]) - until(at[1:] + offset[1:])
        carried = np.concatenate([[0], np.cumsum(jumps)])

        def count(minutes: Minutes) -> Minutes:
            part = np.searchsorted(at, minutes, side="right") - 1
            counted: Minutes = until(minutes + offset[part]) + carried[part]
            return counted

        return count(end) - count(start)


def parse_hours(text: str) -> BusinessHours:
    """Read business hours.

    Args:
        text: days and times, more of them with commas; a day may be closed for lunch.

    Raises:
        ConfigurationError: it is written otherwise, or closes before it opens.

    Example:
        >>> hours = parse_hours("Mon-Fri 09:00-17:00, Sat 09:00-13:00")
        >>> sum(hours.open) / 60
        44.0
    """
    open = np.zeros(_WEEK, dtype=bool)
    for part in text.split(","):
        found = _SHIFT.fullmatch(part.strip())
        if found is None:
            raise ConfigurationError(
                f"{part.strip()!r} is no business hours; write such as "
                '"Mon-Fri 09:00-17:00, Sat 09:00-13:00"'
            )
        first = _day(found["first"])
        last = first if found["last"] is None else _day(found["last"])
        opens, closes = _minute(found["opens"]), _minute(found["closes"])
        if closes <= opens:
            raise ConfigurationError(
                f"{part.strip()!r} closes before it opens; write a night as two: "
                '"Mon-Fri 22:00-24:00, Tue-Sat 00:00-06:00"'
            )
        for day in range(first, first + (last - first) % 7 + 1):
            open[day % 7 * _DAY + opens : day % 7 * _DAY + closes] = True
    return BusinessHours(text, tuple(open.tolist()))


def _day(name: str) -> int:
    if name.title() not in DAYS:
        raise ConfigurationError(f"{name!r} is no day; the days are {', '.join(DAYS)}")
    return DAYS.index(name.title())


def _minute(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if minute > 59 or hour * 60 + minute > _DAY:
        raise ConfigurationError(f"{clock!r} is no time of day")
    return hour * 60 + minute


def local_days(minutes: Minutes, zone: ZoneInfo) -> Minutes:
    """Return the day in a zone that each minute belongs to, in days since 1 January 1970.

    Example:
        >>> local_days(np.array([0, 17 * 60 - 1, 17 * 60]), ZoneInfo("Asia/Jakarta")).tolist()
        [0, 0, 1]
    """
    if not len(minutes):
        return np.zeros(0, dtype=np.int64)
    at, offset = _changes(int(minutes.min()), int(minutes.max()), zone)
    days: Minutes = (minutes + offset[np.searchsorted(at, minutes, side="right") - 1]) // _DAY
    return days


def noons(days: Minutes, zone: ZoneInfo) -> Minutes:
    """Return noon of each day in a zone, in minutes; the other way round of `local_days`.

    Example:
        >>> noons(np.array([0]), ZoneInfo("Asia/Jakarta")).tolist()
        [300]
    """
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    noon = days * _DAY + _DAY // 2
    at, offset = _changes(int(noon.min()) - _DAY, int(noon.max()), zone)
    found: Minutes = noon - offset[np.searchsorted(at, noon, side="right") - 1]
    return found


def _changes(first: int, last: int, zone: ZoneInfo) -> tuple[Minutes, Minutes]:
    """Return the first minute, and each later one at which the clock changes, with its offsets."""

    def offset(minute: int) -> int:
        moment = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
        ahead = moment.utcoffset()
        assert ahead is not None
        return int(ahead.total_seconds() // 60)

    at = first
    found = [(first, offset(first))]
    while at < last:
        step = min(at + 7 * _DAY, last)
        if offset(step) != found[-1][1]:
            low, high = at, step  # at `low` the old offset, at `high` another
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
            step = high
            found.append((high, offset(high)))
        at = step
    when, ahead = np.array(found, dtype=np.int64).T
    return when, ahead
