"""Discourse against answers of real forums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simak.reasons import NO_WORDS, NOT_A_CUSTOMER
from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay
from tests.collectors.test_discourse_conformance import discourse


def recorded(shared: Path, name: str) -> tuple[Answer, Any]:
    body = (shared / "fixtures" / "discourse" / f"{name}.json").read_bytes()
    return Answer(body), json.loads(body)


def test_a_list_and_a_topic(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    listing, topics = recorded(shared, "latest")
    topic, whole = recorded(shared, "topic")
    (number,) = {one["id"] for one in topics["topic_list"]["topics"]}
    routes = {"GET /latest.json": listing, f"GET /t/{number}.json": topic}
    # The recording says that there are more; the page after it says that there are none.
    last = Answer(b'{"topic_list": {"topics": []}}')
    replay.serve(routes | {"GET /latest.json?page=1": last})
    run = gather(sqlite_store, discourse(replay.url))[0]
    assert run.status == runs.DONE
    # A pinned notice, and two posts of which one is a picture.
    assert run.skipped == {NOT_A_CUSTOMER: 1, NO_WORDS: 1}
    assert len(rows(sqlite_store)) == len(whole["post_stream"]["posts"]) - 2
    first = rows(sqlite_store)[1]
    assert first["external_id"].endswith("/p/83")
    assert first["published_at"].isoformat() == "2013-02-04T20:26:26.278000+00:00"
    assert first["edited_at"].isoformat() == "2013-04-30T18:33:37.273000+00:00"
    assert replay.unused() == []


def test_a_category(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    listing, topics = recorded(shared, "category_latest_topics")
    topic, _ = recorded(shared, "topic")
    numbers = [one["id"] for one in topics["topic_list"]["topics"]]
    replay.serve(
        {
            "GET /c/kategori/l/latest.json": listing,
            **{f"GET /t/{number}.json": topic for number in numbers},
        }
    )
    run = gather(sqlite_store, discourse(replay.url, categories="kategori"))[0]
    assert (run.status, len(rows(sqlite_store))) == (runs.DONE, 2)
    assert replay.unused() == []


def test_a_search_of_old(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    found, groups = recorded(shared, "search")
    topic, _ = recorded(shared, "topic")
    numbers = [result["id"] for group in groups for result in group["results"]]
    routes = {f"GET /t/{number}.json": topic for number in numbers}
    replay.serve({"GET /search.json": found, **routes})
    run = gather(sqlite_store, discourse(replay.url, search="test"))[0]
    assert (run.status, len(rows(sqlite_store))) == (runs.DONE, 2)
    assert any("lost" in note for note in run.notes)
    assert replay.unused() == []


def test_posts_of_a_topic(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    _, answer = recorded(shared, "posts_latest")
    posts = answer["latest_posts"]
    stream = {"posts": posts, "stream": [post["id"] for post in posts]}
    topic = {"id": 11, "title": "This is an uncategorized title", "post_stream": stream}
    listing, _ = recorded(shared, "category_latest_topics")
    replay.serve(
        {
            "GET /latest.json": listing,
            "GET /t/5.json": Answer(json.dumps(topic).encode()),
            "GET /t/4.json": Answer(json.dumps(topic).encode()),
        }
    )
    run = gather(sqlite_store, discourse(replay.url, own_users=[]))[0]
    assert run.status == runs.DONE
    # The others are of the forum's own robot.
    assert [row["external_id"][-2:] for row in rows(sqlite_store)] == ["14", "15"]


def test_what_is_no_list_of_topics(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    for name in ("categories", "user", "topic", "posts_latest", "search"):
        replay.serve({"GET /latest.json": recorded(shared, name)[0]})
        run = gather(sqlite_store, discourse(replay.url))[0]
        assert (run.status, "shape is not known" in (run.error or "")) == (runs.FAILED, True), name
