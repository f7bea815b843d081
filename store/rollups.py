"""Counts from the rollups: what every chart draws from.

Months come from the monthly rollup, the days around them, or those of them that are not wanted,
from the daily one: a year is a dozen months to add up, not 365 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from simak.errors import SimakError
from store.engine import Store
from store.filter import Filter
from store.periods import each, month_of, owned, split
from store.profiles import total_by_profile
from store.speech import asks_profile
from store.tables import (
    MONTHLY,
    UNDATED_DAY,
    brand,
    daily_count,
    daily_touchpoint,
    label,
    label_touchpoint,
    monthly_count,
    monthly_profile,
    wording,
)

Cell = dict[str, Any]

_ROUNDED = 0.001
"""What adding and taking off stars again and again may leave of them."""


def counts(store: Store, filter: Filter, by: Sequence[str] = ()) -> list[Cell]:
    """Return counts of mentions.

    Args:
        filter: brands, days, channels, sources, languages and sentiments, which the rollup
            knows, and facets, for which the mentions are counted.
        by: any of `brand`, `day`, `channel`, `source`, `language`, `sentiment`.

    Returns:
        One dict per combination that occurs: the `by` keys, and `n`, `complaints`, `stars_n`,
        `stars_sum`, `stars_squares`. Undated mentions have `day` None.

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    only_held(daily_count, filter)
    return _cells(store, daily_count, filter, by)


def touchpoint_counts(
    store: Store, filter: Filter, by: Sequence[str] = ("touchpoint", "polarity")
) -> list[Cell]:
    """Return counts of (mention, touchpoint) pairs.

    Args:
        filter: brands, days, channels, sources, languages, touchpoint and polarity, which the
            rollup knows, and facets, for which the mentions are counted.
        by: any of `brand`, `day`, `channel`, `source`, `language`, `touchpoint`, `polarity`.

    Returns:
        One dict per combination: the `by` keys, `n`, and `complaints` (those among them whose
        mention is a complaint).

    Raises:
        ValueError: the filter asks for what the rollup does not hold.
    """
    only_held(daily_touchpoint, filter)
    return _cells(store, daily_touchpoint, filter, by)


def only_held(daily: Table, filter: Filter) -> None:
    """Refuse a filter that asks for what a rollup does not hold.

    Raises:
        ValueError: it does.
    """
    by_row = filter.complaint is not None or filter.but(facets=()).by_row
    if daily is daily_touchpoint:
        if by_row or filter.sentiments or filter.alone:
            raise ValueError("this rollup holds no complaint flag, sentiment, text or stars")
    elif by_row or filter.touchpoints:
        raise ValueError("a rollup holds no complaint flag, touchpoint, text or stars to go by")


def total(store: Store, filter: Filter) -> int | None:
    """Return how many mentions a filter selects; None where no rollup can tell."""
    if filter.but(signals=(), has_rating=False).by_row:
        return None
    if asks_profile(filter) or (filter.has_rating and filter.complaint is not None):
        return total_by_profile(store, filter)
    daily = daily_touchpoint if filter.touchpoints else daily_count
    parts = []
    for rollup, where, sign in split(store, daily, MONTHLY[daily], filter):
        value: ColumnElement[Any] = rollup.c.stars_n if filter.has_rating else rollup.c.n
        if filter.complaint is not None:
            value = rollup.c.complaints if filter.complaint else rollup.c.n - rollup.c.complaints
        parts.append(select((sign * func.sum(value)).label("n")).where(*where))
    counted = union_all(*parts).subquery()
    with store.read() as connection:
        return int(connection.scalar(select(func.sum(counted.c.n))) or 0)


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
    of_brands = owned(monthly_count, tuple(brands))
    live = (of_brands, monthly_count.c.n > 0)
    with store.read() as connection:
        names = connection.scalars(select(brand.c.name).order_by(brand.c.name)).all()
        lists = [
            tuple(connection.scalars(select(c).where(*live).distinct().order_by(c)).all())
            for c in (monthly_count.c.channel, monthly_count.c.language)
        ]
        undated = connection.scalar(
            select(func.sum(monthly_count.c.n)).where(of_brands, monthly_count.c.day == UNDATED_DAY)
        )
    return Facets(tuple(names), lists[0], lists[1], *span(store, brands), int(undated or 0))


def span(store: Store, brands: Sequence[str] = ()) -> tuple[date | None, date | None]:
    """Return the first and the last day with a mention of `brands`, or of all; None without."""
    # A look at each brand's first and last cell, where a minimum would read them all.
    day = (
        select(daily_count.c.day)
        .where(
            daily_count.c.brand_id == brand.c.id,
            daily_count.c.day > UNDATED_DAY,
            daily_count.c.n > 0,
        )
        .limit(1)
        .correlate(brand)
    )
    first = day.order_by(daily_count.c.day).scalar_subquery()
    last = day.order_by(daily_count.c.day.desc()).scalar_subquery()
    days = select(func.min(first), func.max(last)).select_from(brand)
    if brands:
        days = days.where(brand.c.name.in_(brands))
    with store.read() as connection:
        first_day, last_day = connection.execute(days).one()
    return first_day, last_day


def source_spans(store: Store, brands: Sequence[str] = ()) -> dict[str, tuple[date, date]]:
    """Return the first and the last day with a mention of `brands`, or of all, by source."""
    table = daily_count.c
    days = (
        select(table.source, func.min(table.day), func.max(table.day))
        .where(owned(daily_count, tuple(brands)), table.day > UNDATED_DAY, table.n > 0)
        .group_by(table.source)
    )
    with store.read() as connection:
        return {source: (first, last) for source, first, last in connection.execute(days)}


def verify(store: Store) -> int:
    """Count the mentions anew and compare with the rollups, and with the count of each text.

    Returns:
        How many mentions were compared.

    Raises:
        SimakError: a rollup differs from the rows behind it; says how to mend it.
    """
    for name, places in differing(store).items():
        raise SimakError(
            f"{name} differs from the mentions in {places} places: run `simak doctor --repair`"
        )
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(label)).scalar_one()


def differing(store: Store) -> dict[str, int]:
    """Return in how many places each rollup, and the count of each text, is not what the labels
    add up to; of those that differ alone."""
    found: dict[str, int] = defaultdict(int)
    shared = ("brand_id", "day", "channel", "source", "language")
    placed = label_touchpoint.join(label, label.c.mention_id == label_touchpoint.c.mention_id)
    rows = {
        daily_count: select(*(label.c[name] for name in (*shared, "sentiment"))),
        daily_touchpoint: select(
            *(label.c[name] for name in shared),
            label_touchpoint.c.touchpoint,
            label_touchpoint.c.polarity,
        ).select_from(placed),
    }
    with store.read() as connection:
        for daily, truth in rows.items():
            keys = [column.name for column in truth.selected_columns]
            values = [column.name for column in daily.c if column.name not in keys]
            kept = select(*(daily.c[name] for name in (*keys, *values)))
            counted = truth.add_columns(*(-_ONE[name] for name in values))
            found[daily.name] += _compare(connection, keys, values, kept, counted)
            monthly = MONTHLY[daily]
            days = connection.scalars(select(daily.c.day).distinct()).all()
            keys.remove("day")
            months = sorted({month_of(day) for day in days})
            for month in months:
                kept = select(*(monthly.c[name] for name in (*keys, *values)))
                counted = select(
                    *(daily.c[name] for name in keys), *(-daily.c[name] for name in values)
                ).where(
                    owned(daily, ()),
                    daily.c.day.between(month, month_of(month, 1) - timedelta(days=1)),
                )
                kept = kept.where(monthly.c.day == month)
                found[monthly.name] += _compare(connection, keys, values, kept, counted)
            if daily is daily_count:
                found[monthly_profile.name] += _differing_profiles(connection, months)
        keys, values = ["brand_id", "text_hash"], ["n", "corrected"]
        counted = select(*(label.c[name] for name in keys), *(-_ONE[name] for name in values))
        kept = select(*(wording.c[name] for name in (*keys, *values)))
        found[wording.name] += _compare(
            connection, keys, values, kept, counted.where(label.c.text_hash.is_not(None))
        )
    return {name: places for name, places in found.items() if places}


_ONE: dict[str, ColumnElement[Any]] = {
    "n": literal(1),
    "corrected": cast(label.c.corrected, Integer),
    "complaints": cast(label.c.complaint, Integer),
    "stars_n": case((label.c.stars.is_(None), 0), else_=1),
    "stars_sum": func.coalesce(label.c.stars, 0.0),
    "stars_squares": func.coalesce(label.c.stars * label.c.stars, 0.0),
}
"""What one label adds to each sum."""


def _differing_profiles(connection: Connection, months: Sequence[date]) -> int:
    keys = ("brand_id", "channel", "language", "source", "profile_id")
    values = ("n", "stars_n", "stars_sum", "stars_squares")
    differences = 0
    for month in months:
        kept = select(*(monthly_profile.c[name] for name in (*keys, *values)))
        counted = select(
            *(label.c[name] for name in keys), *(-_ONE[name] for name in values)
        ).where(label.c.day.between(month, month_of(month, 1) - timedelta(days=1)))
        kept = kept.where(monthly_profile.c.day == month)
        differences += _compare(connection, keys, values, kept, counted)
    return differences


def _compare(
    connection: Connection,
    keys: Sequence[str],
    values: Sequence[str],
    kept: Select[Any],
    counted: Select[Any],
) -> int:
    """Hold sums that are kept to those counted anew, which are negative: they must cancel out."""
    both = union_all(kept, counted).subquery()
    differing = (
        select(literal(1))
        .select_from(both)
        .group_by(*(both.c[key] for key in keys))
        .having(or_(*(func.abs(func.sum(both.c[value])) > _ROUNDED for value in values)))
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(differing)).scalar_one()


def _cells(store: Store, daily: Table, filter: Filter, by: Sequence[str]) -> list[Cell]:
    # By brand first, as the keys are: the rows then come in order and need no sorting.
    names = ["brand_id", *(name for name in by if name != "brand")] if by else []
    values = [column.name for column in daily.c if not column.primary_key]
    parts = (
        each(store, daily, filter)
        if filter.facets
        else split(store, daily, MONTHLY[daily], filter, by_day="day" in by)
    )
    cells = union_all(
        *(
            select(
                *(rollup.c[name] for name in names),
                *((sign * func.sum(rollup.c[name])).label(name) for name in values),
            )
            .where(*where)
            .group_by(*(rollup.c[name] for name in names))
            for rollup, where, sign in parts
        )
    ).subquery()
    keys: list[ColumnElement[Any]] = [
        brand.c.name.label("brand") if name == "brand" else cells.c[name] for name in by
    ]
    statement: Select[Any] = select(
        *keys,
        # PostgreSQL makes a decimal of the sum of sums.
        *(cast(func.sum(cells.c[name]), daily.c[name].type).label(name) for name in values),
    )
    if "brand" in by:
        statement = statement.join(brand, brand.c.id == cells.c.brand_id)
    if keys:
        statement = statement.group_by(*keys).having(func.sum(cells.c.n) > 0).order_by(*keys)
    with store.read() as connection:
        rows = connection.execute(statement).all()
    named = [*by, *values]  # rows that know their names take as long to read as to count
    found = [dict(zip(named, row, strict=True)) for row in rows]
    for cell in found:
        if cell.get("day") == UNDATED_DAY:
            cell["day"] = None
        for name in values:
            cell[name] = cell[name] or 0
    return found
