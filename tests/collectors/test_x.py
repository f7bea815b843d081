from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.runner import Job, collect, make_context
from collectors.services.x.budget import Budget
from collectors.services.x.recheck import DOUBTFUL
from collectors.sources.x import XSource
from simak.errors import ConfigurationError, RetryLater
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from tests.collectors.conformance import (
    NOW,
    PRIVACY,
    Killed,
    clock,
    gather,
    killed_at_write,
    row,
    rows,
)
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
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

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)


def id_at(at: datetime, n: int = 0) -> str:
    return str((int((at - EPOCH).total_seconds() * 1000) << 22) + n)


def post(n: int, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    at = at or NOW - timedelta(minutes=n)
    id = id_at(at, n)
    return {
        "id": id,
        "text": f"kopi {n}",
        "author_id": "7001",
        "lang": "in",
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "edit_history_tweet_ids": [id],
    } | fields


def pages(posts: list[dict[str, Any]]) -> Any:
    """The search as it is: the newest first, of the last seven days."""
    everything = sorted(posts, key=lambda post: -int(post["id"]))

    def answer(asked: Asked) -> Answer:
        assert not ("since_id" in asked.query and "start_time" in asked.query)
        found = [p for p in everything if int(p["id"]) > int(asked.query.get("since_id", 0))]
        if start := asked.query.get("start_time"):
            found = [p for p in found if p["created_at"] >= start]
        size = int(asked.query["max_results"])
        assert 10 <= size <= 100
        first = int(asked.query.get("next_token", 0))
        data = found[first : first + size]
        meta: dict[str, Any] = {"result_count": len(data)}
        if first + size < len(found):
            meta["next_token"] = str(first + size)
        return as_json({"data": data, "meta": meta} if data else {"meta": meta})

    return answer


def lookup(posts: list[dict[str, Any]], gone: dict[str, str] | None = None) -> Any:
    known = {post["id"]: post for post in posts}

    def answer(asked: Asked) -> Answer:
        ids = asked.query["ids"].split(",")
        told = [
            no_such(id, (gone or {}).get(id, "Not Found Error")) for id in ids if id not in known
        ]
        data = [known[id] for id in ids if id in known]
        return as_json({**({"data": data} if data else {}), **({"errors": told} if told else {})})

    return answer


def run(
    store: Store,
    replay: Replay,
    routes: Routes,
    *,
    now: datetime = NOW,
    max_items: int = 100_000,
    **options: Any,
) -> Run:
    replay.serve(routes)
    source = x(replay.url, **({"users": []} | options))
    jobs = [Job(source=source, max_items=max_items)]
    return collect(store, jobs, privacy=PRIVACY, now=lambda: now)[0]


def asked(replay: Replay, route: str) -> list[dict[str, str]]:
    path = route.partition(" ")[2]
    return [dict(a.query) for a in replay.asked if a.path == path]


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


def test_every_version_of_an_edited_post_is_one_mention(
    sqlite_store: Store, replay: Replay
) -> None:
    first = post(50)
    run(sqlite_store, replay, {SEARCH: pages([first])})
    ids = [first["id"], id_at(NOW - timedelta(minutes=40)), id_at(NOW - timedelta(minutes=30))]
    newest = post(30, id=ids[2], text="kopi yang disunting", edit_history_tweet_ids=ids)
    middle = post(40, id=ids[1], text="kopi sementara", edit_history_tweet_ids=ids)
    old = first | {"edit_history_tweet_ids": ids}
    routes = {SEARCH: pages([newest, middle, old]), LOOKUP: lookup([newest, middle, old])}
    second = run(sqlite_store, replay, routes)
    assert (second.new, second.edited, second.skipped) == (0, 1, {"duplicate": 1})
    stored = row(sqlite_store, having="disunting")
    assert stored["external_id"] == first["id"]
    assert stored["published_at"] == NOW - timedelta(minutes=50)
    assert stored["edited_at"] == NOW - timedelta(minutes=30)
    assert [text for text, _ in versions(sqlite_store, stored["id"])] == ["kopi 50"]
    # Asked for again by its first id, it is followed to its newest.
    third = run(sqlite_store, replay, routes)
    assert (third.status, third.new, third.edited) == (runs.DONE, 0, 0)
    assert [a["ids"] for a in asked(replay, LOOKUP)] == [ids[0], ids[2]]


def test_an_edit_that_the_search_does_not_find_is_found_by_id(
    sqlite_store: Store, replay: Replay
) -> None:
    first = post(50)
    run(sqlite_store, replay, {SEARCH: pages([first])})
    ids = [first["id"], id_at(NOW - timedelta(minutes=40))]
    newest = post(40, id=ids[1], text="sudah beres", edit_history_tweet_ids=ids)
    old = first | {"edit_history_tweet_ids": ids}
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: lookup([newest, old])})
    assert (second.new, second.edited) == (0, 1)
    assert row(sqlite_store, having="sudah beres")["external_id"] == first["id"]


def test_deleted_and_hidden_posts_lose_their_text(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(1, 6)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    gone = {posts[1]["id"]: "Authorization Error", posts[2]["id"]: "Forbidden"}
    routes = {SEARCH: pages([]), LOOKUP: lookup(posts[3:], gone)}
    second = run(sqlite_store, replay, routes)
    assert (second.status, second.deleted, second.edited) == (runs.DONE, 3, 0)
    assert [r["text"] for r in rows(sqlite_store) if r["text"]] == ["kopi 5", "kopi 4"]
    third = run(sqlite_store, replay, routes)
    assert third.deleted == 0
    assert asked(replay, LOOKUP)[0]["ids"] == ",".join(sorted(p["id"] for p in posts[3:]))


def test_an_error_of_another_kind_deletes_nothing(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(1), post(2)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    told = [no_such(posts[1]["id"], "Service Unavailable")]
    answer = as_json({"data": posts[:1], "errors": told})
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: answer})
    assert (second.status, second.deleted) == (runs.DONE, 0)
    unasked = as_json({"data": [post(77)]})
    third = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: unasked})
    assert (third.status, third.new, third.deleted) == (runs.FAILED, 0, 0)


def test_all_gone_at_once_is_not_believed(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(DOUBTFUL)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: lookup([])})
    assert (second.status, second.deleted) == (runs.DONE, 0)
    assert [note for note in second.notes if "asked again next time" in note]


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


def test_posts_asked_for_again_take_their_share_and_take_turns(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(90)]
    routes = {SEARCH: pages(posts), LOOKUP: lookup(posts)}
    # A quarter of 6,000 a month is 50 on its first day.
    given = {"monthly_posts": 6_000}
    run(sqlite_store, replay, routes, **given)
    done = run(sqlite_store, replay, routes, **given)
    (first,) = (a["ids"].split(",") for a in asked(replay, LOOKUP))
    assert (len(first), done.quota_left) == (50, 6_000 - 90 - 50)
    run(sqlite_store, replay, routes, **given)
    assert asked(replay, LOOKUP) == []
    run(sqlite_store, replay, routes, now=NOW + timedelta(days=1), **given)
    (second,) = (a["ids"].split(",") for a in asked(replay, LOOKUP))
    assert len(second) == 50
    assert set(first) | set(second) == {p["id"] for p in posts}
    # Where nothing is left, nothing is asked, and it is no failure.
    run(sqlite_store, replay, {SEARCH: pages([])}, search="lain", monthly_posts=10)
    assert asked(replay, LOOKUP) == []


def test_a_probe_costs_little(replay: Replay) -> None:
    posts = [post(n) for n in range(200)]
    replay.serve({SEARCH: pages(posts), MENTIONS: as_json({"data": posts[:5]})})
    source = x(replay.url)
    with Job(source=source).client(clock) as http:
        probe = replace(make_context("x", http=http, now=clock), probe=True)
        assert len(list(source.collect({}, probe))) == 2
    assert [a.query["max_results"] for a in replay.asked] == ["10", "5"]


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


def test_a_failing_place_does_not_stop_the_next_nor_the_rechecks(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(1), post(2)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    routes = {SEARCH: Answer(status=403), MENTIONS: pages([post(3)]), LOOKUP: lookup(posts[:1])}
    failed = run(sqlite_store, replay, routes, users=[BRAND])
    assert (failed.status, failed.new, failed.deleted) == (runs.FAILED, 1, 1)
    assert "403" in (failed.error or "")


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
