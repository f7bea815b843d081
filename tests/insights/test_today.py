"""What is new of a brand: counts of the new days, rates of at least a week."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count as numbers

import pytest

from insights.spikes import spikes
from insights.today import EVENTS, LONGEST, QUOTES, new_days, strongest, today, told, week_of
from simak.taxonomy import load_taxonomy
from store.actions import add_action
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.promises import add_promise, refresh_promises
from tests.builders import NOW, put, review, tag_all, tagged

LAST = date(2026, 5, 31)
LATE, DEAR = "paket saya lama sekali sampainya", "ongkirnya makin mahal saja ya min"
GOOD = "wajannya bagus, tidak lengket sama sekali"
BROKEN = "dijanjikan sampai hari ini, ternyata tidak sampai juga"
SAID = {
    LATE: tagged("negative", {"delivery": "negative"}),
    DEAR: tagged("negative", {"price": "negative"}),
    GOOD: tagged("positive", {"product_quality": "positive"}),
    BROKEN: tagged("negative", {"delivery": "negative"}, signals=("broken_promise",)),
}
BRAND = Filter(brands=("Senandika",))


@pytest.fixture
def year(store: Store) -> Store:
    """Ten weeks of 2 late and 1 dear parcels and 3 praises a day; 20 late ones on 28 May."""
    id = numbers()
    texts = {
        LAST - timedelta(days=back): [LATE, LATE, DEAR, GOOD, GOOD, GOOD] for back in range(70)
    }
    texts[date(2026, 5, 28)] += [LATE] * 20
    rows = [
        review(f"r{next(id)}", text, day.isoformat()) for day, all in texts.items() for text in all
    ]
    for start in range(0, len(rows), 200):
        put(store, rows[start : start + 200])
    put(store, [review("rival", GOOD, LAST.isoformat())], brand="Griyakita")
    tag_all(store, SAID)
    return store


def of(since: date, until: date = LAST) -> Filter:
    return BRAND.but(since=since, until=until)


def test_new_days() -> None:
    assert new_days(LAST, None) == (date(2026, 5, 25), LAST)
    assert new_days(LAST, LAST) == (LAST, LAST)
    assert new_days(LAST, date(2026, 5, 29)) == (date(2026, 5, 29), LAST)
    assert new_days(LAST, LAST + timedelta(days=1)) == (date(2026, 5, 25), LAST)
    since, until = new_days(LAST, date(2020, 1, 1))
    assert (until - since).days + 1 == LONGEST


def test_rates_are_of_a_week_at_least() -> None:
    assert week_of(of(date(2026, 5, 30))) == of(date(2026, 5, 25))
    assert week_of(of(date(2026, 5, 1))) == of(date(2026, 5, 1))


def test_what_is_counted_is_what_opens(year: Store) -> None:
    put(year, [review("w", "menunggu", "2026-05-02")])
    found = today(year, load_taxonomy(), of(date(2026, 5, 30)))
    assert (found.mentions.n, found.complaints.n, found.waiting.n) == (12, 6, 1)
    for one in (found.mentions, found.complaints, found.waiting):
        assert count(year, one.behind).n == one.n
    # 7 days of 6, and 20 more; the seven before without them.
    assert found.week.now["complaint_rate"].k == 41
    assert found.week.now["complaint_rate"].n == 62
    assert found.week.before is not None
    assert found.week.before["complaint_rate"].k == 21
    assert found.touchpoints.complaints == 41


def test_what_stood_out_is_explained_and_quoted(year: Store) -> None:
    found = spikes(year, of(date(2026, 5, 25)))
    events = [told(year, event) for event in strongest(found)]
    first = events[0]
    assert first.event.head.since == first.event.head.until == date(2026, 5, 28)
    assert first.event.known == date(2026, 5, 28)
    assert first.bad
    assert count(year, first.event.head.behind).n == first.event.head.seen.k
    assert 0 < len(first.verbatims) <= QUOTES
    strengths = [one.event.strength for one in events]
    assert strengths == sorted(strengths, reverse=True)
    assert len(events) <= EVENTS
    assert spikes(year, of(date(2026, 5, 29))).events == ()  # it was over before


def test_a_promise_is_told_where_more_say_it_was_broken(year: Store) -> None:
    add_promise(
        year, brand="Senandika", text="sampai hari ini", touchpoint="delivery",
        since=date(2026, 3, 1), now=NOW,
    )  # fmt: skip
    days = ["2026-05-20", "2026-05-27", "2026-05-28"]
    put(year, [review(f"p{day}", BROKEN, day) for day in days])
    tag_all(year, SAID)
    refresh_promises(year)
    (told,) = today(year, load_taxonomy(), of(date(2026, 5, 25))).promises
    assert told.broken.kept.broken.k == 2
    assert told.before.n == count(year, told.before.behind).n == 1
    assert count(year, told.broken.kept.behind_broken).n == 2
    # The week before: one, and none in the week before that. A week later: none.
    (before,) = today(year, load_taxonomy(), of(date(2026, 5, 18), date(2026, 5, 24))).promises
    assert (before.broken.kept.broken.k, before.before.n) == (1, 0)


def test_a_verdict_is_told_once_it_is_in(year: Store) -> None:
    """54 mentions a side are needed: of 14 a week, four whole weeks, 27 April to 24 May."""
    add_action(
        year, brand="Senandika", text="pengumuman", touchpoint="delivery", day=date(2026, 4, 27),
        by="Sari", now=NOW,
    )  # fmt: skip

    def told(since: date, until: date) -> list[str]:
        return [row.verdict for row in today(year, load_taxonomy(), of(since, until)).verdicts]

    assert told(date(2026, 5, 23), date(2026, 5, 23)) == []
    assert told(date(2026, 5, 24), date(2026, 5, 24)) == ["no_change_seen"]
    assert told(date(2026, 5, 18), date(2026, 5, 26)) == ["no_change_seen"]
    assert told(date(2026, 5, 25), date(2026, 5, 25)) == []


def test_nothing_stored_is_nothing_new(store: Store) -> None:
    found = today(store, load_taxonomy(), of(LAST))
    assert (found.mentions.n, found.complaints.n, found.waiting.n) == (0, 0, 0)
    assert found.themes == found.promises == found.verdicts == ()
    assert spikes(store, of(LAST)).events == ()
