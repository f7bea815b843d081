"""The daily counts that are watched: each touchpoint with its polarity, and each sentiment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from simak.tags import SENTIMENTS
from store.columns import Columns, count_columns, touchpoint_columns
from store.engine import Store
from store.filter import Filter
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
    said = count_columns(store, past, ("sentiment", "source"))
    if not len(said.n):
        return None
    placed = touchpoint_columns(store, past, POLARITIES)
    whole = said.keys["day"].values
    first, days = whole[0], (whole[-1] - whole[0]).days + 1
    of_sentiment, tagged = _daily(said, ("brand", "sentiment"), first, days)
    of_source, given = _daily(said, ("brand", "source"), first, days)
    of_touchpoint, spoken = _daily(placed, ("brand", "touchpoint", "polarity"), first, days)
    own = [place for place, (_, sentiment) in enumerate(of_sentiment) if sentiment in SENTIMENTS]
    keys = [Key(of_sentiment[place][0], None, of_sentiment[place][1]) for place in own]
    return Read(
        first,
        (*keys, *(Key(*names) for names in of_touchpoint)),
        np.concatenate([tagged[own], spoken]),
        {(names[0], names[1]): row for names, row in zip(of_source, given, strict=True)},
        {
            names[0]: row
            for names, row in zip(of_sentiment, tagged, strict=True)
            if names[1] == UNTAGGED
        },
    )


def _daily(
    columns: Columns, by: tuple[str, ...], first: date, days: int
) -> tuple[list[tuple[str, ...]], Counts]:
    """Return the combinations of `by` that occur, K of them, and their (K, days) counts."""
    keys = [columns.keys[name] for name in by]
    sizes = [len(key.values) for key in keys]
    if not len(columns.n):
        return [], np.zeros((0, days), np.int64)
    series = np.ravel_multi_index([key.places for key in keys], sizes)
    day = np.array([(day - first).days for day in columns.keys["day"].values])
    place = series * days + day[columns.keys["day"].places]
    # Sums of whole numbers, far below the 2⁵³ up to which they stay exact.
    sums = np.bincount(place, weights=columns.n, minlength=math.prod(sizes) * days)
    counts = sums.astype(np.int64).reshape(-1, days)
    some = np.flatnonzero(counts.any(1))
    places = zip(*np.unravel_index(some, sizes), strict=True)
    names = [
        tuple(str(key.values[at]) for key, at in zip(keys, row, strict=True)) for row in places
    ]
    return names, counts[some]
