"""What mentions answer: the posts, tickets or threads that were talked about most."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from store import selection
from store.engine import Store
from store.filter import Filter
from store.tables import brand, mention


@dataclass(frozen=True, slots=True)
class Post:
    """Something that mentions answer.

    Attributes:
        id: the source's own id of it, the answers' `parent_id`.
        n: how many answer it.
        ids: the mentions that do.
        text, url: its own, where it was collected too.
    """

    brand: str
    source: str
    id: str
    n: int
    ids: tuple[int, ...]
    text: str | None
    url: str | None


def posts(store: Store, filter: Filter, *, limit: int = 3) -> list[Post]:
    """Return what the mentions that `filter` selects answer, most answered first."""
    chosen = selection.rows(store, filter).subquery()
    parent = mention.alias("parent")
    keys = (mention.c.brand_id, mention.c.source, mention.c.parent_id)
    answered = (
        select(*keys, func.count().label("n"))
        .join(chosen, chosen.c.mention_id == mention.c.id)
        .where(mention.c.parent_id.is_not(None))
        .group_by(*keys)
        .order_by(func.count().desc(), mention.c.parent_id)
        .limit(limit)
        .subquery()
    )
    told = (
        select(answered, brand.c.name, parent.c.text, parent.c.url)
        .join(brand, brand.c.id == answered.c.brand_id)
        .outerjoin(
            parent,
            (parent.c.brand_id == answered.c.brand_id)
            & (parent.c.source == answered.c.source)
            & (parent.c.external_id == answered.c.parent_id),
        )
        .order_by(answered.c.n.desc(), answered.c.parent_id)
    )
    with store.read() as connection:
        rows = connection.execute(told).all()
        return [
            Post(
                row.name,
                row.source,
                row.parent_id,
                row.n,
                tuple(
                    connection.execute(
                        select(mention.c.id)
                        .join(chosen, chosen.c.mention_id == mention.c.id)
                        .where(
                            mention.c.brand_id == row.brand_id,
                            mention.c.source == row.source,
                            mention.c.parent_id == row.parent_id,
                        )
                        .order_by(mention.c.id)
                    ).scalars()
                ),
                row.text,
                row.url,
            )
            for row in rows
        ]
