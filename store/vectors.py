"""Where texts lie among those they are compared with: a few bytes for each different text.

The texts of a brand that complain are compared with one another, and so are those that praise;
each has a space of its own, and only vectors of one space are comparable.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import ROWS_PER_WRITE, Store
from store.filter import Filter
from store.parts import parts
from store.selection import conditions
from store.tables import UNTAGGED, label, vector, vector_space
from store.themes import Polarity, said

Missing = Literal["text", "untagged", "neutral", "themes"]
"""Why a mention has no vector: it has no text, no tags, neither complains nor praises, or the
themes job has not come to it (`simak themes`)."""


@dataclass(frozen=True, slots=True)
class KeptSpace:
    """A space as it is kept.

    Attributes:
        model: made the states that it turns into vectors.
        space: as `insights.themes.near` stores it.
        texts: how many it was made from.
        complete: every text that was there has its vector; those that come are given theirs.
    """

    id: int
    model: str
    space: bytes
    texts: int
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """The vector of a mention's text, and the space that it lies in."""

    brand_id: int
    polarity: Polarity
    space_id: int
    text_hash: str
    vector: bytes


def kept_space(store: Store, brand_id: int, polarity: Polarity) -> KeptSpace | None:
    """Return the space of a brand's complaints, or of its praise; None where there is none."""
    with store.read() as connection:
        row = connection.execute(
            select(vector_space).where(
                vector_space.c.brand_id == brand_id, vector_space.c.polarity == polarity
            )
        ).one_or_none()
    return None if row is None else KeptSpace(row.id, row.model, row.space, row.texts, row.complete)


def new_space(
    store: Store, brand_id: int, polarity: Polarity, *, model: str, space: bytes, texts: int
) -> KeptSpace:
    """Keep a space in place of the one before, whose vectors are deleted."""
    before = kept_space(store, brand_id, polarity)
    if before is not None:
        drop(store, before.id, hashes_with(store, before.id))
    of = {"brand_id": brand_id, "polarity": polarity}
    with store.write() as connection:
        connection.execute(delete(vector_space).filter_by(**of))
        made = connection.execute(
            insert(vector_space).values(model=model, space=space, texts=texts, **of)
        ).inserted_primary_key
    assert made is not None
    return KeptSpace(made[0], model, space, texts)


def complete(store: Store, space_id: int) -> None:
    """Note that every text has its vector in a space."""
    with store.write() as connection:
        connection.execute(
            update(vector_space).where(vector_space.c.id == space_id).values(complete=True)
        )


def save_vectors(store: Store, space_id: int, vectors: Mapping[str, bytes]) -> None:
    """Keep the vectors of texts, by their hashes; known ones are replaced."""
    dialect = sqlite if store.is_sqlite else postgresql
    statement = dialect.insert(vector)
    for some in parts(list(vectors), ROWS_PER_WRITE):
        with store.write() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["space_id", "text_hash"],
                    set_={"vector": statement.excluded.vector},
                ),
                [
                    {
                        "space_id": space_id,
                        "text_hash": bytes.fromhex(text_hash),
                        "vector": vectors[text_hash],
                    }
                    for text_hash in some
                ],
            )
        store.pause()


def drop(store: Store, space_id: int, hashes: Collection[str]) -> None:
    """Delete the vectors of texts."""
    for some in parts(sorted(hashes), ROWS_PER_WRITE):
        with store.write() as connection:
            connection.execute(
                delete(vector).where(
                    vector.c.space_id == space_id,
                    vector.c.text_hash.in_([bytes.fromhex(one) for one in some]),
                )
            )
        store.pause()


def hashes_with(store: Store, space_id: int) -> set[str]:
    """Return the hashes of the texts that have a vector in a space."""
    with store.read() as connection:
        found = connection.scalars(select(vector.c.text_hash).where(vector.c.space_id == space_id))
        return {bytes(one).hex() for one in found}


def vectors_in(store: Store, space_id: int) -> tuple[list[bytes], bytes]:
    """Return the hashes of a space's N texts, as bytes, and their vectors, one after another."""
    with store.read() as connection:
        rows = connection.execute(
            select(vector.c.text_hash, vector.c.vector).where(vector.c.space_id == space_id)
        ).all()
    return [row[0] for row in rows], b"".join([row[1] for row in rows])


def vector_of(store: Store, mention_id: int) -> Own | Missing:
    """Return the vector of a mention's text, or why it has none."""
    with store.read() as connection:
        row = connection.execute(
            select(label.c.brand_id, label.c.text_hash, label.c.sentiment, label.c.complaint).where(
                label.c.mention_id == mention_id
            )
        ).one_or_none()
    if row is None or row.text_hash is None:
        return "text"
    if row.sentiment == UNTAGGED:
        return "untagged"
    if not row.complaint and row.sentiment != "positive":
        return "neutral"
    polarity: Polarity = "negative" if row.complaint else "positive"
    space = kept_space(store, row.brand_id, polarity)
    if space is None:
        return "themes"
    with store.read() as connection:
        found = connection.scalar(
            select(vector.c.vector).where(
                vector.c.space_id == space.id,
                vector.c.text_hash == bytes.fromhex(row.text_hash),
            )
        )
    if found is None:
        return "themes"
    return Own(row.brand_id, polarity, space.id, row.text_hash, found)


def newest(store: Store, own: Own, filter: Filter, hashes: Sequence[str]) -> dict[str, int]:
    """Return the newest mention of each of some texts among those that a filter selects.

    Args:
        own: whose brand and polarity they must have.
        hashes: at most 500.
    """
    # Not ordered by the database: it would go down the list by date for it.
    found = select(label.c.text_hash, label.c.sort_at, label.c.mention_id).where(
        *said(own.brand_id, own.polarity),
        *conditions(store, filter, label),
        label.c.text_hash.in_(hashes),
    )
    with store.read() as connection:
        rows = connection.execute(found).all()
    return {row.text_hash: row.mention_id for row in sorted(rows, key=lambda row: row[1:])}


def texts_in(store: Store, own: Own, filter: Filter) -> set[bytes]:
    """Return the hashes, as bytes, of all such texts among the mentions that a filter selects."""
    found = select(label.c.text_hash).where(
        *said(own.brand_id, own.polarity), *conditions(store, filter, label)
    )
    with store.read() as connection:
        return {bytes.fromhex(one) for one in connection.scalars(found.distinct())}
