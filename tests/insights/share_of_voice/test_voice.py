"""A brand among its rivals: shares, differences, touchpoints and moves, each opened."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from insights.share_of_voice import Move, Voice, moves, share_of_voice
from insights.share_of_voice.brands import balances_differ
from insights.share_of_voice.cells import cells_of, overlap
from simak.relevance import parse_query
from simak.tags import Tags
from simak.taxonomy import load_taxonomy
from store.copies import find_copies
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged

MAY = Filter(since=date(2026, 5, 1), until=date(2026, 5, 31))
OURS = MAY.but(brands=("Senandika", "Griyakita"))


def measured(store: Store, filter: Filter = OURS) -> Voice:
    return share_of_voice(store, load_taxonomy(), filter)


def moved(store: Store, **called: Any) -> tuple[Move, ...]:
    """Return the moves, which are the same whichever brand is named first."""
    found = moves(store, OURS, called)
    assert moves(store, MAY.but(brands=("Griyakita", "Senandika")), called) == found
    return found


def say(store: Store, brand: str, tags: dict[str, Tags], day: str = "2026-05-10") -> None:
    put(store, [review(f"{text} {day}", text, day) for text in tags], brand=brand)
    tag_all(store, tags)


def many(
    store: Store, brand: str, n: int, bad: int, touchpoint: str = "delivery", **more: Any
) -> None:
    """n mentions of a brand, some of them complaints about a touchpoint."""
    tags = {
        f"{brand} {touchpoint} {i}": tagged("negative", {touchpoint: "negative"})
        if i < bad
        else tagged("positive")
        for i in range(n)
    }
    say(store, brand, tags, **more)


def test_shares_and_differences(store: Store) -> None:
    many(store, "Senandika", 60, 45)
    many(store, "Griyakita", 40, 10)
    many(store, "Other", 30, 1)
    ours, rival = measured(store).brands
    assert (ours.brand, ours.share.k, ours.share.n) == ("Senandika", 60, 100)
    assert (ours.net_sentiment.value, ours.complaint_rate.value) == (-0.5, 0.75)
    assert (dict(ours.against), dict(ours.p)) == ({}, {})
    assert rival.against["net_sentiment"].value == pytest.approx(0.5 - -0.5)
    assert rival.against["complaint_rate"].value == pytest.approx(0.25 - 0.75)
    assert all(p < 0.001 for p in rival.p.values())
    assert (rival.first, rival.last, rival.channels) == (
        date(2026, 5, 1), date(2026, 5, 1), ("google_play",),
    )  # fmt: skip
    names = [row.brand for row in measured(store, MAY.but(brands=("Griyakita",))).brands]
    assert names == ["Griyakita", "Senandika", "Other"]
    assert measured(store, Filter()).brands[0].brand == "Senandika"


def test_every_number_opens_its_mentions(store: Store) -> None:
    many(store, "Senandika", 40, 20)
    many(store, "Senandika", 10, 5, "price", day="2026-05-03")
    many(store, "Griyakita", 40, 10, "packaging")
    many(store, "Griyakita", 5, 1, day="2026-04-30")
    leave = tagged("negative", {"delivery": "negative"}, signals=["switching"])
    say(store, "Senandika", {"mending pindah ke Griyakita": leave, "kapok Griyakita": leave})
    for filter in (OURS, Filter(brands=OURS.brands), Filter()):
        result = measured(store, filter)
        for row in result.brands:
            assert count(store, row.behind).n == row.share.k
            assert count(store, row.behind_complaints).n == row.complaint_rate.k
        for part in result.profiles:
            assert count(store, part.behind).n == part.share.k
        for month in result.trend:
            assert count(store, month.behind).n == month.share.k
        moved = moves(store, filter)
        for move in moved:
            assert count(store, move.behind_named).n == move.named.k
            assert count(store, move.behind_going).n == move.going.k
            assert count(store, move.behind_coming).n == move.coming.k
        assert {len(result.profiles), len(moved)} == {6, 1}


def test_brands_collected_at_other_times_are_not_compared(store: Store) -> None:
    many(store, "Senandika", 40, 30, day="2026-04-10")
    many(store, "Senandika", 10, 5, "price")
    many(store, "Griyakita", 40, 10)
    ours, rival = measured(store, OURS.but(since=None)).brands
    assert rival.alike == pytest.approx(0.2)
    assert (dict(rival.against), dict(rival.p)) == ({}, {})
    assert all(row.p is None for row in measured(store, OURS.but(since=None)).profiles)
    assert ours.alike == pytest.approx(1.0)
    assert measured(store).brands[1].alike == pytest.approx(1.0)


def test_overlap_is_of_months_and_channels(store: Store) -> None:
    put(store, [review(str(i), f"a{i}", channel="x" if i else "email") for i in range(4)])
    put(store, [review("b", "b", channel="x"), review("c", "c", None, channel="x")],
        brand="Griyakita")  # fmt: skip
    undated = cells_of(store, Filter())["Griyakita"]
    assert {place: cell.n for place, cell in undated.items()} == {
        (date(2026, 5, 1), "x"): 1, (None, "x"): 1,
    }  # fmt: skip
    both = cells_of(store, MAY)
    assert overlap(both["Senandika"], both["Griyakita"]) == pytest.approx(0.75)
    assert overlap(both["Senandika"], {}) == 0


def test_touchpoints_that_differ(store: Store) -> None:
    many(store, "Senandika", 50, 50)
    many(store, "Griyakita", 50, 50, "price")
    found = {(row.brand, row.touchpoint): row for row in measured(store).profiles}
    assert len(found) == 4
    assert found["Senandika", "delivery"].p is None
    rival = found["Griyakita", "delivery"]
    assert (rival.share.k, rival.share.n, rival.against.value) == (0, 50, -1.0)
    assert rival.p is not None
    assert rival.p < 0.001


def test_copies_have_no_second_voice(store: Store) -> None:
    text = "promo besar besaran di toko ini, ayo belanja sekarang juga sebelum kehabisan ya kak"
    put(store, [review(f"c{i}", text, author=f"p{i}") for i in range(6)])
    put(store, [review(f"r{i}", f"paket {i}") for i in range(3)], brand="Griyakita")
    tag_all(store, {})
    find_copies(store)
    ours, rival = measured(store).brands
    assert (ours.share.k, ours.share.n) == (6, 9)
    assert (ours.without_copies.k, ours.without_copies.n) == (1, 4)
    assert rival.without_copies.k == 3


def test_months(store: Store) -> None:
    many(store, "Senandika", 3, 1, day="2026-04-10")
    many(store, "Senandika", 1, 1)
    many(store, "Griyakita", 3, 1)
    rows = measured(store, OURS.but(since=date(2026, 4, 5))).trend
    assert [(row.month.month, row.brand, row.share.k, row.share.n) for row in rows] == [
        (4, "Senandika", 3, 3), (4, "Griyakita", 0, 3),
        (5, "Senandika", 1, 4), (5, "Griyakita", 3, 4),
    ]  # fmt: skip
    assert rows[0].behind.since == date(2026, 4, 5)
    assert rows[1].net_sentiment.value is None


LEAVING = [
    ("mending pindah ke Griyakita", True, False),
    ("uninstall, mending belanja di griyakita aja", True, False),
    ("Lebih baik pakai GRIYAKITA", True, False),
    ("I'm switching to @Griyakita", True, False),
    ("pindah dari Griyakita, eh sama saja, kapok", False, True),
    ("switched from griyakita and regret it", False, True),
    ("griyakita jelek, mending Senandika", False, True),
    ("kapok, griyakitanya jauh lebih cepat", False, False),
    ("kalah sama griyakita, uninstall", False, False),
]


@pytest.mark.parametrize(("text", "going", "coming"), LEAVING)
def test_which_way_a_text_goes(store: Store, text: str, going: bool, coming: bool) -> None:
    say(store, "Senandika", {text: tagged("negative", signals=["switching"])})
    many(store, "Griyakita", 1, 0)
    (move,) = moved(store)
    assert (move.brand, move.rival, move.named.k, move.named.n) == ("Senandika", "Griyakita", 1, 1)
    assert (move.going.k, move.coming.k) == (going, coming)


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("mending pindah ke griyakita", ()),
        ("mending pindah ke griyakitaan", ("switching",)),
        ("uninstall", ("switching",)),
    ],
)
def test_who_does_not_leave_or_name_a_rival_moves_nowhere(
    store: Store, text: str, signals: tuple[str, ...]
) -> None:
    say(store, "Senandika", {text: tagged("negative", signals=signals)})
    many(store, "Griyakita", 1, 0)
    assert moved(store) == ()


def test_a_brand_is_called_as_the_settings_say(store: Store) -> None:
    leave = tagged("negative", signals=["switching"])
    say(store, "Senandika", {"mending ke gk aja": leave, "kapok, gk di toko itu murah": leave})
    many(store, "Griyakita", 1, 0)
    asked = parse_query("(gk OR griyakita) AND NOT lowongan", context=["toko"]).names()
    assert asked == (("gk", "griyakita"), ("toko",))
    (move,) = moved(store, Griyakita=asked)
    assert move.named.k == 1


def test_a_brand_nobody_speaks_of_is_left_for_none(store: Store) -> None:
    many(store, "Griyakita", 2, 1)
    say(store, "Griyakita", {"mending ke senandika": tagged("negative", signals=["switching"])})
    (move,) = moved(store)
    assert (move.brand, move.rival, move.going.k) == ("Griyakita", "Senandika", 1)


def test_both_ways_are_held_against_each_other(store: Store) -> None:
    leave = tagged("negative", signals=["switching"])
    many(store, "Senandika", 100, 0)
    many(store, "Griyakita", 120, 0)
    say(store, "Senandika", {f"{i} mending griyakita": leave for i in range(20)})
    say(store, "Griyakita", {"mending senandika": leave})
    there, back = moved(store)
    assert (there.going.k, there.going.n, there.back.k, there.back.n) == (20, 120, 1, 121)
    assert there.p == back.p
    assert there.p is not None
    assert there.p < 0.001
    assert back.back == there.going


def test_net_sentiments_are_compared_as_means() -> None:
    counts = ((5000, 3000, 10000), (5000, 3050, 10100))
    values = [np.repeat([1.0, -1.0, 0.0], [p, q, n - p - q]) for p, q, n in counts]
    described = [DescrStatsW(v, ddof=0) for v in values]
    # statsmodels divides by n − 1, which is next to nothing of so many.
    expected = CompareMeans(*described).ztest_ind(usevar="unequal")[1]
    assert balances_differ(*counts) == pytest.approx(expected, rel=1e-3)
    assert balances_differ((0, 5, 5), (0, 9, 9)) == 1.0
    assert balances_differ((0, 0, 0), (1, 2, 3)) == 1.0


def test_equal_net_sentiments_rarely_differ() -> None:
    random, runs = np.random.default_rng(3), 3000
    one, other = (random.multinomial(n, (0.4, 0.25, 0.35), runs) for n in (300, 120))
    false = sum(
        balances_differ((int(a), int(b), 300), (int(c), int(d), 120)) < 0.05
        for (a, b, _), (c, d, _) in zip(one, other, strict=True)
    )
    print(f"false differences: {false / runs:.3f}")
    assert 0.04 <= false / runs <= 0.06


def test_nothing_is_no_data(store: Store) -> None:
    assert measured(store).brands == ()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=2, max_size=4))
def test_shares_sum_and_others_change_nothing(
    sqlite_store: Store, sizes: list[tuple[int, int]]
) -> None:
    key = f"{sizes}"
    brands = tuple(f"{key} {i}" for i in range(len(sizes)))
    for brand, (n, bad) in zip(brands, sizes, strict=True):
        many(sqlite_store, brand, n, min(n, bad))
    result = measured(sqlite_store, MAY.but(brands=brands))
    assert sum(row.share.value or 0 for row in result.brands) == pytest.approx(1)
    assert sum(row.share.k or 0 for row in result.trend) == sum(n for n, _ in sizes)
    many(sqlite_store, f"another {key}", 3, 1)
    assert measured(sqlite_store, MAY.but(brands=brands)) == result
