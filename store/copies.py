"""Groups of texts that many accounts have copied; nothing is left out unless a filter says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select

from simak.near_duplicates import WINDOW, Groups, Said
from store.engine import ROWS_PER_WRITE, Store
from store.filter import Filter
from store.progress import Progress, newest, reached, save_progress, since
from store.selection import base, brand_ids, conditions
from store.tables import UNDATED, brand, copy, label, mention

_JOB = "copies"

_BATCH = 5_000

_DAY = timedelta(days=1)


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

    A text that came, or was edited, since then is held against those within `WINDOW` of it.
    Asked again with nothing new, nothing changes.

    Args:
        renew: called now and then, to keep a lease.
    """
    before, now = reached(store, _JOB), newest(store)
    if now != before:
        for brand_id, first, last in _spans(store, before):
            renew()
            groups = Groups()
            for said in _said(store, brand_id, first - WINDOW, last + WINDOW):
                groups.add(said)
            renew()
            _save(store, brand_id, first - WINDOW, last + WINDOW, groups.found())
        with store.write() as connection:
            save_progress(connection, _JOB, now)
    return count_repeats(store)


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


def _spans(store: Store, before: Progress) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield (brand id, first time, last time) of what came or was edited since `before`.

    An edit of what was said long ago is a span of its own: all that was said since is not
    compared again for it.
    """
    days: dict[int, list[date]] = defaultdict(list)
    with store.read() as connection:
        for row in connection.execute(
            select(label.c.brand_id, label.c.day)
            .join(mention, mention.c.id == label.c.mention_id)
            .where(since(before), label.c.sort_at > UNDATED)
            .distinct()
            .order_by(label.c.brand_id, label.c.day)
        ):
            days[row.brand_id].append(row.day)
    for brand_id, some in days.items():
        first = last = some[0]
        for day in [*some[1:], None]:
            if day is not None and day - last <= 2 * WINDOW + _DAY:
                last = day
                continue
            yield brand_id, _midnight(store, first), _midnight(store, last + _DAY)
            if day is not None:
                first = last = day


def _midnight(store: Store, day: date) -> datetime:
    return datetime.combine(day, time(), store.zone)


def _said(store: Store, brand_id: int, start: datetime, end: datetime) -> Iterator[Said]:
    """Yield the texts of a brand between two times, in the order of their times and ids."""
    position = (max(start, UNDATED), 0)
    while True:
        at, id = position
        with store.read() as connection:
            found = connection.execute(
                select(label.c.mention_id, label.c.sort_at, mention.c.author_key, mention.c.text)
                .join(mention, mention.c.id == label.c.mention_id)
                .where(
                    label.c.brand_id == brand_id,
                    label.c.sort_at > UNDATED,
                    label.c.sort_at <= end,
                    (label.c.sort_at > at) | ((label.c.sort_at == at) & (label.c.mention_id > id)),
                    label.c.text_hash.is_not(None),
                )
                .order_by(label.c.sort_at, label.c.mention_id)
                .limit(_BATCH)
            ).all()
        yield from (Said(row.mention_id, row.author_key, row.sort_at, row.text) for row in found)
        if len(found) < _BATCH:
            return
        position = (found[-1].sort_at, found[-1].mention_id)


def _save(
    store: Store,
    brand_id: int,
    start: datetime,
    end: datetime,
    groups: Mapping[int, Sequence[int]],
) -> None:
    """Bring what is stored of a span in line with what was found there.

    A group that reaches beyond the span, or whose members have since lost their text, keeps them.
    """
    with store.read() as connection:
        stored = {
            row.mention_id: row
            for row in connection.execute(
                select(
                    copy.c.mention_id,
                    copy.c.group_id,
                    (label.c.text_hash.is_not(None) & label.c.sort_at.between(start, end)).label(
                        "compared"
                    ),
                )
                .join(label, label.c.mention_id == copy.c.mention_id)
                .where(copy.c.brand_id == brand_id)
            )
        }
    wanted: dict[int, int] = {}
    for first, ids in groups.items():
        # The earliest one named so far, where the group began before the span.
        named = [stored[id].group_id for id in ids if id in stored]
        outside = [id for id in named if id not in stored or not stored[id].compared]
        group = outside[0] if outside else first
        wanted |= dict.fromkeys(ids, group)
    gone = [id for id, row in stored.items() if row.compared and wanted.get(id) != row.group_id]
    fresh = [
        {"mention_id": id, "brand_id": brand_id, "group_id": group, "repeat": id != group}
        for id, group in wanted.items()
        if id not in stored or stored[id].group_id != group
    ]
    for start_at in range(0, len(gone), ROWS_PER_WRITE):
        with store.write() as connection:
            some = gone[start_at : start_at + ROWS_PER_WRITE]
            connection.execute(delete(copy).where(copy.c.mention_id.in_(some)))
        store.pause()
    for start_at in range(0, len(fresh), ROWS_PER_WRITE):
        with store.write() as connection:
            connection.execute(insert(copy), fresh[start_at : start_at + ROWS_PER_WRITE])
        store.pause()
