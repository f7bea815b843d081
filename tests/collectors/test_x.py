"""X: what a search reads, where it goes on, what it says when it is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.sources.x import XSource
from simak.errors import ConfigurationError
from store import runs
from store.engine import Store
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json, asked
from tests.collectors.test_x_conformance import (
    BRAND,
    LOOKUP,
    MENTIONS,
    SEARCH,
    TOKEN,
    no_such,
    refused,
    served,
    service,
    x,
)
from tests.collectors.x_posts import id_at, lookup, pages, post, run


def test_posts_become_mentions(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(service()))
    gather(sqlite_store, x(replay.url))
    plain = row(sqlite_store, having="nyasar lagi")
    assert (plain["source"], plain["channel"], plain["kind"]) == ("x", "x", "post")
    assert plain["url"] == f"https://x.com/i/status/{plain['external_id']}"
    assert plain["published_at"] == datetime(2026, 6, 1, 10, 15, 30, tzinfo=UTC)
    assert plain["edited_at"] is None
    assert plain["language"] == "id"
    whole = row(sqlite_store, having="Panjang ya")
    assert whole["text"].endswith("sebelum dikirim ke pelanggan lama.")
    answer = row(sqlite_store, having="setuju")
    assert (answer["kind"], answer["parent_id"]) == ("comment", "2061175883166646277")
    signs = row(sqlite_store, having="Senandika <3")
    assert signs["language"] is None
    mine = [r["author_key"] for r in rows(sqlite_store) if r["author_key"] == plain["author_key"]]
    assert len(mine) == 2  # the name stands beside the posts, for both pages


def test_what_a_repost_passes_on_is_taken_once_and_whole(
    sqlite_store: Store, replay: Replay
) -> None:
    replay.serve(served(service()))
    done = gather(sqlite_store, x(replay.url))[0]
    original = row(sqlite_store, having="berhenti langganan")
    assert original["text"].endswith("& poin hangus semua. Capek.")
    assert original["published_at"] == datetime(2026, 5, 30, 14, 0, 5, tzinfo=UTC)
    author = row(sqlite_store, having="refund pesanan")["author_key"]
    assert original["author_key"] == author
    assert done.skipped == {"another's text passed on": 1, "not written by a customer": 1}
    # It may also be found for itself.
    both = service()
    both[SEARCH]["data"].append(both[SEARCH]["includes"]["tweets"][0])
    replay.serve(served(both))
    again = gather(sqlite_store, x(replay.url), full=True)[0]
    assert (again.new, again.edited, again.skipped) == (0, 0, done.skipped)


def test_a_repost_of_what_did_not_come_along_is_counted(
    sqlite_store: Store, replay: Replay
) -> None:
    repost = post(1, referenced_tweets=[{"type": "retweeted", "id": "17"}])
    done = run(sqlite_store, replay, {SEARCH: pages([repost, post(2)])})
    assert (done.new, done.skipped) == (1, {"another's text passed on": 1})
    assert "posts passed on that X did not send along, so that they are lost: 1" in done.notes


def test_a_brands_own_posts_are_no_customers(sqlite_store: Store, replay: Replay) -> None:
    own = post(3, author_id=BRAND, text="Promo Senandika minggu ini")
    repost = post(1, referenced_tweets=[{"type": "retweeted", "id": own["id"]}])
    answer = {"data": [repost], "includes": {"tweets": [own]}, "meta": {"result_count": 1}}
    routes = {SEARCH: as_json(answer), MENTIONS: as_json({"meta": {"result_count": 0}})}
    done = run(sqlite_store, replay, routes, users=[BRAND])
    assert (done.status, done.new) == (runs.DONE, 0)
    assert rows(sqlite_store) == []


def test_errors_within_an_answer_are_counted_and_the_posts_kept(
    sqlite_store: Store, replay: Replay
) -> None:
    answer = {
        "data": [post(n) for n in range(1, 4)],
        "errors": [no_such(str(n)) for n in range(20)] + [no_such("9", "Authorization Error"), 3],
        "meta": {"result_count": 3},
    }
    done = run(sqlite_store, replay, {SEARCH: as_json(answer)})
    assert (done.status, done.new) == (runs.DONE, 3)
    assert [note for note in done.notes if "lost" in note] == [
        "lost with an error of X's, 'Not Found Error': 20",
        "lost with an error of X's, 'Authorization Error': 1",
        "lost with an error of X's, 'an error without a name': 1",
    ]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Not Found Error", "check the options of the source"),
        ("Authorization Error", "check the rights of the application"),
        ("Forbidden", "check the rights of the application"),
        ("Service Unavailable", "does not answer the mentions"),
    ],
)
def test_an_answer_of_errors_alone_is_one(
    sqlite_store: Store, replay: Replay, title: str, words: str
) -> None:
    error = no_such(BRAND, title) | {"detail": f"Could not find user with id: [{BRAND}]."}
    answer = {"errors": [error], "meta": {"result_count": 0}}
    routes = {MENTIONS: as_json(answer)}
    failed = run(sqlite_store, replay, routes, search=[], users=[BRAND])
    assert failed.status == runs.FAILED
    assert words in (failed.error or "")
    assert "Could not find user" in (failed.error or "")


def test_no_posts_is_nothing_where_x_counts_none(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {SEARCH: as_json({"meta": {"result_count": 0}})})
    assert (done.status, done.got) == (runs.DONE, 0)
    for answer in ({}, {"meta": {"newest_id": "1"}}, {"data": []}, {"meta": {"result_count": 2}}):
        failed = run(sqlite_store, replay, {SEARCH: as_json(answer)})
        assert failed.status == runs.FAILED, answer


def test_the_question_is_asked_in_xs_words(sqlite_store: Store, replay: Replay) -> None:
    nothing = as_json({"meta": {"result_count": 0}})
    routes = {SEARCH: nothing, MENTIONS: nothing}
    run(
        sqlite_store, replay, routes,
        search=['"kopi senandika" OR @senandikakopi'], languages=["id", "en"], users=[BRAND],
    )  # fmt: skip
    search, mentions = replay.asked
    assert search.query["query"] == ('("kopi senandika" OR @senandikakopi) (lang:in OR lang:en)')
    assert search.query["max_results"] == mentions.query["max_results"] == "100"
    assert "note_tweet" in search.query["tweet.fields"]
    assert "referenced_tweets.id.author_id" in search.query["expansions"]
    assert search.headers["authorization"] == f"Bearer {TOKEN}"
    assert search.headers["user-agent"].startswith("Simak/")
    assert "since_id" not in search.query


def test_later_runs_ask_for_what_is_new(sqlite_store: Store, replay: Replay) -> None:
    old = [post(n) for n in range(100, 130)]
    routes = {SEARCH: pages(old), LOOKUP: lookup(old)}
    assert run(sqlite_store, replay, routes).new == 30
    new = [post(n) for n in range(5)]
    routes = {SEARCH: pages(new + old), LOOKUP: lookup(new + old)}
    second = run(sqlite_store, replay, routes)
    assert (second.new, second.unchanged) == (5, 30)
    assert [a["since_id"] for a in asked(replay, SEARCH)] == [old[0]["id"]]
    run(sqlite_store, replay, routes)
    assert [a["since_id"] for a in asked(replay, SEARCH)] == [new[0]["id"]]


def test_a_stopped_run_goes_on_and_then_reads_what_came(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(1, 251)]
    run(sqlite_store, replay, {SEARCH: pages(posts)}, max_items=100)
    assert len(rows(sqlite_store)) == 100
    came = post(0)

    def later(asked: Asked) -> Answer:
        # What comes between does not move the pages of a token.
        return pages(posts if "next_token" in asked.query else [came, *posts])(asked)

    second = run(sqlite_store, replay, {SEARCH: later, LOOKUP: lookup([came, *posts])})
    assert (second.status, second.new) == (runs.DONE, 151)
    questions = [(a.get("next_token"), a.get("since_id")) for a in asked(replay, SEARCH)]
    assert questions == [("100", None), ("200", None), (None, posts[0]["id"])]


def test_a_token_that_x_does_not_know_any_more_begins_anew(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(1, 151)]
    run(sqlite_store, replay, {SEARCH: pages(posts)}, max_items=100)
    unknown = refused("next_token", "Invalid value for next_token")

    def forgetful(asked: Asked) -> Answer:
        if asked.query.get("next_token") == "100" and len(replay.asked) == 1:
            return unknown
        return pages(posts)(asked)

    second = run(sqlite_store, replay, {SEARCH: forgetful, LOOKUP: lookup(posts)})
    assert (second.status, second.new) == (runs.DONE, 50)
    # A token of this very run is another matter.
    fresh = [post(n) for n in range(300, 500)]
    failed = run(
        sqlite_store, replay,
        {SEARCH: pages(fresh), f"{SEARCH}?next_token=100": unknown, LOOKUP: lookup(fresh)},
        search="lain",
    )  # fmt: skip
    assert failed.status == runs.FAILED
    assert "Invalid value for next_token" in (failed.error or "")


SINCE_ID = refused(
    "since_id",
    "'since_id' must be a tweet id created after 2026-05-25T12:00Z. Please use a 'since_id' that "
    "is larger than 2058883940000000000",
)

START_TIME = refused("start_time", "'start_time' must be on or after 2026-06-13T12:00Z")


def window(posts: list[dict[str, Any]], now: datetime) -> Any:
    """The search at a time: ids and times of before its seven days are refused."""
    oldest = now - timedelta(days=7)
    shown = [p for p in posts if int(p["id"]) > int(id_at(oldest))]

    def answer(asked: Asked) -> Answer:
        if (since := asked.query.get("since_id")) and int(since) <= int(id_at(oldest)):
            return SINCE_ID
        if asked.query.get("start_time", "9") < f"{oldest:%Y-%m-%dT%H:%M:%SZ}":
            return START_TIME
        return pages(shown)(asked)

    return answer


def test_after_a_quiet_week_nothing_is_lost_and_nothing_read_twice(
    sqlite_store: Store, replay: Replay
) -> None:
    old = post(10)
    for day in (0, 6, 12, 13):
        now = NOW + timedelta(days=day)
        came = [post(1, at=now - timedelta(hours=1))] if day == 13 else []
        done = run(
            sqlite_store,
            replay,
            {SEARCH: window([old, *came], now), LOOKUP: lookup([old])},
            now=now,
        )
        assert (done.status, done.new) == (runs.DONE, 1 if day in (0, 13) else 0)
        assert not [note for note in done.notes if "lost" in note]
    assert asked(replay, SEARCH)[0]["start_time"] == "2026-06-13T11:55:00Z"


def test_more_than_a_week_between_two_runs_is_a_gap(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {SEARCH: pages([post(10)])})
    now = NOW + timedelta(days=9)
    new = post(1, at=now - timedelta(hours=1))
    routes = {SEARCH: window([new], now), LOOKUP: lookup([post(10)])}
    second = run(sqlite_store, replay, routes, now=now)
    assert (second.status, second.new) == (runs.DONE, 1)
    assert [note for note in second.notes if "may be lost" in note]
    assert "since_id" not in asked(replay, SEARCH)[1]


def test_a_search_that_found_nothing_goes_on_at_its_time(
    sqlite_store: Store, replay: Replay
) -> None:
    run(sqlite_store, replay, {SEARCH: window([], NOW)})
    for days, lost in ((3, False), (12, True)):
        now = NOW + timedelta(days=days)
        done = run(sqlite_store, replay, {SEARCH: window([], now)}, now=now)
        assert done.status == runs.DONE
        assert bool([note for note in done.notes if "may be lost" in note]) == lost
    assert "start_time" not in asked(replay, SEARCH)[-1]


def test_mentions_past_what_x_lists_are_a_gap(sqlite_store: Store, replay: Replay) -> None:
    mentions = {MENTIONS: as_json({"meta": {"result_count": 0}})}
    run(sqlite_store, replay, mentions, search=[], users=[BRAND])
    posts = [post(n) for n in range(800)]

    def listed(asked: Asked) -> Answer:
        first = int(asked.query.get("pagination_token", 0))
        meta = {"result_count": 100} | ({"next_token": str(first + 100)} if first < 700 else {})
        return as_json({"data": posts[first : first + 100], "meta": meta})

    second = run(sqlite_store, replay, {MENTIONS: listed}, search=[], users=[BRAND])
    assert (second.status, second.new) == (runs.DONE, 800)
    assert [note for note in second.notes if "lists the last 800" in note]


def test_pages_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    answer = {"data": [post(1)], "meta": {"result_count": 1, "next_token": "a"}}
    failed = run(sqlite_store, replay, {SEARCH: as_json(answer)})
    assert (failed.status, failed.new) == (runs.FAILED, 1)
    assert "without end" in (failed.error or "")

    def other_tokens(asked: Asked) -> Answer:
        return as_json(answer | {"meta": {"next_token": f"t{len(replay.asked)}"}})

    failed = run(sqlite_store, replay, {SEARCH: other_tokens}, search="lain")
    assert "without end" in (failed.error or "")
    assert len(replay.asked) < 10

    def empty(asked: Asked) -> Answer:
        meta = {"result_count": 0, "next_token": f"t{len(replay.asked)}"}
        return as_json({"meta": meta})

    failed = run(sqlite_store, replay, {SEARCH: empty}, search="kosong")
    assert "without end" in (failed.error or "")
    assert len(replay.asked) < 30


def test_a_limit_of_requests_is_waited_for_as_x_says(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    reset = {"x-rate-limit-reset": str(int(NOW.timestamp()) + 30)}
    busy = Answer(b'{"title": "Too Many Requests"}', status=429, headers=reset)
    routes: Routes = {SEARCH: [busy, as_json({"meta": {"result_count": 0}})]}
    assert run(sqlite_store, replay, routes).status == runs.DONE
    assert naps == [30.0]
    until = NOW + timedelta(minutes=14)
    busy = Answer(status=429, headers={"x-rate-limit-reset": str(int(until.timestamp()))})
    failed = run(sqlite_store, replay, {SEARCH: busy})
    assert (failed.status, failed.retry_at) == (runs.FAILED, until)
    assert len(naps) == 1


def test_the_last_request_of_a_window_is_not_followed_by_another(
    sqlite_store: Store, replay: Replay
) -> None:
    until = NOW + timedelta(minutes=10)
    spent = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(until.timestamp()))}
    posts = [post(n) for n in range(150)]

    def answer(asked: Asked) -> Answer:
        given = pages(posts)(asked)
        return Answer(given.body, headers=spent)

    failed = run(sqlite_store, replay, {SEARCH: answer})
    assert (failed.status, failed.new, failed.retry_at) == (runs.FAILED, 100, until)
    assert len(replay.asked) == 1
    # Each kind of request has its own.
    empty = Answer(b'{"meta": {"result_count": 0}}', headers=spent)
    routes = {SEARCH: empty, MENTIONS: empty, LOOKUP: lookup(posts)}
    done = run(sqlite_store, replay, routes, search="a", users=[BRAND])
    assert done.status == runs.DONE


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refused("query", "no viable alternative at character ')'"), "check 'search'"),
        (refused("max_results", "must be a number"), "must be a number"),
        (Answer(b"<html>", status=400), "(400)"),
        (Answer(b"[1]", status=400), "not what was asked for"),
        (Answer(b'{"errors": [7]}', status=400), "not what was asked for"),
        (Answer(b'{"title": "CreditsDepleted"}', status=402), "no credits left"),
        (Answer(b"[" * 100_000, status=400), "not what was asked for"),
    ],
)
def test_a_refusal_says_what_to_do(
    sqlite_store: Store, replay: Replay, answer: Answer, words: str
) -> None:
    failed = run(sqlite_store, replay, {SEARCH: answer})
    assert failed.status == runs.FAILED
    assert words in (failed.error or "")
    assert "mistake in its code" not in (failed.error or "")


def test_one_unreadable_post_is_kept_for_inspection(sqlite_store: Store, replay: Replay) -> None:
    data = [post(1), {"id": "5", "text": ""}, {"text": "tanpa id"}, 7]
    done = run(sqlite_store, replay, {SEARCH: as_json({"data": data})})
    assert (done.status, done.new) == (runs.DONE, 1)
    assert done.skipped == {"a record without a text": 1, "a record without an id": 2}


def test_xs_address_is_a_setting(sqlite_store: Store, replay: Replay) -> None:
    answer = as_json({"meta": {"result_count": 0}})
    replay.serve({"GET /proxy/2/tweets/search/recent": answer})
    assert gather(sqlite_store, x(f"{replay.url}/proxy/", users=[]))[0].status == runs.DONE


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"search": "a"}, "'bearer_token' must be a text"),
        ({"bearer_token": "Bearer t", "search": "a"}, "'bearer_token' holds a blank"),
        ({"bearer_token": "t\nt", "search": "a"}, "copy it alone and whole"),
        ({"bearer_token": "t"}, "give 'search', 'users' or both"),
        ({"bearer_token": "t", "users": ["@senandika"]}, "'@senandika' is no id"),
        ({"bearer_token": "t", "search": "a", "monthly_posts": 9}, "from 10 on"),
        ({"bearer_token": "t", "search": "a", "monthly_posts": True}, "from 10 on"),
        ({"bearer_token": "t", "search": "a", "monthly_posts": "90"}, "from 10 on"),
        ({"bearer_token": "t", "search": "a", "url": "api.x.com"}, "option 'url'"),
        ({"bearer_token": "t", "search": "a", "apikey": "b"}, "'apikey' is not known"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        XSource(name="x", brand="Senandika", options=options)
