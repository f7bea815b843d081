"""The heart of it: whatever happens, in any order, the counts are those of the rows."""

import random
from datetime import date, timedelta

import pytest

from simak.errors import SimakError, StoreError
from simak.mention import RawMention
from simak.tags import SENTIMENTS
from store import rollups
from store.corrections import correct, withdraw
from store.engine import Store
from store.filter import Filter
from store.labels import rebuild
from store.lists import count, list_mentions
from store.tables import daily_count
from tests.builders import NOW, put, review, tag_all, tagged

TOUCHPOINTS = ("delivery", "price", "packaging")


@pytest.mark.parametrize("seed", range(4))
def test_counts_equal_rows_after_any_history(store: Store, seed: int) -> None:
    rng = random.Random(seed)
    for step in range(25):
        ids = [str(rng.randrange(40)) for _ in range(rng.randrange(1, 8))]
        action = rng.choice(["save", "save", "tag", "delete", "correct", "withdraw"])
        if action == "save":
            put(store, [_random_review(rng, id) for id in ids], brand=rng.choice("AB"))
        elif action == "delete":
            put(store, [RawMention(external_id=id, deleted=True) for id in ids], brand="A")
        elif action == "tag":
            texts = {row.text for row in list_mentions(store, Filter(), limit=500)}
            tag_all(store, {t: _random_tags(rng) for t in texts}, model=f"m{step}")
        else:
            for row in (
                rng.sample(list_mentions(store, Filter()), 1) if count(store, Filter()).n else []
            ):
                if action == "correct":
                    correct(store, row.id, _random_tags(rng), by="ana", now=NOW)
                else:
                    withdraw(store, row.id, by="ana", now=NOW)
        rollups.verify(store)
    before = _all_cells(store)
    assert before[0]
    rebuild(store)
    assert _all_cells(store) == before
    _every_number_opens_its_rows(store)


def _every_number_opens_its_rows(store: Store) -> None:
    for cell in rollups.counts(store, Filter(), by=("brand", "channel", "language", "sentiment")):
        filter = Filter(
            brands=(cell["brand"],),
            channels=(cell["channel"],),
            languages=(cell["language"],),
            sentiments=(cell["sentiment"],),
        )
        assert count(store, filter).n == cell["n"] == len(list_mentions(store, filter, limit=500))
        rated = filter.but(has_rating=True)
        assert count(store, rated).n == cell["stars_n"] == len(list_mentions(store, rated))
        assert count(store, rated.but(complaint=True)).n == len(
            list_mentions(store, rated.but(complaint=True))
        )
        complaining = filter.but(complaint=True)
        assert len(list_mentions(store, complaining, limit=500)) == cell["complaints"]
        assert count(store, complaining).n == cell["complaints"]
        assert count(store, filter.but(complaint=False)).n == cell["n"] - cell["complaints"]
    for cell in rollups.touchpoint_counts(store, Filter(), by=("touchpoint", "polarity", "day")):
        filter = Filter(touchpoints=(cell["touchpoint"],), polarity=cell["polarity"])
        if cell["day"] is not None:
            filter = filter.but(since=cell["day"], until=cell["day"])
            assert count(store, filter).n == cell["n"] == len(list_mentions(store, filter))
            assert len(list_mentions(store, filter.but(complaint=True))) == cell["complaints"]
        for sentiment in SENTIMENTS:
            both = filter.but(sentiments=(sentiment,))
            found = list_mentions(store, both, limit=500)
            assert count(store, both).n == len(found)
            starred = [row.id for row in found if row.stars is not None]
            both = both.but(has_rating=True)
            assert [row.id for row in list_mentions(store, both, limit=500)] == starred
            assert count(store, both).n == len(starred)


def _random_review(rng: random.Random, id: str) -> RawMention:
    day = None if rng.random() < 0.1 else str(date(2026, 5, 1) + timedelta(days=rng.randrange(9)))
    return review(
        id,
        f"teks {rng.randrange(30)}",
        day,
        stars=rng.choice([None, 1.0, 3.0, 5.0]),
        channel=rng.choice(["google_play", "instagram"]),
        language=rng.choice([None, "id", "en-US"]),
    )


def _random_tags(rng: random.Random):  # type: ignore[no-untyped-def]
    found = {t: rng.choice(SENTIMENTS) for t in TOUCHPOINTS if rng.random() < 0.4}
    return tagged(rng.choice(SENTIMENTS), found, complaint=rng.random() < 0.5)


def _all_cells(store: Store):  # type: ignore[no-untyped-def]
    by = ("brand", "day", "channel", "source", "language")
    return (
        rollups.counts(store, Filter(), by=(*by, "sentiment")),
        rollups.touchpoint_counts(store, Filter(), by=(*by, "touchpoint", "polarity")),
    )


def test_a_persons_word_stands_whatever_comes_later(store: Store) -> None:
    put(store, [review("1", "wkwk hebat")])
    tag_all(store, {"wkwk hebat": tagged("positive", {"price": "positive"})})
    (row,) = list_mentions(store, Filter())
    correct(store, row.id, tagged("negative", {"delivery": "negative"}), by="ana", now=NOW)
    put(store, [review("1", "wkwk hebat sekali")])
    tag_all(store, {"wkwk hebat sekali": tagged("positive")}, model="newer")
    (row,) = list_mentions(store, Filter())
    assert (row.sentiment, list(row.touchpoints), row.corrected_by) == (
        "negative",
        ["delivery"],
        "ana",
    )
    assert count(store, Filter(touchpoints=("delivery",), polarity="negative")).n == 1
    withdraw(store, row.id, by="ana", now=NOW)
    assert list_mentions(store, Filter())[0].sentiment == "positive"


def test_correcting_what_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="no mention 7"):
        correct(store, 7, tagged(), by="ana", now=NOW)


def test_a_complaint_about_nothing_in_particular_is_counted_as_such(store: Store) -> None:
    put(store, [review("1", "kecewa"), review("2", "lama"), review("3", "mantap")])
    tag_all(
        store,
        {
            "kecewa": tagged("negative", {"price": "positive"}),
            "lama": tagged("negative", {"delivery": "negative"}),
            "mantap": tagged("positive"),
        },
    )
    unplaced = Filter(touchpoints=("unplaced",), polarity="negative", complaint=True)
    assert [row.text for row in list_mentions(store, unplaced)] == ["kecewa"]
    assert count(store, unplaced).n == 1


def test_a_wrong_rollup_is_noticed(store: Store) -> None:
    put(store, [review("1")])
    assert rollups.verify(store) == 1
    with store.write() as connection:
        connection.execute(daily_count.update().values(n=daily_count.c.n + 1))
    with pytest.raises(SimakError, match="simak doctor --repair"):
        rollups.verify(store)
    rebuild(store)
    assert rollups.verify(store) == 1


def test_days_are_those_of_the_stores_zone(store: Store) -> None:
    # 17:30 UTC is half past midnight of the next day in Jakarta.
    late = RawMention(external_id="1", text="malam", published_at=NOW.replace(hour=17, minute=30))
    put(store, [late, review("2", "siang", "2026-06-01"), review("3", "kapan", None)])
    days = {cell["day"]: cell["n"] for cell in rollups.counts(store, Filter(), by=("day",))}
    assert days == {None: 1, date(2026, 6, 1): 1, date(2026, 6, 2): 1}
    second = Filter(since=date(2026, 6, 2), until=date(2026, 6, 2))
    assert [row.text for row in list_mentions(store, second)] == ["malam"]
    assert [row.text for row in list_mentions(store, Filter())] == ["malam", "siang", "kapan"]
    facets = rollups.facets(store)
    assert (facets.first, facets.last, facets.undated) == (date(2026, 6, 1), date(2026, 6, 2), 1)


def test_a_rollup_refuses_a_filter_it_does_not_hold(store: Store) -> None:
    with pytest.raises(ValueError, match="complaint"):
        rollups.counts(store, Filter(complaint=True))
    with pytest.raises(ValueError, match="sentiment"):
        rollups.touchpoint_counts(store, Filter(sentiments=("negative",)))
    for filter in (Filter(has_rating=True), Filter(text_hash="0" * 32), Filter(search="a")):
        with pytest.raises(ValueError, match="text"):
            rollups.counts(store, filter)
        with pytest.raises(ValueError, match="text"):
            rollups.touchpoint_counts(store, filter)
