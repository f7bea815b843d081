"""Groups of texts that many accounts have copied; nothing is left out unless a filter says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, delete, func, insert, select

from simak.near_duplicates import Groups, Likely, Said, Sets, month_of
from store.engine import Store
from store.filter import Filter
from store.parts import parts
from store.progress import Changed, Progress, changed, newest, reached, save_progress
from store.selection import base, brand_ids, conditions
from store.sketches import COMPARED, sketch_new, sketches
from store.tables import UNDATED, brand, copy, label, mention

_JOB = "copies"

_BATCH = 5_000
"""Texts that are read at a time."""

_KEPT = 50_000
"""Texts that are kept in memory, with their signatures: about 100 MB."""


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """One text that was copied.

    Attributes:
        id: the id of the mention that said it first.
        n: mentions in the group, within the filter.
        accounts: different authors among them.
    """

    id: int
    brand: str
    n: int
    accounts: int
    first: datetime
    last: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Repeats:
    """How much of a selection only repeats what others wrote.

    Attributes:
        n: mentions that do, the first of each group not among them.
        texts: how many texts they repeat.
    """

    n: int
    texts: int


def find_copies(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Group what is new since the last time, with what was said around it; return the repeats.

    A text that came, or was edited, since then is held against those within `WINDOW` of it: the
    sketches of all of them are read, and the texts of those alone that may be near it. So with
    what turns out to be near it, until all is known that it makes a group with. Asked again with
    nothing new, nothing changes.

    Args:
        renew: called now and then, to keep a lease.
    """
    before, now = reached(store, _JOB), newest(store)
    if now != before:
        new = changed(store, before)
        sketch_new(store, new, renew)
        for brand_id, months in _months(store, new).items():
            renew()
            _compare_new(store, new, brand_id, months, renew)
        with store.write() as connection:
            save_progress(connection, _JOB, now)
    return count_repeats(store)


def _compare_new(
    store: Store, new: Changed, brand_id: int, months: Set[int], renew: Callable[[], None]
) -> None:
    """Bring the groups of a brand in line with what is new of it, in these months."""
    likely = Likely(partial(sketches, store, brand_id))
    texts = _Texts(store)
    together = Sets()
    # What holds a group together may be what was edited: all of it is compared again.
    _join(together, _groups_with(store, brand_id, new.edited))
    asked = {
        month: np.array([id for id in likely.ids(month).tolist() if id in new]) for month in months
    }
    old: set[int] = set()
    while asked:
        near = [
            ids
            for ids in _near(texts, likely.around(asked), renew)
            if any(id in new or id in old for id in ids)
        ]
        found = {id for ids in near for id in ids if id not in new}
        groups = _groups_with(store, brand_id, found)
        _join(together, near)
        _join(together, groups)
        # Of a group all is known that its texts are near; of others that were there it is not.
        found = found.difference(old, *groups)
        old |= found
        asked = likely.by_month(found)
    for ids in _batched(together):
        _compare(store, brand_id, texts.of(ids))
        renew()


def _near(texts: _Texts, likely: Sets, renew: Callable[[], None]) -> Iterator[list[int]]:
    """Yield which of the texts that may be near one another are."""
    for ids in _batched(likely):
        yield from _grouped(texts.of(ids)).near()
        renew()


def _compare(store: Store, brand_id: int, said: Sequence[Said]) -> None:
    """Group texts, none of which is near any other text."""
    _save(store, brand_id, {one.id for one in said}, _grouped(said).found())


def _grouped(texts: Iterable[Said]) -> Groups:
    groups = Groups()
    for said in texts:
        groups.add(said)
    return groups


def _join(sets: Sets, lists: Iterable[Sequence[int]]) -> None:
    for ids in lists:
        for id in ids:
            sets.join(ids[0], id)


def _batched(sets: Sets) -> Iterator[list[int]]:
    """Yield the ids of some whole sets at a time."""
    some: list[int] = []
    for ids in sets.found():
        some += ids
        if len(some) >= _BATCH:
            yield some
            some = []
    if some:
        yield some


def differing(store: Store) -> int:
    """Return how many mentions are in a group of copies that does not hold together.

    A group is named after the one of it that is not a repeat, and is of one brand.
    """
    first = copy.alias()
    of_group = (first.c.mention_id == copy.c.group_id) & (first.c.brand_id == copy.c.brand_id)
    wrong = (
        first.c.mention_id.is_(None)
        | first.c.repeat
        | (copy.c.repeat == (copy.c.mention_id == copy.c.group_id))
    )
    found = select(func.count()).select_from(copy.outerjoin(first, of_group)).where(wrong)
    with store.read() as connection:
        return connection.execute(found).scalar_one()


def find_copies_anew(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Forget the groups and find them again, in all that is stored; return the repeats."""
    with store.write() as connection:
        connection.execute(delete(copy))
        save_progress(connection, _JOB, Progress(0, 0))
    return find_copies(store, renew=renew)


def count_repeats(store: Store) -> int:
    """Return how many mentions only repeat what others wrote."""
    with store.read() as connection:
        found = select(func.count()).select_from(copy).where(copy.c.repeat)
        return connection.execute(found).scalar_one()


def repeats(store: Store, filter: Filter) -> Repeats:
    """Return how many of the mentions that `filter` selects only repeat what others wrote."""
    texts = func.count(copy.c.group_id.distinct())
    found = _copied(store, filter, func.count().label("n"), texts.label("texts"))
    with store.read() as connection:
        row = connection.execute(found.where(copy.c.repeat)).one()
    return Repeats(row.n, row.texts)


def copy_groups(store: Store, filter: Filter, *, limit: int = 20) -> list[CopyGroup]:
    """Return the groups with the most mentions among those that `filter` selects."""
    found = (
        _copied(
            store,
            filter,
            copy.c.group_id,
            func.count().label("n"),
            # Who is not named is taken for somebody else, as when they were grouped.
            (
                func.count(mention.c.author_key.distinct())
                + func.count()
                - func.count(mention.c.author_key)
            ).label("accounts"),
            func.min(mention.c.published_at).label("first"),
            func.max(mention.c.published_at).label("last"),
        )
        .join(mention, mention.c.id == copy.c.mention_id)
        .group_by(copy.c.group_id)
        .order_by(func.count().desc(), copy.c.group_id)
        .limit(limit)
        .subquery()
    )
    with store.read() as connection:
        rows = connection.execute(
            select(found, mention.c.text, brand.c.name)
            .join(mention, mention.c.id == found.c.group_id)
            .join(brand, brand.c.id == mention.c.brand_id)
            .order_by(found.c.n.desc(), found.c.group_id)
        ).all()
    return [
        CopyGroup(row.group_id, row.name, row.n, row.accounts, row.first, row.last, row.text)
        for row in rows
    ]


def _copied(store: Store, filter: Filter, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select of the mentions that `filter` selects those in groups, from `copy` and its base."""
    table = base(filter)
    found = (
        select(*columns)
        .select_from(copy.join(table, table.c.mention_id == copy.c.mention_id))
        .where(*conditions(store, filter.but(copies=True), table))
    )
    if filter.brands:  # said of the copies too, few as they are, or all of the brand are read
        found = found.where(copy.c.brand_id.in_(brand_ids(store, filter)))
    return found


def _months(store: Store, new: Changed) -> dict[int, set[int]]:
    """Return by brand the months that what is new was said in."""
    months: dict[int, set[int]] = defaultdict(set)
    for ids in new.ids(store):
        said = select(label.c.brand_id, label.c.day).where(
            label.c.mention_id.in_(ids), label.c.sort_at > UNDATED
        )
        with store.read() as connection:
            for row in connection.execute(said.distinct()):
                months[row.brand_id].add(month_of(row.day))
    return months


def _groups_with(store: Store, brand_id: int, ids: Collection[int]) -> list[list[int]]:
    """Return the ids of each group of a brand that has any of these in it."""
    first = copy.alias()
    members: dict[int, set[int]] = defaultdict(set)
    with store.read() as connection:
        for some in parts(sorted(ids)):
            for row in connection.execute(
                select(copy.c.group_id, copy.c.mention_id)
                .join(first, first.c.group_id == copy.c.group_id)
                .where(first.c.mention_id.in_(some), first.c.brand_id + 0 == brand_id)
                .distinct()
            ):
                members[row.group_id].add(row.mention_id)
    return [sorted(group) for group in members.values()]


@dataclass(slots=True)
class _Texts:
    """The texts that were read; the first `_KEPT` are, with what is compared of them, read once."""

    store: Store
    _kept: dict[int, Said] = field(default_factory=dict)

    def of(self, ids: Sequence[int]) -> list[Said]:
        """Return the texts that there are of these, in the order of their times and ids."""
        found = [self._kept[id] for id in ids if id in self._kept]
        for one in _said(self.store, [id for id in ids if id not in self._kept]):
            found.append(one)
            if len(self._kept) < _KEPT:
                self._kept[one.id] = one
        return sorted(found, key=lambda said: (said.at, said.id))


def _said(store: Store, ids: Sequence[int]) -> Iterator[Said]:
    for some in parts(ids):
        texts = (
            select(label.c.mention_id, label.c.sort_at, mention.c.author_key, mention.c.text)
            .join(mention, mention.c.id == label.c.mention_id)
            .where(label.c.mention_id.in_(some), COMPARED)
        )
        with store.read() as connection:
            rows = connection.execute(texts).all()
        for row in rows:
            yield Said(row.mention_id, row.author_key, row.sort_at, row.text)


def _save(
    store: Store, brand_id: int, compared: Set[int], groups: Mapping[int, Sequence[int]]
) -> None:
    """Bring what is stored of texts that were compared in line with what was found.

    A group whose first has since lost its text keeps its name, and those that have lost theirs.
    """
    stored: dict[int, int] = {}
    with store.read() as connection:
        for some in parts(sorted(compared)):
            stored |= {
                row.mention_id: row.group_id
                for row in connection.execute(
                    select(copy.c.mention_id, copy.c.group_id).where(copy.c.mention_id.in_(some))
                )
            }
    wanted: dict[int, int] = {}
    for first, ids in groups.items():
        outside = [group for id in ids if (group := stored.get(id)) and group not in compared]
        wanted |= dict.fromkeys(ids, outside[0] if outside else first)
    changed = [id for id, group in stored.items() if wanted.get(id) != group]
    rows = [
        {"mention_id": id, "brand_id": brand_id, "group_id": group, "repeat": id != group}
        for id, group in wanted.items()
        if stored.get(id) != group
    ]
    if not changed and not rows:
        return
    # In one: a group of which a part is gone would not be found again.
    with store.write() as connection:
        for some in parts(changed):
            connection.execute(delete(copy).where(copy.c.mention_id.in_(some)))
        if rows:
            connection.execute(insert(copy), rows)
    store.pause()
