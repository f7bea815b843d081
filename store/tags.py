"""Reads what waits to be tagged and writes what the model said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select

from simak.tags import Tags
from store.engine import ROWS_PER_WRITE, Store
from store.labels import relabel
from store.tables import label, mention, tag


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text to be tagged. `text_hash` is handed back, so that an edit meanwhile is noticed."""

    mention_id: int
    text: str
    text_hash: str


def count_waiting(store: Store, model: str) -> int:
    """Return how many mentions `model` has not tagged, or whose text has changed since."""
    with store.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
            for some in _waiting(connection, model)
        )


def waiting(store: Store, model: str, *, batch: int = 2_000) -> Iterator[list[Waiting]]:
    """Yield what waits, in batches; no read stays open between batches.

    What has no tag, or changed since, comes first, then what other models have tagged; of each
    the oldest id first.
    """
    with store.read() as connection:
        ways = _waiting(connection, model)
    for way in ways:
        last = 0
        while True:
            ids = way.where(label.c.mention_id > last).order_by(label.c.mention_id).limit(batch)
            some = ids.subquery()
            with store.read() as connection:
                rows = connection.execute(
                    select(mention.c.id, mention.c.text, mention.c.text_hash)
                    .join(some, some.c.mention_id == mention.c.id)
                    .order_by(mention.c.id)
                ).all()
            if not rows:
                break
            last = rows[-1].id
            yield [Waiting(row.id, row.text, row.text_hash) for row in rows]


def save_tags(
    store: Store,
    items: Sequence[Waiting],
    tags: Sequence[Tags],
    *,
    model: str,
    now: datetime,
) -> int:
    """Write one `Tags` per item, `ROWS_PER_WRITE` a transaction.

    A text that was edited or deleted since it was read is left waiting.

    Returns:
        How many were written.
    """
    written = 0
    pairs = list(zip(items, tags, strict=True))
    for start in range(0, len(pairs), ROWS_PER_WRITE):
        chunk = pairs[start : start + ROWS_PER_WRITE]
        ids = [item.mention_id for item, _ in chunk]
        with store.write() as connection:
            hashes = dict(
                connection.execute(
                    select(mention.c.id, mention.c.text_hash).where(
                        mention.c.id.in_(ids), mention.c.deleted_at.is_(None)
                    )
                ).all()
            )
            rows: list[dict[str, Any]] = [
                {
                    "mention_id": item.mention_id,
                    "text_hash": item.text_hash,
                    "model": model,
                    "language": found.language,
                    "sentiment": found.sentiment,
                    "complaint": found.complaint,
                    "touchpoints": {
                        name: {"polarity": t.polarity, "score": round(t.score, 4), "span": t.span}
                        for name, t in found.touchpoints.items()
                    },
                    "signals": list(found.signals),
                    "scores": {k: round(float(v), 4) for k, v in found.scores.items()},
                    "tagged_at": now,
                }
                for item, found in chunk
                if hashes.get(item.mention_id) == item.text_hash
            ]
            if rows:
                fresh = [row["mention_id"] for row in rows]
                connection.execute(delete(tag).where(tag.c.mention_id.in_(fresh)))
                connection.execute(insert(tag), rows)
                relabel(store, connection, fresh)
        written += len(rows)
        store.pause()
    return written


def _waiting(connection: Connection, model: str) -> list[Select[int]]:
    """Return queries of the ids of what waits, none in two; each goes by an index, for of most of
    a store nothing does."""
    found = [select(label.c.mention_id).where(label.c.waits)]
    next_one = select(func.min(tag.c.model))
    other = connection.scalar(next_one)
    while other is not None:
        if other != model:
            found.append(
                select(label.c.mention_id)
                .join(tag, tag.c.mention_id == label.c.mention_id)
                .where(tag.c.model == other, ~label.c.waits, label.c.text_hash.is_not(None))
            )
        other = connection.scalar(next_one.where(tag.c.model > other))
    return found
