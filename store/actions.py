"""What was done, when, and for which touchpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from simak.errors import ConfigurationError
from store.engine import Store
from store.mentions import known_brand
from store.tables import action, brand


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was done.

    Attributes:
        touchpoint: the one that it was done for; None for the brand as a whole.
        day: the first day with it.
        created_by: who put it on record.
    """

    id: int
    brand: str
    text: str
    touchpoint: str | None
    day: date
    created_by: str
    created_at: datetime


def add_action(
    store: Store,
    *,
    brand: str,
    text: str,
    touchpoint: str | None,
    day: date,
    by: str,
    now: datetime,
) -> Action:
    """Put an action on record.

    Raises:
        ConfigurationError: nothing of the brand is stored.
    """
    with store.write() as connection:
        found = connection.execute(
            insert(action).values(
                brand_id=known_brand(connection, brand), text=text, touchpoint=touchpoint, day=day,
                created_by=by, created_at=now,
            )
        )  # fmt: skip
        id = int(found.inserted_primary_key[0])  # type: ignore[index]
    return Action(id, brand, text, touchpoint, day, by, now)


def remove_action(store: Store, id: int) -> None:
    """Take an action off the record.

    Raises:
        ConfigurationError: there is none of this id.
    """
    with store.write() as connection:
        if not connection.execute(delete(action).where(action.c.id == id)).rowcount:
            raise ConfigurationError(f"there is no action {id}: simak action list")


def actions(store: Store, brands: Sequence[str] = ()) -> list[Action]:
    """Return the actions on `brands`, or on all, by brand, day and id."""
    statement = (
        select(brand.c.name.label("brand"), *(c for c in action.c if c.name != "brand_id"))
        .join(brand, brand.c.id == action.c.brand_id)
        .order_by(brand.c.name, action.c.day, action.c.id)
    )
    if brands:
        statement = statement.where(brand.c.name.in_(brands))
    with store.read() as connection:
        return [Action(**row) for row in connection.execute(statement).mappings()]
