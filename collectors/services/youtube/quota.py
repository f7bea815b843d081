"""The units of a day that YouTube gives a project, counted here because it does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simak.errors import RetryLater

_PACIFIC = ZoneInfo("America/Los_Angeles")
"""Where the day of the quota begins at midnight."""


class Quota:
    """Units spent on the day of the quota.

    Args:
        state: what `state` returned at the end of the last run.
        daily: the units of a day.
        now: the clock.

    Example:
        >>> quota = Quota({}, 100, lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
        >>> quota.spend(99)
        >>> quota.left
        1
        >>> quota.spend(100)
        Traceback (most recent call last):
        simak.errors.RetryLater: the 100 units of YouTube's API for a day are used up: ...
    """

    def __init__(self, state: Mapping[str, Any], daily: int, now: Callable[[], datetime]) -> None:
        self._daily, self._now = daily, now
        self._day = str(state.get("day", ""))
        self._spent = int(state.get("spent", 0))
        self._turn()

    def spend(self, units: int) -> None:
        """Count units about to be spent.

        Raises:
            RetryLater: there are not so many left; says when there are.
        """
        self._turn()
        if self._spent + units > self._daily:
            raise self._used_up(f"the {self._daily} units of YouTube's API for a day are used up")
        self._spent += units

    def refused(self) -> RetryLater:
        """Take note that YouTube itself gives no more today, and return the error of that."""
        self._turn()
        self._spent = max(self._spent, self._daily)
        return self._used_up("YouTube says that its units for a day are used up (quotaExceeded)")

    @property
    def left(self) -> int:
        """Units left of the day."""
        return max(self._daily - self._spent, 0)

    def state(self) -> dict[str, Any]:
        """Return what to put into the cursor."""
        return {"day": self._day, "spent": self._spent}

    def _turn(self) -> None:
        today = self._now().astimezone(_PACIFIC).date().isoformat()
        if today != self._day:
            self._day, self._spent = today, 0

    def _used_up(self, what: str) -> RetryLater:
        tomorrow = self._now().astimezone(_PACIFIC).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), _PACIFIC).astimezone(UTC)
        return RetryLater(
            f"{what}: there are more at midnight Pacific time, and the next run goes on",
            retry_at=midnight,
        )
