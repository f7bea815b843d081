"""What mentions say, by profile: each combination of labels that occurs, with how often it does.

A mention that speaks of two touchpoints counts once for their phase, so that counts of touchpoints
cannot be added up. Profiles can: there are some thousands of them, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    case,
    func,
    literal,
    select,
    union_all,
)

from store import periods, selection
from store.engine import Store
from store.filter import Filter
from store.read import Column, day_of, driver_rows, names_of, numbers, plain
from store.speech import speaks
from store.tables import (
    UNDATED_DAY,
    brand,
    facet,
    label,
    label_facet,
    monthly_profile,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FACET = "facet:"
"""What the name of a facet is written after, in `by`: `facet:region`."""

_SUMS = ("n", "stars_n", "stars_sum", "stars_squares")
_KEPT = ("brand_id", "day", "channel", "language", "source", "profile_id")


@dataclass(frozen=True)
class ProfileCounts:
    """How many mentions of each profile there are, and their stars: C cells, none empty.

    Attributes:
        keys: (C,) values of each of the `by`; undated mentions have the day or month None.
        profile: (C,) ids.
        n: (C,) mentions.
        stars_n, stars_sum, stars_squares: (C,) of those with stars.
    """

    keys: Mapping[str, NDArray[np.object_]]
    profile: Ints
    n: Ints
    stars_n: Ints
    stars_sum: Floats
    stars_squares: Floats


def profile_counts(store: Store, filter: Filter, by: Sequence[str] = ()) -> ProfileCounts:
    """Return counts of the mentions that a filter selects, by profile.

    Args:
        filter: anything; brands, days, channels, sources, languages, sentiments, complaint,
            touchpoints and signals are answered from sums, all else from the mentions.
        by: any of `brand`, `channel`, `source`, `language`, `day`, `month`, and one facet such
            as `facet:region`, which leaves out mentions without it. A day or the facet is
            counted from the mentions.

    Raises:
        ValueError: two facets, or a day and a month.
    """
    facets = [name.removeprefix(FACET) for name in by if name.startswith(FACET)]
    if len(facets) > 1 or {"day", "month"} <= set(by):
        raise ValueError("one facet at a time, and days or months")
    keys = [_key(name) for name in by]
    # As the keys of the tables are: the rows then come in order and need no sorting.
    ordered = ("facet_id", "profile_id") if facets else ("brand_id", "profile_id")
    columns = dict.fromkeys((*ordered, *keys))
    rows: list[Any] = []
    with store.read() as connection:
        for table, where, sign in _parts(store, filter, facets, by_day="day" in by):
            shown = [plain(table.c[name]) for name in columns]
            sums = [(sign * func.sum(table.c[name])).label(name) for name in _SUMS]
            rows += driver_rows(connection, select(*shown, *sums).where(*where).group_by(*shown))
        meanings = [_meaning(connection, name) for name in by]
    places = list(columns)
    read = [
        Column.of(rows, places.index(key), meaning)
        for key, meaning in zip(keys, meanings, strict=True)
    ]
    profile = Column.of(rows, places.index("profile_id"), int)
    return _added_up(by, [*read, profile], numbers(rows, len(_SUMS)))


def total_by_profile(store: Store, filter: Filter) -> int:
    """Return how many mentions a filter selects that asks for nothing but what sums know."""
    value = "stars_n" if filter.has_rating else "n"
    parts = _kept(store, filter.but(has_rating=False), by_day=False)
    summed = union_all(
        *(
            select((sign * func.sum(table.c[value])).label("n")).where(*where)
            for table, where, sign in parts
        )
    ).subquery()
    with store.read() as connection:
        return int(connection.scalar(select(func.sum(summed.c.n))) or 0)


def _parts(
    store: Store, filter: Filter, facets: Sequence[str], *, by_day: bool
) -> list[periods.Part]:
    if not facets and not filter.but(signals=()).by_row:
        return _kept(store, filter, by_day=by_day)
    table = _faceted(facets[0]) if facets else _each()
    # What the sums do not know is asked of the mentions; what they do, of their own columns.
    known = Filter(
        brands=filter.brands, since=filter.since, until=filter.until, channels=filter.channels,
        sources=filter.sources, languages=filter.languages, sentiments=filter.sentiments,
        complaint=filter.complaint, touchpoints=filter.touchpoints, polarity=filter.polarity,
        alone=filter.alone, signals=filter.signals, copies=filter.copies,
    )  # fmt: skip
    where = [*periods.where(store, table, known), *speaks(known, table.c.profile_id)]
    if filter != known or not filter.copies:
        meant = selection.rows(store, filter).subquery()
        where.append(table.c.mention_id.in_(select(meant.c.mention_id)))
    return [(table, where, 1)]


def _kept(store: Store, filter: Filter, *, by_day: bool) -> list[periods.Part]:
    parts = periods.split(store, _each(), monthly_profile, filter, by_day=by_day)
    return [
        (table, [*where, *speaks(filter, table.c.profile_id)], sign) for table, where, sign in parts
    ]


def _each() -> FromClause:
    """Return one row a mention, in the shape of the sums."""
    return select(
        label.c.mention_id,
        label.c.sort_at,
        *(label.c[name] for name in _KEPT),
        *_one(label.c.stars),
    ).subquery()


def _faceted(name: str) -> FromClause:
    """Return one row a mention that has a facet, in the same shape, without its day."""
    return (
        select(
            label_facet.c.mention_id,
            label_facet.c.sort_at,
            *(label_facet.c[key] for key in _KEPT if key != "day"),
            label_facet.c.facet_id,
            *_one(label_facet.c.stars),
        )
        .where(label_facet.c.facet_id.in_(select(facet.c.id).where(facet.c.name == name)))
        .subquery()
    )


def _one(stars: ColumnElement[float | None]) -> list[ColumnElement[Any]]:
    given = func.coalesce(stars, 0.0)
    return [
        literal(1).label("n"),
        case((stars.is_(None), 0), else_=1).label("stars_n"),
        given.label("stars_sum"),
        (given * given).label("stars_squares"),
    ]


def _key(name: str) -> str:
    names = {"brand": "brand_id", "month": "day"}
    return "facet_id" if name.startswith(FACET) else names.get(name, name)


def _meaning(connection: Connection, name: str) -> Callable[[Any], Any]:
    """Return what a value of a key stands for, as readers know it."""
    if name == "brand":
        return names_of(connection, brand.c.id, brand.c.name).__getitem__
    if name.startswith(FACET):
        return names_of(connection, facet.c.id, facet.c.value).__getitem__
    if name == "month":
        return lambda day: _month(day_of(day))
    return day_of if name == "day" else str


def _month(day: date) -> date:
    return day if day == UNDATED_DAY else periods.month_of(day)


def _added_up(by: Sequence[str], columns: Sequence[Column], sums: Floats) -> ProfileCounts:
    """Add rows of the same keys up: a month may be whole, less some of its days."""
    shape = [len(column.values) for column in columns]
    codes = np.ravel_multi_index([column.places for column in columns], shape)
    cells, where = np.unique(codes, return_inverse=True)
    n, stars_n, stars_sum, squares = (
        np.bincount(where, weights=values, minlength=len(cells)).astype(float) for values in sums
    )
    live = n > 0
    found = [
        column.values_at(places[live])
        for column, places in zip(columns, np.unravel_index(cells, shape), strict=True)
    ]
    keys = dict(zip(by, found, strict=False))
    for name in {"day", "month"} & keys.keys():
        keys[name][keys[name] == UNDATED_DAY] = None
    return ProfileCounts(
        keys,
        found[-1].astype(np.int64),
        n[live].astype(np.int64),
        stars_n[live].astype(np.int64),
        stars_sum[live],
        squares[live],
    )
