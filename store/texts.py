"""Texts to learn from: some of all, and those that people have corrected."""

from __future__ import annotations

from sqlalchemy import exists, select

from simak.tags import Tags, TouchpointTag
from store.engine import Store
from store.tables import correction, mention, mention_version

_PRESENT = mention.c.deleted_at.is_(None) & (mention.c.text != "")


def sample_texts(store: Store, limit: int) -> list[str]:
    """Return different texts of all brands, the same ones each time, as if drawn by chance.

    Args:
        limit: how many at most.
    """
    with store.read() as connection:
        rows = connection.execute(
            select(mention.c.text)
            .where(_PRESENT)
            # A hash is as good as chance.
            .group_by(mention.c.text_hash, mention.c.text)
            .order_by(mention.c.text_hash)
            .limit(limit)
        )
        return list(rows.scalars())


def corrected_texts(store: Store) -> list[tuple[str, Tags]]:
    """Return the texts that people have corrected and what they say of them, oldest first.

    A text that its author has changed since is left out: nobody has spoken of it as it is.
    """
    changed_since = exists().where(
        mention_version.c.mention_id == mention.c.id,
        mention_version.c.text != mention.c.text,
        mention_version.c.replaced_at > correction.c.corrected_at,
    )
    with store.read() as connection:
        rows = connection.execute(
            select(mention.c.text, correction)
            .select_from(mention.join(correction))
            .where(_PRESENT, ~changed_since)
            .order_by(correction.c.corrected_at, correction.c.mention_id)
        )
        return [
            (
                row.text,
                Tags(
                    row.sentiment,
                    row.complaint,
                    {
                        name: TouchpointTag(found["polarity"])
                        for name, found in row.touchpoints.items()
                    },
                    tuple(row.signals),
                ),
            )
            for row in rows
        ]
