"""Full-text search over the mentions: FTS5 in SQLite, tsvector in PostgreSQL.

Both are asked in the same small language: words that must all occur, "quoted words" that must
stand together, and `kirim*` for every word that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
        >>> parse('paket "tidak sampai" kirim*')[1]
        Term(words=('tidak', 'sampai'), prefix=False)
    """

    words: tuple[str, ...]
    prefix: bool = False


def parse(query: str) -> list[Term]:
    """Split what a person typed into terms; punctuation separates words and means nothing."""
    terms = []
    for phrase, word in _TERM.findall(query):
        words = tuple(_WORD.findall((phrase or word).lower()))
        if words:
            terms.append(Term(words, prefix=word.endswith("*")))
    return terms


def matching_ids(store: Store, query: str) -> Select[tuple[int]]:
    """Return a query of the ids of the mentions that match; none where nothing is asked."""
    terms = parse(query)
    if not terms:
        return select(mention.c.id).where(false())
    if store.is_sqlite:
        return (
            select(_index.c.rowid)
            .select_from(_index)
            .where(text("mention_search MATCH :search").bindparams(search=_fts5(terms)))
        )
    return select(_index.c.mention_id).where(and_(*map(_tsquery, terms)))


def ids_with_any(store: Store, rows: Sequence[Sequence[str]]) -> Select[tuple[int]]:
    """Return a query of the ids of the mentions that hold all words of any of the rows.

    Of SQLite alone: PostgreSQL's index keeps "waktu.tepat" as the one name of a place on the net.

    Args:
        rows: beginnings of words, letters and digits only.
    """
    assert store.is_sqlite
    wanted = " OR ".join(
        "(" + _fts5([Term((word,), prefix=True) for word in row]) + ")" for row in rows
    )
    return (
        select(_index.c.rowid)
        .select_from(_index)
        .where(text("mention_search MATCH :search").bindparams(search=wanted))
    )


def _fts5(terms: list[Term]) -> str:
    return " AND ".join(
        '"' + " ".join(term.words) + '"' + (" *" if term.prefix else "") for term in terms
    )


def _tsquery(term: Term) -> ColumnElement[bool]:
    words = " <-> ".join(term.words) + (":*" if term.prefix else "")
    return _index.c.words.bool_op("@@")(func.to_tsquery(text("'simple'"), words))
