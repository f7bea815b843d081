from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.response import response
from insights.response.times import Clock, by_clock, times
from insights.values import NO_DATA
from simak.hours import parse_hours
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.responses import UNKNOWN, Replies
from tests.builders import NOW, put, review, tag_all, tagged
from tests.stores import empty_store

TAGS = {
    "lama": tagged("negative", {"delivery": "negative"}),
    "bagus": tagged("positive"),
    "kapan buka?": tagged("neutral"),
}


def at(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def replied(text: str) -> dict[str, Any]:
    """An answer at a time in UTC."""
    return {"reply": "Maaf", "reply_at": at(text)}


@pytest.fixture
def answered(store: Store) -> Store:
    """Ten mentions on two channels with answers, two without, and a forum that shows none.

    All are of noon in UTC, 19:00 in Jakarta; 4 May 2026 is a Monday.
    """
    put(
        store,
        [
            # Complaints of the 4th to the 8th: answered after 1 h, 3 h and 5 days, two never.
            review("a", "lama", "2026-05-04", stars=1.0, **replied("2026-05-04T13:00")),
            review("b", "lama", "2026-05-05", stars=2.0, **replied("2026-05-05T15:00")),
            review("c", "lama", "2026-05-06", stars=1.0, **replied("2026-05-11T12:00")),
            review("d", "lama", "2026-05-07", stars=1.0),
            review("e", "lama", "2026-05-08", stars=2.0),
            # Too young to count: the last sign of life is the 11th.
            review("f", "lama", "2026-05-10", stars=1.0),
            review("g", "bagus", "2026-05-04", stars=5.0),
            review("h", "bagus", "2026-05-05", stars=5.0, **replied("2026-05-05T12:30")),
            # An answer before the question, and one at a time nobody knows.
            review("i", "kapan buka?", "2026-05-05", **replied("2026-05-04T12:00")),
            review("j", "kapan buka?", "2026-05-06", channel="email", reply="6"),
        ],
    )  # fmt: skip
    put(store, [review("k", "lama", "2026-05-04"), review("l", "lama", None)], source="forum")
    tag_all(store, TAGS)
    return store


def test_by_hand(answered: Store) -> None:
    result = response(answered, Filter(), hours=parse_hours("Mon-Fri 09:00-17:00"))
    assert (result.reply_rate.k, result.reply_rate.n) == (6, 10)
    clock, business = result.first_reply.clock, result.first_reply.business
    assert business is not None
    # Waits of 30, 60, 180 and 7200 minutes; two answers cannot be timed.
    assert (clock.median.value, clock.p90.value, clock.median.n) == (60.0, 7200.0, 4)
    assert result.first_reply.untimed == 2
    # All of them after five in the evening; Wednesday evening to Monday evening is three days.
    assert (business.median.value, business.p90.value) == (0.0, 3 * 480.0)
    # Of the 8 with a time, 4 wait: g since the 4th, d, e and f for 4, 3 and 1 days.
    # After 180 minutes 5/8 wait. Half of all: after 5 days, when only c and g are left.
    assert (clock.median_of_all.n, clock.median_of_all.value) == (8, 7200.0)
    # Of complaints a, b are answered early, c after 5 days; d, e and f still wait.
    complaints = result.to_complaints.clock
    assert (complaints.median.value, complaints.median.n) == (180.0, 3)
    assert (complaints.median_of_all.n, complaints.median_of_all.value) == (6, 7200.0)
    # f drops out after a day, e after 3 less what is missing of it; 4 of 6 wait after 3 hours.
    assert result.late.value == pytest.approx(4 / 6)
    # The 7th is the last whole day that is 3 days old at the 11th, 12:00 UTC: d of a to d.
    assert (result.unanswered.k, result.unanswered.n) == (1, 4)
    assert result.unanswered_behind is not None
    assert result.unanswered_behind.until == date(2026, 5, 7)
    assert [(one.source, one.mentions) for one in result.no_data] == [("forum", 2)]
    assert (result.stars_answered.value, result.stars_answered.n) == (pytest.approx(9 / 4), 4)
    assert (result.stars_not.value, result.stars_not.n) == (pytest.approx(9 / 4), 4)


def test_every_count_opens_its_mentions(answered: Store) -> None:
    for filter in (Filter(), Filter(since=date(2026, 5, 5)), Filter(touchpoints=("delivery",))):
        result = response(answered, filter)
        assert result.behind is not None
        assert count(answered, result.behind).n == result.reply_rate.k
        assert count(answered, result.behind.but(replied=None)).n == result.reply_rate.n
        assert result.unanswered_behind is not None
        assert count(answered, result.unanswered_behind).n == result.unanswered.k
        assert count(answered, result.unanswered_behind.but(replied=None)).n == result.unanswered.n
        for row in result.rows:
            assert count(answered, row.behind).n == row.reply_rate.k
            assert count(answered, row.behind.but(replied=None)).n == row.reply_rate.n
        for by in ("channel", "source", "sentiment", "complaint"):
            rows = [row.reply_rate for row in result.rows if row.by == by]
            assert sum(rate.n for rate in rows) == result.reply_rate.n
            assert sum(rate.k or 0 for rate in rows) == result.reply_rate.k


def test_where_no_answer_is_seen_there_is_no_rate(answered: Store) -> None:
    result = response(answered, Filter(sources=("forum",)))
    assert result.reply_rate == result.unanswered == result.late == NO_DATA
    assert (result.behind, result.unanswered_behind, result.rows) == (None, None, ())
    assert sum(one.mentions for one in result.no_data) == 2


def test_a_brand_that_never_answers_where_others_do_has_a_rate_of_0(answered: Store) -> None:
    put(answered, [review("r", "lama", "2026-05-05")], brand="Rival")
    tag_all(answered, TAGS)
    rate = response(answered, Filter(brands=("Rival",))).reply_rate
    assert (rate.value, rate.k, rate.n) == (0.0, 0, 1)


def test_what_other_brands_say_changes_nothing(answered: Store) -> None:
    mine = Filter(brands=("Senandika",))
    before = response(answered, mine)
    put(
        answered,
        [review(str(i), "lama", "2026-05-05", reply="x", reply_at=at("2026-05-06T00:00"))
         for i in range(5)],
        brand="Rival",
    )  # fmt: skip
    tag_all(answered, TAGS)
    assert response(answered, mine) == before


def test_tickets_bring_their_own_times(store: Store) -> None:
    put(
        store,
        [
            review("a", "lama", "2026-05-04", attributes={"first_response_minutes": "30",
                   "resolution_minutes": "600"}),
            review("b", "lama", "2026-05-04", attributes={"first_response_minutes": "90.4"}),
            review("c", "lama", "2026-05-06", attributes={"resolution_minutes": "60"}),
        ],
        source="zendesk",
    )  # fmt: skip
    tag_all(store, TAGS)
    result = response(store, Filter())
    assert (result.reply_rate.k, result.reply_rate.n) == (2, 3)
    assert result.first_reply.clock.p90.value == 90.0
    solved = result.resolution.clock
    assert (solved.median.value, solved.p90.value, solved.median_of_all.n) == (60.0, 600.0, 3)


def test_stars_that_changed_after_the_answer(store: Store) -> None:
    answer = {"reply": "Maaf", "reply_at": NOW}
    for id, before, after in (("a", 1.0, 4.0), ("b", 2.0, 1.0), ("c", 3.0, 5.0), ("d", 2.0, 2.0)):
        put(store, [review(id, "lama", stars=before, **answer)])
        put(
            store,
            [review(id, "lama" if before != after else "tetap lama", stars=after, **answer)],
            now=NOW + timedelta(days=1),
        )
    put(store, [review("e", "lama", stars=1.0, **answer)])
    again = response(store, Filter()).stars_again
    assert again.answered == 5
    assert (again.up.k, again.down.k, again.same.k, again.up.n) == (2, 1, 1, 4)
    assert again.change.value == pytest.approx((3 - 1 + 2 + 0) / 4)
    assert not again.change.enough
    ids = [*again.mentions["up"], *again.mentions["down"], *again.mentions["same"]]
    assert len(set(ids)) == 4


def test_an_empty_store_has_no_data(store: Store) -> None:
    result = response(store, Filter(), hours=parse_hours("Mon 09:00-10:00"))
    assert result.reply_rate == result.stars_answered == result.stars_again.change == NO_DATA
    assert result.first_reply.clock.median == result.resolution.clock.median_of_all == NO_DATA
    assert (result.rows, result.no_data) == ((), ())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 28), st.booleans(), st.sampled_from(sorted(TAGS)),
                          st.sampled_from(("x", "email"))), max_size=12))  # fmt: skip
def test_filters_commute_with_drill_down(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, bool, str, str]]
) -> None:
    store = empty_store(tmp_path_factory.mktemp("s") / "simak.db")
    put(store, [
        review(str(i), text, f"2026-05-{day:02}", channel=channel, **(
            {"reply": "x", "reply_at": NOW} if reply else {}))
        for i, (day, reply, text, channel) in enumerate(said)
    ])  # fmt: skip
    tag_all(store, TAGS)
    whole = response(store, Filter())
    for row in whole.rows:
        if row.by != "source":
            alone = response(store, row.behind.but(replied=None, sources=()))
            assert alone.reply_rate == row.reply_rate
            assert alone.first_reply.clock.median == row.median
    store.close()


def test_a_wait_that_is_not_over_is_counted_until_the_source_was_last_seen() -> None:
    said = np.array([0, 1_440, 2_880], dtype=np.int64)  # 07:00 of three days in Jakarta
    had = Replies(
        np.array(["x"] * 3, dtype=object), np.array(["s"] * 3, dtype=object), said * 0, said * 1.0,
        said >= 0, said, said + 100, said * 0 + UNKNOWN,
    )  # fmt: skip
    clock = Clock(ZoneInfo("Asia/Jakarta"), None, {"s": 5 * 1_440})
    days = [("s", date(1970, 1, day), 2) for day in (1, 2, 3)]
    still = by_clock(clock, had.replied, had, days)
    assert still.n == 6
    assert still.after(100).value == pytest.approx(0.5)
    # Noon of the 1st is minute 300: watched until the end of the 5th day.
    assert still.longest == 5 * 1_440 - 300
    assert times(clock, had.replied, had, days).clock.median_of_all.value == 100.0
