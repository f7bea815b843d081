"""When the brand answered and when it was done, by the minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from store import selection
from store.engine import Store
from store.filter import Filter
from store.segments import MEASURES
from store.speech import speaks
from store.tables import label_reply, monthly_count

Minutes = int
"""Minutes since 1970 in UTC."""

UNKNOWN = -1
"""In place of a minute that is not known."""

TIMES = ("said", "replied", "resolved")


@dataclass(frozen=True)
class Replies:
    """The answers to N mentions, one array of (N,) for each of what is known.

    Attributes:
        channel, source: texts.
        profile: the id of what the mention says, `store.speech.profiles`.
        stars: NaN without any.
        answered: False of a ticket that was resolved and whose answer is not known.
        said, replied, resolved: minutes; `UNKNOWN` where the time is not known.
    """

    channel: NDArray[np.object_]
    source: NDArray[np.object_]
    profile: NDArray[np.int64]
    stars: NDArray[np.float64]
    answered: NDArray[np.bool_]
    said: NDArray[np.int64]
    replied: NDArray[np.int64]
    resolved: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.said)

    def where(self, which: NDArray[np.bool_]) -> Replies:
        """Return the answers that `which` marks, such as those of one channel."""
        if which.all():
            return self
        return Replies(*(getattr(self, field.name)[which] for field in fields(self)))


def replies(store: Store, filter: Filter) -> Replies:
    """Return the answers to the mentions that a filter selects, those without left out.

    One row comes back, of a long list of numbers for each column: to make a row of every answer
    takes the database and Python ten times as long.
    """
    table = label_reply
    here = Filter(
        brands=filter.brands, since=filter.since, until=filter.until, channels=filter.channels,
        sources=filter.sources, languages=filter.languages, sentiments=filter.sentiments,
        complaint=filter.complaint, touchpoints=filter.touchpoints, polarity=filter.polarity,
        alone=filter.alone, signals=filter.signals,
    )  # fmt: skip
    where = speaks(filter, table.c.profile_id)
    start, end = filter.instants(store.zone)
    if filter.brands:
        # The sum keeps SQLite from an index by which it would look up every answer of a brand.
        owner = table.c.brand_id if start is not None else table.c.brand_id + 0
        where.append(owner.in_(selection.brand_ids(store, filter)))
    if filter.dated:
        where.append(table.c.said.is_not(None))
    if start is not None:
        where.append(table.c.sort_at >= start)
    if end is not None:
        where.append(table.c.sort_at < end)
    for name in ("channel", "source", "language"):
        if values := getattr(filter, f"{name}s"):
            where.append(table.c[name].in_(values))
    if filter != here:
        meant = selection.rows(store, filter).subquery()
        where.append(table.c.mention_id.in_(select(meant.c.mention_id)))
    with store.read() as connection:
        names = {name: _names(connection, table.c[name]) for name in ("channel", "source")}
        columns: dict[str, ColumnElement[Any]] = {
            **{name: _place(table.c[name], known) for name, known in names.items()},
            "profile": table.c.profile_id,
            "stars": func.coalesce(cast(table.c.stars, Text), "nan"),
            "answered": cast(table.c.answered, Integer),
            **{name: func.coalesce(table.c[name], UNKNOWN) for name in TIMES},
        }
        listed = [func.aggregate_strings(cast(one, Text), ",") for one in columns.values()]
        row = connection.execute(select(*listed).where(and_(True, *where))).one()
    found: dict[str, Any] = {
        name: np.fromstring(numbers or "", sep=",", dtype=float if name == "stars" else np.int64)
        for name, numbers in zip(columns, row, strict=True)
    }
    for name, known in names.items():
        found[name] = np.array(known, dtype=object)[found[name]]
    return Replies(**found | {"answered": found["answered"].astype(np.bool_)})


def _names(connection: Connection, column: ColumnElement[str]) -> list[str]:
    kept = monthly_count.c[column.key or ""]
    return list(connection.scalars(select(kept).distinct().order_by(kept)))


def _place(column: ColumnElement[str], names: Sequence[str]) -> ColumnElement[int]:
    """Return the place of a text in a list, as a number; short to read and to hand over."""
    places = [(column == name, place) for place, name in enumerate(names)]
    return case(*places, else_=0) if places else literal(0)


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
