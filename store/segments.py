"""What mentions can be segmented by: product, version, and the attributes that came with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import Store
from store.tables import brand, facet, label_facet

MOST_VALUES = 500
"""An attribute with more values than this is a number or a name, and no segment."""

LONGEST = 80
"""Characters of a value; a longer one is a text."""

MEASURES = ("first_response_minutes", "resolution_minutes")
"""Attributes of tickets that say how long something took."""

Facet = tuple[str, str]
"""Name and value."""


def facets_of(store: Store, brands: Sequence[str] = ()) -> dict[str, int]:
    """Return what there is to segment by, each with the number of its values.

    Args:
        brands: of their mentions; of all where there are none.
    """
    used = exists().where(label_facet.c.facet_id == facet.c.id)
    if brands:
        owners = select(brand.c.id).where(brand.c.name.in_(brands))
        used = used.where(label_facet.c.brand_id.in_(owners))
    statement = (
        select(facet.c.name, func.count().label("n"))
        .where(used)
        .group_by(facet.c.name)
        .order_by(facet.c.name)
    )
    with store.read() as connection:
        return {row.name: row.n for row in connection.execute(statement)}


def with_facet(name: str, value: str) -> Select[tuple[int]]:
    """Select the ids of the mentions that have a facet."""
    return select(label_facet.c.mention_id).where(
        label_facet.c.facet_id
        == select(facet.c.id).where(facet.c.name == name, facet.c.value == value).scalar_subquery()
    )


def facets_in(
    product: str | None, version: str | None, attributes: Mapping[str, Any]
) -> list[Facet]:
    """Return what a mention can be segmented by.

    Example:
        >>> facets_in("Wajan", None, {"region": "Jawa Barat", "note": "x" * 81})
        [('product', 'Wajan'), ('region', 'Jawa Barat')]
    """
    named = {**attributes, "product": product, "version": version}
    return [
        (name, text)
        for name, value in sorted(named.items())
        if name not in MEASURES and value is not None
        if 0 < len(text := str(value).strip()) <= LONGEST
    ]


def facet_ids(connection: Connection, wanted: Iterable[Facet]) -> dict[Facet, int]:
    """Return the ids of facets, made where they are new, in the caller's transaction.

    Of an attribute with `MOST_VALUES` a new value is left out. Products and versions are not
    bounded: a marketplace sells thousands.
    """
    missing = set(wanted)
    found = known_facets(connection, missing)
    missing -= found.keys()
    if missing:
        counts = select(facet.c.name, func.count().label("n")).group_by(facet.c.name)
        used = {row.name: row.n for row in connection.execute(counts)}
        fresh = []
        for name, value in sorted(missing):  # one order everywhere: no deadlock
            used[name] = used.get(name, 0) + 1
            if name in ("product", "version") or used[name] <= MOST_VALUES:
                fresh.append({"name": name, "value": value})
        if fresh:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            connection.execute(dialect.insert(facet).on_conflict_do_nothing(), fresh)
            found |= known_facets(connection, missing)
    return found


def known_facets(connection: Connection, wanted: Iterable[Facet]) -> dict[Facet, int]:
    """Return the ids of those facets that there are."""
    wanted = set(wanted)
    values = {value for _, value in wanted}
    names = {name for name, _ in wanted}
    if not values:
        return {}
    rows = connection.execute(
        select(facet).where(facet.c.name.in_(names), facet.c.value.in_(values))
    )
    return {(row.name, row.value): row.id for row in rows if (row.name, row.value) in wanted}
