"""What is most useful to correct next, whichever way it is found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from simak.errors import SimakError
from simak.mention import RawMention
from simak.tags import Tags, TouchpointTag, least_sure, uncertainty
from store import rollups, useful
from store.corrections import correct, withdraw
from store.engine import Store
from store.filter import Filter
from store.labels import rebuild
from store.lists import count, list_mentions
from store.mentions import text_hash
from store.tables import wording
from store.useful import Useful
from tests.builders import NOW, put, review, tag_all, tagged


def unsure(complaint: float, sentiment: str = "negative") -> Tags:
    """Tags whose least sure label is the complaint."""
    scores = dict.fromkeys(("negative", "neutral", "positive"), 0.02) | {sentiment: 0.96}
    touchpoints = {"price": TouchpointTag(sentiment)}
    return Tags(sentiment, True, touchpoints, scores=scores | {"complaint": complaint})


def put_all(store: Store, texts: list[str], tags: dict[str, Tags], *, brand: str = "A") -> None:
    put(store, [review(f"{brand}{i}", said) for i, said in enumerate(texts)], brand=brand)
    tag_all(store, tags)


def texts_of(found: Useful) -> list[str]:
    return [row.text for row in found.rows]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, 0.0),
        ({"positive": 1.0, "complaint": 0.0}, 0.0),
        ({"negative": 0.5, "positive": 0.5, "neutral": 0.0}, 1.0),
        ({"negative": 0.5, "neutral": 0.3, "positive": 0.2}, 0.8),
        ({"negative": 0.9, "neutral": 0.1, "positive": 0.0, "complaint": 0.6}, 0.8),
        ({"negative": 0.9, "neutral": 0.1, "positive": 0.0, "no_reply": 0.3}, 0.6),
    ],
)
def test_uncertainty_is_one_minus_the_margin_of_the_least_sure_label(
    scores: dict[str, float], expected: float
) -> None:
    assert uncertainty(scores) == pytest.approx(expected)


def test_the_least_sure_label_is_named() -> None:
    assert least_sure({}) is None
    label, margin = least_sure({"negative": 0.6, "positive": 0.4, "price": 0.95}) or ("", 0.0)
    assert (label, margin) == ("sentiment", pytest.approx(0.2))


def test_unsure_and_frequent_texts_come_first_one_for_all_that_say_the_same(store: Store) -> None:
    said = ["jelas"] * 5 + ["ragu"] * 3 + ["bimbang"] * 2 + ["sekali"]
    tags = {"jelas": unsure(0.99), "ragu": unsure(0.65), "bimbang": unsure(0.5)}
    put_all(store, said, tags | {"sekali": unsure(0.55)})
    found = useful.useful(store, Filter())
    # 3 × 0.7, 2 × 1.0 and 1 × 0.9; the model is sure of the one that is said most.
    assert texts_of(found) == ["ragu", "bimbang", "sekali"]
    assert [row.alike for row in found.rows] == [3, 2, 1]
    assert [row.position[0] for row in found.rows] == pytest.approx([2.1, 2.0, 0.9])
    assert (found.left.n, found.left.capped) == (3, False)
    same = Filter(text_hash=found.rows[0].text_hash)
    assert {row.text for row in list_mentions(store, same)} == {"ragu"}
    assert count(store, same).n == 3


def test_the_mentions_of_another_brand_are_counted_apart(store: Store) -> None:
    for brand, said in (("A", ["ragu"] * 2), ("B", ["ragu"] * 3)):
        put_all(store, said, {"ragu": unsure(0.5)}, brand=brand)
    found = useful.useful(store, Filter())
    assert [(row.brand, row.alike) for row in found.rows] == [("B", 3), ("A", 2)]
    assert [row.brand for row in useful.useful(store, Filter(brands=("A",))).rows] == ["A"]
    assert useful.useful(store, Filter(brands=("Tidak Ada",))).left.n == 0


def test_a_corrected_text_is_done_until_the_correction_is_withdrawn(store: Store) -> None:
    put_all(store, ["ragu", "ragu", "bimbang"], {"ragu": unsure(0.5), "bimbang": unsure(0.6)})
    one = useful.useful(store, Filter()).rows[0]
    correct(store, one.id, tagged("positive"), by="ana", now=NOW)
    assert texts_of(useful.useful(store, Filter())) == ["bimbang"]
    tag_all(store, {"ragu": unsure(0.5), "bimbang": unsure(0.6)}, model="newer")
    assert texts_of(useful.useful(store, Filter())) == ["bimbang"]
    withdraw(store, one.id, by="ana", now=NOW)
    assert texts_of(useful.useful(store, Filter())) == ["ragu", "bimbang"]


def test_an_edited_text_waits_for_its_tag_and_an_erased_one_leaves_no_hash(store: Store) -> None:
    put_all(store, ["ragu", "bimbang"], {"ragu": unsure(0.5), "bimbang": unsure(0.6)})
    put(store, [review("A0", "ragu sekali")], brand="A")
    assert texts_of(useful.useful(store, Filter())) == ["bimbang"]
    tag_all(store, {"ragu sekali": unsure(0.5)})
    assert texts_of(useful.useful(store, Filter())) == ["ragu sekali", "bimbang"]
    put(store, [RawMention(external_id="A0", deleted=True)], brand="A")
    assert texts_of(useful.useful(store, Filter())) == ["bimbang"]
    with store.read() as connection:
        assert connection.scalars(select(wording.c.text_hash)).all() == [text_hash("bimbang")]


def test_the_newest_tags_say_how_unsure_a_text_is(store: Store) -> None:
    put_all(store, ["ragu"], {"ragu": unsure(0.5)})
    tag_all(store, {"ragu": unsure(0.97)}, model="newer")
    assert useful.useful(store, Filter()).left.n == 0


def test_a_text_nobody_tagged_is_not_offered(store: Store) -> None:
    put(store, [review("1", "belum")])
    assert useful.useful(store, Filter()).rows == []
    assert useful.useful(store, Filter(sentiments=("untagged",))).left.n == 0


@pytest.fixture
def many(store: Store) -> Store:
    """Two brands, texts said up to seven times, every kind of filter has something to leave out."""
    rng = random.Random(5)
    tags = {}
    for number in range(40):
        sentiment = rng.choice(("negative", "neutral", "positive"))
        tags[f"teks {number} {'kurir' if number % 3 else 'paket'}"] = unsure(
            round(rng.uniform(0.5, 0.9), 3), sentiment
        )
    tags["teks 0 paket"] = tagged("negative", {"delivery": "negative"})
    for brand in "AB":
        raws = [
            review(
                str(i),
                rng.choice(list(tags)),
                rng.choice([None, *(f"2026-05-{day:02}" for day in range(1, 9))]),
                stars=rng.choice([None, 1.0]),
                channel=rng.choice(["google_play", "x"]),
            )
            for i in range(90)
        ]
        put(store, [*raws, RawMention(external_id="stars", stars=5)], brand=brand)
    tag_all(store, tags)
    for row in rng.sample(list_mentions(store, Filter(), limit=200), 12):
        correct(store, row.id, tagged("positive"), by="ana", now=NOW)
    return store


def wanted(store: Store, filter: Filter) -> list[tuple[float, int]]:
    """The same list, made by hand: (usefulness, mention) of each text, most useful first."""
    done = {
        (row.brand, row.text)
        for row in list_mentions(store, Filter(), limit=1_000)
        if row.corrected_by
    }
    found: dict[tuple[str, str], tuple[float, int]] = {}
    for row in list_mentions(store, filter, limit=1_000):
        doubt = uncertainty(row.scores)
        if doubt >= 0.5 and (row.brand, row.text) not in done:
            found.setdefault((row.brand, row.text), (doubt * row.alike, row.id))
    return sorted(found.values(), reverse=True)


FILTERS = (
    Filter(),
    Filter(brands=("A",)),
    Filter(brands=("A",), since=date(2026, 5, 2), until=date(2026, 5, 5)),
    Filter(brands=("A", "B"), channels=("x",), sentiments=("negative", "positive")),
    Filter(brands=("B",), touchpoints=("price",), polarity="neutral", has_rating=True),
    Filter(search="kurir", brands=("B",)),
    Filter(has_rating=True, complaint=True),
)


def test_each_way_finds_the_same(many: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for filter in FILTERS:
        expected = wanted(many, filter)
        assert expected
        for texts, steps, mentions in ((1_000, 0, 1), (1, 1_000, 1), (1, 0, 1_000), (1, 0, 1)):
            monkeypatch.setattr(useful, "FEW_TEXTS", texts)
            monkeypatch.setattr(useful, "STEPS", steps)
            monkeypatch.setattr(useful, "SOME_MENTIONS", mentions)
            many.hits.clear()
            found = useful.useful(many, filter, limit=100)
            worths = [row.position[0] for row in found.rows]
            assert worths == pytest.approx([worth for worth, _ in expected]), filter
            assert {row.id for row in found.rows} == {id for _, id in expected}, filter
            assert found.left.capped == (
                (texts, steps, mentions) == (1, 0, 1) and filter not in FILTERS[:2]
            )
            assert found.left.n == (1 if found.left.capped else len(expected)), filter


def test_pages_cover_the_texts_once_and_in_order(many: Store) -> None:
    filter = Filter(channels=("x",))
    whole = useful.useful(many, filter, limit=100).rows
    assert len(whole) > 14
    pages, after = [], None
    while page := useful.useful(many, filter, limit=7, after=after).rows:
        pages += page
        after = page[-1].position
    assert pages == whole


def test_a_search_with_many_hits_finds_the_same(
    many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filter = Filter(search="kurir", brands=("A",))
    expected = texts_of(useful.useful(many, filter))
    monkeypatch.setattr("store.hits.FEW_HITS", 1)
    many.hits.clear()
    assert texts_of(useful.useful(many, filter)) == expected
    assert expected


def wordings(store: Store) -> Iterator[tuple[object, ...]]:
    columns = [column for column in wording.c if column.name != "id"]
    with store.read() as connection:
        for row in connection.execute(select(*columns).order_by(*columns[:2])):
            yield (*row[:4], pytest.approx(row[4]), pytest.approx(row[5]))


def test_counting_anew_changes_nothing(many: Store) -> None:
    before = list(wordings(many))
    rebuild(many)
    assert list(wordings(many)) == before


def test_a_wrong_count_of_a_text_is_noticed(many: Store) -> None:
    assert rollups.verify(many) == 182
    for column in (wording.c.n, wording.c.corrected):
        with many.write() as connection:
            one = select(wording.c.id).limit(1).scalar_subquery()
            connection.execute(
                wording.update().where(wording.c.id == one).values({column: column + 1})
            )
        with pytest.raises(SimakError, match="wording differs"):
            rollups.verify(many)
        rebuild(many)
