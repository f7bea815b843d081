"""Erases a person: what is theirs goes, what was counted stays as a number of nobody.

A mention stays as a row with its day, stars and labels, so that no figure of the past changes; its
words, its author, its address, its place in the source and its hour are gone. All that is gone is
entered in the register (`store.erasures`) first, so that no run brings it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus
from uuid import uuid4

from sqlalchemy import Connection, Text, cast, delete, func, or_, select, update

from store.engine import ROWS_PER_WRITE, Store
from store.erasures import AUTHOR, ITEM, Erasure, author_hash, item_hash, register
from store.labels import relabel
from store.mentions import text_hash
from store.parts import parts
from store.person import Person, holds, mention_ids
from store.privacy import Privacy
from store.tables import (
    bad_record,
    brand,
    case_change,
    cursor,
    facet,
    label_facet,
    mark,
    mention,
    mention_case,
    mention_version,
    saved_view,
    survey_answer,
    tag,
    theme,
)
from store.themes import THEME

_GONE = "erased"
"""In place of the content's hash."""

TELLING = 12
"""Letters from which words are taken to be found only where they were said."""

_AT_ONCE = 20


@dataclass(slots=True)
class Removed:
    """What an erasure took away, or would.

    Attributes:
        rows: table to how many of its rows lost something, or went.
        words: what must be found nowhere any more: texts, addresses, ids and keys.
        by_source: mentions by brand and source, for a look before it is done.
    """

    rows: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    by_source: Counter[str] = field(default_factory=Counter)


def erase(
    store: Store, person: Person, privacy: Privacy, *, now: datetime, dry_run: bool = False
) -> Removed:
    """Erase what is held of a person, and enter it in the register.

    It is done some rows at a time; broken off, the same again goes on.

    Args:
        dry_run: only count.

    Raises:
        StoreError: the store cannot be written.
    """
    removed = Removed()
    with store.read() as connection:
        ids = mention_ids(connection, person)
    if not dry_run:
        with store.write() as connection:
            register(connection, _authors(person, privacy, now))
    for some in parts(ids, ROWS_PER_WRITE):
        if dry_run:
            with store.read() as connection:
                _count(connection, some, removed)
            continue
        with store.write() as connection:
            _count(connection, some, removed)
            _erase(store, connection, some, privacy, now)
        store.pause()
    removed.words |= {*person.words, *(key for key in person.authors if key != person.name)}
    _erase_beside(store, person, removed, dry_run=dry_run)
    return removed


def reapply(
    store: Store, erasures: Iterable[Erasure], privacy: Privacy, *, now: datetime
) -> Removed:
    """Erase again what was erased from another state of a store, such as a backup brings back.

    Whom it was is not known from a hash: saved views and records that could not be read are held
    against the words of what is erased alone.

    Args:
        erasures: the register as `store.erasures.erasures` gives it.

    Returns:
        What was there again.
    """
    known = {one.hash: one for one in erasures}
    with store.write() as connection:
        register(connection, known.values())
    removed = Removed()
    ids: list[int] = []
    last = 0
    columns = (mention.c.id, mention.c.source, mention.c.external_id, mention.c.author_key)
    while known:
        with store.read() as connection:
            rows = connection.execute(
                select(*columns, mention.c.published_at)
                .where(mention.c.id > last)
                .order_by(mention.c.id)
                .limit(5_000)
            ).all()
        if not rows:
            break
        last = rows[-1].id
        for row in rows:
            entry = row.author_key and known.get(author_hash(row.author_key, privacy))
            own = entry and (row.published_at is None or row.published_at <= entry.erased_at)
            if own or item_hash(row.source, row.external_id, privacy) in known:
                ids.append(row.id)
    for some in parts(ids, ROWS_PER_WRITE):
        with store.write() as connection:
            _count(connection, some, removed)
            _erase(store, connection, some, privacy, now)
        store.pause()
    _erase_answers(store, known, privacy, removed)
    _erase_beside(store, Person(), removed, dry_run=False)
    return removed


def _authors(person: Person, privacy: Privacy, now: datetime) -> list[Erasure]:
    # A key is what the name was hashed to; a name is hashed before it is entered.
    hashed = Privacy(privacy.key)
    return [
        Erasure(author_hash(key, hashed), AUTHOR, now)
        for key in person.authors
        if key != person.name
    ]


def _count(connection: Connection, ids: Sequence[int], removed: Removed) -> None:
    """Note what is held by some mentions, before it goes."""
    rows = connection.execute(
        select(mention, brand.c.name.label("brand"))
        .join(brand, brand.c.id == mention.c.brand_id)
        .where(mention.c.id.in_(ids))
    ).mappings()
    for row in rows:
        removed.rows["mention"] += 1
        removed.by_source[f"{row['brand']}, {row['source']}"] += 1
        removed.words |= {row[name] for name in ("text", "url", "external_id") if row[name]}
        if row["text"]:
            removed.words.add(row["text_hash"])
    for version in connection.scalars(
        select(mention_version.c.text).where(mention_version.c.mention_id.in_(ids))
    ):
        removed.rows["mention_version"] += 1
        removed.words |= {version} - {""}
    for table, wanted in (
        (mention_case, mention_case.c.note.is_not(None)),
        (case_change, case_change.c.field == "note"),
        (survey_answer, True),
    ):
        n = connection.scalar(
            select(func.count()).select_from(table).where(table.c.mention_id.in_(ids), wanted)  # type: ignore[arg-type]
        )
        removed.rows[table.name] += n or 0


def _erase(
    store: Store, connection: Connection, ids: Sequence[int], privacy: Privacy, now: datetime
) -> None:
    rows = connection.execute(
        select(
            mention.c.id,
            mention.c.brand_id,
            mention.c.source,
            mention.c.external_id,
            mention.c.published_at,
            mention.c.deleted_at,
        ).where(mention.c.id.in_(ids))
    ).all()
    answers = connection.execute(
        select(survey_answer).where(survey_answer.c.mention_id.in_(ids))
    ).all()
    register(
        connection,
        [
            Erasure(item_hash(row.source, row.external_id, privacy), ITEM, now)
            for row in (*rows, *answers)
        ],
    )
    for answer in answers:
        _blank_answer(store, connection, answer)
    facets = connection.scalars(
        select(label_facet.c.facet_id).where(label_facet.c.mention_id.in_(ids)).distinct()
    ).all()
    connection.execute(delete(mention_version).where(mention_version.c.mention_id.in_(ids)))
    connection.execute(
        update(mention_case).where(mention_case.c.mention_id.in_(ids)).values(note=None)
    )
    connection.execute(
        update(case_change)
        .where(case_change.c.mention_id.in_(ids), case_change.c.field == "note")
        .values(before=None, after=None)
    )
    connection.execute(update(tag).where(tag.c.mention_id.in_(ids)).values(text_hash=text_hash("")))
    for row in rows:
        own = f"{_GONE}-{uuid4().hex}"
        connection.execute(
            update(mention)
            .where(mention.c.id == row.id)
            .values(
                external_id=own, parent_id=None, text="", text_hash=text_hash(""),
                content_hash=_GONE, author_key=None, edited_at=None, url=None, reply=None,
                reply_at=None, attributes={}, deleted_at=row.deleted_at or now,
                published_at=_day(store, row.published_at),
            )
        )  # fmt: skip
        # What others answered stays in its thread.
        connection.execute(
            update(mention)
            .where(
                mention.c.brand_id == row.brand_id,
                mention.c.source == row.source,
                mention.c.parent_id == row.external_id,
            )
            .values(parent_id=own)
        )
    _forget_places(connection, {row.external_id for row in rows})
    relabel(store, connection, ids)
    used = select(label_facet.c.facet_id).where(label_facet.c.facet_id == facet.c.id)
    connection.execute(delete(facet).where(facet.c.id.in_(facets), ~used.exists()))


def _blank_answer(store: Store, connection: Connection, answer: Any) -> None:
    """Leave of an answer its score and its day."""
    connection.execute(
        update(survey_answer)
        .where(survey_answer.c.id == answer.id)
        .values(
            external_id=f"{_GONE}-{uuid4().hex}",
            mention_id=None,
            segment=None,
            answered_at=_day(store, answer.answered_at),
        )
    )


def _day(store: Store, at: datetime | None) -> datetime | None:
    """Return the day by which something is counted, in place of its second."""
    local = at and at.astimezone(store.zone)
    return local and local.replace(hour=0, minute=0, second=0, microsecond=0)


def _erase_answers(
    store: Store, known: Mapping[str, Erasure], privacy: Privacy, removed: Removed
) -> None:
    with store.write() as connection:
        for row in connection.execute(select(survey_answer)).all():
            if item_hash(row.source, row.external_id, privacy) in known:
                removed.rows["survey_answer"] += 1
                _blank_answer(store, connection, row)


def _forget_places(connection: Connection, ids: set[str]) -> None:
    """Take the ids out of what sources remember of recent mentions, to ask for them again."""
    for row in connection.execute(select(cursor.c.source, cursor.c.value)).all():
        value = _without(row.value, ids)
        if value != row.value:
            connection.execute(
                update(cursor).where(cursor.c.source == row.source).values(value=value)
            )


def _without(value: Any, ids: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, ids) for key, one in value.items() if key not in ids}
    if isinstance(value, list):
        return [_without(one, ids) for one in value if not (isinstance(one, str) and one in ids)]
    return value


def _erase_beside(store: Store, person: Person, removed: Removed, *, dry_run: bool) -> None:
    """Erase what names a person without being a mention of theirs."""
    words = sorted(one for one in removed.words if len(one) >= TELLING)
    words += [person.name] if person.name else []
    with store.write() if not dry_run else store.read() as connection:
        records = _unread(connection, words)
        views = [
            row.name
            for row in connection.execute(select(saved_view.c.name, saved_view.c.query))
            if any(one in f"{row.name}\n{unquote_plus(row.query)}" for one in words)
        ]
        removed.rows["bad_record"] += len(records)
        removed.rows["saved_view"] += len(views)
        if dry_run:
            return
        for some in parts(records, 500):
            connection.execute(delete(bad_record).where(bad_record.c.id.in_(some)))
        connection.execute(delete(saved_view).where(saved_view.c.name.in_(views)))
        removed.rows["theme"] += _empty_themes(connection)


def _unread(connection: Connection, words: Sequence[str]) -> list[int]:
    """Return the records kept for inspection that hold any of the words."""
    found: set[int] = set()
    for start in range(0, len(words), _AT_ONCE):
        wanted = [holds(bad_record.c.record, one) for one in words[start : start + _AT_ONCE]]
        found |= set(connection.scalars(select(bad_record.c.id).where(or_(*wanted))))
    return sorted(found)


def _empty_themes(connection: Connection) -> int:
    """Take its words from every theme of which nobody's text is left."""
    said = (
        select(mark.c.mention_id)
        .join(mention, mention.c.id == mark.c.mention_id)
        .where(
            mark.c.kind == THEME,
            mark.c.name == cast(theme.c.id, Text),
            mention.c.text != "",
        )
    )
    done = connection.execute(
        update(theme)
        .where(theme.c.n > 0, theme.c.merged_into.is_(None), ~said.exists())
        .values(words=[_GONE], centroid=b"", n=0)
    )
    return done.rowcount
