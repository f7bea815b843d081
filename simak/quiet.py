"""Quiet hours: when nobody is to be disturbed, by the clock of a zone, also across midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simak.errors import ConfigurationError

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every day, from `start` to `end`. Get one from `parse_quiet`."""

    start: time
    end: time

    def over(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when they are over, in UTC; `now` itself where they are not on.

        Example:
            >>> quiet = parse_quiet("21:00-07:00")
            >>> late = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)  # 23:30 in Jakarta
            >>> quiet.over(late, ZoneInfo("Asia/Jakarta")).isoformat()
            '2026-05-09T00:00:00+00:00'
        """
        local = now.astimezone(zone)
        clock = local.time()
        if self.start < self.end:
            on = self.start <= clock < self.end
        else:
            on = clock >= self.start or clock < self.end
        if not on:
            return now
        ends = local.date() + timedelta(days=1 if clock >= self.end else 0)
        return datetime.combine(ends, self.end, zone).astimezone(UTC)


def parse_quiet(text: str) -> QuietHours:
    """Read quiet hours.

    Raises:
        ConfigurationError: they are written otherwise, or end as they begin.

    Example:
        >>> parse_quiet("21:00-07:00").end
        datetime.time(7, 0)
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ConfigurationError(f'{text!r} is no quiet hours; write such as "21:00-07:00"')
    first, past, last, over = (int(part) for part in found.groups())
    start, end = time(first, past), time(last, over)
    if start == end:
        raise ConfigurationError(f"quiet hours {text!r} end as they begin: no message would go")
    return QuietHours(start, end)
