from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.newest_first import IDLE_PAGES
from collectors.recheck import DAYS as RECHECK_DAYS
from collectors.recheck import ITEMS as RECHECK_ITEMS
from collectors.services.reddit.items import mention_of
from simak import __version__
from simak.errors import BadRecord, ConfigurationError
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
from tests.collectors.test_reddit_conformance import (
    COMMENTS,
    NEW,
    SEARCH,
    TOKENS,
    children,
    listing,
    reddit,
    served,
    service,
)


def post(n: int, *, text: str = "isi", at: float | None = None) -> dict[str, Any]:
    created = NOW.timestamp() - 60 * n if at is None else at
    return {
        "kind": "t3",
        "data": {
            "name": f"t3_p{n}",
            "title": f"Kiriman {n}",
            "selftext": text,
            "author": "budi",
            "created_utc": created,
            "edited": False,
            "permalink": f"/r/kopi/comments/p{n}/kiriman/",
        },
    }


def page(posts: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": after, "children": posts}}


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve(routes)
    return gather(store, reddit(replay.url, **({"search": [], "comments": False} | options)))[0]


def paths(replay: Replay) -> list[str]:
    return [asked.path for asked in replay.asked]


def test_posts_and_comments_become_mentions(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(service()))
    gather(sqlite_store, reddit(replay.url))
    found = row(sqlite_store, having="dibatalkan sepihak")
    assert found["text"].startswith("Pesanan Senandika dibatalkan sepihak\nSudah bayar")
    assert (found["source"], found["channel"], found["kind"]) == ("reddit", "reddit", "post")
    # `created` is the server's local time; only `created_utc` is UTC.
    assert found["published_at"] == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert found["url"] == (
        "https://www.reddit.com/r/kopi/comments/1kopi3/pesanan_senandika_dibatalkan_sepihak/"
    )
    assert found["attributes"] == {"subreddit": "kopi"}
    assert row(sqlite_store, having="biji Senandika Gayo")["text"] == "Review biji Senandika Gayo"

    comment = row(sqlite_store, having="Kurirnya oke")
    assert (comment["kind"], comment["parent_id"]) == ("comment", "t3_1kopi2")
    assert comment["url"] == "https://www.reddit.com/r/kopi/comments/1kopi2/_/ob1/"

    account_gone = row(sqlite_store, having="Akun lama")
    assert account_gone["author_key"] is None
    assert account_gone["edited_at"] == datetime(2026, 6, 1, 8, 20, tzinfo=UTC)

    # Removed before it was ever seen: nobody knows what it was.
    assert "t3_1kopi0" not in {r["external_id"] for r in rows(sqlite_store)}


def test_it_reads_with_the_rights_of_an_application(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(service()))
    gather(sqlite_store, reddit(replay.url, user_agent="kopi-senja by u/budi"))
    token, first, *_ = replay.asked
    assert (token.method, token.path) == ("POST", "/api/v1/access_token")
    assert token.headers["authorization"].startswith("Basic ")
    assert first.headers["authorization"] == "bearer token-rahasia-5521"
    assert first.headers["user-agent"].startswith("kopi-senja by u/budi")
    assert first.query == {"limit": "100", "raw_json": "1"}
    search = next(asked for asked in replay.asked if "search" in asked.path)
    assert search.query["q"] == "senandika"
    assert search.query["sort"] == "new"
    run(sqlite_store, replay, served({NEW: page([])}))
    assert replay.asked[1].headers["user-agent"].startswith(f"Simak/{__version__}")


def test_a_listing_is_read_to_its_end_whatever_its_length(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(1_150)]
    listings = {
        (NEW if start == 0 else f"{NEW}?after=t3_p{start - 1}"): page(
            posts[start : start + 100], f"t3_p{start + 99}" if start + 100 < len(posts) else None
        )
        for start in range(0, len(posts), 100)
    }
    done = run(sqlite_store, replay, served(listings))
    assert (done.status, done.new) == (runs.DONE, 1_150)
    assert replay.unused() == []


def test_a_later_run_stops_at_what_is_known_and_asks_for_the_rest_by_name(
    sqlite_store: Store, replay: Replay
) -> None:
    def old(n: int, days: int, **more: str) -> dict[str, Any]:
        return post(n, at=(NOW - timedelta(days=days, minutes=n)).timestamp(), **more)

    first = {
        NEW: page([old(3, 3), old(4, 3)], "t3_p4"),
        f"{NEW}?after=t3_p4": page([old(5, 5), old(6, 5)]),
    }
    assert run(sqlite_store, replay, served(first)).new == 4
    later = {
        NEW: page([post(1), post(2)], "t3_p2"),
        f"{NEW}?after=t3_p2": page([old(3, 3), old(4, 3)], "t3_p4"),
        f"{NEW}?after=t3_p4": page([old(7, 9)], "t3_p7"),
    }
    known = children(first) | children(later)
    known["t3_p5"] = old(5, 5, text="isi yang disunting")
    del known["t3_p6"]
    second = run(sqlite_store, replay, served(later, known))
    assert (second.status, second.new, second.edited, second.deleted) == (runs.DONE, 3, 1, 1)
    assert [note for note in second.notes if "lost" in note] == []
    last = replay.asked[-1]
    assert (last.path, last.query["id"]) == ("/api/info/", "t3_p5,t3_p6")
    gone = next(r for r in rows(sqlite_store) if r["external_id"] == "t3_p6")
    assert gone["text"] == ""
    # Its day stays, and nobody asks for it again.
    assert gone["published_at"] == NOW - timedelta(days=5, minutes=6)
    third = run(sqlite_store, replay, served(later, known))
    assert (third.edited, third.deleted) == (0, 0)
    assert paths(replay).count("/r/kopi/new") == 2
    assert replay.asked[-1].query["id"] == "t3_p5,t3_p7"


def test_a_post_that_is_let_through_late_is_found(sqlite_store: Store, replay: Replay) -> None:
    first = {NEW: page([post(1)], "t3_p1"), f"{NEW}?after=t3_p1": page([post(9)])}
    run(sqlite_store, replay, served(first))
    later = first | {f"{NEW}?after=t3_p1": page([post(5), post(9)])}
    assert run(sqlite_store, replay, served(later)).new == 1


def test_what_is_in_a_subreddit_that_was_closed_is_not_deleted(
    sqlite_store: Store, replay: Replay
) -> None:
    teh = "GET /r/teh/new"
    listings = {NEW: page([post(1)]), teh: page([post(2), post(3)])}
    both = ["kopi", "teh"]
    run(sqlite_store, replay, served(listings), subreddits=both)
    closed = {**served(listings, {"t3_p1": post(1)}), teh: Answer(status=403)}
    done = run(sqlite_store, replay, closed, subreddits=both)
    assert (done.status, done.deleted) == (runs.FAILED, 0)
    assert any("knows none of 2 recent items" in note for note in done.notes)
    # Also where it was only searched, and much is gone at once.
    posts = [post(n) for n in range(10, 90)]
    run(sqlite_store, replay, served({SEARCH: page(posts)}), subreddits=[], search="senandika")
    left = served({SEARCH: page([post(10)])}, children({"": page(posts[:40])}))
    assert run(sqlite_store, replay, left, subreddits=[], search="senandika").deleted == 0


def test_only_the_recent_and_not_too_many_are_asked_for_again(
    sqlite_store: Store, replay: Replay
) -> None:
    old = NOW - timedelta(days=RECHECK_DAYS, minutes=1)
    posts = [post(n) for n in range(RECHECK_ITEMS + 5)] + [post(9_999, at=old.timestamp())]
    run(sqlite_store, replay, served({NEW: page(posts)}))
    recent = runs.get_cursor(sqlite_store, "forum")["recent"]
    assert len(recent) == RECHECK_ITEMS
    assert f"t3_p{RECHECK_ITEMS - 1}" in recent
    assert "t3_p9999" not in recent


def test_an_empty_answer_is_not_a_mass_deletion(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(60)]
    run(sqlite_store, replay, served({NEW: page(posts)}))
    second = run(sqlite_store, replay, served({NEW: page([post(0)])}, known={}))
    assert second.deleted == 0
    assert any("knows none of 59 recent items" in note for note in second.notes)
    assert all(r["text"] for r in rows(sqlite_store))


def test_an_unreadable_record_deletes_nothing(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, served({NEW: page([post(1), post(2), post(3)])}))
    known = {"t3_p2": post(2), "t3_p3": {"kind": "t3", "data": {"name": None}}}
    second = run(sqlite_store, replay, served({NEW: page([post(1)])}, known))
    assert (second.deleted, second.skipped) == (0, {"neither a post nor a comment": 1})


def test_a_place_that_is_gone_starts_the_listing_again(sqlite_store: Store, replay: Replay) -> None:
    posts = {n: post(n) for n in range(1, 7)}
    first = served(
        {NEW: page([posts[1], posts[2]], "t3_p2"), f"{NEW}?after=t3_p2": page([posts[3]], "t3_p3")}
    )
    stopped = run(sqlite_store, replay, {**first, f"{NEW}?after=t3_p3": Answer(status=503)})
    assert (stopped.status, stopped.new) == (runs.FAILED, 3)
    # The post to go on after was deleted meanwhile: Reddit then answers with nothing.
    listings = {
        f"{NEW}?after=t3_p3": page([]),
        NEW: page([posts[1], posts[2]], "t3_p2"),
        f"{NEW}?after=t3_p2": page([posts[4], posts[5]], "t3_p5"),
        f"{NEW}?after=t3_p5": page([posts[6]]),
    }
    known = children(listings) | {"t3_p3": posts[3]}
    done = run(sqlite_store, replay, served(listings, known))
    assert (done.status, done.new) == (runs.DONE, 3)
    assert len(rows(sqlite_store)) == 6


def test_pages_without_end_are_left(sqlite_store: Store, replay: Replay) -> None:
    def endless(asked: Asked) -> Answer:
        return as_json(page([post(1), post(2)], f"t3_x{len(replay.asked)}"))

    done = run(sqlite_store, replay, {**served({}), NEW: endless})
    assert done.status == runs.FAILED
    assert "without end" in (done.error or "")
    assert paths(replay).count("/r/kopi/new") == IDLE_PAGES + 2


def test_the_rest_of_a_long_history_is_left_to_the_next_run(
    sqlite_store: Store, replay: Replay
) -> None:
    listings = {
        NEW: page([post(1), post(2)], "t3_p2"),
        f"{NEW}?after=t3_p2": page([post(3), post(4)], "t3_p4"),
        f"{NEW}?after=t3_p4": page([post(5)]),
    }
    replay.serve(served(listings))
    source = reddit(replay.url, search=[], comments=False)
    (first,) = gather(sqlite_store, source, max_items=3)
    assert {row["external_id"] for row in rows(sqlite_store)} == {
        "t3_p1",
        "t3_p2",
        "t3_p3",
        "t3_p4",
    }
    assert "the next one goes on" in first.notes[-1]
    gather(sqlite_store, source)
    assert "t3_p5" in {row["external_id"] for row in rows(sqlite_store)}


def test_one_place_that_fails_does_not_stop_the_others(sqlite_store: Store, replay: Replay) -> None:
    listings = service()
    routes = {
        **served(listings),
        "GET /r/tutup/new": Answer(status=403),
        "GET /r/hilang/new": Answer(
            status=302, headers={"Location": "{url}/subreddits/search?q=hilang"}
        ),
    }
    replay.serve(routes)
    source = reddit(replay.url, subreddits=["r/tutup", "hilang", "kopi"], comments=False)
    done = gather(sqlite_store, source)[0]
    assert done.status == runs.FAILED
    assert "/r/tutup/new refuses access" in (done.error or "")
    assert "no such subreddit" in (done.error or "")
    there = set(children({k: v for k, v in listings.items() if k != COMMENTS}))
    assert {row["external_id"] for row in rows(sqlite_store)} == there - {"t3_1kopi0"}


def test_a_token_that_ran_out_is_renewed_once(sqlite_store: Store, replay: Replay) -> None:
    expired = Answer(
        b'{"message": "Unauthorized", "error": 401}',
        status=401,
        headers={"WWW-Authenticate": 'Bearer realm="reddit", error="invalid_token"'},
    )
    routes = dict(served({NEW: page([post(1)])}))
    done = run(sqlite_store, replay, {**routes, NEW: [expired, as_json(page([post(1)]))]})
    assert (done.status, done.new) == (runs.DONE, 1)
    assert paths(replay).count("/api/v1/access_token") == 2
    done = run(sqlite_store, replay, {**routes, NEW: expired})
    assert done.status == runs.FAILED
    assert "refuses a new token too" in (done.error or "")
    assert paths(replay).count("/api/v1/access_token") == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=401), "(401): check 'client_id'"),
        (as_json({"error": "unsupported_grant_type"}), "check 'client_id'"),
        (as_json({}), "cannot be read"),
        (as_json({"access_token": "x", "expires_in": "soon", "scope": "*"}), "cannot be read"),
        (Answer(b"<html>"), "cannot be read"),
        (Answer(status=500), "500"),
    ],
)
def test_no_token_no_run(sqlite_store: Store, replay: Replay, answer: Answer, words: str) -> None:
    done = run(sqlite_store, replay, {**served({NEW: page([post(1)])}), TOKENS: answer})
    assert done.status == runs.FAILED
    assert words in (done.error or "")


def test_the_limit_of_requests_is_waited_for(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    used_up = {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "100"}
    listings = {NEW: page([post(1)], "t3_p1"), f"{NEW}?after=t3_p1": page([post(2)])}
    routes = dict(served(listings))
    first = as_json(listings[NEW], **used_up, **{"x-ratelimit-reset": "42"})
    assert run(sqlite_store, replay, {**routes, NEW: first}).status == runs.DONE
    assert naps == [42.0]

    first = as_json(page([post(3)], "t3_p1"), **used_up, **{"x-ratelimit-reset": "599"})
    done = run(sqlite_store, replay, {**routes, NEW: first})
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert done.retry_at == NOW + timedelta(seconds=599)
    assert naps == [42.0]


def test_a_limit_that_is_not_reached_costs_nothing(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    headers = {"x-ratelimit-remaining": "99.0", "x-ratelimit-used": "1", "x-ratelimit-reset": "9"}
    odd = {"x-ratelimit-remaining": "many", "x-ratelimit-used": "", "x-ratelimit-reset": "inf"}
    for given in (headers, odd):
        routes = {**served({}), NEW: as_json(page([post(1)]), **given)}
        assert run(sqlite_store, replay, routes).status == runs.DONE
    assert naps == []


@pytest.mark.parametrize(
    ("fields", "deleted"),
    [
        ({"body": "[deleted]", "author": "[deleted]"}, True),
        ({"body": "[removed]", "author": "[deleted]"}, True),
        ({"body": "[removed]", "author": "budi"}, True),
        ({"body": "[ Removed by Reddit ]", "author": "[deleted]"}, True),
        ({"body": "[ Removed by Reddit on account of violating … ]", "author": "budi"}, True),
        ({"body": "isi", "author": None}, False),
        ({"body": "isi", "author": "[deleted]"}, False),
        ({"body": "", "author": None}, True),
        ({"body": "isi", "author": "budi", "removed_by_category": "moderator"}, True),
        ({"body": "isi", "author": "budi", "removed_by_category": None}, False),
    ],
)
def test_what_is_deleted(fields: dict[str, Any], deleted: bool) -> None:
    raw = mention_of({"kind": "t1", "data": {"name": "t1_a", **fields}})
    assert raw.deleted is deleted
    assert raw.text == ("" if deleted else "isi")


def test_a_deleted_link_post_loses_its_title() -> None:
    data = {"name": "t3_a", "title": "Judul", "selftext": "", "author": "[deleted]"}
    raw = mention_of({"kind": "t3", "data": data})
    assert (raw.deleted, raw.text, raw.title) == (True, "", None)


@pytest.mark.parametrize("edited", [False, True, None, "kemarin", 1e300])
def test_an_edit_without_a_time_has_none(edited: object) -> None:
    data = {"name": "t1_a", "body": "isi", "author": "budi", "edited": edited}
    assert mention_of({"kind": "t1", "data": data}).edited_at is None


@pytest.mark.parametrize(
    "child",
    [
        {},
        {"kind": "t1"},
        {"kind": "more", "data": {"name": "t1__", "children": []}},
        {"kind": "t1", "data": {"name": "t3_a", "body": "isi"}},
        {"kind": "t1", "data": {"name": "t1_a", "body": "", "author": "budi"}},
    ],
)
def test_what_is_no_item_is_refused(child: dict[str, Any]) -> None:
    with pytest.raises(BadRecord):
        mention_of(child)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"subreddits": [], "search": []}, "'subreddits', 'search' or both"),
        ({"subreddits": ["a b"]}, "no subreddit's name"),
        ({"subreddits": 1}, "'subreddits'"),
        ({"client_id": ""}, "'client_id'"),
        ({"client_secret": None}, "'client_secret'"),
        ({"comments": "yes"}, "'comments' must be true or false"),
        ({"oauth_url": "oauth.reddit.com"}, "'oauth_url'"),
        ({"password": "x"}, "'password' is not known"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        reddit("https://reddit.example", **options)
    assert "rahasia" not in str(caught.value)


def test_what_it_asks_for_is_said() -> None:
    source = reddit("https://reddit.example", subreddits=["r/kopi"], search=["kopi senja"])
    assert source.asks() == (
        "Reddit: new posts of r/kopi, new comments of r/kopi, posts found by 'kopi senja'"
    )


def test_the_search_and_the_subreddit_store_one_post_once(
    sqlite_store: Store, replay: Replay
) -> None:
    listings = deepcopy(service())
    assert "t3_1kopi3" in children({NEW: listing("new_1")})
    assert "t3_1kopi3" in children({SEARCH: listing("search")})
    replay.serve(served(listings))
    done = gather(sqlite_store, reddit(replay.url))[0]
    assert done.unchanged == 2  # that one, and one that was removed before
    ids = [r["external_id"] for r in rows(sqlite_store)]
    assert len(ids) == len(set(ids)) == len(children(listings)) - 1
