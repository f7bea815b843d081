"""What was found of late, kept for as long as nothing is written: a page counts what it lists, and
is drawn again. And what a search finds first."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, func, literal, select

from store.engine import Store
from store.read import driver_rows
from store.search import Hits, expected, is_one_word
from store.tables import label

FEW_HITS = 15_000
"""So many mentions that hold the words searched for are looked up one by one."""

OFTEN = 200_000
"""Of a word in so many, enough are found sooner by a look at each text than by PostgreSQL's index,
which tells of all before it tells of one."""

_KEPT = 32
"""So much of what was found is kept."""

_NOTHING = object()

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class First:
    """Mentions that hold the words searched for, at most `FEW_HITS` of them.

    Attributes:
        whole: these are all.
    """

    ids: tuple[int, ...]
    whole: bool

    def holds(self, store: Store, id: ColumnElement[int]) -> ColumnElement[bool]:
        """Return whether it is one of these, which are looked up one by one."""
        if store.is_sqlite:
            listed = func.json_each(json.dumps(self.ids)).table_valued("value")
            return id.in_(select(listed.c.value))
        return id == func.any(literal(list(self.ids), ARRAY(Integer)))


def first_hits(store: Store, query: str, hits: Hits) -> First:
    """Return the first that a search finds.

    Args:
        hits: of the query, as `search` gives them.
    """

    def find() -> First:
        ids = hits.ids
        if not store.is_sqlite and is_one_word(query) and expected(store, hits) >= OFTEN:
            ids = ids.order_by(ids.selected_columns[0].desc())
        with store.read() as connection:
            rows = driver_rows(connection, ids.limit(FEW_HITS))
        return First(tuple(row[0] for row in rows), len(rows) < FEW_HITS)

    return kept(store, query, find)


@dataclass(frozen=True, slots=True)
class Page:
    """Mentions that a search finds and that are as a filter says, newest first.

    Attributes:
        rows: time and id of each, as the driver reads them.
        whole: there are no others.
        among: how many the filter leaves whatever they say; without end where that is not known.
    """

    rows: tuple[tuple[Any, int], ...]
    whole: bool
    among: float

    def ids(self, store: Store, after: tuple[datetime, int] | None, limit: int) -> list[int]:
        """Return the ids of at most so many, those that come after a time and an id."""
        start = 0
        if after is not None:
            dialect = store.engine.dialect
            written = label.c.sort_at.type.dialect_impl(dialect).bind_processor(dialect)
            end = (written(after[0]) if written else after[0]), after[1]
            start = bisect_left(self.rows, True, key=lambda row: row < end)
        return [id for _, id in self.rows[start : start + limit]]


def read(store: Store, rows: Select[tuple[int, datetime]]) -> tuple[tuple[Any, int], ...]:
    """Return time and id of what a query of (id, time) finds, newest first."""
    id, at = rows.selected_columns
    with store.read() as connection:
        found = driver_rows(connection, rows.order_by(at.desc(), id.desc()))
    return tuple((row[1], row[0]) for row in found)


def kept(store: Store, asked: Hashable, find: Callable[[], Found]) -> Found:
    """Return what was found when the same was asked of the same state, else what is."""
    key = store.state(), asked
    # One look: another page may clear what is kept between two.
    known = store.hits.get(key, _NOTHING)
    if known is not _NOTHING:
        return cast(Found, known)
    found = find()
    if len(store.hits) >= _KEPT:
        store.hits.clear()
    store.hits[key] = found
    return found
