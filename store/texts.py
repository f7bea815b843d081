"""Texts alone: some of all, all of a brand, and those that people have corrected."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select

from simak.tags import Tags, TouchpointTag
from store import selection
from store.engine import Store
from store.filter import Filter
from store.tables import brand, correction, mention, mention_version

_BATCH = 2_000

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


def newest_texts(store: Store, filter: Filter, limit: int) -> list[str]:
    """Return the texts of the newest mentions that a filter selects, newest first.

    Args:
        limit: how many at most.
    """
    rows, table = selection.rows(store, filter), selection.base(filter)
    page = rows.order_by(table.c.sort_at.desc(), table.c.mention_id.desc()).limit(limit).subquery()
    found = select(mention.c.text).join(page, page.c.mention_id == mention.c.id).where(_PRESENT)
    with store.read() as connection:
        return list(connection.execute(found).scalars())


def brand_texts(store: Store, name: str) -> Iterator[tuple[int, str, str]]:
    """Yield (mention id, source, text) of every text of a brand, the latest stored first.

    They are read as they are asked for: a brand may have more than fit into memory.
    """
    after: int | None = None
    while True:
        with store.read() as connection:
            rows = connection.execute(
                select(mention.c.id, mention.c.source, mention.c.text)
                .join(brand, brand.c.id == mention.c.brand_id)
                .where(brand.c.name == name, _PRESENT)
                .where(mention.c.id < after if after is not None else True)  # type: ignore[arg-type]
                .order_by(mention.c.id.desc())
                .limit(_BATCH)
            ).all()
        yield from ((row.id, row.source, row.text) for row in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


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
