"""One theme: how its share moves, and in which channels it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from insights import intervals
from insights.said import Said, said
from insights.themes.reading import Part, Themes
from insights.trend_points import Every, TrendPoint, points, telling_period
from store.engine import Store
from store.filter import Filter
from store.rollups import counts
from store.themes import Polarity, meant


@dataclass(frozen=True, slots=True)
class Closely:
    """One theme closely.

    Attributes:
        every: what the points are.
        points: every week or month in which something was said; undated mentions are in none.
        channels: of its mentions, most first.
    """

    id: int
    every: Every
    points: tuple[TrendPoint, ...]
    channels: tuple[Part, ...]


def closely(store: Store, found: Themes, id: int, *, every: Every | None = None) -> Closely | None:
    """Look at one of the themes that were found.

    Args:
        every: None takes weeks where the days are few and most weeks hold enough, else months.

    Returns:
        None where nothing that was meant is of this theme.
    """
    row = next((row for row in found.rows if row.id == id), None)
    if row is None:
        return None
    own = said(store, row.behind, by=("channel", "day"))
    whole = _days(store, found.filter.but(brands=(row.brand,)), found.polarity)
    every = every or telling_period(whole, row.behind)
    return Closely(
        id,
        every,
        tuple(points(row.behind, every, whole, _by_day(own))),
        tuple(_channels(own, row.behind)),
    )


def _channels(own: Said, behind: Filter) -> Iterator[Part]:
    n = own.count()
    sums = own.cells.groupby("channel")["n"].sum()
    for channel, k in sorted(sums.items(), key=lambda item: (-int(item[1]), str(item[0]))):
        name = str(channel)
        yield Part(name, intervals.share(int(k), n), behind.but(channels=(name,)))


def _days(store: Store, filter: Filter, polarity: Polarity) -> Counter[date]:
    """Return how many complaints, or how much praise, each day has."""
    if filter.touchpoints or filter.by_row:
        return _by_day(said(store, meant(filter, polarity), by=("day",)))
    wanted = filter if polarity == "negative" else filter.but(sentiments=("positive",))
    return Counter(
        {
            cell["day"]: cell["complaints"]
            if polarity == "negative"
            else cell["n"] - cell["complaints"]
            for cell in counts(store, wanted, by=("day",))
            if cell["day"]
        }
    )


def _by_day(found: Said) -> Counter[date]:
    days: Counter[date] = Counter()
    for day, n in zip(found.cells["day"], found.cells["n"], strict=True):
        if isinstance(day, date):
            days[day] += int(n)
    return days
