"""A few bytes of each text, kept so that its copies are found without reading what was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Connection, delete, insert, select

from simak.near_duplicates import MONTH
from simak.near_duplicates import sketch as sketch_of
from store.engine import ROWS_PER_WRITE, Store
from store.parts import parts
from store.progress import Changed
from store.read import driver_rows
from store.tables import UNDATED, label, mention, sketch

COMPARED = (label.c.sort_at > UNDATED) & label.c.text_hash.is_not(None)
"""Which mentions are held against others: dated ones that have a text."""


def sketch_new(store: Store, new: Changed, renew: Callable[[], None]) -> None:
    """Sketch what is new; undated texts and short ones have none.

    Args:
        renew: called now and then, to keep a lease.
    """
    for ids in new.ids(store):
        with store.read() as connection:
            found = connection.execute(
                select(mention.c.id, label.c.brand_id, label.c.day, mention.c.text)
                .join(label, label.c.mention_id == mention.c.id)
                .where(mention.c.id.in_(ids), COMPARED)
            ).all()
        rows = [
            {"mention_id": row.id, "brand_id": row.brand_id, "day": row.day, "sketch": made}
            for row in found
            if (made := sketch_of(row.text)) is not None
        ]
        for some in parts(rows, ROWS_PER_WRITE):
            with store.write() as connection:
                forget(connection, [row["mention_id"] for row in some])
                connection.execute(insert(sketch), some)
            store.pause()
        renew()


def sketches(store: Store, brand_id: int, month: int) -> tuple[list[int], list[bytes]]:
    """Return the ids and the sketches of what was said of a brand in a month, `month_of`."""
    first = date.fromordinal(month * MONTH)
    of_these = select(sketch.c.mention_id, sketch.c.sketch).where(
        sketch.c.brand_id == brand_id,
        sketch.c.day.between(first, first + timedelta(days=MONTH - 1)),
    )
    with store.read() as connection:
        rows = driver_rows(connection, of_these)
    return [row[0] for row in rows], [row[1] for row in rows]


def forget(connection: Connection, mention_ids: list[int]) -> None:
    """Delete the sketches of texts that are not what they were."""
    connection.execute(delete(sketch).where(sketch.c.mention_id.in_(mention_ids)))
