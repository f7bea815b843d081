"""When the brand answered and when it was done, by the minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select

from store import selection
from store.engine import Store
from store.filter import Filter
from store.segments import MEASURES
from store.tables import label_reply

Minutes = int
"""Minutes since 1970 in UTC."""


class Reply(NamedTuple):
    """What is known of the answer to one mention.

    Attributes:
        profile: the id of what it says, `store.speech.profiles`.
        answered: False of a ticket that was resolved and whose answer is not known.
        said, replied, resolved: None where the time is not known.
    """

    channel: str
    source: str
    profile: int
    stars: float | None
    answered: bool
    said: Minutes | None
    replied: Minutes | None
    resolved: Minutes | None


def replies(store: Store, filter: Filter) -> list[Reply]:
    """Return the answers to the mentions that a filter selects, those without left out."""
    table = label_reply
    columns = [table.c[name] if name != "profile" else table.c.profile_id for name in Reply._fields]
    plain = filter.but(channels=(), sources=(), languages=(), brands=(), since=None, until=None)
    where: list[ColumnElement[bool]] = []
    if filter.brands:
        where.append(table.c.brand_id.in_(selection.brand_ids(store, filter)))
    start, end = filter.instants(store.zone)
    if filter.dated:
        where.append(table.c.said.is_not(None))
    if start is not None:
        where.append(table.c.sort_at >= start)
    if end is not None:
        where.append(table.c.sort_at < end)
    for name in ("channel", "source", "language"):
        if values := getattr(filter, f"{name}s"):
            where.append(table.c[name].in_(values))
    if plain != Filter():
        meant = selection.rows(store, filter).subquery()
        where.append(table.c.mention_id.in_(select(meant.c.mention_id)))
    with store.read() as connection:
        return [
            Reply(*row) for row in connection.execute(select(*columns).where(and_(True, *where)))
        ]


def answer_in(
    published_at: datetime | None,
    reply: str | None,
    reply_at: datetime | None,
    attributes: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Return what a mention tells of its answer; None where it tells nothing.

    Example:
        >>> from datetime import UTC
        >>> asked = datetime(1970, 1, 1, 1, tzinfo=UTC)
        >>> answer_in(asked, None, None, {"first_response_minutes": "30"})["replied"]
        90
    """
    first, resolution = (_minutes(attributes.get(name)) for name in MEASURES)
    if reply is None and reply_at is None and first is None and resolution is None:
        return None
    said = None if published_at is None else minute(published_at)
    replied = None if reply_at is None else minute(reply_at)
    if replied is None and said is not None and first is not None:
        replied = said + first
    return {
        "answered": bool(reply or reply_at or first is not None),
        "said": said,
        "replied": replied,
        "resolved": None if said is None or resolution is None else said + resolution,
    }


def minute(at: datetime) -> Minutes:
    """Return an instant in minutes since 1970."""
    return int(at.timestamp() // 60)


def _minutes(value: Any) -> int | None:
    try:
        minutes = float(value)
    except (TypeError, ValueError):
        return None
    return int(minutes) if 0 <= minutes < 10_000_000 else None
