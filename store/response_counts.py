"""What answers are held against: how much was asked and when, by whom answers are seen at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, true

from store import selection
from store.engine import Store
from store.filter import Filter
from store.periods import owned
from store.profiles import profile_counts
from store.responses import TIMES, UNKNOWN, Minutes, minute
from store.rollups import counts
from store.speech import profiles
from store.tables import (
    UNDATED_DAY,
    brand,
    daily_count,
    label_reply,
    mention,
    mention_version,
)


@dataclass(frozen=True, slots=True)
class Answering:
    """Where answers are seen.

    Attributes:
        sources, channels: with an answer, of any brand at any time. A source that never brought
            one does not collect them, or nobody answers there: no telling which.
        resolving: sources with a ticket whose end is known.
    """

    sources: tuple[str, ...]
    channels: tuple[str, ...]
    resolving: tuple[str, ...]


def answering(store: Store) -> Answering:
    """Return where an answer was ever seen."""
    table = label_reply.c
    resolved = table.resolved.is_not(None).label("resolved")
    kinds = select(table.source, table.channel, table.answered, resolved).distinct()
    with store.read() as connection:
        found = connection.execute(kinds).all()
    return Answering(
        tuple(sorted({row.source for row in found if row.answered})),
        tuple(sorted({row.channel for row in found if row.answered})),
        tuple(sorted({row.source for row in found if row.resolved})),
    )


class Asked(NamedTuple):
    """How many mentions there are of a source, channel and day; undated ones have none."""

    source: str
    channel: str
    day: date | None
    n: int
    complaints: int


def asked(store: Store, filter: Filter) -> list[Asked]:
    """Return how many mentions could have been answered, by source, channel and day."""
    by = ("source", "channel", "day")
    if filter.complaint is None and not filter.touchpoints and not filter.by_row:
        cells = counts(store, filter, by=by)
        return [Asked(*(cell[name] for name in (*by, "n", "complaints"))) for cell in cells]
    found = profile_counts(store, filter, by)
    said = profiles(store, found.profile.tolist())
    sums: dict[Any, list[int]] = {}
    keys = zip(*(found.keys[name] for name in by), strict=True)
    for key, profile, n in zip(keys, found.profile.tolist(), found.n.tolist(), strict=True):
        both = sums.setdefault(key, [0, 0])
        both[0] += n
        both[1] += n * said[profile].complaint
    return [Asked(*key, *both) for key, both in sums.items()]


def last_seen(store: Store, brands: tuple[str, ...] = ()) -> Mapping[str, Minutes]:
    """Return until when each source is known to have been watched: its last sign of life.

    Args:
        brands: for these; for all where there are none.

    The start of the last day with a mention, or the last answer or end of a ticket. Whoever had
    no answer by then is known to have had none so far, and no longer.
    """
    day = func.max(daily_count.c.day)
    live = (owned(daily_count, brands), daily_count.c.n > 0, daily_count.c.day > UNDATED_DAY)
    last = select(daily_count.c.source, day).where(*live).group_by(daily_count.c.source)
    with store.read() as connection:
        seen = {
            source: minute(datetime.combine(on, time(), store.zone))
            for source, on in connection.execute(last)
        }
        if not seen:
            return {}
        table = label_reply.c
        times = [table[name] for name in TIMES]
        later = or_(*(time >= min(seen.values()) for time in times))
        owners = select(brand.c.id).where(brand.c.name.in_(brands)) if brands else None
        # The sum keeps SQLite from the index of brands: to read all answers in their order takes
        # it a fifth of the time that it takes to look up those of a large brand.
        own = (table.brand_id + 0).in_(owners) if owners is not None else true()
        signs = select(table.source, *map(func.max, times)).where(own, later)
        for source, *latest in connection.execute(signs.group_by(table.source)):
            if source in seen:
                seen[source] = max(seen[source], *(one or UNKNOWN for one in latest))
        return seen


class RatedAgain(NamedTuple):
    """A review that was edited after its answer: its stars before and now."""

    mention_id: int
    before: float
    after: float


def rated_again(store: Store, filter: Filter) -> list[RatedAgain]:
    """Return the reviews with stars that were edited after the brand had answered them.

    An edit is noticed when the source is next read, which may be after an answer that came later
    than the edit; where the source says when it was edited, that counts.
    """
    meant = selection.rows(store, filter.but(replied=True, has_rating=True)).subquery()
    # The version that stood when the answer came is the first that was replaced after it.
    first = (
        select(mention_version.c.mention_id, func.min(mention_version.c.id).label("id"))
        .join(mention, mention.c.id == mention_version.c.mention_id)
        .where(
            mention_version.c.stars.is_not(None),
            mention_version.c.replaced_at > mention.c.reply_at,
            mention.c.edited_at.is_(None) | (mention.c.edited_at > mention.c.reply_at),
        )
        .group_by(mention_version.c.mention_id)
        .subquery()
    )
    statement = (
        select(mention.c.id, mention_version.c.stars, mention.c.stars)
        .select_from(first)
        .join(mention_version, mention_version.c.id == first.c.id)
        .join(mention, mention.c.id == first.c.mention_id)
        .where(mention.c.id.in_(select(meant.c.mention_id)))
        .order_by(mention.c.id)
    )
    with store.read() as connection:
        return [RatedAgain(*row) for row in connection.execute(statement)]
