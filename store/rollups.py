"""Counts from the rollups: what every chart draws from.

Months come from the monthly rollup, the days around them, or those of them that are not wanted,
from the daily one: a year is a dozen months to add up, not 365 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from simak.errors import SimakError
from store.engine import Store
from store.filter import Filter
from store.tables import (
    MONTHLY,
    UNDATED_DAY,
    brand,
    copy,
    daily_count,
    daily_touchpoint,
    label,
    label_touchpoint,
    monthly_count,
    wording,
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
    if filter.complaint is not None or filter.touchpoint or filter.by_row:
        raise ValueError("a rollup holds no complaint flag, touchpoint, text or stars to go by")
    return _cells(store, daily_count, filter, by)


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
    if filter.complaint is not None or filter.sentiments or filter.by_row:
        raise ValueError("this rollup holds no complaint flag, sentiment, text or stars to go by")
    return _cells(store, daily_touchpoint, filter, by)


def total(store: Store, filter: Filter) -> int | None:
    """Return how many mentions a filter selects; None where no rollup can tell."""
    if filter.search or filter.text_hash or filter.copy_group is not None:
        return None
    if filter.touchpoint and filter.sentiments:
        return None
    if filter.has_rating and (filter.complaint is not None or filter.touchpoint):
        return None
    daily = daily_touchpoint if filter.touchpoint else daily_count
    parts = []
    for rollup, where, sign in _split(daily, filter):
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
    owned = _owned(monthly_count, tuple(brands))
    live = (owned, monthly_count.c.n > 0)
    with store.read() as connection:
        names = connection.scalars(select(brand.c.name).order_by(brand.c.name)).all()
        lists = [
            tuple(connection.scalars(select(c).where(*live).distinct().order_by(c)).all())
            for c in (monthly_count.c.channel, monthly_count.c.language)
        ]
        undated = connection.scalar(
            select(func.sum(monthly_count.c.n)).where(owned, monthly_count.c.day == UNDATED_DAY)
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


def verify(store: Store) -> int:
    """Count the mentions anew and compare with the rollups, and with the count of each text.

    Returns:
        How many mentions were compared.

    Raises:
        SimakError: a rollup differs from the rows behind it; says how to mend it.
    """
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
            kept = select(*(daily.c[name] for name in (*keys, "n")))
            _compare(connection, daily, keys, kept, truth.add_columns(literal(-1)))
            monthly = MONTHLY[daily]
            days = connection.scalars(select(daily.c.day).distinct()).all()
            keys.remove("day")
            for month in sorted({day.replace(day=1) for day in days}):
                kept = select(*(monthly.c[name] for name in (*keys, "n")))
                counted = select(*(daily.c[name] for name in keys), -daily.c.n).where(
                    _owned(daily, ()),
                    daily.c.day.between(month, _month(month, 1) - timedelta(days=1)),
                )
                kept = kept.where(monthly.c.day == month)
                _compare(connection, monthly, keys, kept, counted)
        keys = ["brand_id", "text_hash"]
        said = select(*(label.c[name] for name in keys)).where(label.c.text_hash.is_not(None))
        for name, one in (("n", literal(1)), ("corrected", cast(label.c.corrected, Integer))):
            kept = select(*(wording.c[key] for key in keys), wording.c[name].label("n"))
            _compare(connection, wording, keys, kept, said.add_columns(-one))
        return connection.execute(select(func.count()).select_from(label)).scalar_one()


def _compare(
    connection: Connection,
    rollup: Table,
    keys: Sequence[str],
    kept: Select[Any],
    counted: Select[Any],
) -> None:
    """Hold a rollup's rows to those counted anew, whose `n` is negative: they must cancel out."""
    both = union_all(kept, counted).subquery()
    differing = (
        select(func.count().label("rows"))
        .select_from(both)
        .group_by(*(both.c[key] for key in keys))
        .having(func.sum(both.c.n) != 0)
        .subquery()
    )
    differences = connection.execute(select(func.count()).select_from(differing)).scalar_one()
    if differences:
        raise SimakError(
            f"{rollup.name} differs from the mentions in {differences} places: run `simak rebuild`"
        )


def _cells(store: Store, daily: Table, filter: Filter, by: Sequence[str]) -> list[Cell]:
    # By brand first, as the keys are: the rows then come in order and need no sorting.
    names = ["brand_id", *(name for name in by if name != "brand")] if by else []
    values = [column.name for column in daily.c if not column.primary_key]
    split = _split(daily, filter, by_day="day" in by)
    cells = union_all(
        *(
            select(
                *(rollup.c[name] for name in names),
                *((sign * func.sum(rollup.c[name])).label(name) for name in values),
            )
            .where(*where)
            .group_by(*(rollup.c[name] for name in names))
            for rollup, where, sign in split
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
        found = [dict(row) for row in connection.execute(statement).mappings()]
    for cell in found:
        if cell.get("day") == UNDATED_DAY:
            cell["day"] = None
        for name in values:
            cell[name] = cell[name] or 0
    return found


_Part = tuple[FromClause, list[ColumnElement[bool]], int]
"""What to add up: a rollup, which of its rows, and 1, or -1 where they are taken off."""


def _split(daily: Table, filter: Filter, *, by_day: bool = False) -> list[_Part]:
    """Split a filter into the parts that make up its counts."""
    parts: list[_Part] = [(daily, _where(daily, filter), 1)] if by_day else _parts(daily, filter)
    if not filter.copies:
        repeats = _repeats(daily)
        parts.append((repeats, _where(repeats, filter), -1))
    return parts


def _repeats(daily: Table) -> FromClause:
    """Return what the repeats of copied texts add to a rollup, in its shape, one row each."""
    placed = daily is daily_touchpoint
    counted = copy.join(label, label.c.mention_id == copy.c.mention_id)
    if placed:
        counted = counted.join(
            label_touchpoint, label_touchpoint.c.mention_id == label.c.mention_id
        )
    stars = func.coalesce(label.c.stars, 0.0)
    own: dict[str, ColumnElement[Any]] = {
        # The copies', by which they are found: through the labels, all of the brand are read.
        "brand_id": copy.c.brand_id,
        "n": literal(1),
        "complaints": cast(label.c.complaint, Integer),
        "stars_n": case((label.c.stars.is_(None), 0), else_=1),
        "stars_sum": stars,
        "stars_squares": stars * stars,
    }
    columns = [
        own[name].label(name)
        if name in own
        else label_touchpoint.c[name]
        if name in ("touchpoint", "polarity")
        else label.c[name]
        for name in (column.name for column in daily.c)
    ]
    return select(*columns).select_from(counted).where(copy.c.repeat).subquery()


def _parts(daily: Table, filter: Filter) -> list[_Part]:
    """Split a filter's days into whole months and the days around them, each with its rollup.

    A month of which the filter wants more than half counts as whole, and the days it does not
    want are taken off again: the third of each part is 1, or -1 where it is taken off.
    """
    since, until = filter.since, filter.until
    first = since and _month(since - timedelta(days=1), 1)  # of the whole months
    end = until and _month(until + timedelta(days=1), 0)  # of the day after the last one
    if first and end and first > end:
        return [(daily, _where(daily, filter), 1)]
    around: list[tuple[Filter, int]] = []
    if since and first and since < first:
        start = _month(since, 0)
        if since - start < first - since:
            first = start
            around.append((filter.but(since=start, until=since - timedelta(days=1)), -1))
        else:
            around.append((filter.but(since=since, until=first - timedelta(days=1)), 1))
    if until and end and end <= until:
        after = until + timedelta(days=1)
        if (later := _month(until, 1)) - after < after - end:
            end = later
            around.append((filter.but(since=after, until=later - timedelta(days=1)), -1))
        else:
            around.append((filter.but(since=end, until=until), 1))
    parts: list[_Part] = [(daily, _where(daily, days), sign) for days, sign in around]
    if first is None or end is None or first < end:
        monthly = MONTHLY[daily]
        within = filter.but(since=first, until=end and end - timedelta(days=1))
        parts.append((monthly, _where(monthly, within), 1))
    return parts


def _month(day: date, later: int) -> date:
    """Return the first of the month of `day`, or of the month after with `later` 1."""
    return (day.replace(day=1) + timedelta(days=31 * later)).replace(day=1)


def _where(rollup: FromClause, filter: Filter) -> list[ColumnElement[bool]]:
    where = [_owned(rollup, filter.brands)]
    # One lower bound: SQLite goes by the first it is given, which may be the looser one.
    if filter.since and filter.since > UNDATED_DAY:
        where.append(rollup.c.day >= filter.since)
    elif filter.dated:
        where.append(rollup.c.day > UNDATED_DAY)
    if filter.until:
        where.append(rollup.c.day <= filter.until)
    for name in ("channel", "source", "language", "sentiment"):
        values = getattr(filter, f"{name}s")
        if values:
            where.append(rollup.c[name].in_(values))
    for name in ("touchpoint", "polarity"):
        value = getattr(filter, name)
        if value and name in rollup.c:
            where.append(rollup.c[name] == value)
    return where


def _owned(rollup: FromClause, brands: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition on the brand: all of them are named where none is, because a brand's
    days stand together in the key, and only a named brand's days can be found by it."""
    owners = select(brand.c.id)
    return rollup.c.brand_id.in_(owners.where(brand.c.name.in_(brands)) if brands else owners)
