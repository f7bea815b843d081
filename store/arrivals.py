"""Stores what services send of themselves: in parts, in any order, and again and again.

An edit or a deletion comes without the mention that it is about, may come before it, and
everything comes again until it was answered. So the newest text is what stays, with what it lacks
taken from what came before or after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from simak.mention import RawMention
from store.engine import Store
from store.erasures import kept_out
from store.labels import relabel
from store.mentions import (
    ERASED,
    EXPIRED,
    Privacy,
    Saved,
    brand_id,
    content_hash,
    row_of,
    text_hash,
)
from store.tables import mention, mention_version

_Row = dict[str, Any]
_Earlier = set[tuple[str, float | None]]
"""Texts with their stars."""

_KEY = ("brand_id", "source", "external_id")
_OWN = ("id", "collected_at", "content_hash")
"""Columns that say nothing of the mention itself."""

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def save_arrived(
    store: Store,
    connection: Connection,
    mentions: Iterable[RawMention],
    *,
    brand: str,
    source: str,
    privacy: Privacy,
    now: datetime,
) -> Saved:
    """Store mentions of one brand and source in the caller's transaction, as they came.

    - Of two texts of a mention the one with the later `edited_at` stays; of the same, or with
      none, the one that came last, unless it was replaced before (with the same stars): then it is
    a late repetition.
      The other is kept as a version.
    - What a mention does not say (None) stays as it was, and its first `published_at` too.
    - A deleted one stays deleted, whatever comes after it.
    - One of a person who was erased is left out.

    Args:
        now: becomes `collected_at`.
    """
    owner = brand_id(connection, brand)
    saved = Saved()
    touched: list[int] = []
    for raws in _rounds(mentions):
        rows = {id: row_of(raw, owner, source, privacy, now) for id, raw in raws.items()}
        out = kept_out(connection, rows.values(), privacy)
        saved += Saved(kept_out=len(out))
        rows = {id: row for id, row in rows.items() if id not in out}
        added = _insert(connection, list(rows.values())) if rows else {}
        touched += added.values()
        gone = sum(rows[id]["deleted_at"] is not None for id in added)
        saved += Saved(new=len(added) - gone, deleted=gone)
        known = {id: row for id, row in rows.items() if id not in added}
        for old, earlier in _stored(connection, owner, source, known):
            # Where it does not say so itself, the row's channel is only the source's name.
            new = rows[old["external_id"]] | {"channel": raws[old["external_id"]].channel}
            change = _update(connection, old, new, earlier, now)
            if not change.unchanged:
                touched.append(old["id"])
            saved += change
    relabel(store, connection, list(dict.fromkeys(touched)))
    return saved


def _rounds(mentions: Iterable[RawMention]) -> list[dict[str, RawMention]]:
    """Return the mentions in groups with each id once; equal ids in the order they came."""
    rounds: list[dict[str, RawMention]] = []
    times: dict[str, int] = {}
    for raw in mentions:
        place = times[raw.external_id] = times.get(raw.external_id, -1) + 1
        if place == len(rounds):
            rounds.append({})
        rounds[place][raw.external_id] = raw
    # One order everywhere: no deadlock.
    return [dict(sorted(group.items())) for group in rounds]


def _insert(connection: Connection, rows: Sequence[_Row]) -> dict[str, int]:
    """Add the rows that are not there; return their ids. Another writer may be adding them too."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(mention)
        .on_conflict_do_nothing(index_elements=_KEY)
        .returning(mention.c.external_id, mention.c.id)
    )
    return {row.external_id: row.id for row in connection.execute(statement, rows)}


def _stored(
    connection: Connection, owner: int, source: str, ids: Iterable[str]
) -> list[tuple[_Row, _Earlier]]:
    """Return the rows with these ids, held for this transaction, each with what it was before."""
    rows = (
        connection.execute(
            select(mention)
            .where(
                mention.c.brand_id == owner,
                mention.c.source == source,
                mention.c.external_id.in_(list(ids)),
            )
            .order_by(mention.c.id)
            .with_for_update()
        )
        .mappings()
        .all()
    )
    earlier: dict[int, _Earlier] = {row["id"]: set() for row in rows}
    if rows:
        versions = select(
            mention_version.c.mention_id, mention_version.c.text, mention_version.c.stars
        ).where(mention_version.c.mention_id.in_(earlier))
        for id, text, stars in connection.execute(versions):
            earlier[id].add((text, stars))
    return [(dict(row), earlier[row["id"]]) for row in rows]


def _update(
    connection: Connection, old: Mapping[str, Any], new: _Row, earlier: _Earlier, now: datetime
) -> Saved:
    if old["content_hash"] == EXPIRED:
        return Saved(unchanged=1)
    is_newer = _is_newer(old, new, earlier)
    row = _merged(old, new) if is_newer else _merged(new, old)
    row["published_at"] = old["published_at"] or new["published_at"]
    if row["deleted_at"] is not None:
        erased = old if old["deleted_at"] is not None else new
        row |= {key: erased[key] for key in (*ERASED, "deleted_at")}
        kept = None
        connection.execute(delete(mention_version).where(mention_version.c.mention_id == old["id"]))
    else:
        kept = _replaced(old, new, row, earlier)
    if kept is not None:
        connection.execute(
            insert(mention_version).values(
                mention_id=old["id"], text=kept["text"], stars=kept["stars"], replaced_at=now
            )
        )
    if all(row[key] == old[key] for key in row):
        return Saved(edited=1) if kept is not None else Saved(unchanged=1)
    hashed = {key: value for key, value in row.items() if key != "deleted_at"}
    connection.execute(
        update(mention)
        .where(mention.c.id == old["id"])
        .values(row | {"content_hash": content_hash(hashed)})
    )
    deleted = row["deleted_at"] is not None and old["deleted_at"] is None
    return Saved(deleted=1) if deleted else Saved(edited=1)


def _is_newer(old: Mapping[str, Any], new: _Row, earlier: _Earlier) -> bool:
    before, after = old["edited_at"] or _NEVER, new["edited_at"] or _NEVER
    return after > before or (after == before and not _was(new, earlier))


def _was(row: Mapping[str, Any], earlier: _Earlier) -> bool:
    """Say whether a text was there before; what does not give the stars had those of its text."""
    return any(row["text"] == text and row["stars"] in (None, stars) for text, stars in earlier)


def _merged(older: Mapping[str, Any], newer: Mapping[str, Any]) -> _Row:
    row: _Row = {}
    for key in newer:
        if key not in _OWN:
            row[key] = older[key] if newer[key] in (None, "") else newer[key]
    row["attributes"] = {**older["attributes"], **newer["attributes"]}
    row["text_hash"] = text_hash(row["text"])
    return row


def _replaced(
    old: Mapping[str, Any], new: _Row, row: _Row, earlier: _Earlier
) -> Mapping[str, Any] | None:
    """Return whichever of the two holds a text, or stars, that the row does not, nor a version; or
    the one that had no text, where the row has."""
    texts = {text for text, _ in earlier}
    for other in (old, new):
        is_new = other["text"] and other["text"] not in texts and other["text"] != row["text"]
        first_text = other is old and row["text"] and not old["text"]
        if is_new or first_text or (other is old and old["stars"] not in (None, row["stars"])):
            return other
    return None
