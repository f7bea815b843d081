"""Full-text search over the mentions: FTS5 in SQLite, tsvector in PostgreSQL.

Both are asked in the same small language: words that must all occur, "quoted words" that must
stand together, `kirim*` for every word that begins so, and OR between those of which one must.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, column, false, func, select, table, text
from sqlalchemy.types import Integer

from store.engine import Store
from store.tables import mention

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+", re.UNICODE)

_index = table(
    "mention_search", column("rowid", Integer), column("mention_id", Integer), column("words")
)
"""In SQLite an FTS5 table with the mention's id as `rowid`; triggers of both keep it in step."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together; `prefix` lets the last one go on.

    Example:
        >>> parse('paket "tidak sampai" kirim*')[1][0]
        Term(words=('tidak', 'sampai'), prefix=False)
    """

    words: tuple[str, ...]
    prefix: bool = False


def parse(query: str) -> list[list[Term]]:
    """Split what a person typed into terms: of each list one must occur.

    OR joins what stands beside it; punctuation separates words and means nothing.

    Example:
        >>> [len(terms) for terms in parse('pindah OR "lebih baik" shopee')]
        [2, 1]
    """
    clauses: list[list[Term]] = []
    joined = False
    for phrase, word in _TERM.findall(query):
        if word == "OR":
            joined = bool(clauses)
            continue
        words = tuple(_WORD.findall((phrase or word).lower()))
        if not words:
            continue
        term = Term(words, prefix=word.endswith("*"))
        if joined:
            clauses[-1].append(term)
        else:
            clauses.append([term])
        joined = False
    return clauses


def matching_ids(store: Store, query: str) -> Select[int]:
    """Return a query of the ids of the mentions that match; none where nothing is asked."""
    clauses = parse(query)
    if not clauses:
        return select(mention.c.id).where(false())
    if store.is_sqlite:
        asked = " AND ".join(f"({' OR '.join(map(_fts5, terms))})" for terms in clauses)
        return (
            select(_index.c.rowid)
            .select_from(_index)
            .where(text("mention_search MATCH :search").bindparams(search=asked))
        )
    return select(_index.c.mention_id).where(and_(*map(_tsquery, clauses)))


def ids_among(store: Store, query: str, wanted: Container[int]) -> set[int]:
    """Return which of some mentions, by their ids, match: for many searches of the same few."""
    with store.read() as connection:
        # One by one: a common word is in a good part of all mentions.
        return {id for id in connection.scalars(matching_ids(store, query)) if id in wanted}


def ids_with_any(store: Store, rows: Sequence[Sequence[str]]) -> Select[tuple[int]]:
    """Return a query of the ids of the mentions that hold all words of any of the rows.

    Of SQLite alone: PostgreSQL's index keeps "waktu.tepat" as the one name of a place on the net.

    Args:
        rows: beginnings of words, letters and digits only.
    """
    assert store.is_sqlite
    wanted = " OR ".join(
        "(" + " AND ".join(_fts5(Term((word,), prefix=True)) for word in row) + ")" for row in rows
    )
    return (
        select(_index.c.rowid)
        .select_from(_index)
        .where(text("mention_search MATCH :search").bindparams(search=wanted))
    )


def _fts5(term: Term) -> str:
    return '"' + " ".join(term.words) + '"' + (" *" if term.prefix else "")


def _tsquery(terms: list[Term]) -> ColumnElement[bool]:
    asked = " | ".join(
        f"({' <-> '.join(term.words)}{':*' if term.prefix else ''})" for term in terms
    )
    return _index.c.words.bool_op("@@")(func.to_tsquery(text("'simple'"), asked))
