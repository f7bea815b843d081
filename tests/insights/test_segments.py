from datetime import date

import pytest

from insights.segments import MOST, SegmentRow, Segments, segments
from simak.mention import RawMention
from simak.tags import Tags
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged

SAID: dict[str, Tags] = {
    "lama": tagged("negative", {"delivery": "negative"}),
    "mahal": tagged("negative", {"price": "negative"}),
    "murah": tagged("positive", {"price": "positive"}),
    "biasa": tagged("neutral"),
}
REGIONS = {
    "Papua": {"lama": 40, "mahal": 5, "murah": 35},
    "Jawa": {"lama": 5, "mahal": 45, "murah": 50},
    "Bali": {"lama": 3, "mahal": 2, "biasa": 4},
    None: {"lama": 7, "biasa": 2},
}


@pytest.fixture
def told(store: Store) -> Segments:
    rows: list[RawMention] = []
    for region, said in REGIONS.items():
        for text, times in said.items():
            rows += [
                review(
                    f"{region}{text}{i}", f"{text} {i}", "2026-05-02", stars=2.0,
                    attributes={"region": region} if region else {},
                )
                for i in range(times)
            ]  # fmt: skip
    put(store, rows)
    tag_all(store, {f"{text} {i}": tags for text, tags in SAID.items() for i in range(60)})
    return segments(store, load_taxonomy(), Filter(), "region")


def row(told: Segments, value: str) -> SegmentRow:
    return next(one for one in told.rows if one.value == value)


def test_by_hand(told: Segments) -> None:
    assert [one.value for one in told.rows] == ["Jawa", "Papua", "Bali"]
    assert (told.segments, told.without.k) == (3, 9)
    papua = row(told, "Papua")
    assert (papua.volume.k, papua.complaint_rate.k, papua.complaint_rate.n) == (80, 45, 80)
    assert (papua.others.k, papua.others.n) == (55, 109)
    assert papua.net_sentiment.value == pytest.approx((35 - 45) / 80)
    assert papua.stars.value == 2
    assert papua.weakest is not None
    assert (papua.weakest.touchpoint, papua.weakest.clear) == ("delivery", True)
    assert papua.p is not None
    assert papua.p > 0.05  # 56 % against 50 %


def test_what_sets_a_segment_apart_is_what_it_complains_more_of(told: Segments) -> None:
    papua, jawa, bali = (row(told, value).standout for value in ("Papua", "Jawa", "Bali"))
    assert papua is not None
    assert jawa is not None
    assert (papua.touchpoint, jawa.touchpoint) == ("delivery", "price")
    assert (papua.here.k, papua.here.n, papua.others.k, papua.others.n) == (40, 45, 8, 55)
    assert papua.p < 0.001
    assert bali is None  # five complaints
    assert row(told, "Bali").p is None


def test_every_number_opens_its_mentions(told: Segments, store: Store) -> None:
    for one in told.rows:
        assert count(store, one.behind).n == one.complaint_rate.k
        assert count(store, one.behind.but(complaint=None)).n == one.volume.k
        if one.standout is not None:
            assert count(store, one.standout.behind).n == one.standout.here.k
    assert sum(one.volume.n for one in told.rows) + told.without.n == count(store, Filter()).n


def test_a_segment_can_be_segmented(store: Store, told: Segments) -> None:
    only = Filter(facets=(("region", "Papua"),))
    inside = segments(store, load_taxonomy(), only, "region")
    (one,) = inside.rows
    assert one.complaint_rate == row(told, "Papua").complaint_rate
    assert (one.others.value, one.p, one.standout) == (None, None, None)
    assert count(store, one.behind).n == 45


def test_only_the_largest_are_shown(store: Store) -> None:
    put(
        store,
        [
            review(f"{i}{j}", "biasa", "2026-05-02", product=f"v{i:02}")
            for i in range(MOST + 5)
            for j in range(1 + (i == 7))
        ],
    )
    tag_all(store, {"biasa": tagged("neutral")})
    found = segments(store, load_taxonomy(), Filter(since=date(2026, 5, 1)), "product")
    assert (found.segments, len(found.rows), found.rows[0].value) == (MOST + 5, MOST, "v07")


def test_of_versions_the_newest_are_shown_by_their_numbers(store: Store) -> None:
    put(store, [review(f"a{i}", f"a {i}", version=f"1.{i}") for i in range(MOST + 2)])
    put(store, [review(f"b{i}", f"b {i}", version="1.0") for i in range(3)])
    result = segments(store, load_taxonomy(), Filter(), "version")
    assert [one.value for one in result.rows] == [f"1.{i}" for i in range(MOST + 1, 1, -1)]
    assert result.segments == MOST + 2


def test_no_values_are_no_rows(store: Store) -> None:
    found = segments(store, load_taxonomy(), Filter(), "region")
    assert (found.rows, found.segments, found.without.k) == ((), 0, 0)
