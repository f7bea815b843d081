"""What the queries of a promise would count, before it is registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from simak.promised import GENERAL
from store.engine import Store
from store.lists import MentionRow, get_mentions
from store.promises import SIDES, Side, counting, matching


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query finds.

    Attributes:
        texts: of the brand, whatever they speak of.
        counted: those among them that speak of the touchpoint so that they count.
        examples, others: some that count, and some that do not speak of it, the newest first.
    """

    query: str
    texts: int
    counted: int
    examples: tuple[MentionRow, ...]
    others: tuple[MentionRow, ...]


def trial(
    store: Store,
    *,
    brand: str,
    touchpoint: str,
    since: date | None = None,
    broken: str = "",
    kept: str = "",
    examples: int = 5,
) -> Mapping[Side, Tried]:
    """Hold the queries of either side against the brand's texts; store nothing.

    Args:
        since: the promise's first day; all texts where None.
        broken, kept: as of `store.promises.Promise`.
        examples: at most so many of each kind.

    Raises:
        ConfigurationError: a query cannot be read, or nothing of the brand is stored.
    """
    queries: dict[Side, str] = {"broken": broken or GENERAL, "kept": kept or GENERAL}
    hits = matching(store, brand, queries, since=since)
    found: dict[Side, Tried] = {}
    for side in SIDES:
        spoken = counting(store, touchpoint, side, hits[side])
        counts = [id for id in hits[side] if spoken.get(id)]
        others = [id for id in hits[side] if id not in spoken]
        some, rest = (
            tuple(get_mentions(store, ids[-examples:] if examples else []))
            for ids in (counts, others)
        )
        found[side] = Tried(queries[side], len(hits[side]), len(counts), some, rest)
    return found
