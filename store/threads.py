"""What was said around a mention: what it answers, what answers it, and what else was said there.

By what the sources tell of who answers what (`mention.parent_id`), and by nothing else: where a
source does not say, a mention stands alone.
"""

from __future__ import annotations

from sqlalchemy import select

from store.engine import Store
from store.lists import MentionRow, get_mentions
from store.parts import parts
from store.tables import UNDATED, mention


def thread(store: Store, mention_id: int, *, limit: int = 200) -> list[MentionRow]:
    """Return the conversation that a mention is part of, itself included, oldest first.

    Mentions belong together that answer one another, or the same post, whether that was collected
    or not. A mention that answers nothing and that nothing answers is alone in its thread.

    Args:
        limit: at most so many; those that are fewest answers away come first.
    """
    found: dict[int, None] = {}
    wanted: set[str] = set()
    asked: set[str] = set()
    own = mention.c
    with store.read() as connection:
        first = connection.execute(
            select(own.brand_id, own.source, own.external_id, own.parent_id).where(
                own.id == mention_id
            )
        ).one_or_none()
        if first is None:
            return []
        found[mention_id] = None
        wanted |= {first.external_id, first.parent_id} - {None}
        while wanted and len(found) < limit:
            names = sorted(wanted)
            asked |= wanted
            wanted = set()
            for some in parts(names):
                for one in (own.external_id.in_(some), own.parent_id.in_(some)):
                    rows = connection.execute(
                        select(own.id, own.external_id, own.parent_id)
                        .where(own.brand_id == first.brand_id, own.source == first.source, one)
                        .order_by(own.id)
                        .limit(limit)
                    )
                    for row in rows:
                        found[row.id] = None
                        wanted |= {row.external_id, row.parent_id} - asked - {None}
    said = get_mentions(store, list(found)[:limit])
    return sorted(said, key=lambda row: (row.published_at or UNDATED, row.id))
