"""What a person types finds the same in both databases, and is never an error."""

import itertools
import random
from collections.abc import Mapping

import pytest
from sqlalchemy import event

from simak.mention import RawMention
from store import selection
from store.engine import Store
from store.filter import Filter
from store.lists import Count, count, list_mentions
from store.search import Both, Term, among, expected, is_one_word, parse, search
from tests.builders import put, review, tag_all, tagged


def _texts(store: Store, query: str) -> set[str]:
    found = {row.text for row in list_mentions(store, Filter(search=query), limit=500)}
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
    assert _texts(reviews, "paket AND belum") == _texts(reviews, "paket belum")
    assert len(_texts(reviews, '"belum sampai"')) == 1
    assert _texts(reviews, "“belum sampai”") == _texts(reviews, '"belum sampai"')
    assert _texts(reviews, "PENGIRIM*") == {"pengiriman cepat; mengirim ulang"}
    assert _texts(reviews, "kirim") == set()


ODD = (
    *('"', "'", "a OR b", "NEAR(", "*", "-", ":", "text:x", "(", "\\", "& | !", "%", "\x00"),
    *("NOT", "OR", "NOT NOT", "()", "-()", ")(", "((", "))", '-"', '""', '-""', "a OR", "OR NOT"),
    *("paket NOT", "-*", "_", "a_b", "- -", "−", "^a", "{a}", "a:*", "-a*", "<->", "AND", "!!a"),
)


@pytest.mark.parametrize("query", ODD)
def test_no_query_is_an_error(reviews: Store, query: str) -> None:
    assert isinstance(_texts(reviews, query), set)


def test_no_query_is_too_long_or_too_deep(reviews: Store) -> None:
    everything = _texts(reviews, "-nothing")
    for query in (
        "(" * 3_000 + "paket",
        "(paket OR x (" * 500,
        "(paket -(x OR " * 500,
        "-(" * 500 + "paket",
        " ".join(f"-w{i}" for i in range(3_000)),
        " OR ".join(f"w{i}" for i in range(3_000)),
    ):
        assert _texts(reviews, query) <= everything
    assert _texts(reviews, "é" * 5_000) == set()
    assert _texts(reviews, "(" * 50 + "paket" + ")" * 50 + " kurir") == _texts(
        reviews, "paket kurir"
    )


def test_whatever_is_typed_is_read(reviews: Store) -> None:
    draw = random.Random(3)
    pieces = ["paket", "kurir*", "-", '"', "(", ")", "OR", "NOT", "AND", " ", "belum sampai", "😀"]
    for _ in range(300):
        query = "".join(draw.choice(pieces) + draw.choice(["", " "]) for _ in range(9))
        assert isinstance(_texts(reviews, query), set), query


def test_punctuation_in_texts_and_queries_is_ignored(reviews: Store) -> None:
    assert len(_texts(reviews, "o'neil")) == 1
    assert _texts(reviews, "!!!") == set()
    assert _texts(reviews, "paket - kurir") == _texts(reviews, "paket kurir")
    assert parse("e-wallet") == Term(("e", "wallet"))


def test_what_is_not_closed_or_not_opened_is_not_there() -> None:
    paket, kurir = Term(("paket",)), Term(("kurir",))
    assert parse('paket "kurir') == parse("paket (kurir") == Both((paket, kurir))
    assert parse("paket) kurir") == parse("paket :) kurir OR") == Both((paket, kurir))
    assert parse("(paket OR) kurir") == Both((paket, kurir))
    assert parse("NOT") is None
    assert parse("NOT NOT paket") == paket


def test_of_words_joined_by_or_one_must_occur(reviews: Store) -> None:
    either = _texts(reviews, '"belum sampai" OR pengirim*')
    assert either == _texts(reviews, '"belum sampai"') | _texts(reviews, "pengirim*")
    assert len(either) == 2
    assert _texts(reviews, 'paket "belum sampai" OR pengirim*') == _texts(reviews, '"belum sampai"')
    assert _texts(reviews, "OR paket OR") == _texts(reviews, "paket")


def test_words_may_be_barred(reviews: Store) -> None:
    second = {"Sampai belum? paket saya"}
    assert _texts(reviews, "paket -kurir") == second
    assert _texts(reviews, "-kurir paket") == second
    assert _texts(reviews, "paket NOT kurir") == second
    assert _texts(reviews, "paket −kurir") == second
    assert _texts(reviews, 'paket -"belum sampai"') == second
    assert _texts(reviews, "paket -(kurir OR promo)") == second
    assert _texts(reviews, "paket -pak*") == set()


def test_parentheses_group(reviews: Store) -> None:
    assert len(_texts(reviews, "(paket kurir) OR promo")) == 2
    assert len(_texts(reviews, "paket (kurir OR promo)")) == 1
    assert len(_texts(reviews, "(paket -kurir) OR (pengiriman cepat)")) == 2


def test_not_alone_finds_all_others(reviews: Store) -> None:
    put(reviews, [RawMention(external_id="stars", stars=5)])
    assert len(_texts(reviews, "-paket")) == 3
    assert "" in _texts(reviews, "-paket")
    assert len(_texts(reviews, "promo OR -paket")) == 3
    assert len(_texts(reviews, "kurir OR -paket")) == 4
    filter = Filter(search="-paket", brands=("Senandika",), channels=("google_play",))
    assert count(reviews, filter).n == 3
    ids = {row.id for row in list_mentions(reviews, Filter())}
    found = {row.id for row in list_mentions(reviews, Filter(search="-paket"))}
    with among(reviews, ids) as found_by:
        assert found_by("-paket") == found
        assert found_by("paket") == ids - found


ASKED = (
    "paket", "PAKET", "pak*", '"tidak sampai"', "paket OR promo", "paket -kurir", "-paket",
    "(paket kurir) OR promo", "café", "cafe", "'", '"', "???", "",
)  # fmt: skip


@pytest.mark.parametrize("query", ASKED)
def test_a_search_of_some_alone_finds_what_a_search_of_all_finds_among_them(
    reviews: Store, query: str
) -> None:
    put(
        reviews,
        [
            RawMention(
                external_id="é", text="Café-nya tidak sampai 10 menit, paketnya waktu.tepat"
            ),
            RawMention(external_id="none", stars=3),
        ],
    )
    ids = sorted(row.id for row in list_mentions(reviews, Filter()))
    wanted = set(ids[::2])
    everywhere = (
        {row.id for row in list_mentions(reviews, Filter(search=query))} if query else set()
    )
    with among(reviews, wanted) as found_by:
        assert found_by(query) == everywhere & wanted


WORDS = "abcde"


def test_any_question_finds_what_it_means(store: Store) -> None:
    texts = [
        " ".join(some) for k in range(len(WORDS) + 1) for some in itertools.combinations(WORDS, k)
    ]
    put(store, [review(str(i), text or "x") for i, text in enumerate(texts)])
    tag_all(store, {text: tagged("negative", {"price": "negative"}) for text in texts})
    draw = random.Random(8)
    for _ in range(80):
        query, means = _question(draw, 3)
        wanted = {text or "x" for text in texts if means(set(text.split()))}
        assert _texts(store, query) == wanted, query
        placed = Filter(search=query, touchpoints=("price",))
        assert count(store, placed).n == len(wanted - {"x"}), query


def _question(draw: random.Random, depth: int):  # type: ignore[no-untyped-def]
    """Return a question and what it means, of the words of a text."""
    kind = draw.choice(["word", "word", "not", "and", "or"]) if depth else "word"
    if kind == "word":
        word = draw.choice(WORDS)
        return word, lambda said: word in said
    query, means = _question(draw, depth - 1)
    if kind == "not":
        return f"-({query})", lambda said: not means(said)
    other, meant = _question(draw, depth - 1)
    if kind == "and":
        return f"({query}) ({other})", lambda said: means(said) and meant(said)
    return f"({query}) OR ({other})", lambda said: means(said) or meant(said)


def test_a_word_that_is_everywhere_gives_the_same_list(
    reviews: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = _texts(reviews, "paket")
    everywhere = Filter(search="paket")
    n = count(reviews, everywhere).n
    assert n >= 2
    monkeypatch.setattr("store.lists.FEW_TEXTS", -1)
    monkeypatch.setattr(selection, "SEARCH_CAP", 1)
    assert count(reviews, everywhere) == Count(1, capped=True)
    monkeypatch.setattr("store.hits.FEW_HITS", 1)
    reviews.hits.clear()
    for limit in (1, 50):
        rows = list_mentions(reviews, Filter(search="paket", brands=("Senandika",)), limit=limit)
        assert {row.text for row in rows} <= wanted
        assert len(rows) == min(limit, len(wanted))
    monkeypatch.setattr(selection, "SEARCH_CAP", 10)
    assert count(reviews, everywhere) == Count(1, capped=True)
    assert count(reviews, everywhere.but(search="-paket")).capped is False
    monkeypatch.setattr("store.hits.FEW_HITS", n + 1)
    reviews.hits.clear()
    assert count(reviews, everywhere) == Count(n)


def test_what_is_counted_is_not_searched_for_again_to_be_listed(reviews: Store) -> None:
    asked = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append("mention_search" in statement and "EXPLAIN" not in statement)

    event.listen(reviews.engine, "before_cursor_execute", note)
    filter = Filter(search="paket")
    n = count(reviews, filter).n
    assert len(list_mentions(reviews, filter)) == n
    assert sum(asked) == 1
    put(reviews, [review("baru", "paket baru")])
    assert count(reviews, filter).n == len(list_mentions(reviews, filter)) == n + 1
    event.remove(reviews.engine, "before_cursor_execute", note)
    for number in range(40):
        count(reviews, Filter(search=f"kata{number}"))
    assert len(reviews.hits) <= 32


@pytest.mark.postgresql
def test_postgresql_expects_about_as_many_as_there_are(postgresql_store: Store) -> None:
    store = postgresql_store
    words = ("paket sampai", "paket belum sampai", "kurir lambat", "barang bagus")
    put(store, [review(str(n), f"{words[n % 4]} {n}") for n in range(400)])
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE mention_search")
    for query, n in (("paket", 200), ("pak*", 200), ("kurir", 100), ("lambat OR bagus", 200)):
        assert expected(store, search(store, query)) == pytest.approx(n, rel=0.3)
    assert is_one_word("pak*")
    assert is_one_word("(Paket!)")
    assert not any(
        map(is_one_word, ("paket sampai", '"paket sampai"', "-paket", "a OR b", "", "*"))
    )


def test_an_edited_text_is_found_by_its_new_words_only(reviews: Store) -> None:
    put(reviews, [review("1", "sudah diterima")])
    assert _texts(reviews, "kurir") == set()
    assert _texts(reviews, "diterima") == {"sudah diterima"}


def test_the_pages_of_a_search_are_its_list(store: Store) -> None:
    days = ("2026-05-01", "2026-05-01", "2026-04-30", None, "2026-05-02", None, "2026-05-01")
    put(store, [review(str(n), f"paket nomor {n}", day) for n, day in enumerate(days)])
    filter = Filter(search="paket")
    whole = [row.id for row in list_mentions(store, filter)]
    assert whole == [row.id for row in list_mentions(store, Filter())]
    for limit in (1, 2, 3):
        pages: list[int] = []
        after = None
        while page := list_mentions(store, filter, limit=limit, after=after):
            pages += [row.id for row in page]
            after = page[-1].position
        assert pages == whole


@pytest.mark.parametrize(
    "limits",
    [
        {"lists.FEW_TEXTS": -1, "lists.SOME_TEXTS": 0, "hits.FEW_HITS": 10_000},
        {"lists.FEW_TEXTS": -1, "lists.SOME_TEXTS": 0, "hits.FEW_HITS": 3},
        {"lists.FEW_TEXTS": -1, "lists.SOME_TEXTS": 10**9, "hits.FEW_HITS": 3},
        {"lists.FEW_TEXTS": -1, "lists.SOME_TEXTS": 0, "hits.FEW_HITS": 10_000, "hits.OFTEN": 0},
        {"lists.FEW_TEXTS": -1, "lists.SOME_TEXTS": 0, "hits.FEW_HITS": 3, "hits.OFTEN": 0},
        {"lists.FEW_TEXTS": 10_000, "lists.expected": lambda *_: 10_000},
    ],
)
def test_each_way_of_searching_finds_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, limits: Mapping[str, object]
) -> None:
    channels, days = ("x", "rss"), ("2026-05-01", "2026-05-02", None)
    put(
        store,
        [
            review(str(n), f"{'paket' if n % 3 else 'barang'} nomor {n}", days[n % 3],
                   channel=channels[n % 2])
            for n in range(20)
        ],
    )  # fmt: skip
    tag_all(
        store, {f"paket nomor {n}": tagged(touchpoints={"delivery": "negative"}) for n in (1, 7)}
    )
    filters = (
        Filter(search="paket"),
        Filter(search="paket", channels=("x",)),
        Filter(search='"paket nomor" -7', brands=("Senandika",)),
        Filter(search="nomor", touchpoints=("delivery",)),
        Filter(search="nomor", touchpoints=("delivery",), polarity="positive"),
        Filter(search="pak*", channels=("rss",)),
        Filter(search="nomor", channels=("instagram",)),
        Filter(search="tidak ada"),
        Filter(search="..."),
    )
    whole = [[row.id for row in list_mentions(store, one)] for one in filters]
    assert any(whole)
    for name, value in limits.items():
        monkeypatch.setattr(f"store.{name}", value)
    store.hits.clear()
    for one, ids in zip(filters, whole, strict=True):
        assert [row.id for row in list_mentions(store, one)] == ids
        n = count(store, one)
        assert n.n == len(ids) or (n.capped and n.n < len(ids))
