"""A share week by week or month by month, each point with the mentions behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from insights import intervals
from insights.values import MIN_N, Value
from store.filter import Filter
from store.periods import month_of

Every = Literal["week", "month"]

WEEKS = 190
"""Up to so many days a trend goes by the week: more points than that are no picture."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One week or month.

    Attributes:
        start, end: its first and last day; those of the filter where it begins or ends within.
        share: of what was said in these days.
        behind: the mentions of the numerator.
    """

    start: date
    end: date
    share: Value
    behind: Filter


def points(
    behind: Filter, every: Every, whole: Mapping[date, int], part: Mapping[date, int]
) -> Iterator[TrendPoint]:
    """Give the points that there is something to say of, the first first.

    Args:
        behind: the mentions of all numerators.
        whole, part: by day, the denominators and the numerators.
    """
    if not whole:
        return
    first, last = behind.since or min(whole), behind.until or max(whole)
    ns, ks = by_period(whole, every), by_period(part, every)
    for start in sorted(ns):
        if ns[start]:
            since, until = max(start, first), min(_end(start, every), last)
            yield TrendPoint(
                since,
                until,
                intervals.share(ks[start], ns[start]),
                behind.but(since=since, until=until),
            )


def telling_period(whole: Mapping[date, int], filter: Filter) -> Every:
    """Return weeks where the days are few and most weeks hold enough to speak of, else months.

    Args:
        whole: by day, the denominators.
        filter: its days, where it has any.
    """
    if not whole:
        return "week"
    first, last = filter.since or min(whole), filter.until or max(whole)
    if (last - first).days >= WEEKS:
        return "month"
    weeks = by_period(whole, "week").values()
    few = sum(n >= MIN_N for n in weeks) * 2 < len(weeks)
    return "month" if few and len(by_period(whole, "month")) > 2 else "week"


def by_period(days: Mapping[date, int], every: Every) -> Counter[date]:
    """Add up days to weeks, which begin on Monday, or months."""
    found: Counter[date] = Counter()
    for day, n in days.items():
        found[month_of(day) if every == "month" else day - timedelta(days=day.weekday())] += n
    return found


def _end(start: date, every: Every) -> date:
    after = month_of(start, 1) if every == "month" else start + timedelta(days=7)
    return after - timedelta(days=1)
