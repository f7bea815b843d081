"""Daily counts as columns: what is read by the hundred thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Table, func, select

from store.engine import Store
from store.filter import Filter
from store.periods import each, split
from store.read import Column, Places, day_of, driver_rows, names_of, plain
from store.rollups import only_held
from store.tables import MONTHLY, UNDATED_DAY, brand, daily_count, daily_touchpoint


@dataclass(frozen=True)
class Columns:
    """Counts of N rows; rows of the same keys are to be added up.

    Attributes:
        keys: `brand`, by name; `day`, a date; and what was asked for.
        n: (N,); below 0 where copies are taken off.
    """

    keys: dict[str, Column]
    n: Places


def count_columns(store: Store, filter: Filter, by: Sequence[str] = ()) -> Columns:
    """Return counts of dated mentions by brand, day and `by`.

    Args:
        filter: as of `store.rollups.counts`.
        by: any of `sentiment`, `channel`, `language`, `source`; in this order it is fastest.

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    return _columns(store, daily_count, filter, by, {})


def touchpoint_columns(store: Store, filter: Filter, polarities: Sequence[str]) -> Columns:
    """Return counts of dated (mention, touchpoint) pairs by brand, day, touchpoint and polarity.

    Args:
        filter: as of `store.rollups.touchpoint_counts`.
        polarities: those that are wanted.

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    by = ("touchpoint", "polarity")
    return _columns(store, daily_touchpoint, filter, by, {"polarity": polarities})


def _columns(
    store: Store, daily: Table, filter: Filter, by: Sequence[str], wanted: dict[str, Sequence[str]]
) -> Columns:
    only_held(daily, filter)
    parts = (
        each(store, daily, filter)
        if filter.facets
        else split(store, daily, MONTHLY[daily], filter, by_day=True)
    )
    rows: list[Any] = []
    with store.read() as connection:
        names = names_of(connection, brand.c.id, brand.c.name)
        for rollup, where, sign in parts:
            # In the order of the key: the rows then come in order and need no sorting.
            keys = [plain(rollup.c[name]) for name in ("brand_id", "day", *by)]
            only = [rollup.c[name].in_(values) for name, values in wanted.items()]
            rows += driver_rows(
                connection,
                select(*keys, sign * func.sum(rollup.c.n))
                .where(*where, *only, rollup.c.day > UNDATED_DAY, rollup.c.n > 0)
                .group_by(*keys),
            )
    meanings: dict[str, Callable[[Any], Any]] = {"brand": names.__getitem__, "day": day_of}
    found = {
        name: Column.of(rows, place, meanings.get(name, str))
        for place, name in enumerate(("brand", "day", *by))
    }
    return Columns(found, np.fromiter(map(itemgetter(-1), rows), np.int64, len(rows)))
