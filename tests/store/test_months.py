"""Sums over any days, made of whole months and single days, are those of the rows."""

import random
from datetime import date, timedelta

import pytest

from simak.errors import SimakError
from store import rollups
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.tables import monthly_count, monthly_touchpoint
from tests.builders import put, review, tag_all, tagged

FIRST = date(2025, 11, 20)
DAYS = 120


@pytest.fixture
def year(store: Store) -> Store:
    rng = random.Random(3)
    for brand in "AB":
        put(
            store,
            [
                review(
                    str(i),
                    f"{brand} {i}",
                    str(FIRST + timedelta(days=rng.randrange(DAYS))) if i % 17 else None,
                    stars=rng.choice([None, 2.0, 5.0]),
                    channel=rng.choice(["google_play", "instagram"]),
                )
                for i in range(150)
            ],
            brand=brand,
        )
    tag_all(
        store,
        {
            f"{brand} {i}": tagged(rng.choice(["negative", "positive"]), {"price": "negative"})
            for brand in "AB"
            for i in range(150)
        },
    )
    return store


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (None, None),
        (date(2025, 12, 1), date(2026, 1, 31)),  # whole months alone
        (date(2025, 12, 2), date(2025, 12, 30)),  # no whole month
        (date(2025, 12, 31), date(2026, 2, 1)),
        (date(2025, 11, 25), date(2026, 3, 4)),
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (None, date(2026, 1, 15)),
        (date(2026, 1, 15), None),
        (date(2026, 2, 1), None),
        (None, date(2025, 12, 31)),
        (date(2024, 2, 29), date(2028, 2, 29)),
        (date(2027, 1, 1), None),
        (date(2025, 12, 9), date(2026, 2, 8)),  # most of the first month, little of the last
        (date(2025, 12, 24), date(2026, 2, 20)),  # the other way about
        (date(2025, 12, 5), date(2026, 1, 25)),  # most of two months that meet
        (date(2025, 12, 8), None),
        (None, date(2026, 1, 28)),
    ],
)
def test_any_days_sum_up(year: Store, since: date | None, until: date | None) -> None:
    for filter in (
        Filter(since=since, until=until),
        Filter(since=since, until=until, brands=("A",), channels=("instagram",)),
    ):
        rows = list_mentions(year, filter, limit=1_000)
        (cell,) = rollups.counts(year, filter)
        stars = [row.stars for row in rows if row.stars is not None]
        assert count(year, filter).n == cell["n"] == len(rows)
        assert cell["complaints"] == sum(row.complaint for row in rows)
        assert cell["complaints"] == count(year, filter.but(complaint=True)).n
        assert (cell["stars_n"], cell["stars_sum"]) == (len(stars), sum(stars))
        assert sum(c["n"] for c in rollups.counts(year, filter, by=("day",))) == len(rows)
        by_brand = {c["brand"]: c["n"] for c in rollups.counts(year, filter, by=("brand",))}
        assert by_brand == {
            brand: n for brand in "AB" if (n := sum(row.brand == brand for row in rows))
        }
        placed = rollups.touchpoint_counts(year, filter, by=("touchpoint", "channel"))
        assert sum(c["n"] for c in placed if c["touchpoint"] == "price") == len(rows)
        priced = filter.but(touchpoints=("price",), polarity="negative")
        assert count(year, priced).n == len(list_mentions(year, priced, limit=1_000)) == len(rows)


@pytest.mark.parametrize("rollup", [monthly_count, monthly_touchpoint], ids=lambda t: t.name)
def test_a_wrong_month_is_noticed(year: Store, rollup) -> None:  # type: ignore[no-untyped-def]
    assert rollups.verify(year) == 300
    with year.write() as connection:
        connection.execute(
            rollup.update().where(rollup.c.day == date(2026, 1, 1)).values(n=rollup.c.n + 1)
        )
    with pytest.raises(SimakError, match=rf"{rollup.name} differs.*simak doctor --repair"):
        rollups.verify(year)


def test_the_first_and_last_day_are_those_of_the_brands_asked_for(year: Store) -> None:
    put(year, [review("late", day="2026-08-01")], brand="C")
    whole = rollups.facets(year)
    assert (whole.first, whole.last) == (FIRST, date(2026, 8, 1))
    rows = list_mentions(year, Filter(brands=("B",), since=FIRST), limit=1_000)
    days = [row.published_at.date() for row in rows if row.published_at]
    own = rollups.facets(year, ("B",))
    assert (own.first, own.last) == (min(days), max(days))
    assert own.undated == 9
    none = rollups.facets(year, ("nobody",))
    assert (none.first, none.last, none.undated, none.channels) == (None, None, 0, ())
