"""What brands have promised, and which texts speak of it.

A query is held against every text of the brand, whatever it is tagged: whether its touchpoint is
spoken well or badly of is asked when mentions are counted, so that a correction counts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, insert, select, update

from simak.errors import ConfigurationError
from simak.promised import GENERAL
from simak.relevance import parse_query, words_needed
from store.engine import Store
from store.filter import Filter
from store.marks import add_to_mark, set_mark, take_from_mark
from store.mentions import known_brand
from store.progress import Progress, changed, newest, reached, save_progress
from store.search import ids_with_any
from store.tables import brand, label_touchpoint, mark, mention, promise

KIND = "promise"
"""The kind of the marks."""

Side = Literal["broken", "kept"]
SIDES: tuple[Side, ...] = ("broken", "kept")

_JOB = "promises"

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class How:
    """How a mention speaks of the touchpoint, and over all, where a promise was kept or broken."""

    polarity: str
    sentiments: tuple[str, ...] = ()


HOW: Mapping[Side, How] = {
    "broken": How("negative"),
    # Where all is bad but the touchpoint, the praise is mostly misread: "instant that is not".
    "kept": How("positive", ("neutral", "positive")),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        text: the brand's own words.
        since, until: first and last day that it holds; until None where it still does.
        broken, kept: queries of the texts that speak of it, `simak.relevance`; "" takes `GENERAL`.
    """

    id: int
    brand: str
    text: str
    touchpoint: str
    since: date
    until: date | None
    broken: str
    kept: str
    created_at: datetime

    def query(self, side: Side) -> str:
        """Return the query of a side, its own or the general one."""
        return getattr(self, side) or GENERAL

    def while_held(self, filter: Filter) -> Filter | None:
        """Return the filter of those of its days that the promise held; None without any."""
        since = max(self.since, filter.since or self.since)
        until = min(self.until or date.max, filter.until or date.max)
        if since > until:
            return None
        days = None if until == date.max else until
        return filter.but(brands=(self.brand,), since=since, until=days)

    def behind(self, filter: Filter, side: Side) -> Filter:
        """Return the filter of those mentions of `filter` that say it was kept or broken."""
        return filter.but(
            brands=(self.brand,),
            touchpoints=(self.touchpoint,),
            polarity=HOW[side].polarity,
            sentiments=HOW[side].sentiments,
            mark=(KIND, _name(self.id, side)),
        )


def add_promise(
    store: Store,
    *,
    brand: str,
    text: str,
    touchpoint: str,
    since: date,
    until: date | None = None,
    broken: str = "",
    kept: str = "",
    now: datetime,
) -> Promise:
    """Register a promise and hold it against every text of the brand.

    Raises:
        ConfigurationError: nothing of the brand is stored, a query cannot be read, or the last
            day is before the first.
    """
    _check_days(since, until)
    for query in (broken, kept):
        if query:
            parse_query(query)
    hits = matching(store, brand, {"broken": broken or GENERAL, "kept": kept or GENERAL})
    # All at once: of a promise that was cut off, old texts would never be looked at again.
    with store.write() as connection:
        found = connection.execute(
            insert(promise).values(
                brand_id=known_brand(connection, brand), text=text, touchpoint=touchpoint,
                since=since, until=until, broken=broken, kept=kept, created_at=now,
            )
        )  # fmt: skip
        id = int(found.inserted_primary_key[0])  # type: ignore[index]
        rows = [
            {"kind": KIND, "name": _name(id, side), "mention_id": mention_id}
            for side in SIDES
            for mention_id in hits[side]
        ]
        # The number may have been another's whose removal was cut off.
        names = [_name(id, side) for side in SIDES]
        connection.execute(delete(mark).where(mark.c.kind == KIND, mark.c.name.in_(names)))
        if rows:
            connection.execute(insert(mark), rows)
    return find_promise(store, id)


def end_promise(store: Store, id: int, until: date) -> Promise:
    """Set the last day of a promise; texts from later no longer count.

    Raises:
        ConfigurationError: there is none of this id, or the day is before its first.
    """
    held = find_promise(store, id)
    _check_days(held.since, until)
    with store.write() as connection:
        connection.execute(update(promise).where(promise.c.id == id).values(until=until))
    return replace(held, until=until)


def remove_promise(store: Store, id: int) -> None:
    """Forget a promise and what was found of it.

    Raises:
        ConfigurationError: there is none of this id.
    """
    with store.write() as connection:
        if not connection.execute(delete(promise).where(promise.c.id == id)).rowcount:
            raise ConfigurationError(f"there is no promise {id}: simak promise list")
    for side in SIDES:
        set_mark(store, KIND, _name(id, side), ())


def promises(store: Store, brands: Sequence[str] = ()) -> list[Promise]:
    """Return the promises of `brands`, or of all, by brand, first day and id."""
    statement = (
        select(brand.c.name.label("brand"), *(c for c in promise.c if c.name != "brand_id"))
        .join(brand, brand.c.id == promise.c.brand_id)
        .order_by(brand.c.name, promise.c.since, promise.c.id)
    )
    if brands:
        statement = statement.where(brand.c.name.in_(brands))
    with store.read() as connection:
        return [Promise(**row) for row in connection.execute(statement).mappings()]


def find_promise(store: Store, id: int) -> Promise:
    """Return a promise.

    Raises:
        ConfigurationError: there is none of this id.
    """
    for one in promises(store):
        if one.id == id:
            return one
    raise ConfigurationError(f"there is no promise {id}: simak promise list")


def refresh_promises(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Hold every promise against the texts that came or were edited since the last time.

    Asked again with nothing new, nothing changes.

    Args:
        renew: called now and then, to keep a lease.

    Returns:
        How many texts were looked at.
    """
    before, now = reached(store, _JOB), newest(store)
    asked: dict[int, dict[str, list[str]]] = {}  # brand → query → the groups it fills
    for one in promises(store):
        groups = asked.setdefault(_brand_id(store, one.brand), {})
        for side in SIDES:
            groups.setdefault(one.query(side), []).append(_name(one.id, side))
    tests = {query: parse_query(query) for groups in asked.values() for query in groups}
    looked = 0
    if asked and now != before:
        for batch in _changed(store, list(asked), before):
            renew()
            looked += len(batch)
            found: dict[str, tuple[list[int], list[int]]] = {}
            for id, owner, text in batch:
                for query, names in asked[owner].items():
                    hit = tests[query](text)
                    for name in names:
                        found.setdefault(name, ([], []))[hit].append(id)
            for name, (missed, held) in found.items():
                take_from_mark(store, KIND, name, missed)
                add_to_mark(store, KIND, name, held)
    if now != before:
        with store.write() as connection:
            save_progress(connection, _JOB, now)
    return looked


def matching(
    store: Store, brand_name: str, queries: Mapping[Side, str], *, since: date | None = None
) -> dict[Side, list[int]]:
    """Return the ids of the brand's texts that each query hits, in their order; store nothing.

    In SQLite the full-text index says which texts hold a query's words, and only they are read.
    It knows no letters of other shapes, such as bold ones: texts of those alone are passed over.

    Args:
        since: only texts from this day on.

    Raises:
        ConfigurationError: a query cannot be read, or nothing of the brand is stored.
    """
    # The same query for both sides is asked once.
    tests = {query: parse_query(query) for query in queries.values()}
    hits: dict[Side, list[int]] = {side: [] for side in queries}
    start, _ = Filter(since=since).instants(store.zone)
    later = [] if start is None else [mention.c.published_at >= start]
    owner = _brand_id(store, brand_name)
    for batch in _worth_asking(store, owner, list(tests), later):
        for id, _, text in batch:
            found = {query: test(text) for query, test in tests.items()}
            for side, query in queries.items():
                if found[query]:
                    hits[side].append(id)
    return hits


def counting(store: Store, touchpoint: str, side: Side, ids: Sequence[int]) -> dict[int, bool]:
    """Return of the mentions that speak of a touchpoint whether they count for a side.

    Args:
        ids: of the mentions to look at; those that do not speak of it are left out.
    """
    table, how = label_touchpoint, HOW[side]
    found: dict[int, bool] = {}
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        with store.read() as connection:
            rows = connection.execute(
                select(table.c.mention_id, table.c.polarity, table.c.sentiment).where(
                    table.c.touchpoint == touchpoint, table.c.mention_id.in_(some)
                )
            )
            for row in rows:
                found[row.mention_id] = row.polarity == how.polarity and (
                    not how.sentiments or row.sentiment in how.sentiments
                )
    return found


def _check_days(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise ConfigurationError(f"the promise ends on {until}, before it begins on {since}")


def _brand_id(store: Store, name: str) -> int:
    with store.read() as connection:
        return known_brand(connection, name)


def _name(id: int, side: Side) -> str:
    return f"{id}:{side}"


def _changed(
    store: Store, owners: Sequence[int], before: Progress
) -> Iterator[list[tuple[int, int, str]]]:
    """Yield (id, brand id, text) of what came or was edited since `before`."""
    # A sum with 0 keeps SQLite from going through all of a brand for a few.
    for ids in changed(store, before).ids(store):
        with store.read() as connection:
            rows = connection.execute(
                select(mention.c.id, mention.c.brand_id, mention.c.text).where(
                    mention.c.id.in_(ids),
                    (mention.c.brand_id + 0).in_(owners),
                    mention.c.text != "",
                )
            ).all()
        yield [(row.id, row.brand_id, row.text) for row in rows]


def _texts(
    store: Store, owners: Sequence[int], *where: Any
) -> Iterator[list[tuple[int, int, str]]]:
    last = 0
    while True:
        with store.read() as connection:
            rows = connection.execute(
                select(mention.c.id, mention.c.brand_id, mention.c.text)
                .where(mention.c.id > last, mention.c.brand_id.in_(owners), mention.c.text != "")
                .where(*where)
                .order_by(mention.c.id)
                .limit(_BATCH)
            ).all()
        if not rows:
            return
        last = rows[-1].id
        yield [(row.id, row.brand_id, row.text) for row in rows]


def _worth_asking(
    store: Store, owner: int, queries: Sequence[str], where: Sequence[ColumnElement[bool]]
) -> Iterator[list[tuple[int, int, str]]]:
    """Yield the texts of a brand that any of the queries could hit."""
    rows = [words_needed(query) for query in queries]
    known = [row for found in rows if found is not None for row in found]
    if not store.is_sqlite or None in rows:
        yield from _texts(store, [owner], *where)
        return
    with store.read() as connection:
        ids = sorted(connection.scalars(ids_with_any(store, known)))
    for start in range(0, len(ids), _BATCH):
        some = mention.c.id.in_(ids[start : start + _BATCH])
        yield from _texts(store, [owner], some, *where)
