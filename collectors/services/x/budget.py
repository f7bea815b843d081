"""How many posts a source may read from X in a calendar month: X counts, and bills, each one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simak.errors import RetryLater

MOST = 100
"""Posts that X gives in one answer at most."""

REFERENCES = 2
"""Posts that one may bring along: one it answers or passes on, and one it quotes."""

AGAIN = 4
"""One in so many posts of the month may be spent on asking for known ones again."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the next request may ask for.

    Attributes:
        size: so many posts at most.
        whole: the posts that these refer to may come along.
    """

    size: int
    whole: bool


class Budget:
    """Counts posts by the calendar month (UTC) and stops before there are too many.

    Args:
        state: what `state` returned with the last page.
        limit: posts a month.
        now: the clock.

    Example:
        >>> from datetime import UTC
        >>> budget = Budget({}, 500, lambda: datetime(2026, 6, 1, tzinfo=UTC))
        >>> budget.ask(10)
        Ask(size=100, whole=True)
        >>> budget.spend(480)
        >>> budget.ask(10), budget.left()
        (Ask(size=20, whole=False), 20)
        >>> budget.state()
        {'month': '2026-06', 'read': 480, 'again': 0}
    """

    def __init__(self, state: Mapping[str, Any], limit: int, now: Callable[[], datetime]) -> None:
        self._limit, self._now = limit, now
        self._month = str(state.get("month", ""))
        self._read, self._again = int(state.get("read", 0)), int(state.get("again", 0))

    def left(self) -> int:
        """Return how many posts may still be read this month."""
        self._turn()
        return max(0, self._limit - self._read)

    def ask(self, least: int) -> Ask:
        """Return what may be asked for now; `least` is the smallest page that X gives.

        Raises:
            RetryLater: it would be more than the month has; says when the next begins.
        """
        left = self.left()
        if left < least:
            raise RetryLater(
                f"the posts of this month are used up ({self._read:,} of {self._limit:,} are "
                "read): X is asked again next month, or raise monthly_posts",
                retry_at=self._next_month(),
            )
        # What an answer brings along is read too: near the end it stays behind.
        with_references = left // (1 + REFERENCES)
        if with_references >= least:
            return Ask(min(MOST, with_references), whole=True)
        return Ask(min(MOST, left), whole=False)

    def spend(self, posts: int, *, again: bool = False) -> None:
        """Count posts that were read; `again` where they were asked for again."""
        self._turn()
        self._read += posts
        self._again += posts if again else 0

    def spare(self) -> int:
        """Return how many known posts may be asked for again today.

        Their share of the month is spread over its days, so that news are never kept out.
        """
        left, now = self.left(), self._now()
        days = monthrange(now.year, now.month)[1]
        share = self._limit * now.day // (AGAIN * days)
        return max(0, min(left, share - self._again))

    def state(self) -> dict[str, Any]:
        """Return what to put into the cursor, with each page."""
        self._turn()
        return {"month": self._month, "read": self._read, "again": self._again}

    def _turn(self) -> None:
        month = f"{self._now():%Y-%m}"
        if month != self._month:
            self._month, self._read, self._again = month, 0, 0

    def _next_month(self) -> datetime:
        first = self._now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return (first + timedelta(days=32)).replace(day=1)
