"""A person's word on a text, which stands whatever is collected or tagged later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from simak.errors import StoreError
from simak.tags import Tags
from store.engine import Store
from store.labels import relabel
from store.tables import correction, mention


def correct(store: Store, mention_id: int, tags: Tags, *, by: str, now: datetime) -> None:
    """Put `tags` in the model's place for one mention.

    Raises:
        StoreError: there is no such mention.
    """
    with store.write() as connection:
        if connection.scalar(select(mention.c.id).where(mention.c.id == mention_id)) is None:
            raise StoreError(f"there is no mention {mention_id}")
        connection.execute(delete(correction).where(correction.c.mention_id == mention_id))
        connection.execute(
            insert(correction).values(
                mention_id=mention_id,
                sentiment=tags.sentiment,
                complaint=tags.complaint,
                touchpoints={n: {"polarity": t.polarity} for n, t in tags.touchpoints.items()},
                signals=list(tags.signals),
                corrected_by=by,
                corrected_at=now,
            )
        )
        relabel(store, connection, [mention_id])


def withdraw(store: Store, mention_id: int) -> None:
    """Take a correction back: the model's tag shows again."""
    with store.write() as connection:
        connection.execute(delete(correction).where(correction.c.mention_id == mention_id))
        relabel(store, connection, [mention_id])
