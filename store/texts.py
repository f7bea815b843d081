"""Texts to learn from."""

from __future__ import annotations

from sqlalchemy import select

from store.engine import Store
from store.tables import mention


def sample_texts(store: Store, limit: int) -> list[str]:
    """Return different texts in no order of time, brand or source: the same ones each time.

    Args:
        limit: how many at most.
    """
    present = mention.c.deleted_at.is_(None) & (mention.c.text != "")
    with store.read() as connection:
        rows = connection.execute(
            select(mention.c.text)
            .where(present)
            # A hash is as good as chance.
            .group_by(mention.c.text_hash, mention.c.text)
            .order_by(mention.c.text_hash)
            .limit(limit)
        )
        return list(rows.scalars())
