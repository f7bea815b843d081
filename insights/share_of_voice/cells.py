"""The mentions of brands in months and channels, from the sums that are kept of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from insights import intervals
from insights.values import Value
from store.engine import Store
from store.filter import Filter
from store.rollups import counts, span
from store.tables import UNTAGGED

Place = tuple[date | None, str]
"""A month, None where it is not known, and a channel."""


@dataclass(slots=True)
class Sums:
    """How many mentions there are, and how many of them are tagged, positive, …"""

    n: int = 0
    tagged: int = 0
    positive: int = 0
    negative: int = 0
    complaints: int = 0

    @property
    def balance(self) -> tuple[int, int, int]:
        """Positive, negative, tagged."""
        return self.positive, self.negative, self.tagged

    @property
    def net_sentiment(self) -> Value:
        """Positive less negative of the tagged."""
        return intervals.balance(*self.balance)

    @property
    def complaint_rate(self) -> Value:
        """The complaints of the tagged."""
        return intervals.share(self.complaints, self.tagged)


def added(cells: Iterable[Sums]) -> Sums:
    """Add cells up."""
    total = Sums()
    for cell in cells:
        total.n += cell.n
        total.tagged += cell.tagged
        total.positive += cell.positive
        total.negative += cell.negative
        total.complaints += cell.complaints
    return total


def cells_of(store: Store, filter: Filter) -> Mapping[str, Mapping[Place, Sums]]:
    """Return the cells of each brand that a filter selects.

    Args:
        filter: brands, days, channels, sources and languages.
    """
    cells: dict[str, dict[Place, Sums]] = defaultdict(lambda: defaultdict(Sums))

    def add(month: date | None, days: Filter, sign: int) -> None:
        for row in counts(store, days, by=("brand", "channel", "sentiment")):
            cell, n = cells[row["brand"]][month, row["channel"]], sign * row["n"]
            cell.n += n
            cell.complaints += sign * row["complaints"]
            cell.tagged += n * (row["sentiment"] != UNTAGGED)
            cell.positive += n * (row["sentiment"] == "positive")
            cell.negative += n * (row["sentiment"] == "negative")

    if not filter.dated:
        add(None, filter, 1)  # less all that has a month, below: what is left is undated
    for month, days in _months(store, filter):
        add(month, days, 1)
        if not filter.dated:
            add(None, days, -1)
    return {
        brand: {place: cell for place, cell in places.items() if cell.n}
        for brand, places in cells.items()
    }


def _months(store: Store, filter: Filter) -> Iterator[tuple[date, Filter]]:
    """Yield each month that a filter has days in: months are summed already, years of days not."""
    first, last = span(store, filter.brands)
    if first is None or last is None:
        return
    first, last = max(filter.since or first, first), min(filter.until or last, last)
    month = first.replace(day=1)
    while month <= last:
        yield month, within(filter, month)
        month = (month + timedelta(days=31)).replace(day=1)


def within(filter: Filter, month: date) -> Filter:
    """Return a filter's days in a month."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return filter.but(
        since=max(filter.since or month, month), until=min(filter.until or last, last)
    )


def overlap(one: Mapping[Place, Sums], other: Mapping[Place, Sums]) -> float:
    """Return how far two brands' mentions come from the same months and channels, 0 to 1.

    The sum, over months × channels, of the smaller of both brands' shares there. Source: Weitzman
    (1970), US Bureau of the Census, Technical Paper 22.

    Example:
        One half and one half, against all in the first.
        >>> april, may = (date(2026, 4, 1), "x"), (date(2026, 5, 1), "x")
        >>> overlap({april: Sums(3), may: Sums(3)}, {april: Sums(9)})
        0.5
    """
    n, m = (sum(cell.n for cell in cells.values()) for cells in (one, other))
    if not n or not m:
        return 0.0
    return sum(min(cell.n / n, other[place].n / m) for place, cell in one.items() if place in other)
