"""Makes a large store many times as large, within the database: ten million take hours otherwise.

Every mention comes again with its tag and all that is derived of it, at the same time and of the
same brand, with another id and other words at its end; counts are multiplied. What is left is a
store as `store.rollups.verify` wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, literal, select, update

from benchmarks.report import say
from store.engine import Store
from store.tables import (
    MONTHLY,
    label,
    label_facet,
    label_reply,
    label_touchpoint,
    mark,
    mention,
    monthly_profile,
    sketch,
    tag,
    wording,
)

_REPEATED = (mention, tag, label, label_touchpoint, label_facet, label_reply, mark, sketch, wording)
_COUNTS = (*MONTHLY, *MONTHLY.values(), monthly_profile)
_SUMS = ("n", "complaints", "stars_n", "stars_sum", "stars_squares")


def grow(store: Store, times: int) -> None:
    """Make a store `times` as large.

    Args:
        store: as `benchmarks.world.fill` has filled it: its mentions are numbered from 1.
    """
    indexes = sorted(
        {index for table in _REPEATED for index in table.indexes}, key=lambda one: str(one.name)
    )
    with store.write() as connection:
        size = connection.scalar(select(func.max(mention.c.id))) or 0
        words = connection.scalar(select(func.max(wording.c.id))) or 0
        for index in indexes:  # to make them at the end takes a third of keeping them up
            index.drop(connection)
    for time in range(1, times):
        for table in _REPEATED:
            with store.write() as connection:
                _repeat(connection, table, time, size, words if table is wording else size)
        say(f"  {(time + 1) * size:,} of {times * size:,} mentions")
    for index in indexes:
        with store.write() as connection:
            index.create(connection)
    with store.write() as connection:
        for table in _COUNTS:
            sums = {name: table.c[name] * times for name in _SUMS if name in table.c}
            connection.execute(update(table).values(sums))
    number_on(store)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")


def _repeat(connection: Connection, table: Table, time: int, size: int, last: int) -> None:
    """Insert the rows that a table had at first once more.

    Args:
        size: mentions there were.
        last: the highest number of those rows, or of their mentions.
    """
    changed: Mapping[str, Callable[[Column[Any]], Any]] = {
        "id": lambda column: column + time * size,
        "mention_id": lambda column: column + time * size,
        "external_id": lambda column: column + literal(f"-{time}"),
        "text": lambda column: column + literal(f" {time}"),
        "text_hash": lambda column: column + literal(f"{time:04}"),
    }
    columns = [column for column in table.columns if (table, column.name) != (wording, "id")]
    number = table.c.mention_id if "mention_id" in table.c else table.c.id
    again = select(
        *(changed[one.name](one) if one.name in changed else one for one in columns)
    ).where(number <= last)
    connection.execute(insert(table).from_select([one.name for one in columns], again))


def number_on(store: Store) -> None:
    """Let PostgreSQL give new mentions numbers after those that were written with theirs."""
    if not store.is_sqlite:
        with store.write() as connection:
            last = select(func.max(mention.c.id)).scalar_subquery()
            connection.execute(select(func.setval("mention_id_seq", last)))
