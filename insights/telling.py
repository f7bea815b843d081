"""Which of the mentions behind a number are shown in its place: the most telling, no text twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, get_mentions, list_mentions

AMONG = 200
"""The newest mentions among which they are chosen."""

SHORTEST, LONGEST = 40, 400
"""Characters: a shout and an essay come after the others."""


def telling(
    store: Store,
    behind: Filter | Sequence[int],
    *,
    limit: int = 3,
    rank: Callable[[MentionRow], float] = lambda row: 0.0,
) -> list[MentionRow]:
    """Return the most telling of some mentions, of the newest `AMONG`.

    Args:
        behind: what selects them, or their ids where they are known.
        rank: the smallest comes first; the newest of equals.

    Example:
        >>> from store.engine import open_store
        >>> telling(open_store("sqlite://"), Filter())
        []
    """
    rows = distinct(store, behind)
    return sorted(rows, key=lambda row: (not is_readable(row.text), rank(row)))[:limit]


def distinct(store: Store, behind: Filter | Sequence[int]) -> list[MentionRow]:
    """Return the newest `AMONG` mentions with a text, the newest of each text alone."""
    if isinstance(behind, Filter):
        newest = list_mentions(store, behind, limit=AMONG)
    else:
        newest = get_mentions(store, behind)[:AMONG]
    rows: dict[str, MentionRow] = {}
    for row in newest:
        if row.text:
            rows.setdefault(row.text.casefold().strip(), row)
    return list(rows.values())


def is_readable(text: str) -> bool:
    """Whether a text is neither a shout nor an essay."""
    return SHORTEST <= len(text) <= LONGEST
