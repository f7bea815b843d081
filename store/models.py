"""What is known of the models whose tags are in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from store.engine import Store
from store.tables import model


@dataclass(frozen=True, slots=True)
class Model:
    """A model that has tagged.

    Attributes:
        version: as in its tags.
        quality: how good it was measured to be; empty where nobody measured.
        used_at: when it tagged last.
    """

    version: str
    quality: Mapping[str, Any]
    used_at: datetime


def save_model(store: Store, found: Model) -> None:
    """Note that a model tags, and how good it is."""
    with store.write() as connection:
        connection.execute(delete(model).where(model.c.version == found.version))
        connection.execute(
            insert(model).values(
                version=found.version, quality=dict(found.quality), used_at=found.used_at
            )
        )


def latest_model(store: Store) -> Model | None:
    """Return the model that tagged last; None where none has."""
    with store.read() as connection:
        row = connection.execute(
            select(model).order_by(model.c.used_at.desc(), model.c.version).limit(1)
        ).first()
    return None if row is None else Model(row.version, row.quality, row.used_at)
