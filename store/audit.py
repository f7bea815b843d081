"""Who did what, and when: corrections, exports, settings, erasures, roles.

What is done to the store is noted in the transaction that does it. Texts are never noted: what is
erased must be erased here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from store.engine import Store
from store.tables import audit, brand


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did.

    Attributes:
        did: such as "corrected"; the same words for the same deed.
        brand: None where it is about none, or several.
        about: numbers and names, never a customer's words.
    """

    id: int
    at: datetime
    who: str
    did: str
    brand: str | None
    about: Mapping[str, Any]


def note(
    connection: Connection,
    *,
    who: str,
    did: str,
    now: datetime,
    brand_id: int | None = None,
    about: Mapping[str, Any] = {},
) -> None:
    """Put a deed on record, in the transaction of the deed."""
    connection.execute(
        insert(audit).values(at=now, who=who, did=did, brand_id=brand_id, about=dict(about))
    )


def record(store: Store, *, who: str, did: str, now: datetime, about: Mapping[str, Any]) -> None:
    """Put a deed on record that changes nothing in the store, such as an export.

    Args:
        store: as its owner has it: those who may only read are on record too.
    """
    with store.write() as connection:
        note(connection, who=who, did=did, now=now, about=about)


def deeds(store: Store, *, limit: int = 100, before: int | None = None) -> list[Deed]:
    """Return the latest deeds, newest first.

    Args:
        before: the id of a deed; those before it alone.
    """
    statement = (
        select(
            audit.c.id, audit.c.at, audit.c.who, audit.c.did, brand.c.name.label("brand"),
            audit.c.about,
        )
        .join(brand, brand.c.id == audit.c.brand_id, isouter=True)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        statement = statement.where(audit.c.id < before)
    with store.read() as connection:
        return [Deed(**row) for row in connection.execute(statement).mappings()]
