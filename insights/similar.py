"""Mentions like one: those of its brand that complain, or praise, in the most similar way.

Read from the vectors that `simak themes` keeps, `insights.themes.near`; no encoder is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store import vectors as shelf
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, get_mentions
from store.vectors import Missing, Own

_CHUNK = 500
"""Texts that are looked up at a time."""

_FIRST = 2_000
"""The nearest texts, among which a filter that is not narrow finds enough."""

_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Similar:
    """What is like a mention.

    Attributes:
        rows: a mention and the cosine of its text with the one that was asked about, the nearest
            first; of each text the newest mention, `MentionRow.alike` says how many there are.
        missing: why nothing can be said; None where something can. On `themes`, `simak themes`
            helps, if the brand has 80 different texts of the kind.
    """

    rows: tuple[tuple[MentionRow, float], ...]
    missing: Missing | None = None


def similar(store: Store, mention_id: int, filter: Filter, *, limit: int = 10) -> Similar:
    """Return the mentions most like one, of those that `filter` selects.

    They are of the same brand, and complain where it complains, or praise where it praises. Its
    own text is left out.

    Args:
        limit: texts at most.

    Example:
        >>> from store.engine import open_store
        >>> similar(open_store("sqlite://"), 7, Filter()).missing
        'text'
    """
    own = shelf.vector_of(store, mention_id)
    if isinstance(own, str):
        return Similar((), own)
    keys, cosines = _cosines(store, own)
    itself = keys.index(bytes.fromhex(own.text_hash))
    ids: dict[int, float] = {}
    tried: set[int] = set()
    for order in _orders(store, own, filter, keys, cosines):
        fresh = [place for place in order.tolist() if place not in tried and place != itself]
        tried.update(fresh)
        for start in range(0, len(fresh), _CHUNK):
            hashes = {keys[place].hex(): place for place in fresh[start : start + _CHUNK]}
            found = shelf.newest(store, own, filter, list(hashes))
            for text_hash, place in hashes.items():
                if text_hash in found and len(ids) < limit:
                    ids[found[text_hash]] = float(cosines[place])
            if len(ids) == limit:
                break
        if len(ids) == limit:
            break
    rows = {row.id: row for row in get_mentions(store, list(ids))}
    return Similar(tuple((rows[id], cosine) for id, cosine in ids.items()))


def _cosines(store: Store, own: Own) -> tuple[list[bytes], NDArray[np.float32]]:
    """Return the hashes of all texts, the own among them, and the cosine of each with it."""
    keys, stored = shelf.vectors_in(store, own.space_id)
    others = np.frombuffer(stored, np.int8).reshape(len(keys), -1)
    wanted = np.frombuffer(own.vector, np.int8).astype(np.float32)
    cosines = np.zeros(len(keys), np.float32)
    for start in range(0, len(keys), _ROWS):
        some = others[start : start + _ROWS].astype(np.float32)
        lengths = np.sqrt(np.einsum("nd,nd->n", some, some)) * np.linalg.norm(wanted)
        cosines[start : start + _ROWS] = some @ wanted / np.maximum(lengths, 1e-9)
    return keys, cosines


def _orders(
    store: Store, own: Own, filter: Filter, keys: list[bytes], cosines: NDArray[np.float32]
) -> Iterator[NDArray[np.intp]]:
    """Yield the places of texts, the nearest first: some, then all that the filter selects."""
    n = min(_FIRST, len(keys))
    nearest = np.argpartition(-cosines, n - 1)[:n]
    yield nearest[np.lexsort((nearest, -cosines[nearest]))]
    if n < len(keys):
        wanted = shelf.texts_in(store, own, filter)
        places = np.array([place for place, key in enumerate(keys) if key in wanted], np.intp)
        yield places[np.lexsort((places, -cosines[places]))]
