import pytest

from store.engine import Store
from store.filter import Filter
from store.lists import count, get_mentions, list_mentions
from tests.builders import put, review, tag_all, tagged


@pytest.mark.parametrize(
    "filter", [Filter(), Filter(touchpoints=("price",)), Filter(brands=("A", "B"))]
)
def test_pages_cover_the_list_once_and_in_order(store: Store, filter: Filter) -> None:
    for brand in "AB":
        days = [None, *(f"2026-05-{1 + i % 5:02}" for i in range(20))]
        put(store, [review(str(i), f"t{i}", day) for i, day in enumerate(days)], brand=brand)
    tag_all(store, {f"t{i}": tagged("neutral", {"price": "neutral"}) for i in range(21)})
    whole = list_mentions(store, filter, limit=1_000)
    pages, after = [], None
    while page := list_mentions(store, filter, limit=7, after=after):
        pages += page
        after = page[-1].position
    assert pages == whole
    assert len(whole) == 42
    assert whole == sorted(whole, key=lambda row: row.position, reverse=True)
    assert whole[-1].published_at is None
    assert get_mentions(store, [whole[3].id]) == [whole[3]]


def test_a_filter_of_an_unknown_brand_selects_nothing(store: Store) -> None:
    put(store, [review("1")])
    assert list_mentions(store, Filter(brands=("Tidak Ada",))) == []
    assert count(store, Filter(brands=("Tidak Ada",))).n == 0


def test_evidence_score_and_signals_come_back(store: Store) -> None:
    put(store, [review("1", "kirim lama")])
    tag_all(
        store, {"kirim lama": tagged("negative", {"delivery": "negative"}, signals=("switching",))}
    )
    (row,) = list_mentions(store, Filter())
    assert row.touchpoints["delivery"].span == (0, 2)
    assert row.touchpoints["delivery"].score == 0.9
    assert row.signals == ("switching",)
    assert row.scores == {"negative": 0.9}
