"""A series around an action, a week at a time, for a reader to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from insights import intervals
from insights.actions.weeks import Weeks
from insights.values import Value
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a series.

    Attributes:
        start, end: its first and last day; the weeks are counted from the day of the action.
        negative: of its mentions, those that are bad; by chance alone, unlike the two sides.
        behind: selects the numerator.
    """

    start: date
    end: date
    negative: Value
    behind: Filter


def by_week(weeks: Weeks, day: date, behind: Filter) -> tuple[Week, ...]:
    """Return the weeks of a series, oldest first.

    Args:
        day: of the action.
        behind: selects the numerator of either side; its days are replaced.

    Example:
        >>> import numpy as np
        >>> week, _ = by_week(Weeks(np.array([1, 0]), np.array([4, 0]), 1), date(2026, 3, 2),
        ...                   Filter(sentiments=("negative",)))
        >>> week.start.isoformat(), week.end.isoformat(), week.negative.value
        ('2026-02-23', '2026-03-01', 0.25)
    """
    found = []
    for place, (k, n) in enumerate(zip(weeks.k.tolist(), weeks.n.tolist(), strict=True)):
        start = day + timedelta(days=7 * (place - weeks.before))
        end = start + timedelta(days=6)
        found.append(Week(start, end, intervals.share(k, n), behind.but(since=start, until=end)))
    return tuple(found)
