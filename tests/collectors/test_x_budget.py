"""X's posts are paid for: a month's are never passed, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collectors.runner import Job, make_context
from collectors.services.x.budget import Budget
from collectors.sources.x import XSource
from simak.errors import RetryLater
from store import runs
from store.engine import Store
from tests.collectors.conformance import Killed, clock, gather, killed_at_write, rows
from tests.collectors.replay import Replay, as_json, asked
from tests.collectors.test_x_conformance import MENTIONS, SEARCH, TOKEN, x
from tests.collectors.x_posts import pages, post, run


def test_the_months_posts_are_never_passed(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(500)]
    first = run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=45)
    assert (first.status, first.retry_at) == (runs.FAILED, datetime(2026, 7, 1, tzinfo=UTC))
    assert "raise monthly_posts" in (first.error or "")
    sizes = [int(a["max_results"]) for a in asked(replay, SEARCH)]
    assert sizes == [15, 10, 20]
    assert (first.new, first.quota_left) == (45, 0)
    again = run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=45)
    assert (again.status, again.new, replay.asked) == (runs.FAILED, 0, [])
    july = datetime(2026, 7, 1, 0, 5, tzinfo=UTC)
    third = run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=45, now=july)
    assert third.new == 45
    # It went on where it stood.
    assert asked(replay, SEARCH)[0]["next_token"] == "45"


def test_what_comes_along_counts_and_stays_behind_near_the_end(
    sqlite_store: Store, replay: Replay
) -> None:
    answers = [
        {
            "data": [post(n + k, referenced_tweets=[{"type": "quoted", "id": str(n + k + 900)}])
                     for k in range(10)],
            "includes": {"tweets": [post(n + k + 900, id=str(n + k + 900)) for k in range(10)]},
            "meta": {"result_count": 10, "next_token": str(n)},
        }
        for n in (0, 10)
    ]  # fmt: skip
    done = run(
        sqlite_store, replay, {SEARCH: [as_json(a) for a in answers]}, max_items=1,
        monthly_posts=32,
    )  # fmt: skip
    assert done.quota_left == 12
    assert asked(replay, SEARCH)[0]["max_results"] == "10"
    assert "referenced_tweets.id" in asked(replay, SEARCH)[0]["expansions"]
    del answers[1]["includes"]
    run(sqlite_store, replay, {SEARCH: as_json(answers[1])}, max_items=1, monthly_posts=32)
    assert asked(replay, SEARCH)[0]["max_results"] == "12"
    assert asked(replay, SEARCH)[0]["expansions"] == "author_id"


def test_what_was_read_is_known_after_a_kill(
    sqlite_store: Store, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [post(n) for n in range(500)]
    with killed_at_write(3, monkeypatch), pytest.raises(Killed):
        run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=330)
    assert len(rows(sqlite_store)) == 176
    second = run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=330)
    assert (len(rows(sqlite_store)), second.quota_left) == (330, 0)


def test_a_probe_costs_little(replay: Replay) -> None:
    posts = [post(n) for n in range(200)]
    replay.serve({SEARCH: pages(posts), MENTIONS: as_json({"data": posts[:5]})})
    source = x(replay.url)
    with Job(source=source).client(clock) as http:
        probe = replace(make_context("x", http=http, now=clock), probe=True)
        assert len(list(source.collect({}, probe))) == 2
    assert [a.query["max_results"] for a in replay.asked] == ["10", "5"]


def test_a_month_that_ends_while_it_is_counted() -> None:
    now = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    budget = Budget({}, 30, lambda: now)
    budget.spend(25)
    with pytest.raises(RetryLater) as caught:
        budget.ask(10)
    assert caught.value.retry_at == datetime(2027, 1, 1, tzinfo=UTC)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert budget.ask(10).size == 10
    assert budget.state() == {"month": "2027-01", "read": 0, "again": 0}


def test_the_months_posts_are_never_passed_from_the_beginning_either(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(500)]
    run(sqlite_store, replay, {SEARCH: pages(posts)}, monthly_posts=45)
    replay.serve({SEARCH: pages(posts)})
    source = XSource(
        name="x",
        brand="Senandika",
        options={
            "bearer_token": TOKEN, "url": replay.url, "search": "senandika", "monthly_posts": 45
        },
    )  # fmt: skip
    (again,) = gather(sqlite_store, source, full=True)
    assert (again.status, again.retry_at) == (runs.FAILED, datetime(2026, 7, 1, tzinfo=UTC))
    assert replay.asked == []


def test_posts_that_could_not_be_used_count_too(sqlite_store: Store, replay: Replay) -> None:
    strange = as_json({"data": [{"id": "1"}] * 30, "meta": {"result_count": 30}})
    first = run(sqlite_store, replay, {SEARCH: strange}, monthly_posts=40)
    assert (first.status, first.quota_left) == (runs.FAILED, 10)
    second = run(sqlite_store, replay, {SEARCH: pages([post(1)])}, monthly_posts=40)
    assert (second.status, second.quota_left) == (runs.DONE, 9)
