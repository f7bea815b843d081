"""Splits a filter into the parts that its counts are added up from.

Months come from a monthly rollup, the days around them, or those of them that are not wanted, from
what is kept by the day: a year is a dozen months to add up, not 365 days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Table, case, cast, func, literal, select

from store import selection
from store.engine import Store
from store.filter import Filter
from store.tables import UNDATED, UNDATED_DAY, brand, copy, label, label_touchpoint

Part = tuple[FromClause, list[ColumnElement[bool]], int]
"""What to add up: a rollup, which of its rows, and 1, or -1 where they are taken off."""


def split(
    store: Store, daily: FromClause, monthly: Table, filter: Filter, *, by_day: bool = False
) -> list[Part]:
    """Split a filter into the parts that make up its counts.

    Args:
        daily: what is kept by the day: a rollup, or one row a mention with its `sort_at`.
        by_day: leave the months out, for counts of each day.
    """
    parts = (
        [(daily, where(store, daily, filter), 1)]
        if by_day
        else _parts(store, daily, monthly, filter)
    )
    if not filter.copies:
        repeats = _repeats(daily)
        parts.append((repeats, where(store, repeats, filter), -1))
    return parts


def each(store: Store, daily: FromClause, filter: Filter) -> list[Part]:
    """Return the mentions themselves as the one part, for what no rollup is kept by."""
    rows = _rows(daily, label, label.c.mention_id, label.c.brand_id)
    meant = selection.rows(store, filter).subquery()
    return [
        (
            rows,
            [*where(store, rows, filter), rows.c.mention_id.in_(select(meant.c.mention_id))],
            1,
        )
    ]


def where(store: Store, rollup: FromClause, filter: Filter) -> list[ColumnElement[bool]]:
    """Return what a row of a rollup must fulfil."""
    wanted = [owned(rollup, filter.brands), *_within(store, rollup, filter)]
    for name in ("channel", "source", "language", "sentiment"):
        values = getattr(filter, f"{name}s")
        if values and name in rollup.c:
            wanted.append(rollup.c[name].in_(values))
    if filter.touchpoints and "touchpoint" in rollup.c:
        wanted.append(rollup.c.touchpoint.in_(filter.touchpoints))
    if filter.polarity and "polarity" in rollup.c:
        wanted.append(rollup.c.polarity == filter.polarity)
    return wanted


def owned(rollup: FromClause, brands: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition on the brand: all of them are named where none is, because a brand's
    days stand together in the key, and only a named brand's days can be found by it."""
    owners = select(brand.c.id)
    return rollup.c.brand_id.in_(owners.where(brand.c.name.in_(brands)) if brands else owners)


def month_of(day: date, later: int = 0) -> date:
    """Return the first of the month of `day`, or of the month after with `later` 1."""
    return (day.replace(day=1) + timedelta(days=31 * later)).replace(day=1)


def _within(store: Store, rollup: FromClause, filter: Filter) -> list[ColumnElement[bool]]:
    """Return the condition on the days, of an instant where rows have one: indexes go by it."""
    if "sort_at" in rollup.c:
        at = rollup.c.sort_at
        start, end = filter.instants(store.zone)
        # One lower bound: SQLite goes by the first it is given, which may be the looser one.
        within = [at >= start] if start and start > UNDATED else [at > UNDATED] * filter.dated
        return [*within, at < end] if end else within
    day = rollup.c.day
    if filter.since and filter.since > UNDATED_DAY:
        within = [day >= filter.since]
    else:
        within = [day > UNDATED_DAY] * filter.dated
    return [*within, day <= filter.until] if filter.until else within


def _repeats(daily: FromClause) -> FromClause:
    """Return what the repeats of copied texts add to a rollup, in its shape, one row each."""
    counted = copy.join(label, label.c.mention_id == copy.c.mention_id)
    # By the copies' brand: through the labels', all of the brand are read.
    return _rows(daily, counted, copy.c.mention_id, copy.c.brand_id, copy.c.repeat)


def _rows(
    daily: FromClause,
    counted: FromClause,
    mention_id: ColumnElement[int],
    brand_id: ColumnElement[int],
    *only: ColumnElement[bool],
) -> FromClause:
    """Return some labels in the shape of a rollup, one row each, with their `mention_id`."""
    if "touchpoint" in daily.c:
        counted = counted.join(
            label_touchpoint, label_touchpoint.c.mention_id == label.c.mention_id
        )
    stars = func.coalesce(label.c.stars, 0.0)
    own: dict[str, ColumnElement[Any]] = {
        "brand_id": brand_id,
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
        if name != "mention_id"
    ]
    return (
        select(mention_id.label("mention_id"), *columns)
        .select_from(counted)
        .where(*only)
        .subquery()
    )


def _parts(store: Store, daily: FromClause, monthly: Table, filter: Filter) -> list[Part]:
    """Split a filter's days into whole months and the days around them, each with its rollup.

    A month of which the filter wants more than half counts as whole, and the days it does not
    want are taken off again: the third of each part is 1, or -1 where it is taken off.
    """
    since, until = filter.since, filter.until
    first = since and month_of(since - timedelta(days=1), 1)  # of the whole months
    end = until and month_of(until + timedelta(days=1), 0)  # of the day after the last one
    if first and end and first > end:
        return [(daily, where(store, daily, filter), 1)]
    around: list[tuple[Filter, int]] = []
    if since and first and since < first:
        start = month_of(since)
        if since - start < first - since:
            first = start
            around.append((filter.but(since=start, until=since - timedelta(days=1)), -1))
        else:
            around.append((filter.but(since=since, until=first - timedelta(days=1)), 1))
    if until and end and end <= until:
        after = until + timedelta(days=1)
        if (later := month_of(until, 1)) - after < after - end:
            end = later
            around.append((filter.but(since=after, until=later - timedelta(days=1)), -1))
        else:
            around.append((filter.but(since=end, until=until), 1))
    parts: list[Part] = [(daily, where(store, daily, days), sign) for days, sign in around]
    if first is None or end is None or first < end:
        within = filter.but(since=first, until=end and end - timedelta(days=1))
        parts.append((monthly, where(store, monthly, within), 1))
    return parts
