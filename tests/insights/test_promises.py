from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.promises import Kept, promises
from insights.telling import telling
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.promises import add_promise
from tests.builders import NOW, put, review, tag_all, tagged

QUERY = '"same day"'
GOOD = tagged("positive", {"delivery": "positive"})
BAD = tagged("negative", {"delivery": "negative"})


def add(store: Store, **fields: object) -> None:
    given = {"text": "hari ini sampai", "since": date(2026, 3, 1), "broken": QUERY, "kept": QUERY}
    add_promise(
        store, brand="Senandika", touchpoint="delivery", now=NOW, **given | fields
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def kept(store: Store) -> Store:
    """Since March: 3 kept, 2 broken, by two channels in two months; before: 1 kept, 1 broken."""
    said = [
        ("same day sampai", GOOD, "2026-03-05", "x"),
        ("same day lagi", GOOD, "2026-03-06", "app_store"),
        ("same day bohong", BAD, "2026-03-30", "x"),
        ("same day mantap", GOOD, "2026-04-02", "x"),
        ("same day apanya", BAD, "2026-04-03", "x"),
        ("kirim lama", BAD, "2026-04-04", "x"),
        ("same day sih, barang rusak", tagged("negative", {"product_quality": "negative"}),
         "2026-04-05", "x"),
        ("dulu same day", GOOD, "2026-02-10", "x"),
        ("same day? lama", BAD, "2026-01-25", "x"),
    ]  # fmt: skip
    put(
        store,
        [
            review(str(place), text, day, channel=channel)
            for place, (text, _, day, channel) in enumerate(said)
        ],
    )
    tag_all(store, {text: tags for text, tags, _, _ in said})
    return store


def held(store: Store, part: Kept) -> tuple[int, int]:
    """Return kept and broken, after counting what each opens."""
    assert part.rate.n == (part.kept.k or 0) + (part.broken.k or 0)
    assert (part.rate.k or 0) == part.kept.k == count(store, part.behind_kept).n
    assert part.broken.k == count(store, part.behind_broken).n
    return part.kept.k or 0, part.broken.k or 0


def test_by_hand(kept: Store) -> None:
    add(kept)
    (row,) = promises(kept, Filter()).rows
    assert (row.mentions, row.queries) == (6, {"broken": "own", "kept": "own"})
    assert held(kept, row.all) == (3, 2)
    assert row.all.rate.value == pytest.approx(0.6)
    assert {month: held(kept, part) for month, part in row.months.items()} == {
        date(2026, 3, 1): (2, 1),
        date(2026, 4, 1): (1, 1),
    }
    assert {channel: held(kept, part) for channel, part in row.channels.items()} == {
        "x": (2, 2),
        "app_store": (1, 0),
    }
    texts = [mention.text for mention in telling(kept, row.all.behind("broken"))]
    assert sorted(texts) == ["same day apanya", "same day bohong"]


def test_since_it_began_against_as_long_before(kept: Store) -> None:
    add(kept)
    (row,) = promises(kept, Filter()).rows
    start = row.start
    assert start is not None
    assert start.days == 35  # 25 January to 28 February, 1 March to 4 April
    assert held(kept, start.kept_before) == (1, 1)
    assert held(kept, start.kept_after) == (3, 2)
    assert start.kept_change.value == pytest.approx(0.1)
    assert (start.negative_before.k, start.negative_before.n) == (1, 2)
    assert (start.negative_after.k, start.negative_after.n) == (3, 6)
    for value, behind in (
        (start.negative_before, start.behind_before),
        (start.negative_after, start.behind_after),
    ):
        assert count(kept, behind).n == value.k
    put(kept, [review("shout", "parah", "2026-03-03"), review("dull", "hm", "2026-03-04")])
    tag_all(kept, {"parah": tagged("negative")})
    (row,) = promises(kept, Filter()).rows
    assert row.start is not None
    assert (row.start.brand_before.k, row.start.brand_before.n) == (1, 2)
    assert (row.start.brand_after.k, row.start.brand_after.n) == (4, 8)


def test_the_days_of_the_filter_and_of_the_promise_both_hold(kept: Store) -> None:
    add(kept, until=date(2026, 4, 2))
    (row,) = promises(kept, Filter(since=date(2026, 3, 6))).rows
    assert held(kept, row.all) == (2, 1)
    assert row.start is None  # no day of the filter is before its first one
    assert promises(kept, Filter(until=date(2026, 2, 28))).rows == ()
    assert promises(kept, Filter(since=date(2026, 4, 3))).rows == ()
    assert promises(kept, Filter(brands=("Griyakita",))).rows == ()


def test_nothing_said_is_no_data(kept: Store) -> None:
    add(kept, broken='"tak ada"', kept='"tak ada"')
    (row,) = promises(kept, Filter()).rows
    assert (row.all.rate.value, row.all.kept.k, row.months, row.channels) == (None, 0, {}, {})


@given(st.sets(st.sampled_from(["x", "app_store", "web"]), min_size=1))
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_channels_add_up_and_strangers_change_nothing(
    sqlite_store: Store, channels: set[str]
) -> None:
    if not count(sqlite_store, Filter()).n:
        put(sqlite_store, [review("1", "same day sampai", "2026-03-05", channel="x")])
        put(sqlite_store, [review("2", "same day lama", "2026-03-06", channel="app_store")])
        tag_all(sqlite_store, {"same day sampai": GOOD, "same day lama": BAD})
        add(sqlite_store)
    filter = Filter(channels=tuple(sorted(channels)))
    (row,) = promises(sqlite_store, filter).rows
    parts = [held(sqlite_store, part) for part in row.channels.values()]
    assert (sum(k for k, _ in parts), sum(b for _, b in parts)) == held(sqlite_store, row.all)
    put(sqlite_store, [review("3", "harga naik", "2026-03-07", channel="x")])
    put(sqlite_store, [review("4", "same day sampai", "2026-03-07", channel="x")], brand="Lain")
    tag_all(sqlite_store, {"same day sampai": GOOD})
    assert promises(sqlite_store, filter).rows == (row,)
