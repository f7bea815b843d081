"""Stores what sources yield: new, edited, deleted and unchanged mentions told apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from simak.errors import ConfigurationError
from simak.mention import MAX_TEXT_CHARS, RawMention
from store.engine import Store
from store.erasures import kept_out
from store.labels import relabel
from store.privacy import Privacy as Privacy
from store.privacy import author_key, mask
from store.tables import brand, mention, mention_version

ERASED = ("text", "text_hash", "author_key", "url", "reply", "reply_at", "attributes")
"""What is not kept of a mention that its source has deleted, or that is older than is kept."""

EXPIRED = "expired"
"""In place of the content's hash, of a mention that is older than is kept: whatever its source
says of it later changes nothing."""

_SAID_SOMETHING = mention_version.c.text != ""
"""A mention may have had stars alone before, or have been deleted for a while."""

brand_table = brand  # `brand` is also what callers name it by


@dataclass(slots=True)
class Saved:
    """How many mentions of a page were what.

    Attributes:
        kept_out: of people who asked to be erased; nothing of them is stored.

    Example:
        >>> Saved(new=2) + Saved(new=1, edited=1)
        Saved(new=3, edited=1, unchanged=0, deleted=0, kept_out=0)
    """

    new: int = 0
    edited: int = 0
    unchanged: int = 0
    deleted: int = 0
    kept_out: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            self.new + other.new,
            self.edited + other.edited,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
            self.kept_out + other.kept_out,
        )


def brand_id(connection: Connection, name: str) -> int:
    """Return the id of a brand, adding it where it is new."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(brand)
        .values(name=name, created_at=datetime.now(UTC))
        .on_conflict_do_nothing()
    )
    id: int = connection.execute(select(brand.c.id).where(brand.c.name == name)).scalar_one()
    return id


def known_brand(connection: Connection, name: str) -> int:
    """Return the id of a brand that is in the store.

    Raises:
        ConfigurationError: it is not.
    """
    known = {row.name: row.id for row in connection.execute(select(brand.c.name, brand.c.id))}
    if name not in known:
        raise ConfigurationError(
            f"there is nothing of a brand {name!r} in the store; there is "
            + (", ".join(sorted(known)) or "nothing at all")
        )
    return int(known[name])


def brand_names(store: Store) -> list[str]:
    """Return every brand, in alphabetical order."""
    with store.read() as connection:
        return list(connection.scalars(select(brand.c.name).order_by(brand.c.name)))


def stored_ids(store: Store, ids: Sequence[str], *, brand: str, source: str) -> set[str]:
    """Return which of the external ids of a brand and source are stored."""
    if not ids:
        return set()
    owned = select(brand_table.c.id).where(brand_table.c.name == brand).scalar_subquery()
    with store.read() as connection:
        return set(
            connection.scalars(
                select(mention.c.external_id).where(
                    mention.c.brand_id == owned,
                    mention.c.source == source,
                    mention.c.external_id.in_(ids),
                )
            )
        )


def save(
    store: Store,
    connection: Connection,
    mentions: Iterable[RawMention],
    *,
    brand: str,
    source: str,
    privacy: Privacy,
    now: datetime,
) -> Saved:
    """Store mentions of one brand and source in the caller's transaction.

    A mention that is already there and has not changed costs a look and no write. An edited one
    keeps its id and its old text as a version, and waits to be tagged again. A deleted one loses
    its text and its versions, and is counted as before; one that was never here is left out, as
    nobody knows what it was (spam, mostly). So is one of a person who was erased; one that is older
    than is kept stays as it is. At most `ROWS_PER_WRITE` should come at once.

    Args:
        now: becomes `collected_at`.
    """
    owner = brand_id(connection, brand)
    rows = {
        raw.external_id: row_of(raw, owner, source, privacy, now) for raw in mentions
    }  # the last of equal ids wins
    out = kept_out(connection, rows.values(), privacy)
    for id in out:
        del rows[id]
    known = {
        row.external_id: row
        for row in connection.execute(
            select(
                mention.c.id,
                mention.c.external_id,
                mention.c.text,
                mention.c.text_hash,
                mention.c.content_hash,
                mention.c.stars,
                mention.c.published_at,
            ).where(
                mention.c.brand_id == owner,
                mention.c.source == source,
                mention.c.external_id.in_(rows),
            )
        )
    }
    saved = Saved(kept_out=len(out))
    touched: list[int] = []
    unknown = [row for id, row in rows.items() if id not in known]
    fresh = [row for row in unknown if row["deleted_at"] is None]
    saved.unchanged += len(unknown) - len(fresh)
    if fresh:
        touched += connection.scalars(insert(mention).returning(mention.c.id), fresh).all()
        saved.new += len(fresh)
    for id, old in known.items():
        row = rows[id]
        if old.content_hash in (row["content_hash"], EXPIRED):
            saved.unchanged += 1
            continue
        _replace(connection, old, row, now)
        touched.append(old.id)
        if row["deleted_at"] is not None:
            saved.deleted += 1
        else:
            saved.edited += 1
    relabel(store, connection, touched)
    return saved


def _replace(connection: Connection, old: Any, row: dict[str, Any], now: datetime) -> None:
    values = {key: value for key, value in row.items() if key != "collected_at"}
    if row["deleted_at"] is not None:
        # What was said is gone, that something was said is not: its day stays. The source keeps
        # few other fields of a deleted text, so those that it no longer gives are kept too.
        values = {key: row[key] for key in (*ERASED, "content_hash", "deleted_at")}
        connection.execute(delete(mention_version).where(mention_version.c.mention_id == old.id))
    elif old.text_hash != row["text_hash"] or old.stars != row["stars"]:
        connection.execute(
            insert(mention_version).values(
                mention_id=old.id, text=old.text, stars=old.stars, replaced_at=now
            )
        )
    connection.execute(update(mention).where(mention.c.id == old.id).values(values))


def row_of(
    raw: RawMention, owner: int, source: str, privacy: Privacy, now: datetime
) -> dict[str, Any]:
    """Return the row of `mention` that a raw one becomes, masked and hashed."""

    def clean(text: str | None) -> str | None:
        if text is None:
            return None
        text = storable(text)
        return text if privacy.keep_raw else mask(text)

    text = "" if raw.deleted else clean(whole_text(raw)) or ""
    author = raw.author and (
        storable(raw.author) if privacy.keep_raw else author_key(raw.author, privacy.key)
    )
    row: dict[str, Any] = {
        "brand_id": owner,
        "source": source,
        "external_id": raw.external_id,
        "channel": raw.channel or source,
        "kind": raw.kind,
        "text": text,
        "text_hash": text_hash(text),
        "stars": raw.stars,
        "author_key": None if raw.deleted else author,
        "published_at": raw.published_at,
        "edited_at": raw.edited_at,
        "url": None if raw.deleted else raw.url and storable(raw.url),
        "reply": None if raw.deleted else clean(raw.reply),
        "reply_at": None if raw.deleted else raw.reply_at,
        "language": raw.language,
        "product": raw.product and storable(raw.product),
        "version": raw.version and storable(raw.version),
        "parent_id": raw.parent_id,
        "attributes": {} if raw.deleted else {k: clean(v) for k, v in raw.attributes.items()},
    }
    row["content_hash"] = content_hash(row)
    return row | {"collected_at": now, "deleted_at": now if raw.deleted else None}


def whole_text(raw: RawMention) -> str:
    """Return the text of a mention with its headline, where it does not repeat it.

    Example:
        >>> whole_text(RawMention(external_id="1", title="Kapok", text="Paket hilang"))
        'Kapok\\nPaket hilang'
    """
    if raw.title and not raw.text.startswith(raw.title.rstrip("… .")):
        return f"{raw.title}\n{raw.text}".strip()
    return raw.text


def storable(text: str) -> str:
    """Return `text` without what no database takes: NUL, lone surrogates, anything too long.

    Example:
        >>> storable("a\\x00b\\ud800")
        'ab?'
    """
    if len(text) > MAX_TEXT_CHARS:
        text = text[:MAX_TEXT_CHARS]
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def text_hash(text: str) -> str:
    """Return the hash by which a changed text is noticed: BLAKE2b, 16 bytes, in hex."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def content_hash(row: Mapping[str, Any]) -> str:
    """Return the hash by which any change of a row is noticed."""
    return text_hash(json.dumps(row, sort_keys=True, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def versions(store: Store, mention_id: int) -> Sequence[tuple[str, datetime]]:
    """Return the earlier texts of a mention with the time each was replaced, oldest first."""
    with store.read() as connection:
        rows = connection.execute(
            select(mention_version.c.text, mention_version.c.replaced_at)
            .where(mention_version.c.mention_id == mention_id, _SAID_SOMETHING)
            .order_by(mention_version.c.id)
        )
        return [(row.text, row.replaced_at) for row in rows]


def edited(store: Store, mention_ids: Sequence[int]) -> set[int]:
    """Return which of the mentions have earlier versions."""
    own = mention_version.c.mention_id
    with store.read() as connection:
        said = select(own).where(own.in_(mention_ids), _SAID_SOMETHING)
        return set(connection.scalars(said.distinct()))
