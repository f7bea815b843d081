"""Full-text search over the mentions: FTS5 in SQLite, tsvector in PostgreSQL.

Both are asked in the same small language, `parse`. Nothing that a person may type is an error.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    column,
    delete,
    false,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.exc import DatabaseError

from simak.errors import StoreError
from store.engine import Store
from store.parts import parts
from store.read import driver_rows
from store.tables import label, mention

MAX_CHARS = 10_000
"""What is typed beyond is not read."""

_DEEPEST = 8
"""Parentheses deeper than this are taken as if they were not there: FTS5 has a small stack."""

_LONGEST = 500
"""Letters of a word that are looked at; PostgreSQL refuses what is over 2,046 bytes."""

_TOKEN = re.compile(r'([-\u2212]*)"([^"]*)"|([-\u2212]*)(\()|(\))|([^\s()]+)')
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_TOKENIZER = "unicode61 remove_diacritics 2"
"""How SQLite's index reads a text, as the store was made."""

_FEW = "SELECT rowid FROM few WHERE few MATCH ?"

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_MINUS = ("-", "\u2212")

_index = table(
    "mention_search", column("rowid", Integer), column("mention_id", Integer), column("words")
)
"""In SQLite an FTS5 table with the mention's id as `rowid`; triggers of both keep it in step."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together; `prefix` lets the last one go on.

    Example:
        >>> parse('"tidak sampai"')
        Term(words=('tidak', 'sampai'), prefix=False)
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not hold."""

    part: Query


Query = Term | Both | Either | Without


def parse(query: str) -> Query | None:
    """Read what a person typed; None where there is nothing to look for.

    - Words must all occur; AND between them says the same.
    - "Words in quotes" must stand together; `kirim*` is every word that begins so.
    - OR joins what stands on its two sides, before all else: `kurir lambat OR telat` is
      `kurir (lambat OR telat)`.
    - `-word` and NOT word must not occur; so with quotes and parentheses.
    - Parentheses group.

    A quote or a parenthesis that is never closed, or never opened, is not there; nor is an OR or
    a NOT with nothing beside it. Other punctuation separates words and means nothing.

    Example:
        >>> parse("kurir -(cepat OR ramah)").parts[1].part
        Either(parts=(Term(words=('cepat',), prefix=False), Term(words=('ramah',), prefix=False)))
    """
    tokens = _TOKEN.findall(query[:MAX_CHARS].translate(_QUOTES))
    found, _ = _read(tokens, 0, 0)
    return found


def _read(tokens: Sequence[tuple[str, ...]], at: int, depth: int) -> tuple[Query | None, int]:
    """Read up to a closing parenthesis; return what was read, and where to go on."""
    clauses: list[list[Query]] = []
    joined = negated = False
    too_deep = 0
    while at < len(tokens):
        minus, phrase, before, opening, closing, word = tokens[at]
        at += 1
        if closing and depth and not too_deep:
            break
        if closing or (opening and depth == _DEEPEST):
            too_deep = max(0, too_deep + (1 if opening else -1))
            continue
        if word in ("AND", "OR", "NOT"):
            joined = joined or (word == "OR" and bool(clauses))
            negated ^= word == "NOT"
            continue
        part: Query | None
        if opening:
            part, at = _read(tokens, at, depth + 1)
        else:
            words = tuple(found[:_LONGEST] for found in _WORD.findall((phrase or word).lower()))
            part = Term(words, prefix=word.endswith("*")) if words else None
        if part is None:
            continue
        if negated != bool(minus or before or word.startswith(_MINUS)):
            part = Without(part)
        if joined:
            clauses[-1].append(part)
        else:
            clauses.append([part])
        joined = negated = False
    return _one([_one(parts, Either) for parts in clauses], Both) if clauses else None, at


def _one(parts: Sequence[Query], kind: type[Both] | type[Either]) -> Query:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search finds: the mentions with these ids, or all the others where `all_but`."""

    ids: Select[int]
    all_but: bool = False


def search(store: Store, query: str) -> Hits:
    """Return what matches; nothing where nothing is asked.

    What only says what must not occur finds every mention without it, those without a text too.
    """
    wanted = parse(query)
    if wanted is None:
        return Hits(select(label.c.mention_id).where(false()))
    asked, all_but = _asked(wanted, _SQLITE if store.is_sqlite else _POSTGRESQL)
    return Hits(_sqlite_ids(asked) if store.is_sqlite else _postgresql_ids(asked), all_but)


def is_one_word(query: str) -> bool:
    """Whether a search is of a single word, or of its beginning."""
    wanted = parse(query)
    return isinstance(wanted, Term) and len(wanted.words) == 1


def expected(store: Store, hits: Hits) -> int:
    """Return about how many a search of PostgreSQL finds: what its planner expects, known at once.

    It knows how often a word occurs, and takes words for independent: of a phrase it expects many.
    """
    asked = hits.ids.compile(store.engine)
    with store.read() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked}", asked.params)
        plan = found.scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])


def matches(query: str, id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a mention's own text holds the words searched for.

    Of PostgreSQL alone: SQLite's index cannot be asked of one text. And of what says what must
    occur: see `Hits.all_but`.
    """
    wanted = parse(query)
    if wanted is None:
        return false()
    asked, _ = _asked(wanted, _POSTGRESQL)
    words = select(_holds(asked)).where(_index.c.mention_id == id).correlate_except(_index)
    return words.scalar_subquery()


def index_differs(store: Store) -> bool:
    """Whether the index holds other words than the texts."""
    if store.is_sqlite:
        try:
            with store.write() as connection:
                connection.exec_driver_sql(
                    "INSERT INTO mention_search (mention_search, rank) "
                    "VALUES ('integrity-check', 1)"
                )
        except StoreError as error:
            if not isinstance(error.__cause__, DatabaseError):
                raise
            return True
        return False
    words = func.to_tsvector(text("'simple'"), mention.c.text)
    differ = (
        select(mention.c.id)
        .outerjoin(_index, _index.c.mention_id == mention.c.id)
        .where(_index.c.words.is_distinct_from(words))
    )
    with store.read() as connection:
        return connection.execute(differ.limit(1)).first() is not None


def rebuild_index(store: Store) -> None:
    """Read every text into the index anew."""
    with store.write() as connection:
        if store.is_sqlite:
            connection.exec_driver_sql(
                "INSERT INTO mention_search (mention_search) VALUES ('rebuild')"
            )
            return
        words = func.to_tsvector(text("'simple'"), mention.c.text)
        connection.execute(delete(_index))
        connection.execute(
            insert(_index).from_select(["mention_id", "words"], select(mention.c.id, words))
        )


def found(store: Store, query: str, within: Set[int]) -> set[int]:
    """Return which of some mentions match, by their ids: for words that are not in very many."""
    hits = search(store, query)
    with store.read() as connection:
        ids = {row[0] for row in driver_rows(connection, hits.ids)}
    return set(within) - ids if hits.all_but else ids & set(within)


@contextmanager
def among(store: Store, wanted: Set[int]) -> Iterator[Callable[[str], set[int]]]:
    """Give a search of some mentions alone, by their ids: for many searches of the same few.

    A search of all mentions takes its time from how often its words occur in any. SQLite cannot
    search some alone, so these few get an index of their own for as long as it is open.
    """
    if store.is_sqlite:
        with closing(sqlite3.connect(":memory:")) as own:
            own.execute(f"CREATE VIRTUAL TABLE few USING fts5(text, tokenize='{_TOKENIZER}')")
            own.executemany("INSERT INTO few (rowid, text) VALUES (?, ?)", _texts(store, wanted))
            yield lambda query: _matching(
                query, _SQLITE, wanted, lambda asked: own.execute(_FEW, (asked,)).fetchall()
            )
        return
    with store.read() as connection:
        ids = _index.c.mention_id.in_(wanted)
        yield lambda query: _matching(
            query,
            _POSTGRESQL,
            wanted,
            lambda asked: driver_rows(connection, _postgresql_ids(asked).where(ids)),
        )


def _matching(
    query: str,
    said: _Dialect,
    wanted: Set[int],
    find: Callable[[str], Iterable[Sequence[int]]],
) -> set[int]:
    read = parse(query)
    if read is None:
        return set()
    asked, all_but = _asked(read, said)
    found = {row[0] for row in find(asked)}
    return set(wanted) - found if all_but else found


def _texts(store: Store, ids: Set[int]) -> Iterator[tuple[int, str]]:
    with store.read() as connection:
        for some in parts(sorted(ids)):
            texts = select(mention.c.id, mention.c.text).where(mention.c.id.in_(some))
            yield from driver_rows(connection, texts)


def ids_with_any(store: Store, rows: Sequence[Sequence[str]]) -> Select[int]:
    """Return a query of the ids of the mentions that hold all words of any of the rows.

    Of SQLite alone: PostgreSQL's index keeps "waktu.tepat" as the one name of a place on the net.

    Args:
        rows: beginnings of words, letters and digits only.
    """
    assert store.is_sqlite
    wanted = " OR ".join(
        "(" + " AND ".join(_fts5(Term((word,), prefix=True)) for word in row) + ")" for row in rows
    )
    return _sqlite_ids(wanted)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a database is asked: a term, and what stands between what it joins."""

    term: Callable[[Term], str]
    both: str
    either: str
    without: str


def _asked(query: Query, said: _Dialect) -> tuple[str, bool]:
    """Return what to ask for, and whether all that it does not find is meant.

    Neither database answers quickly, FTS5 not at all, what only says what must not occur. So what
    must not is taken from what must, or, where nothing must, left to be taken from all.
    """
    if isinstance(query, Term):
        return said.term(query), False
    if isinstance(query, Without):
        asked, all_but = _asked(query.part, said)
        return asked, not all_but
    parts = [_asked(part, said) for part in query.parts]
    plain = [asked for asked, all_but in parts if not all_but]
    barred = [asked for asked, all_but in parts if all_but]
    if isinstance(query, Both):
        if not plain:
            return f"({said.either.join(barred)})", True
        return _less(said.both.join(plain), said.either.join(barred), said), False
    if not barred:
        return f"({said.either.join(plain)})", False
    # This or not that: all but what is that and not this.
    return _less(said.both.join(barred), said.either.join(plain), said), True


def _less(wanted: str, barred: str, said: _Dialect) -> str:
    return f"(({wanted}){said.without}({barred}))" if barred else f"({wanted})"


def _fts5(term: Term) -> str:
    return '"' + " ".join(term.words) + '"' + (" *" if term.prefix else "")


def _tsquery(term: Term) -> str:
    return f"({' <-> '.join(term.words)}{':*' if term.prefix else ''})"


_SQLITE = _Dialect(_fts5, " AND ", " OR ", " NOT ")
_POSTGRESQL = _Dialect(_tsquery, " & ", " | ", " & !")


def _sqlite_ids(asked: str) -> Select[int]:
    return (
        select(_index.c.rowid)
        .select_from(_index)
        .where(text("mention_search MATCH :search").bindparams(search=asked))
    )


def _postgresql_ids(asked: str) -> Select[int]:
    return select(_index.c.mention_id).where(_holds(asked))


def _holds(asked: str) -> ColumnElement[bool]:
    return _index.c.words.bool_op("@@")(func.to_tsquery(text("'simple'"), asked))
