"""What mentions say, by profile: each combination of labels that occurs, with how often it does.

A mention that speaks of two touchpoints counts once for their phase, so that counts of touchpoints
cannot be added up. Profiles can: there are some thousands of them, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    func,
    literal,
    select,
    union_all,
)

from store import periods, selection
from store.engine import Store
from store.filter import Filter
from store.speech import speaks
from store.tables import (
    UNDATED_DAY,
    brand,
    facet,
    label,
    label_facet,
    monthly_profile,
)

FACET = "facet:"
"""What the name of a facet is written after, in `by`: `facet:region`."""

_SUMS = ("n", "stars_n", "stars_sum", "stars_squares")
_KEPT = ("brand_id", "day", "channel", "language", "source", "profile_id")


class ProfileCount(NamedTuple):
    """How many mentions of one profile there are, and their stars.

    Attributes:
        key: a value for each of the `by`; undated mentions have the day or month None.
        stars_n, stars_sum, stars_squares: of those with stars.
    """

    key: tuple[Any, ...]
    profile: int
    n: int
    stars_n: int
    stars_sum: float
    stars_squares: float


def profile_counts(store: Store, filter: Filter, by: Sequence[str] = ()) -> list[ProfileCount]:
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
    parts = _parts(store, filter, facets, by_day="day" in by)
    summed = []
    for table, where, sign in parts:
        columns = dict.fromkeys((*keys, "profile_id"))
        summed.append(
            select(
                *(table.c[name].label(name) for name in columns),
                *((sign * func.sum(table.c[name])).label(name) for name in _SUMS),
            )
            .where(*where)
            .group_by(*(table.c[name] for name in columns))
        )
    statement = _named(union_all(*summed).subquery(), keys)
    with store.read() as connection:
        rows = connection.execute(statement).all()
    width, month = len(keys), by.index("month") if "month" in by else None
    counts: dict[tuple[Any, ...], list[float]] = {}
    for row in rows:
        key = tuple(None if value == UNDATED_DAY else value for value in row[:width])
        if month is not None and (day := key[month]) is not None:
            key = (*key[:month], periods.month_of(day), *key[month + 1 :])
        sums = counts.setdefault((*key, row[width]), [0, 0, 0.0, 0.0])
        for place, value in enumerate(row[width + 1 :]):
            sums[place] += value or 0
    return [
        ProfileCount(key[:-1], key[-1], int(n), int(stars_n), stars_sum, squares)
        for key, (n, stars_n, stars_sum, squares) in counts.items()
        if n > 0
    ]


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
            facet.c.value.label("facet"),
            *_one(label_facet.c.stars),
        )
        .join(facet, facet.c.id == label_facet.c.facet_id)
        .where(facet.c.name == name)
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
    return "facet" if name.startswith(FACET) else names.get(name, name)


def _named(cells: FromClause, keys: Sequence[str]) -> Select[Any]:
    """Select the cells with the names of the brands in place of their ids."""
    shown: list[ColumnElement[Any]] = [
        brand.c.name if name == "brand_id" else cells.c[name] for name in keys
    ]
    statement = select(*shown, cells.c.profile_id, *(cells.c[name] for name in _SUMS))
    if "brand_id" in keys:
        statement = statement.join(brand, brand.c.id == cells.c.brand_id)
    return statement
