"""Reads many rows into columns: what is read by the ten thousand, for which an object each is too
slow.

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
from sqlalchemy import ColumnElement, Connection, Date, Select, Text, select, type_coerce

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A key of N rows.

    Attributes:
        values: in order, none twice.
        places: (N,), where in `values` each row's is.
    """

    values: tuple[Any, ...]
    places: Places

    @classmethod
    def of(cls, rows: Sequence[Any], number: int, meaning: Callable[[Any], Any]) -> Column:
        """Read a column of rows.

        Args:
            number: which of a row's values, from 0.
            meaning: what a value stands for; several may stand for the same.

        Example:
            >>> Column.of([(2, "b"), (1, "a"), (9, "b")], 1, str.upper)
            Column(values=('A', 'B'), places=array([1, 0, 1]))
        """
        cell = itemgetter(number)
        meanings = {value: meaning(value) for value in set(map(cell, rows))}
        values = sorted(set(meanings.values()))
        order = {value: place for place, value in enumerate(values)}
        places = {value: order[meant] for value, meant in meanings.items()}
        found = np.fromiter(map(places.__getitem__, map(cell, rows)), np.int64, len(rows))
        return cls(tuple(values), found)

    def values_at(self, places: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return the (M,) values at some places in `values`."""
        values = np.empty(len(self.values), dtype=object)
        values[:] = self.values
        return values[places]


def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as the driver reads it: SQLite keeps a day as text, and a date would be
    made of each row's."""
    return type_coerce(column, Text) if isinstance(column.type, Date) else column


def driver_rows(connection: Connection, statement: Select[Any]) -> list[Any]:
    """Return the driver's own rows: SQLAlchemy's take as long to make as all else together."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    return list(cursor.fetchall())


def numbers(rows: Sequence[Any], last: int) -> NDArray[np.float64]:
    """Return the (last, N) last values of rows."""
    if not rows:
        return np.empty((last, 0))
    width = len(rows[0])
    return np.array(
        [
            np.fromiter(map(itemgetter(place), rows), np.float64, len(rows))
            for place in range(width - last, width)
        ]
    )


def names_of(
    connection: Connection, id: ColumnElement[int], name: ColumnElement[str]
) -> dict[int, str]:
    """Return id to name of all there are."""
    return {row[0]: row[1] for row in connection.execute(select(id, name))}


def day_of(value: str | date) -> date:
    """Return the day that a driver gave.

    Example:
        >>> day_of("2026-10-31")
        datetime.date(2026, 10, 31)
    """
    return date.fromisoformat(value) if isinstance(value, str) else value
