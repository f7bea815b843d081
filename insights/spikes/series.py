"""The daily counts that are watched: each touchpoint with its polarity, and each sentiment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simak.tags import SENTIMENTS
from store.engine import Store
from store.filter import Filter
from store.rollups import Cell, counts, touchpoint_counts
from store.tables import UNTAGGED

POLARITIES = ("negative", "positive")
"""Of touchpoints; what is said of them as a mere fact is no news."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Key:
    """Names a series.

    Attributes:
        touchpoint: None for all mentions of a sentiment.
        polarity: of the touchpoint, or the sentiment.
    """

    brand: str
    touchpoint: str | None
    polarity: str

    def narrow(self, filter: Filter) -> Filter:
        """Return the filter of exactly the series' mentions among those that `filter` selects."""
        if self.touchpoint is None:
            return filter.but(brands=(self.brand,), sentiments=(self.polarity,))
        return filter.but(
            brands=(self.brand,), touchpoints=(self.touchpoint,), polarity=self.polarity
        )


@dataclass(frozen=True)
class Read:
    """What a store holds, day by day.

    Attributes:
        first: the day of the first column.
        keys: of the S series.
        counts: (S, T).
        by_source: (brand, source) to (T,) counts of all mentions.
        untagged: brand to (T,) counts of mentions that wait for the model.
    """

    first: date
    keys: tuple[Key, ...]
    counts: Counts
    by_source: dict[tuple[str, str], Counts]
    untagged: dict[str, Counts]

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.counts.shape[1])

    def day(self, place: int) -> date:
        """Return the day of a column."""
        return self.first + timedelta(days=place)


def read(store: Store, filter: Filter) -> Read | None:
    """Read the series of a filter up to its last day, from the first day there is.

    Args:
        filter: brands, days, channels, sources, languages, and whether copies count.

    Returns:
        None where there is no dated mention.

    Raises:
        ValueError: the filter asks for what the rollups do not hold.
    """
    past = filter.but(since=None)
    said = _dated(counts(store, past, by=("brand", "day", "source", "sentiment")))
    if not said:
        return None
    placed = _dated(touchpoint_counts(store, past, by=("brand", "day", "touchpoint", "polarity")))
    first = min(cell["day"] for cell in said)
    days = (max(cell["day"] for cell in said) - first).days + 1
    series: dict[Key, Counts] = {}
    by_source: dict[tuple[str, str], Counts] = {}
    untagged: dict[str, Counts] = {}
    for cell in said:
        place, n = (cell["day"] - first).days, cell["n"]
        _add(by_source, (cell["brand"], cell["source"]), place, n, days)
        if cell["sentiment"] == UNTAGGED:
            _add(untagged, cell["brand"], place, n, days)
        elif cell["sentiment"] in SENTIMENTS:
            _add(series, Key(cell["brand"], None, cell["sentiment"]), place, n, days)
    for cell in placed:
        if cell["polarity"] in POLARITIES:
            key = Key(cell["brand"], cell["touchpoint"], cell["polarity"])
            _add(series, key, (cell["day"] - first).days, cell["n"], days)
    keys = tuple(series)
    table = np.stack([series[key] for key in keys]) if keys else np.zeros((0, days), np.int64)
    return Read(first, keys, table, by_source, untagged)


def _dated(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell["day"] is not None]


def _add(into: dict[Any, Counts], key: Any, place: int, n: int, days: int) -> None:
    found = into.get(key)
    if found is None:
        found = into[key] = np.zeros(days, np.int64)
    found[place] += n
