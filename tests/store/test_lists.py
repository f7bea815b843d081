import pytest

from store import selection
from store.engine import Store
from store.filter import Filter
from store.lists import count, get_mentions, list_mentions
from store.search import Term, parse
from tests.builders import put, review, tag_all, tagged


def _texts(store: Store, query: str) -> set[str]:
    found = {row.text for row in list_mentions(store, Filter(search=query))}
    assert count(store, Filter(search=query)).n == len(found)
    return found


@pytest.fixture
def reviews(store: Store) -> Store:
    put(
        store,
        [
            review("1", "Paket belum sampai, kurir lambat!"),
            review("2", "Sampai belum? paket saya"),
            review("3", "pengiriman cepat; mengirim ulang"),
            review("4", "50% off, it's O'Neil \"promo\""),
        ],
    )
    return store


def test_words_must_all_occur_and_quoted_ones_together(reviews: Store) -> None:
    assert len(_texts(reviews, "paket belum")) == 2
    assert len(_texts(reviews, '"belum sampai"')) == 1
    assert _texts(reviews, "PENGIRIM*") == {"pengiriman cepat; mengirim ulang"}
    assert _texts(reviews, "kirim") == set()


@pytest.mark.parametrize(
    "query", ['"', "'", "a OR b", "NEAR(", "*", "-", ":", "text:x", "(", "\\", "& | !", "%", "\x00"]
)
def test_no_query_is_an_error(reviews: Store, query: str) -> None:
    assert isinstance(_texts(reviews, query), set)


def test_punctuation_in_texts_and_queries_is_ignored(reviews: Store) -> None:
    assert len(_texts(reviews, "o'neil")) == 1
    assert _texts(reviews, "!!!") == set()
    assert parse('kirim* "dua kata') == [
        [Term(("kirim",), True)],
        [Term(("dua",))],
        [Term(("kata",))],
    ]


def test_of_words_joined_by_or_one_must_occur(reviews: Store) -> None:
    either = _texts(reviews, '"belum sampai" OR pengirim*')
    assert either == _texts(reviews, '"belum sampai"') | _texts(reviews, "pengirim*")
    assert len(either) == 2
    assert _texts(reviews, 'paket "belum sampai" OR pengirim*') == _texts(reviews, '"belum sampai"')
    assert _texts(reviews, "OR paket OR") == _texts(reviews, "paket")


def test_a_word_that_is_everywhere_gives_the_same_list(
    reviews: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = _texts(reviews, "paket")
    monkeypatch.setattr(selection, "SEARCH_CAP", 2)
    rows = list_mentions(reviews, Filter(search="paket", brands=("Senandika",)))
    assert {row.text for row in rows} == wanted
    monkeypatch.setattr(selection, "SEARCH_CAP", 1)
    total = count(reviews, Filter(search="paket"))
    assert (total.n, total.capped) == (1, True)


def test_an_edited_text_is_found_by_its_new_words_only(reviews: Store) -> None:
    put(reviews, [review("1", "sudah diterima")])
    assert _texts(reviews, "kurir") == set()
    assert _texts(reviews, "diterima") == {"sudah diterima"}


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
