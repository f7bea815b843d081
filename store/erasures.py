"""The register of what was erased on request, by keyed hash: it is not collected again.

A hash is made with the installation's secret, so that the register names nobody. It holds for all
brands. An author's covers what was published before the erasure, or at no known time; what the
same name says afterwards is another matter. An item's holds for ever.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import Store
from store.privacy import Privacy, author_key
from store.tables import erasure

AUTHOR, ITEM = "author", "item"

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Erasure:
    """An entry of the register.

    Attributes:
        kind: `AUTHOR` or `ITEM`.
    """

    hash: str
    kind: str
    erased_at: datetime


def author_hash(stored: str, privacy: Privacy) -> str:
    """Return the entry of an author, by what the store has of the name.

    Example:
        >>> hashed = author_key("Budi", b"k")
        >>> author_hash("Budi", Privacy(b"k", True)) == author_hash(hashed, Privacy(b"k"))
        True
    """
    key = author_key(stored, privacy.key) if privacy.keep_raw else stored
    return _hash(AUTHOR, key, privacy.key)


def item_hash(source: str, external_id: str, privacy: Privacy) -> str:
    """Return the entry of what a source gives by an id."""
    return _hash(ITEM, f"{source}\0{external_id}", privacy.key)


def _hash(kind: str, value: str, key: bytes) -> str:
    return hmac.new(key, f"{kind}\0{value}".encode("utf-8", "replace"), "sha256").hexdigest()[:40]


def register(connection: Connection, entries: Iterable[Erasure]) -> None:
    """Add entries in the caller's transaction; of an author the later time holds."""
    rows = [
        {"hash": one.hash, "kind": one.kind, "erased_at": one.erased_at}
        for one in {one.hash: one for one in entries}.values()
    ]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(erasure)
    later = statement.excluded.erased_at
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["hash"],
                set_={"erased_at": later},
                where=erasure.c.erased_at < later,
            ),
            rows[start : start + _AT_ONCE],
        )


def erasures(store: Store) -> list[Erasure]:
    """Return the whole register, to be applied again to a store of an earlier day."""
    with store.read() as connection:
        rows = connection.execute(select(erasure).order_by(erasure.c.hash)).mappings()
        return [Erasure(**row) for row in rows]


def kept_out(
    connection: Connection, rows: Iterable[Mapping[str, Any]], privacy: Privacy
) -> set[str]:
    """Return the external ids of those rows of `mention` that were erased on request.

    It costs one look at the table where nobody was ever erased, and one question more per page
    where somebody was.

    Args:
        rows: with `source`, `external_id`, `author_key` and `published_at`.
    """
    if connection.execute(select(erasure.c.hash).limit(1)).first() is None:
        return set()
    items: dict[str, str] = {}
    authors: dict[str, list[tuple[str, datetime | None]]] = {}
    for row in rows:
        id = row["external_id"]
        items[item_hash(row["source"], id, privacy)] = id
        if row["author_key"]:
            same = authors.setdefault(author_hash(row["author_key"], privacy), [])
            same.append((id, row["published_at"]))
    out: set[str] = set()
    for hash, erased_at in _known(connection, [*items, *authors]):
        if hash in items:
            out.add(items[hash])
        for id, said_at in authors.get(hash, ()):
            if said_at is None or said_at <= erased_at:
                out.add(id)
    return out


def _known(connection: Connection, hashes: Sequence[str]) -> Iterator[tuple[str, datetime]]:
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        for row in connection.execute(
            select(erasure.c.hash, erasure.c.erased_at).where(erasure.c.hash.in_(some))
        ):
            yield row.hash, row.erased_at
