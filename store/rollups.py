"""Counts from the rollups: what every chart draws from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select

from simak.errors import SimakError
from store.engine import Store
from store.filter import Filter
from store.tables import (
    UNDATED_DAY,
    brand,
    daily_count,
    daily_touchpoint,
    label,
    label_touchpoint,
)

Cell = dict[str, Any]


def counts(store: Store, filter: Filter, by: Sequence[str] = ()) -> list[Cell]:
    """Return counts of mentions.

    Args:
        filter: brands, days, channels, sources, languages and sentiments; a rollup knows no
            more.
        by: any of `brand`, `day`, `channel`, `source`, `language`, `sentiment`.

    Returns:
        One dict per combination that occurs: the `by` keys, and `n`, `complaints`, `stars_n`,
        `stars_sum`, `stars_squares`. Undated mentions have `day` None.

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    if filter.complaint is not None or filter.touchpoint or filter.search:
        raise ValueError("a rollup holds no complaint flag, touchpoint or words to filter by")
    where = conditions(daily_count, filter)
    if filter.sentiments:
        where.append(daily_count.c.sentiment.in_(filter.sentiments))
    return _cells(store, daily_count, by, where)


def touchpoint_counts(
    store: Store, filter: Filter, by: Sequence[str] = ("touchpoint", "polarity")
) -> list[Cell]:
    """Return counts of (mention, touchpoint) pairs.

    Args:
        filter: brands, days, channels, sources, languages, touchpoint and polarity.
        by: any of `brand`, `day`, `channel`, `source`, `language`, `touchpoint`, `polarity`.

    Returns:
        One dict per combination: the `by` keys, `n`, and `complaints` (those among them whose
        mention is a complaint).

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    if filter.complaint is not None or filter.sentiments or filter.search:
        raise ValueError("this rollup holds no complaint flag, sentiment or words to filter by")
    where = conditions(daily_touchpoint, filter)
    if filter.touchpoint:
        where.append(daily_touchpoint.c.touchpoint == filter.touchpoint)
    if filter.polarity:
        where.append(daily_touchpoint.c.polarity == filter.polarity)
    return _cells(store, daily_touchpoint, by, where)


def conditions(rollup: Table, filter: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions on the dimensions that both rollups share."""
    where: list[ColumnElement[bool]] = []
    if filter.brands:
        where.append(
            rollup.c.brand_id.in_(select(brand.c.id).where(brand.c.name.in_(filter.brands)))
        )
    if filter.dated:
        where.append(rollup.c.day > UNDATED_DAY)
    if filter.since:
        where.append(rollup.c.day >= filter.since)
    if filter.until:
        where.append(rollup.c.day <= filter.until)
    for column, values in (
        ("channel", filter.channels),
        ("source", filter.sources),
        ("language", filter.languages),
    ):
        if values:
            where.append(rollup.c[column].in_(values))
    return where


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by.

    Attributes:
        first, last: the first and last day with a mention; None where nothing is dated.
        undated: how many mentions have no time.
    """

    brands: tuple[str, ...]
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    first: date | None
    last: date | None
    undated: int


def facets(store: Store, brands: Sequence[str] = ()) -> Facets:
    """Return the channels, languages and days of `brands`, or of all."""
    where = conditions(daily_count, Filter(brands=tuple(brands)))
    live = [*where, daily_count.c.n > 0]
    dated = [*live, daily_count.c.day > UNDATED_DAY]
    with store.read() as connection:
        names = connection.scalars(select(brand.c.name).order_by(brand.c.name)).all()
        lists = [
            tuple(connection.scalars(select(c).where(*live).distinct().order_by(c)).all())
            for c in (daily_count.c.channel, daily_count.c.language)
        ]
        first, last = connection.execute(
            select(func.min(daily_count.c.day), func.max(daily_count.c.day)).where(*dated)
        ).one()
        undated = connection.scalar(
            select(func.sum(daily_count.c.n)).where(*where, daily_count.c.day == UNDATED_DAY)
        )
    return Facets(tuple(names), lists[0], lists[1], first, last, int(undated or 0))


def verify(store: Store) -> int:
    """Count the mentions anew and compare with the rollups.

    Returns:
        How many mentions were compared.

    Raises:
        SimakError: a rollup differs from the rows behind it; says how to mend it.
    """
    shared = ("brand_id", "day", "channel", "source", "language")
    pairs = (
        (
            daily_count,
            (*shared, "sentiment"),
            select(*(label.c[k] for k in shared), label.c.sentiment),
        ),
        (
            daily_touchpoint,
            (*shared, "touchpoint", "polarity"),
            select(
                *(label.c[k] for k in shared),
                label_touchpoint.c.touchpoint,
                label_touchpoint.c.polarity,
            ).join(label_touchpoint, label_touchpoint.c.mention_id == label.c.mention_id),
        ),
    )
    with store.read() as connection:
        for rollup, keys, rows in pairs:
            truth = rows.subquery()
            counted = select(*truth.c, func.count().label("n")).group_by(*truth.c).subquery()
            same = and_(
                *(rollup.c[key] == counted.c[key] for key in keys), rollup.c.n == counted.c.n
            )
            wrong = connection.execute(
                select(func.count())
                .select_from(rollup.outerjoin(counted, same))
                .where(counted.c.n.is_(None), rollup.c.n != 0)
            ).scalar_one()
            missing = connection.execute(
                select(func.count())
                .select_from(counted.outerjoin(rollup, same))
                .where(rollup.c.n.is_(None))
            ).scalar_one()
            if wrong or missing:
                raise SimakError(
                    f"{rollup.name} differs from the mentions in {wrong + missing} places: "
                    "run `simak rebuild`"
                )
        return connection.execute(select(func.count()).select_from(label)).scalar_one()


def _cells(
    store: Store, rollup: Table, by: Sequence[str], where: list[ColumnElement[bool]]
) -> list[Cell]:
    keys: list[ColumnElement[Any]] = [
        brand.c.name.label("brand") if name == "brand" else rollup.c[name] for name in by
    ]
    values = [column for column in rollup.c if not column.primary_key]
    statement = select(*keys, *(func.sum(column).label(column.name) for column in values))
    if "brand" in by:
        statement = statement.join(brand, brand.c.id == rollup.c.brand_id)
    statement = statement.where(*where)
    if keys:
        statement = statement.group_by(*keys).having(func.sum(rollup.c.n) > 0).order_by(*keys)
    with store.read() as connection:
        cells = [dict(row) for row in connection.execute(statement).mappings()]
    for cell in cells:
        if cell.get("day") == UNDATED_DAY:
            cell["day"] = None
        for column in values:
            cell[column.name] = cell[column.name] or 0
    return cells
