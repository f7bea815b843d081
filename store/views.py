"""Pages as somebody wants to see them again, under a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from simak.errors import ConfigurationError
from store.engine import Store
from store.mentions import known_brand
from store.tables import saved_view

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class View:
    """A saved view.

    Attributes:
        page: which one, as its address names it.
        query: what follows the question mark of the address.
    """

    name: str
    page: str
    query: str
    saved_by: str
    saved_at: datetime


def save_view(
    store: Store,
    name: str,
    *,
    page: str,
    query: str,
    by: str,
    now: datetime,
    brand: str | None = None,
) -> View:
    """Keep a view under a name.

    Args:
        brand: whose it is about, who may see that brand sees the view; None: who sees all brands.

    Raises:
        ConfigurationError: the name is empty or too long, or another view has it: nobody's view
            is lost to another's.
    """
    view = View(_named(name), page, query.removeprefix("?"), by, now)
    columns = {field: getattr(view, field) for field in View.__dataclass_fields__}
    try:
        with store.write() as connection:
            id = None if brand is None else known_brand(connection, brand)
            connection.execute(insert(saved_view).values(columns | {"brand_id": id}))
    except IntegrityError as error:
        raise _taken(view.name) from error
    return view


def delete_view(store: Store, name: str) -> None:
    """Delete a view; one that is not there is as good as deleted."""
    with store.write() as connection:
        connection.execute(delete(saved_view).where(saved_view.c.name == name))


def views(store: Store) -> list[View]:
    """Return every view, by name."""
    with store.read() as connection:
        columns = (saved_view.c[name] for name in View.__dataclass_fields__)
        rows = connection.execute(
            select(*columns).order_by(func.lower(saved_view.c.name), saved_view.c.name)
        )
        return [View(**row._mapping) for row in rows]


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ConfigurationError("a view needs a name")
    if len(name) > LONGEST_NAME:
        raise ConfigurationError(f"a name has at most {LONGEST_NAME} letters: {name!r}")
    return name


def _taken(name: str) -> ConfigurationError:
    return ConfigurationError(f"there is a view {name!r} already: choose another name")
