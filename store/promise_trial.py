"""Which texts the queries of a promise would count; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from store.engine import Store
from store.lists import get_mentions
from store.promises import SIDES, Side, counting, matching

EXAMPLES = 5


@dataclass(slots=True)
class Found:
    """What a query finds.

    Attributes:
        texts: of the brand, whatever they speak of.
        counted: those among them that speak of the touchpoint so that they count.
        examples, others: some that count, and some that do not, the latest stored first.
    """

    query: str
    texts: int
    counted: int
    examples: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def try_promise(
    store: Store,
    brand: str,
    touchpoint: str,
    queries: Mapping[Side, str],
    *,
    since: date | None = None,
    examples: int = EXAMPLES,
) -> dict[Side, Found]:
    """Return what the query of each side finds.

    Args:
        since: only texts from this day on.
        examples: how many texts of each kind to return.

    Raises:
        ConfigurationError: a query cannot be read, or nothing of the brand is stored.
    """
    hits = matching(store, brand, queries, since=since)
    found: dict[Side, Found] = {}
    for side in SIDES:
        spoken = counting(store, touchpoint, side, hits[side])
        counts = [id for id in hits[side] if spoken.get(id)]
        rest = [id for id in hits[side] if id not in spoken]
        found[side] = Found(queries[side], len(hits[side]), len(counts))
        for ids, texts in ((counts, found[side].examples), (rest, found[side].others)):
            texts += [row.text for row in get_mentions(store, ids[-examples:])]
    return found
