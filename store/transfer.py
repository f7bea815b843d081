"""Moves a whole store into another database, from SQLite to PostgreSQL or back, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Select, Table, Text, func, insert, select

from simak.errors import StoreError
from store.engine import STATE, Store
from store.runs import hold_lease
from store.tables import lease, meta, metadata

AT_ONCE = 2_000
"""Rows that are held in memory."""

_OWN = ("zone", STATE)
"""What `meta` says of the database that a store is in."""

Advance = Callable[[int], None]


def copy_store(
    source: Store, target: Store, *, advance: Advance = lambda rows: None
) -> dict[str, int]:
    """Copy every row of a store into an empty one, and read both again to compare them.

    All of it is one transaction: what breaks off leaves the target empty. What people write to
    the source meanwhile stays behind; collecting, importing and tagging wait.

    Args:
        advance: called with the rows that were copied, and again with those that were compared.

    Returns:
        How many rows each table has; of `meta` those that are not the database's own.

    Raises:
        StoreError: the target is not empty, or a row of it is not as in the source.
        StoreBusy: somebody collects, imports or tags.

    Example:
        >>> from store.engine import open_store
        >>> copy_store(open_store("sqlite://"), open_store("sqlite://"))["mention"]
        0
    """
    with hold_lease(source) as held:

        def on(rows: int) -> None:
            held.renew()
            advance(rows)

        return copy_snapshot(source, target, advance=on)


def copy_snapshot(
    source: Store, target: Store, *, advance: Advance = lambda rows: None
) -> dict[str, int]:
    """Copy a store as it is now, as `copy_store` does, while others go on writing to it.

    Raises:
        StoreError: the target is not empty, or a row of it is not as in the source.
    """
    with _snapshot(source) as old, target.write() as new:
        _check_empty(target, new)
        copied = {table.name: _copy(table, old, new, advance) for table in tables()}
        _number_on(new)
        for table in tables():
            _compare(table, old, new, advance)
    return copied


def count_rows(store: Store) -> int:
    """Return how many rows `copy_store` would copy."""
    with store.read() as connection:
        return sum(
            connection.scalar(select(func.count()).select_from(rows_of(table).subquery())) or 0
            for table in tables()
        )


def tables() -> Iterator[Table]:
    """Yield the tables that are copied, each after those that it points to."""
    return (table for table in metadata.sorted_tables if table is not lease)


def rows_of(table: Table) -> Select[Any]:
    """Select the rows that are copied of a table."""
    rows = select(table)
    return rows.where(meta.c.key.not_in(_OWN)) if table is meta else rows


@contextmanager
def _snapshot(store: Store) -> Iterator[Connection]:
    """Give a connection to which the store is, for all it asks, what it is now."""
    with store.read() as connection:
        if not store.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _check_empty(store: Store, connection: Connection) -> None:
    for table in tables():
        if connection.execute(rows_of(table).limit(1)).first() is not None:
            raise StoreError(
                f"the store {store.url} is not empty (there are rows in {table.name}): copy into "
                "a new one"
            )


def _copy(table: Table, old: Connection, new: Connection, advance: Advance) -> int:
    copied = 0
    found = old.execute(rows_of(table).execution_options(yield_per=AT_ONCE)).mappings()
    for some in found.partitions(AT_ONCE):
        new.execute(insert(table), [dict(row) for row in some])
        copied += len(some)
        advance(len(some))
    return copied


def _compare(table: Table, old: Connection, new: Connection, advance: Advance) -> None:
    pairs = zip_longest(_in_order(table, old), _in_order(table, new))
    for place, (some, others) in enumerate(pairs):
        if some != others:
            raise StoreError(
                f"the copy of {table.name} is not the same among its rows from "
                f"{place * AT_ONCE + 1} on: nothing was copied"
            )
        advance(len(some))


def _in_order(table: Table, connection: Connection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows by their key, `AT_ONCE` at a time, in an order that both databases have."""
    key = [
        column.collate("C")
        if isinstance(column.type, Text) and connection.dialect.name != "sqlite"
        else column
        for column in table.primary_key
    ]
    ordered = rows_of(table).order_by(*key).execution_options(yield_per=AT_ONCE)
    for some in connection.execute(ordered).partitions(AT_ONCE):
        yield [tuple(row) for row in some]


def _number_on(connection: Connection) -> None:
    """Let PostgreSQL give new rows numbers after those that were copied."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables():
        if [column.name for column in table.primary_key] == ["id"]:
            last = connection.scalar(select(func.max(table.c.id)))
            sequence = func.pg_get_serial_sequence(table.name, "id")
            if last is not None:
                connection.execute(select(func.setval(sequence, last)))
