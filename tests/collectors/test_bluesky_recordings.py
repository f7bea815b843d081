"""Bluesky against recorded answers of the real service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collectors.services.bluesky.items import mention_of
from simak.reasons import NO_WORDS, NOT_SAID
from store import runs
from store.engine import Store
from tests.collectors.cassettes import exchanges
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.test_bluesky_conformance import (
    LOGIN,
    MENTIONS,
    POSTS,
    SEARCH,
    SESSION,
    bluesky,
    notifications,
    page,
)


def then() -> datetime:
    """The time of the recordings."""
    return datetime(2025, 5, 19, 18, tzinfo=UTC)


def recording(shared: Path, name: str) -> Answer:
    ((_, answer),) = exchanges(shared / "fixtures" / "bluesky" / name)
    return answer


def read(store: Store, replay: Replay, routes: Routes, **options: Any) -> runs.Run:
    replay.serve({LOGIN: as_json(SESSION), **routes})
    given = {"search": [], "mentions": False} | options
    (run,) = gather(store, bluesky(replay.url, **given), now=then)
    return run


def test_a_search(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    answer = recording(shared, "bskyr__f_search.yml")
    posts = json.loads(answer.body)["posts"]
    routes = {SEARCH: answer, f"{SEARCH}?cursor=25": page([])}
    run = read(sqlite_store, replay, routes, search=["redistricting"])
    assert (run.status, run.got, len(posts)) == (runs.DONE, 25, 25)
    assert run.quota_left == 2983
    assert replay.unused() == []
    stored = {row["external_id"]: row for row in rows(sqlite_store)}
    assert set(stored) == {post["uri"] for post in posts if post["record"]["text"]}
    for post in posts:
        row = stored[post["uri"]]
        assert row["text"] == post["record"]["text"].strip()
        assert row["language"] == (post["record"].get("langs") or [None])[0]
        assert (row["kind"] == "comment") == ("reply" in post["record"])
    again = read(sqlite_store, replay, routes, search=["redistricting"])
    assert (again.status, again.new, again.edited, again.deleted) == (runs.DONE, 0, 0, 0)


def test_notifications(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    answer = recording(shared, "bskyr__n_notifications.yml")
    given = json.loads(answer.body)
    told = [n for n in given["notifications"] if n["reason"] in ("mention", "reply", "quote")]
    routes = {MENTIONS: answer, f"{MENTIONS}?cursor={given['cursor']}": notifications([])}
    run = read(sqlite_store, replay, routes, mentions=True)
    assert (run.status, run.got) == (runs.DONE, len(given["notifications"]))
    others = len(given["notifications"]) - len(told)
    assert run.skipped == {NOT_SAID: others}
    assert {row["external_id"] for row in rows(sqlite_store)} == {n["uri"] for n in told}


def test_posts_asked_for_again(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    answer = recording(shared, "bskyr__f_getposts.yml")
    (post,) = json.loads(answer.body)["posts"]

    def soon() -> datetime:
        return datetime.fromisoformat(post["indexedAt"]).replace(tzinfo=UTC)

    source = bluesky(replay.url, search=["x"], mentions=False)
    replay.serve({LOGIN: as_json(SESSION), SEARCH: page([post])})
    assert gather(sqlite_store, source, now=soon)[0].new == 1
    replay.serve({LOGIN: as_json(SESSION), SEARCH: page([]), POSTS: answer})
    (run,) = gather(sqlite_store, source, now=soon)
    assert (run.status, run.unchanged, run.deleted) == (runs.DONE, 1, 0)
    assert replay.unused() == []
    thread = json.loads(recording(shared, "bskyr__f_postthread.yml").body)["thread"]
    raw = mention_of(thread["post"])
    assert raw is not None
    assert raw.external_id == post["uri"]


def test_posts_of_the_stream(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures" / "bluesky" / "twitwi__bluesky-firehose-posts.json"
    messages = json.loads(path.read_text())
    posts = []
    for message in messages:
        commit = message["commit"]
        uri = f"at://{message['did']}/{commit['collection']}/{commit['rkey']}"
        known = datetime.fromtimestamp(message["time_us"] / 1e6, UTC).isoformat()
        author = {"did": message["did"], "handle": "handle.invalid"}
        posts.append({"uri": uri, "author": author, "record": commit["record"], "indexedAt": known})
    run = read(sqlite_store, replay, {SEARCH: page(posts)}, search=["x"])
    assert (run.status, run.got) == (runs.DONE, len(posts))
    assert set(run.skipped) <= {NO_WORDS}
    stored = rows(sqlite_store)
    assert {row["external_id"] for row in stored} == {
        post["uri"] for post in posts if post["record"]["text"].strip()
    }
    assert all(row["published_at"] for row in stored)
