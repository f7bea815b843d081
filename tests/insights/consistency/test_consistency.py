from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kruskal, mannwhitneyu

from insights.consistency import Consistency, TouchpointRow, consistency
from insights.consistency.answers import ranks_of
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged

TAXONOMY = load_taxonomy()

Cells = Mapping[tuple[str, str], tuple[int, int]]
"""Touchpoint and channel → negative and all mentions of it."""


def say(store: Store, cells: Cells, brand: str = "Senandika") -> None:
    """Store mentions of one touchpoint each, so many of a cell that speak badly of it."""
    for (touchpoint, channel), (negative, n) in cells.items():
        put(
            store,
            [
                review(
                    f"{touchpoint}{channel}{i}",
                    f"{touchpoint} {'buruk' if i < negative else 'baik'}",
                    channel=channel,
                )
                for i in range(n)
            ],
            brand=brand,
        )
    tags = {}
    for touchpoint, _ in cells:
        tags[f"{touchpoint} buruk"] = tagged("negative", {touchpoint: "negative"})
        tags[f"{touchpoint} baik"] = tagged("positive", {touchpoint: "positive"})
    tag_all(store, tags)


# Half of what is said in the app store is bad, a fifth elsewhere; delivery is as bad on WhatsApp.
WORLD: Cells = {
    (touchpoint, channel): (n // 2 if channel == "app_store" else n // 5, n)
    for touchpoint in ("delivery", "price", "packaging", "payment")
    for channel, n in (("app_store", 80), ("whatsapp", 60), ("email", 50), ("marketplace", 90))
} | {("delivery", "whatsapp"): (36, 60)}


def row_of(result: Consistency, touchpoint: str, brand: str = "Senandika") -> TouchpointRow:
    (row,) = (row for row in result.rows if (row.touchpoint, row.brand) == (touchpoint, brand))
    return row


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    say(sqlite_store, WORLD)
    return sqlite_store


def test_the_outlying_channel_is_named_and_a_bad_channel_is_told_from_it(world: Store) -> None:
    result = consistency(world, TAXONOMY, Filter())
    delivery = row_of(result, "delivery")
    assert result.rows[0] == delivery
    assert delivery.verdict == "own"
    named = {cell.channel: cell for cell in delivery.cells if cell.own}
    assert set(named) == {"whatsapp"}
    cell = named["whatsapp"]
    assert cell.outlying == "worse"
    assert (cell.negative_rate.k, cell.negative_rate.n) == (36, 60)
    # By hand: 40 of 80, 10 of 50 and 18 of 90 on the other three.
    assert cell.against_rest.value == pytest.approx(36 / 60 - 68 / 220)
    # Elsewhere WhatsApp is like e-mail and the marketplace, and so is delivery: a fifth.
    assert cell.expected.value == pytest.approx(0.2, abs=0.01)
    assert cell.beyond.value == pytest.approx(0.4, abs=0.01)
    assert cell.beyond.low is not None
    assert cell.beyond.low > 0.2
    for touchpoint in ("price", "packaging", "payment"):
        row = row_of(result, touchpoint)
        assert row.verdict == "level"
        assert {c.channel for c in row.cells if c.outlying == "worse"} == {"app_store"}
        assert not any(c.own for c in row.cells)


def test_every_count_opens_its_mentions(world: Store) -> None:
    result = consistency(world, TAXONOMY, Filter(since=date(2026, 5, 1)))
    for row in result.rows:
        assert count(world, row.behind).n == row.negative_rate.k
        assert sum(cell.negative_rate.n for cell in row.cells) == row.negative_rate.n
        for cell in row.cells:
            assert count(world, cell.behind).n == cell.negative_rate.k
    for channel in result.channels:
        assert count(world, channel.behind).n == channel.complaint_rate.k


def test_a_rival_is_no_channel_and_changes_nothing(world: Store) -> None:
    mine = consistency(world, TAXONOMY, Filter(brands=("Senandika",)))
    say(world, {("delivery", "app_store"): (1, 90), ("price", "app_store"): (80, 90)}, "Griyakita")
    both = consistency(world, TAXONOMY, Filter())
    assert both.single == ("Griyakita",)
    assert row_of(both, "price", "Griyakita").verdict == "too few"
    again = consistency(world, TAXONOMY, Filter(brands=("Senandika",)))
    assert again == mine


def test_few_mentions_say_nothing(sqlite_store: Store) -> None:
    say(sqlite_store, {("price", "x"): (9, 9), ("price", "email"): (0, 40)})
    row = row_of(consistency(sqlite_store, TAXONOMY, Filter()), "price")
    assert (row.verdict, row.differs_p, row.beyond_p) == ("too few", None, None)
    assert all(cell.outlying is None for cell in row.cells)


def test_a_channel_below_the_least_number_is_tested_but_never_named(sqlite_store: Store) -> None:
    few = {(name, "x"): (18, 20) for name in ("price", "delivery")}
    say(sqlite_store, few | {(name, "email"): (4, 100) for name in ("price", "delivery")})
    row = row_of(consistency(sqlite_store, TAXONOMY, Filter()), "price")
    assert row.differs_p is not None
    assert row.differs_p < 0.001
    assert {cell.channel for cell in row.cells if cell.outlying} == {"email"}


def test_a_trifle_is_no_finding_in_a_huge_store(sqlite_store: Store, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    say(sqlite_store, {("price", "x"): (60, 100), ("price", "email"): (46, 100)})
    asked = lambda: row_of(consistency(sqlite_store, TAXONOMY, Filter()), "price")  # noqa: E731
    assert asked().verdict == "level"
    monkeypatch.setattr("insights.consistency.MIN_DIFFERENCE", 0.15)
    assert asked().verdict == "none"


def test_an_empty_store_has_nothing_to_compare(store: Store) -> None:
    result = consistency(store, TAXONOMY, Filter())
    assert (result.rows, result.channels, result.answers, result.single) == ((), (), (), ())


@given(st.lists(st.integers(0, 20), min_size=2, max_size=40), st.data())
def test_waits_are_compared_as_scipy_does(waits: list[int], data: st.DataObject) -> None:
    group = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(waits),
        max_size=len(waits))))  # fmt: skip
    values = np.array(waits, dtype=np.int64)
    ranks, here = ranks_of(values), group == 0
    parts = [values[group == one] for one in set(group)]
    if len(set(waits)) == 1 or len(parts) < 2:
        assert ranks.any_differs(group) == 1.0
        return
    assert ranks.any_differs(group) == pytest.approx(kruskal(*parts).pvalue)
    if 0 < here.sum() < len(here):
        theirs = mannwhitneyu(
            values[here], values[~here], method="asymptotic", use_continuity=False
        ).pvalue
        assert ranks.one_differs(here) == pytest.approx(theirs)
    else:
        assert ranks.one_differs(here) == 1.0


def answer(store: Store, channel: str, asked: int, answered: int, minutes: int) -> None:
    """Ask on a channel; the first so many are answered after so many minutes and a little."""
    noon = datetime(2026, 5, 10, 12, tzinfo=UTC)
    rows = []
    for i in range(asked):
        after = timedelta(minutes=minutes + i % 30)
        reply = {"reply": "Halo", "reply_at": noon + after} if i < answered else {}
        rows.append(review(f"{channel}{i}", f"tanya {i}", channel=channel, **reply))
    put(store, rows)


def test_who_is_answered_less_often_and_later_is_named(sqlite_store: Store) -> None:
    answer(sqlite_store, "email", 100, 40, 600)
    answer(sqlite_store, "whatsapp", 100, 80, 60)
    answer(sqlite_store, "x", 50, 0, 0)
    email, whatsapp = consistency(sqlite_store, TAXONOMY, Filter()).answers
    assert (email.rate, email.speed) == ("fewer", "slower")
    assert (whatsapp.rate, whatsapp.speed) == ("more", "faster")
    assert email.rate_against_rest.value == pytest.approx(-0.4)
    # The 20th of 40 waits (0, 0, 1, 1, … 9, 9, 10, …) and the 40th of 80 (0, 0, 0, 1, …).
    assert email.median_against_rest.value == 609 - 73
    for row in (email, whatsapp):
        assert count(sqlite_store, row.behind).n == row.reply_rate.k


def test_channels_answered_alike_are_not_named(sqlite_store: Store) -> None:
    answer(sqlite_store, "email", 100, 40, 100)
    answer(sqlite_store, "whatsapp", 100, 42, 101)
    rows = consistency(sqlite_store, TAXONOMY, Filter()).answers
    assert [(row.rate, row.speed) for row in rows] == [(None, None)] * 2
