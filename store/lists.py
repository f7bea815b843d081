"""Lists and counts of the mentions behind a number, newest first, undated last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from simak.tags import TouchpointTag
from store import rollups
from store.engine import Store
from store.filter import Filter
from store.search import matching_ids
from store.tables import (
    UNDATED,
    brand,
    correction,
    label,
    label_touchpoint,
    mention,
    tag,
)

SEARCH_CAP = 10_000
"""A search counts no further than this; `Count.capped` says so."""

Position = tuple[datetime, int]
"""Where a page of a list ends: hand it back as `after` for the next one."""


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
    position: Position


def count(store: Store, filter: Filter) -> Count:
    """Return how many mentions `filter` selects: from the rollups where they can tell."""
    if filter.search:
        return _count_search(store, filter)
    known = rollups.total(store, filter)
    if known is not None:
        return Count(known)
    rows = select(func.count()).select_from(_rows(store, filter).subquery())
    with store.read() as connection:
        return Count(connection.execute(rows).scalar_one())


def list_mentions(
    store: Store, filter: Filter, *, limit: int = 50, after: Position | None = None
) -> list[MentionRow]:
    """Return a page of the mentions that `filter` selects.

    Args:
        limit: at most so many.
        after: the `position` of the last row of the page before; None starts at the top.
    """
    ids = _rows(store, filter, after)
    source = label_touchpoint if filter.touchpoint else label
    page = ids.order_by(source.c.sort_at.desc(), source.c.mention_id.desc()).limit(limit).subquery()
    return _read(store, select(page.c.mention_id))


def get_mentions(store: Store, ids: Sequence[int]) -> list[MentionRow]:
    """Return the mentions with these ids, newest first."""
    return _read(store, select(label.c.mention_id).where(label.c.mention_id.in_(ids)))


def _rows(
    store: Store, filter: Filter, after: Position | None = None
) -> Select[tuple[int, datetime]]:
    """Select (mention_id, sort_at) of the mentions that the filter means, by the best index.

    Neither database knows how many rows a search finds, and both guess badly. A sum with 0 keeps
    an index out of what may be chosen from.
    """
    base = label_touchpoint if filter.touchpoint else label
    where: list[ColumnElement[bool]] = []
    looked_up = False
    if filter.search:
        hits = matching_ids(store, filter.search)
        # Few hits are looked up one by one. Many are held against the list by date instead,
        # which fills a page long before its end.
        looked_up = _fewer_than_cap(store, hits)
        where.append(_among(store, base.c.mention_id, hits, looked_up=looked_up))
    if filter.touchpoint:
        where.append(label_touchpoint.c.touchpoint == filter.touchpoint)
        if filter.polarity:
            where.append(label_touchpoint.c.polarity == filter.polarity)
    if filter.brands:
        with store.read() as connection:
            owners = connection.scalars(
                select(brand.c.id).where(brand.c.name.in_(filter.brands))
            ).all()
        # Several brands are picked out of the list of all by date: each of their own lists would
        # have to be read to its end and sorted.
        own_list = len(owners) == 1 and not looked_up
        where.append(
            base.c.brand_id == owners[0] if own_list else (base.c.brand_id + 0).in_(owners)
        )
    start, end = filter.instants(store.zone)
    # One bound on each side: SQLite goes by the first it is given, which may be the looser one.
    if start and start > UNDATED:
        where.append(base.c.sort_at >= start)
    elif filter.dated:
        where.append(base.c.sort_at > UNDATED)
    if after is not None:
        where.append(tuple_(base.c.sort_at, base.c.mention_id) < tuple_(*after))
    if end and not (after and after[0] < end):
        where.append(base.c.sort_at < end)
    for column, values in (
        (base.c.channel, filter.channels),
        (base.c.source, filter.sources),
        (base.c.language, filter.languages),
        (base.c.sentiment, filter.sentiments),
    ):
        if values:
            where.append(column == values[0] if len(values) == 1 else column.in_(values))
    if filter.complaint is not None:
        where.append(base.c.complaint == filter.complaint)
    return select(base.c.mention_id, base.c.sort_at).where(and_(True, *where))


def _among(
    store: Store, id: ColumnElement[int], hits: Select[tuple[int]], *, looked_up: bool
) -> ColumnElement[bool]:
    if store.is_sqlite:
        return (id if looked_up else id + 0).in_(hits)
    return id == func.any(func.array(hits.scalar_subquery())) if looked_up else id.in_(hits)


def _fewer_than_cap(store: Store, hits: Select[tuple[int]]) -> bool:
    found = select(func.count()).select_from(hits.limit(SEARCH_CAP).subquery())
    with store.read() as connection:
        return connection.execute(found).scalar_one() < SEARCH_CAP


def _count_search(store: Store, filter: Filter) -> Count:
    capped = _rows(store, filter).limit(SEARCH_CAP + 1).subquery()
    with store.read() as connection:
        n = connection.execute(select(func.count()).select_from(capped)).scalar_one()
    return Count(min(n, SEARCH_CAP), n > SEARCH_CAP)


def _read(store: Store, ids: Select[tuple[int]]) -> list[MentionRow]:
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
        )
        .select_from(
            mention.join(label, label.c.mention_id == mention.c.id)
            .join(brand, brand.c.id == mention.c.brand_id)
            .outerjoin(tag, tag.c.mention_id == mention.c.id)
            .outerjoin(correction, correction.c.mention_id == mention.c.id)
        )
        .where(mention.c.id.in_(ids))
        .order_by(label.c.sort_at.desc(), label.c.mention_id.desc())
    )
    with store.read() as connection:
        return [_mention(dict(row)) for row in connection.execute(statement).mappings()]


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
