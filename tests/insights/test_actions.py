import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from insights.actions import MIN_WEEKS, Change, actions
from insights.values import NO_DATA
from simak.errors import ConfigurationError
from store.actions import add_action
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import NOW, put, review, tag_all, tagged

DAY = date(2026, 3, 2)
POLARITIES = ("negative", "positive")
TAGS = {
    f"{touchpoint} {polarity}": tagged(polarity, {touchpoint: polarity})
    for touchpoint in ("delivery", "price")
    for polarity in POLARITIES
}


def fill(
    store: Store,
    touchpoint: str,
    before: float,
    after: float,
    *,
    brand: str = "Senandika",
    a_week: int = 20,
    weeks: int = 8,
    seed: int = 1,
) -> None:
    """Put mentions around `DAY`, shares of them negative; untagged as yet."""
    generator = np.random.default_rng(seed)
    reviews = []
    for week in range(-weeks, weeks):
        for place in range(a_week):
            bad = generator.random() < (before if week < 0 else after)
            day = DAY + timedelta(days=7 * week + place % 7)
            text = f"{touchpoint} {POLARITIES[not bad]}"
            reviews.append(review(f"{touchpoint}{week}.{place}", text, str(day)))
    put(store, reviews, brand=brand)


def act(store: Store, touchpoint: str | None = "delivery", **fields: object) -> None:
    given: dict[str, object] = {"brand": "Senandika", "text": "kurir baru", "day": DAY} | fields
    add_action(store, touchpoint=touchpoint, by="Rina", now=NOW, **given)  # type: ignore[arg-type]


def opened(store: Store, change: Change) -> tuple[int, int]:
    """Return both numerators, after counting what each opens."""
    for value, behind in (
        (change.before, change.behind_before),
        (change.after, change.behind_after),
    ):
        assert value.k == count(store, behind).n
    return change.before.k or 0, change.after.k or 0


def test_an_action_that_helped_is_held_against_another_touchpoint(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.6, 0.25)
    fill(sqlite_store, "price", 0.5, 0.5, seed=2)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    (row,) = actions(sqlite_store, Filter()).rows
    assert (row.verdict, row.weeks, row.missing) == ("helped", 8, None)
    assert row.negative is not None
    assert row.complaints is not None
    assert (row.negative.before.n, row.negative.after.n) == (160, 160)
    before, after = opened(sqlite_store, row.negative)
    assert 0.5 < before / 160 < 0.7
    assert 0.15 < after / 160 < 0.35
    assert opened(sqlite_store, row.complaints) == (before, after)
    assert row.comparison is not None
    assert (row.comparison.kind, row.comparison.name) == ("touchpoint", "price")
    other = opened(sqlite_store, row.comparison.negative)
    assert row.complaints.before.n == before + other[0]
    assert row.brand is not None
    assert opened(sqlite_store, row.brand) == (before + other[0], after + other[1])
    assert row.interrupted is not None
    assert row.p == row.p_adjusted
    assert not row.shared


def test_it_is_said_where_all_else_moved_too(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.7, 0.4)
    fill(sqlite_store, "price", 0.7, 0.3, seed=2)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    (row,) = actions(sqlite_store, Filter()).rows
    assert row.shared


def test_what_a_rival_shows_too_is_not_the_actions_doing(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.8, 0.5, a_week=25)
    fill(sqlite_store, "delivery", 0.8, 0.5, a_week=40, brand="Griyakita", seed=3)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    ours = Filter(brands=("Senandika",))
    (row,) = actions(sqlite_store, ours).rows
    assert row.comparison is None  # a stranger, as far as anyone has said
    assert row.verdict == "helped"
    with pytest.raises(ConfigurationError, match="nothing of Nol"):
        actions(sqlite_store, ours, rivals=("Nol",))
    (row,) = actions(sqlite_store, ours, rivals=("Griyakita",)).rows
    assert row.comparison is not None
    assert (row.comparison.kind, row.comparison.name) == ("rival", "Griyakita")
    opened(sqlite_store, row.comparison.negative)
    assert row.verdict == "no_change_seen"
    assert row.negative is not None
    assert row.negative.change.high is not None
    assert row.negative.change.high < 0  # it did fall, everywhere


def test_a_rise_with_nothing_to_compare_it_with(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.3, 0.7)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    act(sqlite_store, None)
    act(sqlite_store, "price", day=DAY + timedelta(days=300))
    rows = {row.action.touchpoint: row for row in actions(sqlite_store, Filter()).rows}
    assert {name: row.verdict for name, row in rows.items()} == {
        "delivery": "made_worse",
        None: "made_worse",
        "price": "not_enough_data",
    }
    whole = rows[None]
    assert whole.comparison is None
    assert whole.negative is not None
    assert whole.complaints is not None
    assert opened(sqlite_store, whole.negative) == opened(sqlite_store, whole.complaints)
    assert rows["delivery"].p_adjusted == pytest.approx(max(row.p or 0 for row in rows.values()))


def test_what_is_missing_is_said(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.5, 0.5, a_week=7, weeks=3)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    act(sqlite_store, "packaging", day=DAY + timedelta(days=14))
    row, later = actions(sqlite_store, Filter()).rows
    assert (row.verdict, row.weeks) == ("not_enough_data", 3)
    assert row.missing is not None
    assert row.missing.n == 21
    assert row.missing.needed is not None
    assert row.missing.needed > 100
    assert row.missing.days is None  # no more weeks before it than three
    assert (later.weeks, later.negative) == (1, None)
    assert later.missing is not None
    assert later.missing.days == 7 * MIN_WEEKS - 7


def test_days_are_counted_where_waiting_helps(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.6, 0.6, a_week=28)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store, day=DAY + timedelta(days=28))
    (row,) = actions(sqlite_store, Filter()).rows
    assert row.weeks == 4
    assert row.missing is not None
    assert row.missing.needed is not None
    weeks = -(-row.missing.needed // 28)
    assert 4 < weeks <= 8
    assert row.missing.days == 7 * weeks - 28


def test_windows_end_where_another_action_begins(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.5, 0.5)
    fill(sqlite_store, "price", 0.5, 0.5, seed=2)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    act(sqlite_store, "price", day=DAY + timedelta(days=3))
    (row, _) = actions(sqlite_store, Filter()).rows
    assert row.weeks == 8
    assert row.comparison is None  # the price had an action of its own
    act(sqlite_store, day=DAY + timedelta(days=38))
    put(sqlite_store, [review("1", "halo", str(DAY))], brand="Griyakita")
    act(sqlite_store, brand="Griyakita", day=DAY + timedelta(days=10))
    act(sqlite_store, None, day=DAY - timedelta(days=22))
    rows = {row.action.id: row for row in actions(sqlite_store, Filter()).rows}
    assert rows[1].weeks == 3
    assert rows[3].weeks == 2  # to the end of the data
    narrow = Filter(since=DAY - timedelta(days=15), until=DAY + timedelta(days=60))
    assert {row.action.id: row.weeks for row in actions(sqlite_store, narrow).rows}[1] == 2
    ours = Filter(brands=("Senandika",))
    assert {row.weeks for row in actions(sqlite_store, ours, days=14).rows} == {2}


def test_unrelated_mentions_change_nothing(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.6, 0.4)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    (before,) = actions(sqlite_store, Filter()).rows
    put(sqlite_store, [review(f"u{i}", "halo", str(DAY)) for i in range(5)])
    put(sqlite_store, [review("1", "halo", str(DAY))], brand="Griyakita")
    tag_all(sqlite_store, {})
    (after,) = actions(sqlite_store, Filter()).rows
    assert after.brand != before.brand  # all of its mentions are more
    assert replace(after, brand=None) == replace(before, brand=None)


def test_dialects_agree_and_an_empty_brand_has_no_data(store: Store) -> None:
    put(store, [review("1", "halo", None)])
    act(store)
    act(store, None)
    rows = actions(store, Filter()).rows
    assert {row.verdict for row in rows} == {"not_enough_data"}
    fill(store, "delivery", 0.6, 0.4, weeks=3, a_week=5)
    tag_all(store, TAGS)
    act(store, "packaging")
    first, *_, packaging = actions(store, Filter()).rows
    assert first.negative is not None
    assert opened(store, first.negative)[0] > 0
    assert packaging.negative is not None
    assert packaging.negative.before == NO_DATA


def test_what_no_count_is_kept_by_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(ConfigurationError, match="alone"):
        actions(sqlite_store, Filter(signals=("anxiety",)))
    with pytest.raises(ConfigurationError, match="too few"):
        actions(sqlite_store, Filter(), days=13)


def test_the_weeks_add_up_to_the_sides_and_open_their_numerators(sqlite_store: Store) -> None:
    fill(sqlite_store, "delivery", 0.7, 0.3)
    fill(sqlite_store, "price", 0.5, 0.5, seed=2)
    tag_all(sqlite_store, TAGS)
    act(sqlite_store)
    (row,) = actions(sqlite_store, Filter(brands=("Senandika",))).rows
    assert row.negative is not None
    assert row.comparison is not None
    for weeks, change in (
        (row.by_week, row.negative),
        (row.comparison.by_week, row.comparison.negative),
    ):
        assert len(weeks) == 2 * row.weeks
        assert weeks[row.weeks].start == DAY
        for side, whole in (
            (weeks[: row.weeks], change.before),
            (weeks[row.weeks :], change.after),
        ):
            assert sum(week.negative.k or 0 for week in side) == whole.k
            assert sum(week.negative.n for week in side) == whole.n
        for before, after in itertools.pairwise(weeks):
            assert after.start - before.end == timedelta(days=1)
        for week in (weeks[0], weeks[row.weeks]):
            assert week.negative.k == count(sqlite_store, week.behind).n
