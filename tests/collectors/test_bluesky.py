from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.recheck import DAYS as RECHECK_DAYS
from collectors.services.bluesky.api import BATCH, PAGE
from collectors.services.bluesky.api import Answer as ApiAnswer
from collectors.services.bluesky.items import mention_of
from collectors.services.bluesky.slices import FULL, Slice, read_on
from simak.errors import BadRecord, ConfigurationError
from simak.reasons import NO_WORDS, NOT_A_CUSTOMER, NOT_SAID
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
from tests.collectors.test_bluesky_conformance import (
    FOUND,
    LOGIN,
    MENTIONS,
    POSTS,
    SEARCH,
    SECRET,
    SESSION,
    THREAD,
    TOKEN,
    TOLD,
    bluesky,
    by_name,
    notifications,
    page,
    recorded,
    refusal,
    served,
)


def skeet(n: int, *, text: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    post: dict[str, Any] = recorded(FOUND)[0]
    when = (at or NOW - timedelta(minutes=n)).isoformat()
    post["record"] |= {"text": text or f"Kiriman ke-{n}", "createdAt": when}
    return post | {"uri": f"at://did:plc:rani7/app.bsky.feed.post/3k{n:06}", "indexedAt": when}


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve({LOGIN: as_json(SESSION), **routes})
    return gather(store, bluesky(replay.url, **({"mentions": False} | options)))[0]


def paths(replay: Replay) -> list[str]:
    return [asked.path.rpartition(".")[2] for asked in replay.asked]


def test_the_account_is_logged_in_and_its_token_sent(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(recorded(FOUND), recorded(TOLD)))
    gather(sqlite_store, bluesky(replay.url))
    assert paths(replay)[0] == "createSession"
    assert paths(replay).count("createSession") == 1
    login, *others = replay.asked
    assert login.headers["content-type"] == "application/json"
    assert "authorization" not in login.headers
    assert {asked.headers["authorization"] for asked in others} == {f"Bearer {TOKEN}"}
    searched = [asked for asked in others if asked.path.endswith("searchPosts")]
    assert searched[0].query == {"q": "senandika", "limit": str(PAGE), "sort": "latest"}
    (told,) = [asked for asked in others if asked.path.endswith("listNotifications")]
    assert told.lists["reasons"] == ["mention", "reply", "quote"]


def test_what_is_stored_of_a_post(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(recorded(FOUND), recorded(TOLD)))
    done = gather(sqlite_store, bluesky(replay.url))[0]
    assert done.skipped == {NOT_A_CUSTOMER: 1, NO_WORDS: 1, NOT_SAID: 1}
    assert (done.new, done.quota_left) == (4, 2983)
    late = row(sqlite_store, having="telat 5 hari")
    assert late["external_id"] == "at://did:plc:rani7/app.bsky.feed.post/3kaaaaaaaaa8"
    assert late["url"] == "https://bsky.app/profile/did:plc:rani7/post/3kaaaaaaaaa8"
    assert (late["channel"], late["kind"], late["language"]) == ("bluesky", "post", "id")
    answer = row(sqlite_store, having="lama banget")
    assert (answer["kind"], answer["language"]) == ("comment", None)
    assert answer["parent_id"] == "at://did:plc:rani7/app.bsky.feed.post/3kaaaaaaaaa1"
    assert answer["published_at"] == datetime(2026, 6, 1, 7, 30, 0, 123456, tzinfo=UTC)
    assert row(sqlite_store, having="nomor resi")


def test_a_handle_that_is_lost_is_no_name() -> None:
    authors = [raw.author for post in recorded(FOUND) if (raw := mention_of(post))]
    assert authors[0] == "rani.bsky.example"
    assert authors[-1] == "did:plc:sari9"


@pytest.mark.parametrize(
    ("created", "indexed", "said"),
    [
        ("2026-06-01T08:00:00Z", "2026-06-01T08:00:02Z", "2026-06-01T08:00:00+00:00"),
        ("2031-01-01T00:00:00Z", "2026-06-01T08:00:02Z", "2026-06-01T08:00:02+00:00"),
        ("1970-01-01T00:00:00Z", "2026-06-01T08:00:02Z", "2026-06-01T08:00:02+00:00"),
        ("2014-03-05T08:00:00+07:00", "2026-06-01T08:00:02Z", "2014-03-05T01:00:00+00:00"),
        ("kemarin", "2026-06-01T08:00:02Z", "2026-06-01T08:00:02+00:00"),
        (None, "2026-06-01T08:00:02Z", "2026-06-01T08:00:02+00:00"),
        ("2026-06-01T08:00:00Z", None, "2026-06-01T08:00:00+00:00"),
        ("1970-01-01T00:00:00Z", None, None),
    ],
)
def test_when_a_post_was_said(created: Any, indexed: Any, said: str | None) -> None:
    post = skeet(1)
    post["record"]["createdAt"] = created
    raw = mention_of(post | {"indexedAt": indexed})
    assert raw is not None
    assert (raw.published_at.isoformat() if raw.published_at else None) == said


def test_a_session_that_expires_is_begun_again(sqlite_store: Store, replay: Replay) -> None:
    session = as_json(SESSION)
    later = as_json({**SESSION, "accessJwt": "token-baru"})
    first, second = page([skeet(1)], "1"), page([skeet(2)])
    routes: Routes = {
        LOGIN: [session, later],
        SEARCH: first,
        f"{SEARCH}?cursor=1": [refusal("ExpiredToken"), second],
    }
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.DONE, 2)
    assert paths(replay).count("createSession") == 2
    assert replay.asked[-1].headers["authorization"] == "Bearer token-baru"
    assert replay.unused() == []


def test_a_session_that_is_refused_twice_is_an_error(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {SEARCH: refusal("ExpiredToken")})
    assert done.status == runs.FAILED
    assert "new session" in (done.error or "")
    assert paths(replay).count("createSession") == 2


@pytest.mark.parametrize(
    "answer",
    [
        refusal("AuthenticationRequired", 401),
        refusal("AuthFactorTokenRequired", 401),
        refusal("InvalidRequest"),
        Answer(b"<html>", status=401),
    ],
)
def test_a_wrong_password_says_what_to_check(
    sqlite_store: Store, replay: Replay, answer: Answer
) -> None:
    done = run(sqlite_store, replay, {LOGIN: answer})
    assert done.status == runs.FAILED
    assert "check 'handle' and 'app_password'" in (done.error or "")
    assert SECRET not in (done.error or "")
    assert paths(replay) == ["createSession"]


@pytest.mark.parametrize("session", [{}, [], {"accessJwt": "a"}, {"did": "did:plc:a"}])
def test_a_login_without_a_session_is_an_error(
    sqlite_store: Store, replay: Replay, session: Any
) -> None:
    done = run(sqlite_store, replay, {LOGIN: as_json(session)})
    assert done.status == runs.FAILED
    assert "mistake in its code" not in (done.error or "")


def test_words_that_the_service_does_not_take(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {SEARCH: refusal("BadQueryString")})
    assert "does not take 'senandika' (BadQueryString)" in (done.error or "")


def test_the_end_of_a_limit_is_read(sqlite_store: Store, replay: Replay, naps: list[float]) -> None:
    later = int(NOW.timestamp()) + 240
    busy = Answer(b"{}", status=429, headers={"RateLimit-Reset": str(later)})
    done = run(sqlite_store, replay, {SEARCH: busy})
    assert (done.status, done.retry_at) == (runs.FAILED, datetime.fromtimestamp(later, UTC))
    assert naps == []


def test_a_server_that_leads_elsewhere_is_not_followed(sqlite_store: Store, replay: Replay) -> None:
    moved = Answer(status=307, headers={"Location": "https://jahat.example/"})
    assert "set 'url'" in (run(sqlite_store, replay, {SEARCH: moved}).error or "")


def test_a_server_named_in_the_session_is_not_asked(sqlite_store: Store, replay: Replay) -> None:
    service = {"type": "AtprotoPersonalDataServer", "serviceEndpoint": "https://jahat.example"}
    session = SESSION | {"didDoc": {"id": SESSION["did"], "service": [{"id": "#pds", **service}]}}
    done = run(sqlite_store, replay, {LOGIN: as_json(session), SEARCH: page([skeet(1)])})
    assert (done.status, done.new) == (runs.DONE, 1)


class Ocean:
    """A service with many posts, that a cursor reaches `deep` of."""

    def __init__(self, posts: list[dict[str, Any]], deep: int, *, refuses: bool = False) -> None:
        self.posts, self.deep, self.refuses = posts, deep, refuses
        self.untils: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        posts = self.posts
        if until := asked.query.get("until"):
            self.untils.append(until)
            end = datetime.fromisoformat(until)
            posts = [p for p in posts if datetime.fromisoformat(p["indexedAt"]) < end]
        start = int(asked.query.get("cursor", 0))
        if self.refuses and start >= self.deep:
            return refusal("InvalidRequest")
        following = start + PAGE
        more = following < len(posts) and (self.refuses or following < self.deep)
        return page(posts[start : min(following, self.deep)], str(following) if more else None)


@pytest.mark.parametrize("refuses", [False, True])
def test_a_search_goes_on_by_time_where_the_cursor_ends(
    sqlite_store: Store, replay: Replay, refuses: bool
) -> None:
    # Three at each moment, so that a range ends amid a moment.
    posts = [skeet(n, at=NOW - timedelta(minutes=n // 3)) for n in range(2 * FULL + 350)]
    ocean = Ocean(posts, FULL, refuses=refuses)
    done = run(sqlite_store, replay, {SEARCH: ocean})
    assert (done.status, done.new) == (runs.DONE, len(posts))
    assert len(set(ocean.untils)) == 2
    assert all(until.endswith("Z") for until in ocean.untils)


def test_a_moment_with_more_posts_than_a_cursor_reaches_is_an_end() -> None:
    at = Slice(cursor="9", until="2026-06-01T11:00:01.000000Z", count=FULL)
    posts = [skeet(1, at=NOW - timedelta(hours=1))]
    assert read_on(lambda *_: ApiAnswer(posts, None, None), at.text())[1] is None
    posts = [skeet(1, at=NOW - timedelta(hours=2))]
    after = read_on(lambda *_: ApiAnswer(posts, None, None), at.text())[1]
    assert Slice.of(after) == Slice(until="2026-06-01T10:00:01.000000Z")


def test_a_short_search_is_asked_once(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {SEARCH: page([skeet(1)])})
    assert paths(replay) == ["createSession", "searchPosts"]


def test_a_cursor_that_is_not_taken_any_more_begins_at_the_top(
    sqlite_store: Store, replay: Replay
) -> None:
    replay.serve({LOGIN: as_json(SESSION), SEARCH: page([skeet(1)], "7")})
    (stopped,) = gather(sqlite_store, bluesky(replay.url, mentions=False), max_items=1)
    assert (stopped.status, stopped.new) == (runs.DONE, 1)
    fresh = page([skeet(1), skeet(2)])
    done = run(
        sqlite_store, replay, {SEARCH: fresh, f"{SEARCH}?cursor=7": refusal("InvalidRequest")}
    )
    assert (done.status, done.new) == (runs.DONE, 1)


def test_a_cursor_that_is_not_taken_amid_a_run_is_an_error(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {SEARCH: page([skeet(1)], "7"), f"{SEARCH}?cursor=7": refusal("InvalidRequest")}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert "(InvalidRequest)" in (done.error or "")


def test_notifications_end_where_their_cursor_stands_still(
    sqlite_store: Store, replay: Replay
) -> None:
    told = recorded(TOLD)
    routes = {
        MENTIONS: notifications(told, "2026-06-01"),
        f"{MENTIONS}?cursor=2026-06-01": notifications([], "2026-06-01"),
    }
    done = run(sqlite_store, replay, routes, search=[], mentions=True)
    assert (done.status, done.new) == (runs.DONE, 1)


def test_a_page_that_comes_again_without_end_is_an_error(
    sqlite_store: Store, replay: Replay
) -> None:
    done = run(sqlite_store, replay, {SEARCH: page([skeet(1)], "5")})
    assert done.status == runs.FAILED
    assert "without end" in (done.error or "")


def test_a_post_that_is_indexed_late_is_found(sqlite_store: Store, replay: Replay) -> None:
    second = [skeet(30), skeet(40)]
    first = page([skeet(1), skeet(2)], "2")
    run(sqlite_store, replay, {SEARCH: first, f"{SEARCH}?cursor=2": page(second)})
    second.insert(1, skeet(35, text="terlambat"))
    routes = {SEARCH: first, f"{SEARCH}?cursor=2": page(second)}
    assert run(sqlite_store, replay, routes).new == 1


def test_a_clock_that_is_ahead_hides_nothing_that_comes_after(
    sqlite_store: Store, replay: Replay
) -> None:
    ahead = skeet(1, at=NOW + timedelta(days=900))
    run(sqlite_store, replay, {SEARCH: page([ahead])})
    routes = {SEARCH: page([skeet(3)], "1"), f"{SEARCH}?cursor=1": page([skeet(4), ahead])}
    assert run(sqlite_store, replay, routes).new == 2


def test_old_posts_are_asked_for_again_in_batches(sqlite_store: Store, replay: Replay) -> None:
    posts = [skeet(n, at=NOW - timedelta(days=3, minutes=n)) for n in range(BATCH + 5)]
    ancient = skeet(77, at=NOW - timedelta(days=RECHECK_DAYS + 1))
    run(sqlite_store, replay, {SEARCH: page([*posts, ancient])})
    posts[3]["record"]["text"] = "ternyata sudah beres"
    posts[4]["record"]["text"] = ""
    done = run(sqlite_store, replay, {SEARCH: page([]), **by_name(posts[1:])})
    assert (done.status, done.deleted, done.edited) == (runs.DONE, 2, 1)
    assert paths(replay).count("getPosts") == 2
    asked = {uri for one in replay.asked for uri in one.lists.get("uris", [])}
    assert asked == {post["uri"] for post in posts}


def test_that_nothing_is_left_is_asked_twice(sqlite_store: Store, replay: Replay) -> None:
    posts = [skeet(n, at=NOW - timedelta(days=2)) for n in range(BATCH)]
    run(sqlite_store, replay, {SEARCH: page(posts)})
    hiccup: Routes = {SEARCH: page([]), POSTS: page([]), THREAD: by_name(posts)[THREAD]}
    done = run(sqlite_store, replay, hiccup)
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert "does not show 25 posts that are there" in done.notes[0]
    gone = {**hiccup, THREAD: refusal("NotFound")}
    assert run(sqlite_store, replay, gone).deleted == BATCH


@pytest.mark.parametrize(
    ("thread", "deleted", "status"),
    [
        (as_json({"thread": {"notFound": True}}), 1, runs.DONE),
        # Its writer blocks the account.
        (as_json({"thread": {"blocked": True, "author": {}}}), 0, runs.DONE),
        (as_json({"thread": {"$type": "app.bsky.feed.defs#hologram"}}), 0, runs.FAILED),
        (as_json({"thread": None}), 0, runs.FAILED),
        (refusal("InvalidRequest"), 0, runs.FAILED),
    ],
)
def test_what_says_that_a_post_is_gone(
    sqlite_store: Store, replay: Replay, thread: Answer, deleted: int, status: str
) -> None:
    run(sqlite_store, replay, {SEARCH: page([skeet(1, at=NOW - timedelta(days=2))])})
    done = run(sqlite_store, replay, {SEARCH: page([]), POSTS: page([]), THREAD: thread})
    assert (done.deleted, done.status) == (deleted, status)


def test_the_posts_of_one_who_blocks_the_account_are_not_deleted(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [skeet(n, at=NOW - timedelta(days=2)) for n in range(3)]
    run(sqlite_store, replay, {SEARCH: page(posts)})
    blocked, gone = posts[0]["uri"], posts[1]["uri"]

    def thread(asked: Asked) -> Answer:
        is_blocked = asked.query["uri"] == blocked
        return as_json({"thread": {"blocked": True}}) if is_blocked else refusal("NotFound")

    done = run(sqlite_store, replay, {SEARCH: page([]), **by_name(posts[2:]), THREAD: thread})
    assert done.deleted == 1
    assert [r["external_id"] for r in rows(sqlite_store) if r["deleted_at"]] == [gone]


def test_an_unknown_record_among_others_is_kept_for_inspection(
    sqlite_store: Store, replay: Replay
) -> None:
    strange = {"uri": "at://did:plc:a/app.bsky.feed.hologram/1", "author": {}, "record": {}}
    posts: list[Any] = [skeet(1), strange, {"$type": "app.bsky.feed.defs#blockedPost"}, None]
    done = run(sqlite_store, replay, {SEARCH: page(posts)})
    assert (done.status, done.new, sum(done.skipped.values())) == (runs.DONE, 1, 3)


def test_one_search_that_fails_keeps_no_other_from_being_read(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {f"{SEARCH}?q=a": Answer(status=403), f"{SEARCH}?q=b": page([skeet(1)])}
    done = run(sqlite_store, replay, routes, search=["a", "b"])
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert "(403)" in (done.error or "")


def test_no_token_is_kept(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {SEARCH: page([skeet(1)])})
    assert TOKEN not in json.dumps(runs.get_cursor(sqlite_store, "langit"))
    assert len(rows(sqlite_store)) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"handle": ""}, "'handle'"),
        ({"app_password": 7}, "'app_password'"),
        ({"url": "bsky.social"}, "'url'"),
        ({"search": [], "mentions": False}, "give 'search'"),
        ({"mentions": "ya"}, "'mentions'"),
        ({"hashtags": ["x"]}, "'hashtags' is not known"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        bluesky(**{"url": "https://bsky.social"} | options)


@pytest.mark.parametrize(
    "change",
    [
        {"uri": "at://did:plc:a/app.bsky.feed.like/1"},
        {"uri": None},
        {"record": None},
        {"record": {"text": 3}},
        {"record": {"$type": "app.bsky.feed.repost", "text": "a"}},
        {"author": None},
    ],
)
def test_what_is_no_post(change: dict[str, Any]) -> None:
    with pytest.raises(BadRecord):
        mention_of(skeet(1) | change)
