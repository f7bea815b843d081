"""Every different text of a brand once: how often it is said, how unsure the model is of it.

One correction teaches what every mention that says the same can teach, so what is most useful to
correct next is asked of texts, not of mentions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, case, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from store.tables import vector, vector_space, wording

UNSURE_FROM = 0.5
"""A text is unsure whose `simak.tags.uncertainty` is at least this: the two likeliest answers to
some question about it lie within 50 points. Below, a correction would mostly say what the tag
says, however often the text occurs."""

Key = tuple[int, str]
"""Brand and hash of a text."""


def apply(
    connection: Connection,
    old: Iterable[Mapping[str, Any]],
    new: Iterable[Mapping[str, Any]],
    uncertainty: Mapping[Key, float],
) -> None:
    """Take rows of `label` off the wordings and add others, in the caller's transaction.

    A text's usefulness is its uncertainty times the mentions that say it, and 0 once a person has
    corrected one of them: uncertainty weighted by density (Settles 2009, "Active Learning
    Literature Survey", section 3.6), with equal texts as the neighbourhood.

    Args:
        old, new: the labels as they were and as they are.
        uncertainty: of the texts whose tags were read anew, 0 to 1.
    """
    deltas: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for sign, labels in ((-1, old), (1, new)):
        for row in labels:
            if row["text_hash"] is not None:
                delta = deltas[row["brand_id"], row["text_hash"]]
                delta[0] += sign
                delta[1] += sign * row["corrected"]
    rows: list[dict[str, Any]] = [
        {
            "brand_id": brand_id,
            "text_hash": text_hash,
            "n": n,
            "corrected": corrected,
            "uncertainty": uncertainty.get((brand_id, text_hash)),
            "usefulness": _usefulness(n, corrected, uncertainty.get((brand_id, text_hash))),
        }
        # One order everywhere: no deadlock.
        for (brand_id, text_hash), (n, corrected) in sorted(deltas.items())
        if n or corrected or (brand_id, text_hash) in uncertainty
    ]
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(wording)
    n = wording.c.n + statement.excluded.n
    corrected = wording.c.corrected + statement.excluded.corrected
    unsure = func.coalesce(statement.excluded.uncertainty, wording.c.uncertainty)
    useful = (corrected == 0) & (unsure >= UNSURE_FROM)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["text_hash", "brand_id"],
            set_={
                "n": n,
                "corrected": corrected,
                "uncertainty": unsure,
                "usefulness": case((useful, n * unsure), else_=0.0),
            },
        ),
        rows,
    )
    # Of an erased text not even the hash stays, nor what it was like.
    fewer = [(row["text_hash"], row["brand_id"]) for row in rows if row["n"] < 0]
    if fewer:
        key = tuple_(wording.c.text_hash, wording.c.brand_id)
        gone = connection.execute(
            delete(wording)
            .where(wording.c.n == 0, key.in_(fewer))
            .returning(wording.c.brand_id, wording.c.text_hash)
        ).all()
        _forget(connection, [(one.brand_id, one.text_hash) for one in gone])


def _forget(connection: Connection, gone: Sequence[Key]) -> None:
    """Delete the vectors of texts that nobody says any more."""
    by_brand: dict[int, list[bytes]] = defaultdict(list)
    for brand_id, text_hash in gone:
        by_brand[brand_id].append(bytes.fromhex(text_hash))
    for brand_id, hashes in by_brand.items():
        spaces = select(vector_space.c.id).where(vector_space.c.brand_id == brand_id)
        connection.execute(
            delete(vector).where(vector.c.space_id.in_(spaces), vector.c.text_hash.in_(hashes))
        )


def _usefulness(n: int, corrected: int, uncertainty: float | None) -> float:
    if corrected or uncertainty is None or uncertainty < UNSURE_FROM:
        return 0.0
    return n * uncertainty
