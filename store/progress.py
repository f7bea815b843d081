"""How far a job has come through the mentions, so that its next run looks at what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, insert, select, update

from store.engine import Store
from store.parts import MANY, parts
from store.tables import mention, mention_version, meta

_LATE = 1_000
"""Ids in which one may come late: on PostgreSQL a lower id may be committed after a higher one."""


class Progress(NamedTuple):
    """The newest mention and the newest edit that were there.

    Attributes:
        mentions, versions: sums of their last `_LATE` ids, by which one that came late shows.
    """

    mention_id: int
    version_id: int
    mentions: int = 0
    versions: int = 0


def reached(store: Store, job: str) -> Progress:
    """Return how far the last run of a job came; to the beginning where there was none.

    Args:
        job: its name in `meta`.
    """
    with store.read() as connection:
        value = connection.scalar(select(meta.c.value).where(meta.c.key == job))
    return Progress(*map(int, (value or "0 0").split()))


def newest(store: Store) -> Progress:
    """Return how far a run that begins now will come: to be read before it looks at anything."""
    with store.read() as connection:
        ids = [connection.scalar(select(func.max(t.c.id))) or 0 for t in (mention, mention_version)]
        sums = [
            _sum(connection, t, id) for t, id in zip((mention, mention_version), ids, strict=True)
        ]
    return Progress(*ids, *sums)


def _sum(connection: Connection, table: Table, last: int) -> int:
    """Return the sum of the last ids up to one."""
    ids = select(func.sum(table.c.id)).where(table.c.id > last - _LATE, table.c.id <= last)
    return int(connection.scalar(ids) or 0)


def save_progress(connection: Connection, job: str, progress: Progress) -> None:
    """Keep how far a job has come, in the transaction of what it found."""
    value = " ".join(map(str, progress))
    changed = connection.execute(update(meta).where(meta.c.key == job).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(meta).values(key=job, value=value))


@dataclass(frozen=True, slots=True)
class Changed:
    """The mentions that came, or were edited, since a job last ran.

    To go through them costs no more where much else is stored.

    Attributes:
        after: those with a higher id came.
        edited: ids of those that were edited.
    """

    after: int
    edited: frozenset[int]

    def __contains__(self, id: int) -> bool:
        return id > self.after or id in self.edited

    def ids(self, store: Store) -> Iterator[Sequence[int]]:
        """Yield their ids, as many at a time as a statement names."""
        yield from parts(sorted(id for id in self.edited if id <= self.after))
        last = self.after
        while True:
            page = select(mention.c.id).where(mention.c.id > last)
            with store.read() as connection:
                ids = connection.scalars(page.order_by(mention.c.id).limit(MANY)).all()
            if not ids:
                return
            yield ids
            last = ids[-1]


def changed(store: Store, progress: Progress) -> Changed:
    """Return what came or was edited after that, and all of the last where one came late."""
    with store.read() as connection:
        since = [
            last if _sum(connection, table, last) == ids else max(0, last - _LATE)
            for table, last, ids in (
                (mention, progress.mention_id, progress.mentions),
                (mention_version, progress.version_id, progress.versions),
            )
        ]
        edited = select(mention_version.c.mention_id).where(mention_version.c.id > since[1])
        return Changed(since[0], frozenset(connection.scalars(edited)))
