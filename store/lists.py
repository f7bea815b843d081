"""Lists and counts of the mentions behind a number, newest first, undated last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from sqlalchemy import Select, func, select

from simak.tags import TouchpointTag
from store import hits, rollups, selection
from store.engine import Store
from store.filter import Filter
from store.read import driver_rows
from store.search import expected, matches, search
from store.selection import Position
from store.tables import UNDATED, brand, copy, correction, label, mention, tag, wording

FEW_TEXTS = 3_000
"""So many texts are all looked at one by one whether they hold the words searched for, unless
fewer are expected to."""

SOME_TEXTS = 30_000
"""So many are, at most, to fill a page."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many mentions a filter selects; at least so many where `capped`."""

    n: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class MentionRow:
    """One mention as a reader sees it: the correction where there is one, else the tag."""

    id: int
    brand: str
    source: str
    channel: str
    kind: str
    external_id: str
    published_at: datetime | None
    text: str
    stars: float | None
    url: str | None
    reply: str | None
    reply_at: datetime | None
    product: str | None
    version: str | None
    attributes: Mapping[str, str]
    edited_at: datetime | None
    deleted_at: datetime | None
    sentiment: str
    complaint: bool
    touchpoints: Mapping[str, TouchpointTag]
    signals: tuple[str, ...]
    language: str
    scores: Mapping[str, float]
    model: str | None
    corrected_by: str | None
    corrected_at: datetime | None
    text_hash: str
    alike: int
    """Mentions of the brand with the very same text, this one among them."""
    copy_group: int | None
    """The group of copies it belongs to, `store.copies`."""
    copied: int
    """Mentions in that group, this one among them; 0 without one."""
    position: Position


def count(store: Store, filter: Filter) -> Count:
    """Return how many mentions `filter` selects: from the rollups where they can tell."""
    if filter.search:
        return _count_search(store, filter)
    known = rollups.total(store, filter)
    if known is not None:
        return Count(known)
    with store.read() as connection:
        return Count(connection.execute(counted(selection.rows(store, filter))).scalar_one())


def list_mentions(
    store: Store, filter: Filter, *, limit: int = 50, after: Position | None = None
) -> list[MentionRow]:
    """Return a page of the mentions that `filter` selects.

    Args:
        limit: at most so many.
        after: the `position` of the last row of the page before; None starts at the top.
    """
    found = _searched(store, filter) if filter.search else None
    if found is not None and found.whole:
        return get_mentions(store, found.ids(store, after, limit))
    rows = selection.rows(store, filter, after)
    if found is not None and limit * found.among <= SOME_TEXTS * len(found.rows):
        rows = _rows_that_match(store, filter, after)
    id, at = rows.selected_columns
    page = rows.order_by(at.desc(), id.desc()).limit(limit).subquery()
    return read(store, select(page.c.mention_id))


def oldest(store: Store, filter: Filter, *, limit: int) -> list[MentionRow]:
    """Return the mentions that `filter` selects that are the longest ago, the oldest first.

    Undated ones are left out: nobody knows how long ago they are.
    """
    table = selection.base(filter)
    dated = selection.rows(store, filter).where(table.c.sort_at > UNDATED)
    page = dated.order_by(table.c.sort_at, table.c.mention_id).limit(limit).subquery()
    return read(store, select(page.c.mention_id))[::-1]


def get_mentions(store: Store, ids: Sequence[int]) -> list[MentionRow]:
    """Return the mentions with these ids, newest first."""
    return read(store, select(label.c.mention_id).where(label.c.mention_id.in_(ids)))


def list_ids(store: Store, filter: Filter, *, limit: int) -> list[int]:
    """Return the ids of the mentions that `filter` selects, newest first, at most so many."""
    table = selection.base(filter)
    rows = selection.rows(store, filter).with_only_columns(table.c.mention_id)
    with store.read() as connection:
        newest = rows.order_by(table.c.sort_at.desc(), table.c.mention_id.desc()).limit(limit)
        return list(connection.scalars(newest))


def ids_by_brand(store: Store, filter: Filter) -> dict[str, set[int]]:
    """Return the ids of the mentions that a filter selects, by brand.

    Args:
        filter: one that selects few enough to be held in memory.
    """
    table = selection.base(filter)
    meant = selection.rows(store, filter).with_only_columns(table.c.brand_id, table.c.mention_id)
    found: dict[int, set[int]] = defaultdict(set)
    with store.read() as connection:
        for owner, id in driver_rows(connection, meant):
            found[owner].add(id)
        names = connection.execute(select(brand.c.id, brand.c.name)).all()
    return {row.name: found[row.id] for row in names if row.id in found}


def counted(rows: Select[Any]) -> Select[int]:
    """Return a query of how many rows another finds."""
    return select(func.count()).select_from(rows.subquery())


def _count_search(store: Store, filter: Filter) -> Count:
    cap = selection.SEARCH_CAP
    found = _searched(store, filter)
    if found is not None:
        return Count(min(len(found.rows), cap), not found.whole or len(found.rows) > cap)
    most = selection.rows(store, filter).limit(cap + 1)
    with store.read() as connection:
        n = connection.execute(counted(most)).scalar_one()
    return Count(min(n, cap), n > cap)


def _searched(store: Store, filter: Filter) -> hits.Page | None:
    """Return what a search finds, among the first alone that hold the words where it is in many.

    Returns:
        None for a search that only says what must not occur: that is most of the store.
    """
    return hits.kept(store, filter, lambda: _search(store, filter))


def _search(store: Store, filter: Filter) -> hits.Page | None:
    query = filter.search or ""
    meant = search(store, query)
    if meant.all_but:
        return None
    looks = _looks(store, filter)
    if not looks:
        return hits.Page((), True, looks)
    if looks <= FEW_TEXTS and looks <= expected(store, meant):
        return hits.Page(hits.read(store, _rows_that_match(store, filter)), True, looks)
    first, table = hits.first_hits(store, query, meant), selection.base(filter)
    rows = select(table.c.mention_id, table.c.sort_at).where(
        *selection.conditions(store, filter, table, only=first)
    )
    return hits.Page(hits.read(store, rows), first.whole, looks)


def _rows_that_match(
    store: Store, filter: Filter, after: Position | None = None
) -> Select[tuple[int, datetime]]:
    """Select (mention_id, sort_at) of what a search finds, by a look at each text in turn.

    Of those alone that the filter leaves: an offset keeps PostgreSQL from looking before that.
    """
    left = selection.rows(store, filter.but(search=None), after)
    id, at = left.selected_columns
    meant = left.order_by(at.desc(), id.desc()).offset(0).subquery()
    own = matches(filter.search or "", meant.c.mention_id)
    return select(meant.c.mention_id, meant.c.sort_at).where(own)


def _looks(store: Store, filter: Filter) -> float:
    """Return how many texts a filter leaves to be looked at in turn; without end where that is not
    known at once, or cannot be done."""
    known = None if store.is_sqlite else rollups.total(store, filter.but(search=None))
    return inf if known is None else known


def read(store: Store, ids: Select[tuple[int]]) -> list[MentionRow]:
    """Return the mentions that a query of ids finds, newest first."""
    own, model = correction.c, tag.c
    statement = (
        select(
            mention,
            brand.c.name.label("brand"),
            label.c.sort_at,
            label.c.sentiment,
            label.c.complaint,
            label.c.language.label("label_language"),
            model.touchpoints.label("tag_touchpoints"),
            model.signals.label("tag_signals"),
            model.scores,
            model.model,
            own.touchpoints.label("own_touchpoints"),
            own.signals.label("own_signals"),
            own.corrected_by,
            own.corrected_at,
            func.coalesce(wording.c.n, 1).label("alike"),
            copy.c.group_id.label("copy_group"),
        )
        .select_from(
            mention.join(label, label.c.mention_id == mention.c.id)
            .join(brand, brand.c.id == mention.c.brand_id)
            .outerjoin(
                wording,
                (wording.c.text_hash == label.c.text_hash)
                & (wording.c.brand_id == label.c.brand_id),
            )
            .outerjoin(copy, copy.c.mention_id == mention.c.id)
            .outerjoin(tag, tag.c.mention_id == mention.c.id)
            .outerjoin(correction, correction.c.mention_id == mention.c.id)
        )
        .where(mention.c.id.in_(ids))
        .order_by(label.c.sort_at.desc(), label.c.mention_id.desc())
    )
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
        # Each group is counted once: a page may be all copies of one text.
        groups = {row["copy_group"] for row in rows} - {None}
        sizes: dict[int | None, int] = {}
        if groups:
            size = select(copy.c.group_id, func.count().label("n")).group_by(copy.c.group_id)
            found = connection.execute(size.where(copy.c.group_id.in_(groups)))
            sizes = {row.group_id: row.n for row in found}
    return [_mention({**row, "copied": sizes.get(row["copy_group"], 0)}) for row in rows]


def _mention(row: Mapping[str, Any]) -> MentionRow:
    tagged = row["tag_touchpoints"] or {}
    found = tagged if row["own_touchpoints"] is None else row["own_touchpoints"]
    signals = row["tag_signals"] if row["own_signals"] is None else row["own_signals"]
    touchpoints = {}
    for name, entry in found.items():
        model = tagged.get(name, {})  # a corrected touchpoint keeps the model's evidence
        span = model.get("span")
        touchpoints[name] = TouchpointTag(
            entry["polarity"], model.get("score", 1.0), tuple(span) if span else None
        )
    plain = {
        key: row[key]
        for key in MentionRow.__dataclass_fields__
        if key not in ("touchpoints", "signals", "language", "scores", "position")
    }
    return MentionRow(
        **plain,
        touchpoints=touchpoints,
        signals=tuple(signals or ()),
        language=row["label_language"],
        scores=row["scores"] or {},
        position=(row["sort_at"], row["id"]),
    )
