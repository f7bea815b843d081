"""Tokens of programs that read the HTTP API; only their digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from simak.access import Access
from simak.errors import ConfigurationError
from store import audit
from store.engine import Store
from store.mentions import known_brand
from store.tables import brand, token

PREFIX = "simak_"
"""By which a token is known for one, such as where a scan of files looks for secrets."""

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not the token itself.

    Attributes:
        brands: those it reads; None for all.
        per_minute: requests in any 60 seconds.
        expires_at: until when it holds; None for ever.
        revoked_at: None while it holds.
    """

    name: str
    brands: tuple[str, ...] | None
    per_minute: int
    given_by: str
    given_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token that holds allows."""

    name: str
    access: Access
    per_minute: int


def give_token(
    store: Store,
    name: str,
    *,
    brands: Sequence[str] = (),
    per_minute: int,
    expires_at: datetime | None,
    by: str,
    now: datetime,
) -> str:
    """Make a token and return it: this once, as its digest alone is kept.

    Args:
        brands: those it reads; all where none is named.
        per_minute: requests in any 60 seconds.
        expires_at: None for ever.

    Raises:
        ConfigurationError: there is one of the name, or nothing of a brand is stored.
        NotAllowed: whoever gives it is no admin of all brands.
    """
    store.access.require("admin", "giving a token")
    made = PREFIX + secrets.token_urlsafe(_BYTES)
    try:
        with store.write() as connection:
            ids = [known_brand(connection, one) for one in brands]
            connection.execute(
                insert(token).values(
                    name=name, digest=_digest(made), brands=ids or None, per_minute=per_minute,
                    given_by=by, given_at=now, expires_at=expires_at,
                )
            )  # fmt: skip
            audit.note(
                connection, who=by, did="gave a token", now=now,
                about={"name": name, "brands": list(brands)},
            )  # fmt: skip
    except IntegrityError as error:
        raise ConfigurationError(f"there is a token {name!r} already: simak token list") from error
    return made


def revoke_token(store: Store, name: str, *, by: str, now: datetime) -> None:
    """Let a token hold no longer.

    Raises:
        ConfigurationError: none of the name holds.
        NotAllowed: whoever revokes it is no admin of all brands.
    """
    store.access.require("admin", "revoking a token")
    with store.write() as connection:
        held = (token.c.name == name) & token.c.revoked_at.is_(None)
        if not connection.execute(update(token).where(held).values(revoked_at=now)).rowcount:
            raise ConfigurationError(f"no token {name!r} holds: simak token list")
        audit.note(connection, who=by, did="revoked a token", now=now, about={"name": name})


def tokens(store: Store) -> list[Token]:
    """Return every token, by name."""
    with store.read() as connection:
        names = {row.id: row.name for row in connection.execute(select(brand.c.id, brand.c.name))}
        rows = connection.execute(select(token).order_by(token.c.name)).all()
    return [
        Token(
            row.name,
            None if row.brands is None else tuple(names[id] for id in row.brands),
            row.per_minute,
            row.given_by,
            row.given_at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    ]


def granted(store: Store, said: str, now: datetime) -> Granted | None:
    """Return what a token allows; None where it does not hold.

    Args:
        store: as its owner has it.
        said: the token, as a program sends it.
    """
    with store.read() as connection:
        row = connection.execute(select(token).where(token.c.digest == _digest(said))).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    who = f"token {row.name}"
    access = (
        Access(who, role="viewer")
        if row.brands is None
        else Access(who, brands=dict.fromkeys(row.brands, "viewer"))
    )
    return Granted(row.name, access, row.per_minute)


def _digest(said: str) -> str:
    """SHA-256: a token is random and long enough that no slower hash is needed."""
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
