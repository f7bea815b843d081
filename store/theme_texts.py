"""The texts that themes are made of, and where each of them is.

A theme's mentions are a mark of kind `THEME`, named by the theme's id; a text that is of none is
marked too, by why. One text is in one place, whoever says it and however often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, delete, func, insert, select, union

from store.engine import ROWS_PER_WRITE, Store
from store.filter import Filter
from store.lists import counted
from store.parts import parts
from store.read import driver_rows
from store.selection import conditions
from store.tables import (
    correction,
    facet,
    label,
    label_facet,
    mark,
    mention,
    mention_version,
    tag,
    theme,
)
from store.themes import THEME, Polarity, said, unplaced

_LATE = timedelta(minutes=1)
"""Looked at again: what was being written while the last run read."""


def count_texts(
    store: Store, brand_id: int, polarity: Polarity, *, at_most: int | None = None
) -> int:
    """Return how many different texts complain, or praise; no more are counted than `at_most`."""
    different = select(label.c.text_hash).where(*said(brand_id, polarity)).distinct()
    with store.read() as connection:
        return connection.execute(counted(different.limit(at_most))).scalar_one()


def hashes(
    store: Store, brand_id: int, polarity: Polarity, since: datetime | None = None
) -> list[str]:
    """Return the different texts by their hashes, in the hashes' order, which is that of no date.

    Args:
        since: only what was tagged or corrected since then.
    """
    found = select(label.c.text_hash).where(*said(brand_id, polarity)).distinct()
    if since is not None:
        found = found.where(label.c.mention_id.in_(_changed(since)))
    with store.read() as connection:
        return list(connection.scalars(found.order_by(label.c.text_hash)))


def hashes_left(store: Store, brand_id: int, polarity: Polarity, since: datetime) -> list[str]:
    """Return the texts that were tagged or corrected since then and are of a polarity no more, if
    they were; nobody else says them either."""
    found = select(label.c.text_hash).where(
        label.c.brand_id == brand_id,
        label.c.text_hash.is_not(None),
        label.c.mention_id.in_(_changed(since)),
    )
    with store.read() as connection:
        left = set(connection.scalars(found.distinct()))
        for some in parts(sorted(left)):
            there = select(label.c.text_hash).where(
                *said(brand_id, polarity), label.c.text_hash.in_(some)
            )
            left.difference_update(connection.scalars(there.distinct()))
    return sorted(left)


def _changed(since: datetime) -> CompoundSelect[int]:
    """Select the mentions that were tagged or corrected since then."""
    return union(
        select(tag.c.mention_id).where(tag.c.tagged_at >= since - _LATE),
        select(correction.c.mention_id).where(correction.c.corrected_at >= since - _LATE),
    )


def texts_of(
    store: Store, brand_id: int, polarity: Polarity, wanted: Sequence[str]
) -> dict[str, str]:
    """Return texts by their hashes, in the order asked for; one that is gone is left out."""
    found: dict[str, str] = {}
    for some in parts(wanted):
        first = (
            select(func.min(label.c.mention_id))
            .where(*said(brand_id, polarity), label.c.text_hash.in_(some))
            .group_by(label.c.text_hash)
        )
        with store.read() as connection:
            rows = connection.execute(
                select(label.c.text_hash, mention.c.text)
                .join(mention, mention.c.id == label.c.mention_id)
                .where(label.c.mention_id.in_(first))
            )
            found |= {row.text_hash: row.text for row in rows}
    return {text_hash: found[text_hash] for text_hash in wanted if text_hash in found}


def placed(
    store: Store,
    brand_id: int,
    polarity: Polarity,
    wanted: Sequence[str],
    *,
    since: datetime | None,
) -> dict[str, str]:
    """Return where texts are: hash to the name of the mark; one that is nowhere is left out.

    Args:
        since: what was edited, and tagged since then, is left out: it still stands where its old
            text belonged.
    """
    names = _names(store, brand_id, polarity)
    known: list[ColumnElement[bool]] = []
    if since is not None:
        # Not by when it was edited: a night may have collected it and not come to tag it.
        edited = (
            select(mention_version.c.mention_id)
            .join(tag, tag.c.mention_id == mention_version.c.mention_id)
            .where(tag.c.tagged_at >= since - _LATE)
        )
        known = [label.c.mention_id.not_in(edited)]
    found: dict[str, str] = {}
    for some in parts(wanted):
        statement = (
            select(label.c.text_hash, func.min(mark.c.name).label("name"))
            .join(mark, mark.c.mention_id == label.c.mention_id)
            .where(
                label.c.brand_id == brand_id,
                label.c.text_hash.in_(some),
                mark.c.kind == THEME,
                mark.c.name.in_(names),
                *known,
            )
            .group_by(label.c.text_hash)
        )
        with store.read() as connection:
            found |= {row.text_hash: row.name for row in connection.execute(statement)}
    return found


def hashes_in(store: Store, brand_id: int, polarity: Polarity, names: Sequence[str]) -> set[str]:
    """Return the texts of a brand that are in any of these marks, by their hashes."""
    found = (
        select(label.c.text_hash)
        .join(mark, mark.c.mention_id == label.c.mention_id)
        .where(*said(brand_id, polarity), mark.c.kind == THEME, mark.c.name.in_(names))
        .distinct()
    )
    with store.read() as connection:
        return set(connection.scalars(found))


def place(store: Store, brand_id: int, polarity: Polarity, where: Mapping[str, str]) -> int:
    """Put texts where they belong and nowhere else; return how many mentions say them.

    Args:
        where: hash to the name of the mark.
    """
    names = _names(store, brand_id, polarity)
    n = 0
    for some in parts(list(where)):
        with store.read() as connection:
            rows = connection.execute(
                select(label.c.mention_id, label.c.text_hash)
                .where(*said(brand_id, polarity), label.c.text_hash.in_(some))
                .order_by(label.c.mention_id)
            ).all()
        for chunk in parts(rows, ROWS_PER_WRITE):
            ids = [row.mention_id for row in chunk]
            with store.write() as connection:
                connection.execute(
                    delete(mark).where(
                        mark.c.mention_id.in_(ids), mark.c.kind == THEME, mark.c.name.in_(names)
                    )
                )
                connection.execute(
                    insert(mark),
                    [
                        {"kind": THEME, "name": where[row.text_hash], "mention_id": row.mention_id}
                        for row in chunk
                    ],
                )
            store.pause()
            n += len(chunk)
    return n


class ThemeCell(NamedTuple):
    """Mentions of one mark with one language and profile."""

    name: str
    language: str
    profile_id: int
    n: int


def cells(store: Store, filter: Filter, names: Sequence[str]) -> list[ThemeCell]:
    """Return how many of the mentions that `filter` selects are in each of these marks."""
    keys = (mark.c.name, label.c.language, label.c.profile_id)
    with store.read() as connection:
        rows = driver_rows(connection, _counted(store, filter, names, keys))
        return list(map(ThemeCell._make, rows))


def sizes(store: Store, filter: Filter, names: Sequence[str]) -> dict[str, int]:
    """Return the same by mark alone."""
    with store.read() as connection:
        rows = connection.execute(_counted(store, filter, names, (mark.c.name,))).all()
    return {row.name: row.n for row in rows}


def _counted(
    store: Store, filter: Filter, names: Sequence[str], keys: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    name: ColumnElement[str] = mark.c.name
    if store.is_sqlite and filter.dated:
        # It would look up each of the names for each mention: what is added keeps it from that.
        name = name.concat("")
    return (
        select(*keys, func.count().label("n"))
        .select_from(mark.join(label, label.c.mention_id == mark.c.mention_id))
        .where(mark.c.kind == THEME, name.in_(names), *conditions(store, filter, label))
        .group_by(*keys)
    )


def faceted(
    store: Store, filter: Filter, names: Sequence[str], facet_name: str
) -> dict[str, dict[str, int]]:
    """Return how many of the mentions that `filter` selects are in each of these marks and have
    each value of a facet: mark to value to number; what has no value is left out."""
    keys = (mark.c.name, facet.c.value)
    joined = (
        mark.join(label, label.c.mention_id == mark.c.mention_id)
        .join(label_facet, label_facet.c.mention_id == label.c.mention_id)
        .join(facet, facet.c.id == label_facet.c.facet_id)
    )
    statement = (
        select(*keys, func.count().label("n"))
        .select_from(joined)
        .where(
            mark.c.kind == THEME,
            mark.c.name.in_(names),
            facet.c.name == facet_name,
            *conditions(store, filter, label),
        )
        .group_by(*keys)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with store.read() as connection:
        for name, value, n in connection.execute(statement):
            found[name][value] = n
    return dict(found)


def _names(store: Store, brand_id: int, polarity: Polarity) -> list[str]:
    """Return the names of all marks that a text of this brand and polarity may be in."""
    with store.read() as connection:
        ids = connection.scalars(
            select(theme.c.id).where(theme.c.brand_id == brand_id, theme.c.polarity == polarity)
        )
        return [*(str(id) for id in ids), *unplaced(polarity)]
