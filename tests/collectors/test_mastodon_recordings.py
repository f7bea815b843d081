"""Mastodon against recorded answers of a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.html_text import plain_text
from collectors.services.mastodon.items import is_boost, mention_of
from simak.reasons import NOT_A_CUSTOMER, REPOST
from store import runs
from store.engine import Store
from tests.collectors.cassettes import exchanges
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.test_mastodon_conformance import (
    ACCOUNT,
    MENTIONS,
    SEARCH,
    STATUSES,
    TAG,
    linked,
    mastodon,
)

ACCOUNT_OF_OURS = as_json({"id": "1", "acct": "senandika"})


def then() -> datetime:
    """The time of the recordings, when all of it was recent."""
    return datetime(2026, 8, 1, 14, tzinfo=UTC)


def folder(shared: Path) -> Path:
    return shared / "fixtures" / "mastodon"


def answers(path: Path, ending: str) -> list[Answer]:
    found = [given for route, given in exchanges(path) if route.endswith(ending)]
    assert found, f"{path.name} has no answer of {ending}"
    return found


def read(store: Store, replay: Replay, routes: Routes, **options: Any) -> runs.Run:
    replay.serve({ACCOUNT: ACCOUNT_OF_OURS, **routes})
    given = {"hashtags": [], "search": [], "mentions": False} | options
    (run,) = gather(store, mastodon(replay.url, **given), now=then)
    return run


def test_a_hashtag(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_hashtag_tl.yaml"
    (page,) = answers(path, "/timelines/tag/hoot")
    (status,) = json.loads(page.body)
    tag = "GET /api/v1/timelines/tag/hoot"
    routes = {tag: page, f"{tag}?max_id={status['id']}": linked([], None)}
    run = read(sqlite_store, replay, routes, hashtags=["hoot"])
    assert (run.status, run.new, run.quota_left) == (runs.DONE, 1, 287)
    assert replay.unused() == []
    (stored,) = rows(sqlite_store)
    assert stored["external_id"] == status["uri"]
    assert (stored["text"], stored["language"]) == ("#hoot (hashtag toot)", "ja")
    # A server that says it is gone: the answer to who asked for one that is missing.
    (missing,) = answers(folder(shared) / "cassettes__test_status_missing.yaml", "/statuses/0")
    gone = {tag: linked([], None), STATUSES: as_json([]), f"{STATUSES}/{status['id']}": missing}
    again = read(sqlite_store, replay, gone, hashtags=["hoot"])
    assert (again.status, again.deleted) == (runs.DONE, 1)


def test_pages_follow_the_link_header(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_fetch_next_previous.yaml"
    first, second, back = pages(path)
    last = json.loads(first.body)[-1]["id"]
    end = json.loads(second.body)[-1]["id"]
    routes = {TAG: first, f"{TAG}?max_id={last}": second, f"{TAG}?max_id={end}": linked([], None)}
    run = read(sqlite_store, replay, routes, hashtags=["senandika"])
    assert (run.status, run.new) == (runs.DONE, 10)
    assert replay.unused() == []
    assert json.loads(back.body) == json.loads(first.body)


def pages(path: Path) -> list[Answer]:
    """The answers to an account's statuses, page by page."""
    return [given for route, given in exchanges(path) if "/accounts/" in route and
            route.endswith("/statuses")]  # fmt: skip


def test_a_timeline_with_boosts(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_home_tl.yaml"
    (page,) = answers(path, "/timelines/home")
    statuses = json.loads(page.body)
    boosts = [status for status in statuses if status["reblog"]]
    routes = {TAG: page, f"{TAG}?max_id={statuses[-1]['id']}": linked([], None)}
    run = read(sqlite_store, replay, routes, hashtags=["senandika"])
    assert (run.status, run.got) == (runs.DONE, len(statuses))
    assert run.skipped.get(REPOST, 0) == len(boosts)
    uris = {status["uri"] for status in statuses if not status["reblog"] and status["content"]}
    assert {stored["external_id"] for stored in rows(sqlite_store)} == uris


def test_mentions(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_notifications_mentions_only.yaml"
    (page,) = answers(path, "/notifications")
    routes = {MENTIONS: page, f"{MENTIONS}?max_id=21": linked([], None)}
    run = read(sqlite_store, replay, routes, mentions=True)
    assert (run.status, run.new) == (runs.DONE, 1)
    assert rows(sqlite_store)[0]["text"] == "@mastodonpy_test hello!"


def test_a_search_without_statuses(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_search.yaml"
    for page in answers(path, "/search"):
        run = read(sqlite_store, replay, {SEARCH: page}, search=["mastodonpy_test"])
        assert (run.status, run.got) == (runs.DONE, 0)
        assert "full-text" in run.notes[0]


def every_status(path: Path) -> Iterator[dict[str, Any]]:
    for route, answer in exchanges(path):
        if "/statuses" in route and answer.status == 200:
            given = json.loads(answer.body)
            records = given if isinstance(given, list) else [given]
            yield from (r for r in records if isinstance(r, dict) and "uri" in r)


def test_every_status_of_the_recordings(shared: Path) -> None:
    paths = sorted(folder(shared).glob("*.yaml"))
    assert paths
    kinds = set()
    for status in (status for path in paths for status in every_status(path)):
        if status.get("content") is None:
            continue  # the answer to who deletes one has its source instead
        if is_boost(status):
            kinds.add("boost")
            continue
        mention = mention_of(status)
        assert mention is not None
        assert mention.text == plain_text(status["content"])
        assert (mention.title or "") == status["spoiler_text"]
        assert mention.published_at is not None
        assert timedelta(0) <= then() - mention.published_at < timedelta(days=1)
        kinds.add("warned" if mention.title else mention.kind)
    assert kinds == {"boost", "warned", "post", "comment"}


def test_own_posts_are_left_out(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = folder(shared) / "cassettes__test_fetch_next_previous.yaml"
    first = pages(path)[0]
    (account,) = answers(path, "/accounts/verify_credentials")
    last = json.loads(first.body)[-1]["id"]
    routes = {ACCOUNT: account, TAG: first, f"{TAG}?max_id={last}": linked([], None)}
    run = read(sqlite_store, replay, routes, hashtags=["senandika"])
    assert (run.status, run.skipped) == (runs.DONE, {NOT_A_CUSTOMER: 5})
