"""Daily counts as columns: what is read by the hundred thousand, for which a dict each is too slow.

A day or a name is looked at once, however many rows hold it: a row has its place in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table, Text, func, select, type_coerce

from store.engine import Store
from store.filter import Filter
from store.periods import each, split
from store.rollups import only_held
from store.tables import MONTHLY, UNDATED_DAY, brand, daily_count, daily_touchpoint

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A key of N rows.

    Attributes:
        values: in order, none twice; what a row of the rollup may hold.
        places: (N,), where in `values` each row's is.
    """

    values: tuple[Any, ...]
    places: Places


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
        names = {row.id: row.name for row in connection.execute(select(brand.c.id, brand.c.name))}
        for rollup, where, sign in parts:
            # In the order of the key: the rows then come in order and need no sorting.
            keys: list[ColumnElement[Any]] = [rollup.c[name] for name in ("brand_id", "day", *by)]
            only = [rollup.c[name].in_(values) for name, values in wanted.items()]
            statement = (
                # SQLite keeps a day as text, and each row's would be made a date of.
                select(keys[0], type_coerce(keys[1], Text), *keys[2:], sign * func.sum(rollup.c.n))
                .where(*where, *only, rollup.c.day > UNDATED_DAY, rollup.c.n > 0)
                .group_by(*keys)
            )
            # The driver's own rows: SQLAlchemy's take as long to make as all else together.
            cursor = connection.execute(statement).cursor
            assert cursor is not None
            rows += cursor.fetchall()
    meanings: dict[str, Callable[[Any], Any]] = {"brand": names.__getitem__, "day": _day}
    found = {
        name: _column(rows, place, meanings.get(name, str))
        for place, name in enumerate(("brand", "day", *by))
    }
    return Columns(found, np.fromiter(map(itemgetter(-1), rows), np.int64, len(rows)))


def _column(rows: Sequence[Any], number: int, meant: Callable[[Any], Any]) -> Column:
    cell = itemgetter(number)
    meanings = {value: meant(value) for value in set(map(cell, rows))}
    values = sorted(set(meanings.values()))
    order = {value: place for place, value in enumerate(values)}
    places = {value: order[meaning] for value, meaning in meanings.items()}
    found = np.fromiter(map(places.__getitem__, map(cell, rows)), np.int64, len(rows))
    return Column(tuple(values), found)


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
