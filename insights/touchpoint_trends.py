"""How the share of each touchpoint in the complaints moves, by week or month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from insights import intervals
from insights.values import Value
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.periods import month_of
from store.rollups import counts, touchpoint_counts

Every = Literal["week", "month"]

WEEKS = 190
"""Up to so many days a trend goes by the week: more points than that are no picture."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One week or month of a touchpoint.

    Attributes:
        start, end: its first and last day; those of the filter where it begins or ends within.
        share: of the complaints of these days, those that speak badly of it.
        behind: the complaints of the numerator.
    """

    start: date
    end: date
    share: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class TouchpointTrend:
    """A touchpoint over time.

    Attributes:
        id: of the touchpoint.
        points: every week or month with complaints, the first first.
    """

    id: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True)
class TouchpointTrends:
    """The touchpoints over time.

    Attributes:
        every: what the points are.
        rows: those that complaints speak badly of; most complaints first.
    """

    filter: Filter
    every: Every
    rows: tuple[TouchpointTrend, ...]


def touchpoint_trends(
    store: Store, taxonomy: Taxonomy, filter: Filter, *, every: Every | None = None
) -> TouchpointTrends:
    """Count the complaints about each touchpoint, week by week or month by month.

    Args:
        filter: brands, days, channels, sources and languages. Undated mentions are left out.
        every: None takes weeks up to `WEEKS` days, else months.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> touchpoint_trends(open_store("sqlite://"), load_taxonomy(), Filter()).rows
        ()
    """
    days = {
        cell["day"]: cell["complaints"]
        for cell in counts(store, filter, by=("day",))
        if cell["day"]
    }
    if not days:
        return TouchpointTrends(filter, every or "week", ())
    first, last = filter.since or min(days), filter.until or max(days)
    every = every or ("week" if (last - first).days < WEEKS else "month")
    blamed: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    negative = filter.but(polarity="negative", touchpoints=taxonomy.ids)
    for cell in touchpoint_counts(store, negative, by=("touchpoint", "day")):
        if cell["day"] and cell["complaints"]:
            blamed[cell["touchpoint"]][_start(cell["day"], every)] += cell["complaints"]
    complaints: dict[date, int] = defaultdict(int)
    for day, n in days.items():
        complaints[_start(day, every)] += n
    rows = [
        TouchpointTrend(
            id, tuple(_points(filter, id, every, (first, last), complaints, blamed[id]))
        )
        for id in sorted(blamed, key=lambda id: -sum(blamed[id].values()))
    ]
    return TouchpointTrends(filter, every, tuple(rows))


def _points(
    filter: Filter,
    id: str,
    every: Every,
    span: tuple[date, date],
    complaints: dict[date, int],
    blamed: dict[date, int],
) -> Iterator[TrendPoint]:
    behind = filter.but(touchpoints=(id,), polarity="negative", complaint=True)
    for start in sorted(complaints):
        if complaints[start]:
            since, until = max(start, span[0]), min(_end(start, every), span[1])
            share = intervals.share(blamed.get(start, 0), complaints[start])
            yield TrendPoint(since, until, share, behind.but(since=since, until=until))


def _start(day: date, every: Every) -> date:
    return month_of(day) if every == "month" else day - timedelta(days=day.weekday())


def _end(start: date, every: Every) -> date:
    return (month_of(start, 1) if every == "month" else start + timedelta(days=7)) - timedelta(
        days=1
    )
