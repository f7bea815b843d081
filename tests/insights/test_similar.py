"""Like this one: what is found, what is left out, and why there may be nothing."""

from datetime import timedelta

import pytest

from insights import similar as module
from insights.similar import similar
from insights.themes.find import find_themes
from simak.mention import RawMention
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from tests.builders import NOW, put, review, tag_all, tagged
from tests.insights.themes.said import Words, put_texts, texts_about

MATTERS = ("otp", "refund", "courier")
TEXTS = [text for matter in MATTERS for text in texts_about(matter, 40)]
DAYS = [f"2026-05-{day:02}" for day in range(1, 21)]


def _id(store: Store, text: str, **more: object) -> int:
    rows = list_mentions(store, Filter(**more), limit=2_000)  # type: ignore[arg-type]
    return max(row.id for row in rows if row.text == text)


@pytest.fixture
def said(store: Store) -> Store:
    put_texts(store, TEXTS, prefix="a", days=DAYS)
    put_texts(store, TEXTS[:3], prefix="z", days=["2026-05-30"])
    put_texts(store, texts_about("otp", 90, seed=4), prefix="b", brand="B")
    praise = tagged("positive", {"app": "positive"})
    put_texts(store, texts_about("otp", 90, seed=5), prefix="p", tags=praise)
    put(store, [review("n", "biasa saja"), RawMention(external_id="stars", stars=4)])
    tag_all(store, {})
    find_themes(store, Words(), now=lambda: NOW + timedelta(minutes=30))
    return store


@pytest.mark.parametrize("place", [5, 45, 85])
def test_what_is_nearest_is_about_the_same(said: Store, place: int) -> None:
    found = similar(said, _id(said, TEXTS[place]), Filter(), limit=10)
    start = place // 40 * 40
    assert found.missing is None
    assert len(found.rows) == 10
    texts = [row.text for row, _ in found.rows]
    assert sum(text in TEXTS[start : start + 40] for text in texts) >= 9
    assert len(set(texts)) == 10
    assert TEXTS[place] not in texts
    cosines = [cosine for _, cosine in found.rows]
    assert cosines == sorted(cosines, reverse=True)
    assert 0.3 < cosines[-1] <= cosines[0] <= 1.0001


def test_each_text_comes_once_by_its_newest_mention(said: Store) -> None:
    rows = similar(said, _id(said, TEXTS[5]), Filter(), limit=119).rows
    assert len(rows) == 119
    (twice,) = [row for row, _ in rows if row.text == TEXTS[0]]
    assert (twice.external_id, twice.alike) == ("z0", 2)
    assert {row.brand for row, _ in rows} == {"Senandika"}
    assert all(row.complaint for row, _ in rows)


def test_praise_is_held_against_praise(said: Store) -> None:
    mine = texts_about("otp", 90, seed=5)
    rows = similar(said, _id(said, mine[0]), Filter(), limit=200).rows
    assert {row.text for row, _ in rows} == set(mine[1:])


@pytest.mark.parametrize("first", [2_000, 7])
def test_a_filter_narrows_it_however_far_away(
    said: Store, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST", first)
    monkeypatch.setattr(module, "_CHUNK", 3)
    id = _id(said, TEXTS[5])
    whole = similar(said, id, Filter(), limit=200).rows
    for filter in (
        Filter(channels=("x",)),
        Filter(search="resi"),
        Filter(touchpoints=("app",), polarity="negative", search="-otp"),
    ):
        wanted = {row.text for row in list_mentions(said, filter, limit=2_000)}
        expected = [(row.text, cosine) for row, cosine in whole if row.text in wanted]
        assert 5 <= len(expected) < 119
        for limit in (4, 200):
            rows = similar(said, id, filter, limit=limit).rows
            assert [(row.text, cosine) for row, cosine in rows] == expected[:limit]
    assert similar(said, id, Filter(brands=("B",))).rows == ()


def test_why_there_is_nothing_is_said(said: Store) -> None:
    put(said, [review("new", "belum dilihat")])
    assert similar(said, 9_999, Filter()).missing == "text"
    assert similar(said, _id(said, ""), Filter()).missing == "text"
    assert similar(said, _id(said, "biasa saja"), Filter()).missing == "neutral"
    assert similar(said, _id(said, "belum dilihat"), Filter()).missing == "untagged"
    tag_all(said, {"belum dilihat": tagged("negative")})
    assert similar(said, _id(said, "belum dilihat"), Filter()).missing == "themes"
    put(said, [review("c", "kecewa")], brand="C")
    tag_all(said, {"kecewa": tagged("negative")})
    assert similar(said, _id(said, "kecewa"), Filter()).missing == "themes"
