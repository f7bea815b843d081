"""Looks for words in all that a store holds, to show that what was erased is gone.

Every table and every column of text, JSON or bytes is asked, as the tables stand in
`store.tables.metadata`, and the search index; of SQLite also the files as they lie on the disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import JSON, LargeBinary, Text, func, or_, select
from sqlalchemy import text as sql

from store.engine import Store
from store.person import holds
from store.tables import mention, mention_version, metadata

_AT_ONCE = 20
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Trace:
    """Where words still are.

    Attributes:
        place: `table.column`, `search index`, or a file.
        rows: how many rows hold any of the words; of a file how many of the words it holds.
    """

    place: str
    rows: int


def traces(store: Store, words: Iterable[str]) -> list[Trace]:
    """Return every column of every table in which any of the words stand."""
    wanted = sorted(set(words))
    found: list[Trace] = []
    if not wanted:
        return found
    with store.read() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if isinstance(column.type, Text | JSON):
                    n = 0
                    for start in range(0, len(wanted), _AT_ONCE):
                        some = wanted[start : start + _AT_ONCE]
                        n += connection.execute(
                            select(func.count())
                            .select_from(table)
                            .where(or_(*(holds(column, one) for one in some)))
                        ).scalar_one()
                elif isinstance(column.type, LargeBinary):
                    hashes = [bytes.fromhex(one) for one in wanted if _is_hash(one)]
                    n = connection.execute(
                        select(func.count()).select_from(table).where(column.in_(hashes))
                    ).scalar_one()
                else:
                    continue
                if n:
                    found.append(Trace(f"{table.name}.{column.name}", n))
    return found


def said_by_others(store: Store, words: Iterable[str]) -> set[str]:
    """Return those of the words that stand in mentions all the same: others have said them too."""
    found = set()
    with store.read() as connection:
        for one in words:
            for table, columns in (
                (mention, (mention.c.text, mention.c.reply, mention.c.text_hash, mention.c.url)),
                (mention_version, (mention_version.c.text,)),
            ):
                asked = select(table.c.id).where(or_(*(holds(column, one) for column in columns)))
                if connection.execute(asked.limit(1)).first() is not None:
                    found.add(one)
    return found


def indexed(store: Store) -> int:
    """Return how many mentions without a text the search index still has words of."""
    if store.is_sqlite:
        # FTS5 compares its index with the texts themselves, and raises where they differ.
        with store.write() as connection:
            connection.execute(
                sql("INSERT INTO mention_search(mention_search, rank) VALUES('integrity-check', 1)")
            )
        return 0
    with store.read() as connection:
        n: int = connection.execute(
            sql(
                "SELECT count(*) FROM mention_search JOIN mention ON mention.id = mention_id "
                "WHERE mention.text = '' AND words <> ''"
            )
        ).scalar_one()
        return n


def compact(store: Store) -> None:
    """Write the store anew without what was deleted: its bytes are free space until then.

    SQLite's search index is merged into one, its file rewritten and its log emptied, for which
    nobody else may be reading the store. PostgreSQL gives the space free; what its own log, its
    copies and its backups hold goes when they do.

    Raises:
        StoreError: it is being written, or the disk is full.
    """
    if store.is_sqlite:
        with store.write() as connection:
            connection.execute(sql("INSERT INTO mention_search(mention_search) VALUES('optimize')"))
    with store.alone() as driver:
        if store.is_sqlite:
            driver.execute("PRAGMA temp_store=FILE")
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            driver.execute("PRAGMA temp_store=MEMORY")
        else:
            driver.execute("VACUUM")


def files(store: Store) -> list[Path]:
    """Return the files that an SQLite store is in; none of another."""
    name = store.engine.url.database
    if not store.is_sqlite or not name or name == ":memory:":
        return []
    paths = [Path(f"{name}{end}") for end in ("", "-wal", "-shm", "-journal")]
    return [path for path in paths if path.exists()]


def in_files(paths: Sequence[Path], words: Iterable[str]) -> list[Trace]:
    """Return which files hold the bytes of any of the words, as UTF-8 or as JSON writes them."""
    wanted = {one: _bytes(one) for one in words if one}
    found = []
    for path in paths:
        there = {one for chunk in _chunks(path, wanted) for one in _in(chunk, wanted)}
        if there:
            found.append(Trace(str(path), len(there)))
    return found


def _bytes(word: str) -> tuple[bytes, ...]:
    return tuple({word.encode(), json.dumps(word)[1:-1].encode(), *_hash_bytes(word)})


def _hash_bytes(word: str) -> Iterator[bytes]:
    if _is_hash(word):
        yield bytes.fromhex(word)


def _is_hash(word: str) -> bool:
    return len(word) == 32 and all(letter in "0123456789abcdef" for letter in word)


def _in(chunk: bytes, wanted: dict[str, tuple[bytes, ...]]) -> Iterator[str]:
    return (one for one, forms in wanted.items() if any(form in chunk for form in forms))


def _chunks(path: Path, wanted: dict[str, tuple[bytes, ...]]) -> Iterator[bytes]:
    """Yield a file in parts that overlap by the longest of the words."""
    longest = max((len(form) for forms in wanted.values() for form in forms), default=0)
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield rest + chunk
            rest = (rest + chunk)[-longest:] if longest else b""
