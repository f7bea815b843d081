import random
from collections.abc import Iterator
from datetime import date

import pytest
from scipy import stats

from insights.signals import LINKED, Signals, signals
from insights.values import NO_DATA, plain
from simak.tags import SENTIMENTS, SIGNALS
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, count, list_mentions
from tests.builders import put, review, tag_all, tagged
from tests.stores import empty_store

TAXONOMY = load_taxonomy()
SENANDIKA = Filter(brands=("Senandika",))
SPRING = SENANDIKA.but(since=date(2026, 4, 10), until=date(2026, 5, 20))


def fill(store: Store, n: int, *, brand: str = "Senandika", seed: int = 1) -> None:
    """Whoever speaks badly of delivery leaves three times as often as all others do."""
    chance = random.Random(seed)
    said = {}
    mentions = []
    for i in range(n):
        text = f"{brand} {i}"
        touchpoints = {
            name: chance.choice(SENTIMENTS)
            for name in chance.sample(["delivery", "price", "payment"], chance.choice([0, 1, 2]))
        }
        leaving = 0.45 if touchpoints.get("delivery") == "negative" else 0.15
        given = {signal for signal in SIGNALS if chance.random() < 0.1} - {"switching"}
        given |= {"switching"} if chance.random() < leaving else set()
        said[text] = tagged(
            chance.choice(SENTIMENTS), touchpoints, signals=[s for s in SIGNALS if s in given]
        )
        # Nobody writes in the second half of April; a few do not say when.
        day = date(2026, 3, 1 + i % 31) if i % 3 else date(2026, 5, 1 + i % 31)
        mentions.append(review(text, text, None if i % 50 == 0 else day.isoformat()))
    put(store, mentions, brand=brand)
    tag_all(store, said)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = empty_store(tmp_path_factory.mktemp("signals") / "simak.db")
    fill(store, 900)
    put(store, [review("waiting", "belum")])
    yield store
    store.close()


def all_tagged(store: Store, filter: Filter) -> list[MentionRow]:
    rows = list_mentions(store, filter, limit=10_000)
    return [row for row in rows if row.sentiment != "untagged"]


def check_counts(store: Store, result: Signals) -> None:
    for row in result.rows:
        assert count(store, row.behind).n == row.share.k
        for point in row.points:
            assert count(store, point.behind).n == (point.share.k or 0)
    for link in result.links:
        assert count(store, link.behind).n == link.share.k


def test_shares_by_hand(filled: Store) -> None:
    result = signals(filled, TAXONOMY, SENANDIKA)
    rows = all_tagged(filled, SENANDIKA)
    assert [row.id for row in result.rows] == list(SIGNALS)
    for row in result.rows:
        assert row.share.k == sum(row.id in mention.signals for mention in rows)
        assert row.share.n == len(rows)
        assert (row.change, row.p) == (None, None)  # no period, none before it
        # Undated mentions are in the whole and in no month.
        undated = [m for m in rows if m.published_at is None]
        assert sum(point.share.n for point in row.points) == len(rows) - len(undated) > 0
    check_counts(filled, result)


def test_months_without_mentions_are_there_and_changes_skip_them(filled: Store) -> None:
    result = signals(filled, TAXONOMY, SENANDIKA, every="month")
    for row in result.rows:
        march, april, may = row.points
        assert (april.start, april.end) == (date(2026, 4, 1), date(2026, 4, 30))
        assert april.share == NO_DATA
        assert [point.change for point in (march, april, may)] == [None, None, None]


def test_changes_are_tested_together(sqlite_store: Store) -> None:
    leaving = tagged("negative", signals=["switching"])
    said = {}
    for month, often in ((3, 10), (4, 40), (5, 42)):
        for i in range(100):
            said[f"2026-{month:02}-{2 + i % 27:02} {i}"] = leaving if i < often else tagged()
    put(sqlite_store, [review(text, text, text[:10]) for text in said])
    tag_all(sqlite_store, said)
    filter = Filter(since=date(2026, 4, 1), until=date(2026, 4, 30))
    result = signals(sqlite_store, TAXONOMY, filter, every="week")
    (switching, *others) = result.rows
    assert switching.change is not None
    assert switching.change.value == pytest.approx(0.3)
    alone = stats.chi2_contingency([[40, 60], [10, 90]], correction=False).pvalue
    # One of six signals that are tested has changed; the others are all 0 and surely equal.
    assert switching.p == pytest.approx(6 * alone)
    assert [row.p for row in others] == [1.0] * 5
    assert [point.start for point in switching.points] == [
        date(2026, 4, day) for day in (1, 6, 13, 20, 27)
    ]
    assert switching.points[-1].end == date(2026, 4, 30)
    check_counts(sqlite_store, result)
    months = signals(sqlite_store, TAXONOMY, Filter(), every="month").rows[0].points
    assert [point.p is not None and point.p < 0.05 for point in months] == [False, True, False]


def test_what_goes_with_leaving_is_found_and_what_does_not_is_not(filled: Store) -> None:
    result = signals(filled, TAXONOMY, SENANDIKA)
    switching = [link for link in result.links if link.signal == "switching"]
    assert [(link.touchpoint, link.polarity) for link in switching if link.stands_out] == [
        ("delivery", "negative")
    ]
    assert {link.signal for link in result.links} == set(LINKED)
    rows = all_tagged(filled, SENANDIKA)
    for link in result.links:

        def share(those: list[MentionRow], signal: str = link.signal) -> float:
            return sum(signal in row.signals for row in those) / len(those)

        def speaks(row: MentionRow, id: str, polarity: str = link.polarity) -> bool:
            return id in row.touchpoints and row.touchpoints[id].polarity == polarity

        so = [row for row in rows if speaks(row, link.touchpoint)]
        rest = [row for row in rows if row not in so]
        alike = [row for row in rest if any(speaks(row, id) for id in row.touchpoints)]
        assert (link.share.n, link.others.n) == (len(so), len(rest))
        assert link.share.value == pytest.approx(share(so))
        assert link.others.value == pytest.approx(share(rest))
        assert link.times.value == pytest.approx(share(so) / share(rest))
        assert link.alike.value == pytest.approx(share(so) / share(alike))
        assert 0 <= link.p <= 1


def test_few_mentions_are_not_held_against_the_rest(sqlite_store: Store) -> None:
    said = {
        f"{i}": tagged("negative", {"price": "negative"}, signals=["switching"]) for i in range(29)
    }
    said |= {f"so {i}": tagged("positive") for i in range(60)}
    put(sqlite_store, [review(text, text) for text in said])
    tag_all(sqlite_store, said)
    assert signals(sqlite_store, TAXONOMY, Filter()).links == ()
    put(sqlite_store, [review("29", "0")])
    tag_all(sqlite_store, said)
    links = signals(sqlite_store, TAXONOMY, Filter()).links
    assert {link.touchpoint for link in links} == {"price"}
    # None of the others leaves, and nobody blames anything else: nothing to divide by.
    assert links[0].times.value is None
    assert links[0].alike == NO_DATA
    assert not links[0].stands_out


def test_other_mentions_change_nothing(sqlite_store: Store) -> None:
    fill(sqlite_store, 200)
    before = plain(signals(sqlite_store, TAXONOMY, SPRING))
    fill(sqlite_store, 80, brand="Griyakita", seed=2)
    assert plain(signals(sqlite_store, TAXONOMY, SPRING)) == before


def test_every_number_opens_its_mentions(store: Store) -> None:
    fill(store, 120)
    for filter in (SENANDIKA, SPRING, SENANDIKA.but(languages=("id",))):
        check_counts(store, signals(store, TAXONOMY, filter))


def test_an_empty_store_has_no_data(sqlite_store: Store) -> None:
    result = signals(sqlite_store, TAXONOMY, SENANDIKA)
    assert [(row.share, row.points) for row in result.rows] == [(NO_DATA, ())] * 6
    assert result.links == ()
