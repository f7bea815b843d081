"""Reads what waits to be tagged and writes what the model said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select

from simak.tags import Tags
from store.engine import ROWS_PER_WRITE, Store
from store.labels import relabel
from store.tables import mention, tag


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text to be tagged. `text_hash` is handed back, so that an edit meanwhile is noticed."""

    mention_id: int
    text: str
    text_hash: str


def count_waiting(store: Store, model: str) -> int:
    """Return how many mentions `model` has not tagged, or whose text has changed since."""
    with store.read() as connection:
        return connection.execute(
            select(func.count()).select_from(mention.outerjoin(tag)).where(_waiting(model))
        ).scalar_one()


def waiting(store: Store, model: str, *, batch: int = 2_000) -> Iterator[list[Waiting]]:
    """Yield what waits, in batches, oldest id first; no read stays open between batches."""
    last = 0
    while True:
        with store.read() as connection:
            rows = connection.execute(
                select(mention.c.id, mention.c.text, mention.c.text_hash)
                .select_from(mention.outerjoin(tag))
                .where(mention.c.id > last, _waiting(model))
                .order_by(mention.c.id)
                .limit(batch)
            ).all()
        if not rows:
            return
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


def _waiting(model: str) -> ColumnElement[bool]:
    return (
        mention.c.deleted_at.is_(None)
        & (mention.c.text != "")
        & or_(
            tag.c.mention_id.is_(None), tag.c.model != model, tag.c.text_hash != mention.c.text_hash
        )
    )
