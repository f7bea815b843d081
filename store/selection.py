"""Turns a filter into SQL over the labels, by the index that serves it best."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, select, tuple_

from store.answers import beside
from store.cases import with_case
from store.engine import Store
from store.filter import Filter
from store.hits import First, first_hits
from store.marks import marked
from store.search import search
from store.segments import with_facet
from store.speech import asks_profile, speaks
from store.tables import UNDATED, brand, copy, label, label_reply, label_touchpoint

SEARCH_CAP = 10_000
"""A search counts no further than this; `Count.capped` says so."""

Position = tuple[Any, int]
"""Where a page of a list ends, its place in the list's order and an id: hand it back as `after`
for the next one. The place is a time, aware, in lists by date."""


def base(filter: Filter) -> Table:
    """Return the table whose rows are counted: labels, or their touchpoints."""
    one = len(filter.touchpoints) == 1 and not asks_profile(filter)
    return label_touchpoint if one else label


def rows(
    store: Store, filter: Filter, after: Position | None = None
) -> Select[tuple[int, datetime]]:
    """Select (mention_id, sort_at) of the mentions that the filter means, from `base(filter)`.

    Args:
        after: only those that come after it in a list by date.
    """
    table = base(filter)
    return select(table.c.mention_id, table.c.sort_at).where(
        and_(True, *conditions(store, filter, table, after))
    )


def conditions(
    store: Store,
    filter: Filter,
    table: Table,
    after: Position | None = None,
    *,
    only: First | None = None,
) -> list[ColumnElement[bool]]:
    """Return what a row of `table`, `label` or `label_touchpoint`, must fulfil.

    Neither database knows how many rows a search finds, and both guess badly. A sum with 0 keeps
    an index out of what may be chosen from.

    Args:
        only: these are taken for all that hold the words searched for.
    """
    where: list[ColumnElement[bool]] = []
    looked_up = False
    if filter.search:
        hits = search(store, filter.search)
        if hits.all_but:
            where.append(_outside(store, table.c.mention_id, hits.ids))
        else:
            # Few hits are looked up one by one. Many are held against the list by date instead,
            # which fills a page long before its end.
            first = only or first_hits(store, filter.search, hits)
            looked_up = first.whole or only is not None
            id = table.c.mention_id
            where.append(first.holds(store, id) if looked_up else _among(store, id, hits.ids))
    if table is label and (filter.touchpoints or asks_profile(filter)):
        where += speaks(filter, table.c.profile_id)
    elif filter.touchpoints:
        where.append(_spoken(filter))
    if filter.brands:
        owners = brand_ids(store, filter)
        # Several brands are picked out of the list of all by date: each of their own lists would
        # have to be read to its end and sorted.
        own_list = len(owners) == 1 and not looked_up
        where.append(
            table.c.brand_id == owners[0] if own_list else (table.c.brand_id + 0).in_(owners)
        )
    start, end = filter.instants(store.zone)
    # One bound on each side: SQLite goes by the first it is given, which may be the looser one.
    if start and start > UNDATED:
        where.append(table.c.sort_at >= start)
    elif filter.dated:
        where.append(table.c.sort_at > UNDATED)
    if after is not None:
        where.append(tuple_(table.c.sort_at, table.c.mention_id) < tuple_(*after))
    if end and not (after and after[0] < end):
        where.append(table.c.sort_at < end)
    for column, values in (
        (table.c.channel, filter.channels),
        (table.c.source, filter.sources),
        (table.c.language, filter.languages),
        (table.c.sentiment, filter.sentiments),
    ):
        if values:
            where.append(column == values[0] if len(values) == 1 else column.in_(values))
    if filter.complaint is not None:
        where.append(table.c.complaint == filter.complaint)
    if filter.has_rating or filter.text_hash:
        where.append(_written(filter, table))
    if not filter.copies:
        where.append(~_has(table, copy, copy.c.repeat))
    if filter.replied is not None:
        answered = _has(table, label_reply, label_reply.c.answered)
        where.append(answered if filter.replied else ~answered)
    for name, value in filter.facets:
        where.append(table.c.mention_id.in_(with_facet(name, value)))
    if filter.mark is not None:
        where.append(table.c.mention_id.in_(marked(*filter.mark)))
    if filter.answered is not None:
        where.append(table.c.mention_id.in_(beside(filter.answered)))
    if filter.case is not None:
        where.append(table.c.mention_id.in_(with_case(filter.case)))
    if filter.copy_group is not None:
        where.append(_has(table, copy, copy.c.group_id == filter.copy_group))
    return where


def brand_ids(store: Store, filter: Filter) -> Sequence[int]:
    """Return the ids of the filter's brands; unknown ones have none."""
    with store.read() as connection:
        return connection.scalars(select(brand.c.id).where(brand.c.name.in_(filter.brands))).all()


def _spoken(filter: Filter) -> ColumnElement[bool]:
    """Return the condition on the one touchpoint of a row of `label_touchpoint`."""
    spoken = label_touchpoint.c.touchpoint == filter.touchpoints[0]
    if filter.polarity:
        spoken &= label_touchpoint.c.polarity == filter.polarity
    return spoken


def _written(filter: Filter, table: Table) -> ColumnElement[bool]:
    """Return the condition on the stars and the text, which `label_touchpoint` does not hold."""
    asked: list[ColumnElement[bool]] = []
    if filter.has_rating:
        asked.append(label.c.stars.is_not(None))
    if filter.text_hash:
        asked.append(label.c.text_hash == filter.text_hash)
    if table is label:
        return and_(*asked)
    found = select(label.c.mention_id).where(label.c.mention_id == table.c.mention_id, *asked)
    return found.correlate(table).exists()


def _has(table: Table, beside: Table, how: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(beside.c.mention_id).where(beside.c.mention_id == table.c.mention_id, how)
    return found.correlate(table).exists()


def _outside(store: Store, id: ColumnElement[int], hits: Select[int]) -> ColumnElement[bool]:
    if store.is_sqlite:
        return id.not_in(hits)
    # PostgreSQL walks through the hits for each row, unless they are few or it may join.
    found = hits.subquery()
    return ~exists().where(found.c.mention_id == id)


def _among(store: Store, id: ColumnElement[int], hits: Select[int]) -> ColumnElement[bool]:
    return (id + 0 if store.is_sqlite else id).in_(hits)
