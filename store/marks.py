"""Groups of mentions that a job has found by their words, such as those of a theme."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import ROWS_PER_WRITE, Store
from store.tables import mark


def add_to_mark(store: Store, kind: str, name: str, mention_ids: Iterable[int]) -> None:
    """Put mentions into a group; those that are in it stay.

    Args:
        kind: what found them, `theme` or `promise`.
        name: which of its groups.
    """
    ids = iter(mention_ids)
    insert = sqlite.insert if store.is_sqlite else postgresql.insert
    while some := list(islice(ids, ROWS_PER_WRITE)):
        with store.write() as connection:
            connection.execute(
                insert(mark).on_conflict_do_nothing(),
                [{"kind": kind, "name": name, "mention_id": id} for id in some],
            )
        store.pause()


def take_from_mark(store: Store, kind: str, name: str, mention_ids: Iterable[int]) -> None:
    """Take mentions out of a group."""
    ids = iter(mention_ids)
    while some := list(islice(ids, ROWS_PER_WRITE)):
        with store.write() as connection:
            connection.execute(delete(mark).where(*_is(kind, name), mark.c.mention_id.in_(some)))
        store.pause()


def set_mark(store: Store, kind: str, name: str, mention_ids: Iterable[int]) -> None:
    """Make a group hold these mentions and no others; without any it is gone."""
    wanted = set(mention_ids)
    with store.read() as connection:
        there = {row.mention_id for row in connection.execute(marked(kind, name))}
    take_from_mark(store, kind, name, sorted(there - wanted))
    add_to_mark(store, kind, name, sorted(wanted - there))


def marked(kind: str, name: str) -> Select[tuple[int]]:
    """Select the ids of a group's mentions."""
    return select(mark.c.mention_id).where(*_is(kind, name))


def _is(kind: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return mark.c.kind == kind, mark.c.name == name
