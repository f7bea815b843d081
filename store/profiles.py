"""What mentions say, by profile: each combination of labels that occurs, with how often it does.

A mention that speaks of two touchpoints counts once for their phase, so that counts of touchpoints
cannot be added up. Profiles can: there are some thousands of them, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    case,
    cast,
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
    # As the keys of the tables are: the rows then come in order and need no sorting.
    ordered = ("facet_id", "profile_id") if facets else ("brand_id", "profile_id")
    columns = dict.fromkeys((*ordered, *keys))
    summed = union_all(
        *(
            select(
                *(table.c[name].label(name) for name in columns),
                *((sign * func.sum(table.c[name])).label(name) for name in _SUMS),
            )
            .where(*where)
            .group_by(*(table.c[name] for name in columns))
            for table, where, sign in _parts(store, filter, facets, by_day="day" in by)
        )
    ).subquery()
    with store.read() as connection:
        rows = connection.execute(_added_up(summed, keys)).all()
    width = len(keys)
    counts = [(row[:width], *row[width:]) for row in rows]
    # A month may be whole, less some of its days, which are cells of their own till here.
    if {"day", "month"} & set(by):
        counts = _dated(counts, by)
    return [ProfileCount(*count) for count in counts if count[2] > 0]


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


def _added_up(cells: FromClause, keys: Sequence[str]) -> Select[Any]:
    """Add cells up by `keys` and profile, with names in place of the ids of brands and facets."""
    named = {"brand_id": brand.c.name, "facet_id": facet.c.value}
    shown: list[ColumnElement[Any]] = [named.get(name, cells.c[name]) for name in keys]
    whole = {"n": Integer, "stars_n": Integer}
    statement = select(
        *shown,
        cells.c.profile_id,
        # PostgreSQL makes a decimal of the sum of sums.
        *(
            cast(func.coalesce(func.sum(cells.c[name]), 0), whole.get(name, Float)).label(name)
            for name in _SUMS
        ),
    ).group_by(*shown, cells.c.profile_id)
    if "brand_id" in keys:
        statement = statement.join(brand, brand.c.id == cells.c.brand_id)
    if "facet_id" in keys:
        statement = statement.join(facet, facet.c.id == cells.c.facet_id)
    return statement


_Row = tuple[tuple[Any, ...], int, int, int, float, float]
"""What a `ProfileCount` holds."""


def _dated(counts: Sequence[_Row], by: Sequence[str]) -> list[_Row]:
    """Return the counts with undated days as None, and those of a month's days as one."""
    place = by.index("day" if "day" in by else "month")
    days = {key[place] for key, *_ in counts}
    named = {day: day if "day" in by else periods.month_of(day) for day in days}
    named[UNDATED_DAY] = None
    keyed: list[_Row] = [
        ((*row[0][:place], named[row[0][place]], *row[0][place + 1 :]), *row[1:]) for row in counts
    ]
    if len(set(named.values())) == len(named):
        return keyed
    whole: dict[tuple[Any, ...], list[float]] = {}
    for row in keyed:
        sums = whole.setdefault(row[:2], [0, 0, 0.0, 0.0])
        for at, value in enumerate(row[2:]):
            sums[at] += value
    return [
        (key, profile, int(n), int(stars_n), stars_sum, squares)
        for (key, profile), (n, stars_n, stars_sum, squares) in whole.items()
    ]
