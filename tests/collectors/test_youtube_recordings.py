"""The source of YouTube against recorded answers of its API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from collectors.runner import Job, collect
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import PRIVACY, row, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.youtube_service import REPLIES, SEARCH, THREADS, named, page, youtube

VIDEO = "F1UP7wRCPH8"


def recorded(shared: Path, name: str) -> Any:
    return json.loads((shared / "fixtures" / "youtube" / f"{name}.json").read_bytes())


def token_of(answer: Any) -> str:
    """The token of the next page, as it stands in an address."""
    return quote(answer["nextPageToken"])


def at_their_time(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve(routes)
    source = youtube(replay.url, **options)
    (run,) = collect(
        store,
        [Job(source=source)],
        privacy=PRIVACY,
        now=lambda: datetime(2019, 12, 6, tzinfo=UTC),
    )
    return run


def test_threads_of_a_video(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    first = recorded(shared, "apidata__comment_threads__comment_threads_by_video_paged_1")
    second = recorded(shared, "apidata__comment_threads__comment_threads_by_video_paged_2")
    replies = recorded(shared, "apidata__comments__comments_by_parent_paged_1")
    assert first["pageInfo"]["totalResults"] == len(first["items"])
    (asked,) = {one["id"] for one in second["items"] if one["snippet"]["totalReplyCount"] == 2}
    route = f"{THREADS}?videoId={VIDEO}"
    routes = {
        route: as_json(first),
        f"{route}&pageToken={token_of(first)}": as_json(second),
        f"{REPLIES}?parentId={asked}": as_json(replies),
        f"{REPLIES}?parentId={asked}&pageToken={token_of(replies)}": as_json(page([])),
        THREADS: named([]),
    }
    run = at_their_time(sqlite_store, replay, routes, videos=[VIDEO])
    assert run.status == runs.DONE
    assert replay.unused() == []
    expected = {one["id"] for one in [*first["items"], *second["items"], *replies["items"]]}
    assert {one["external_id"] for one in rows(sqlite_store)} == expected
    assert not any("<" in one["text"] or "&#39;" in one["text"] for one in rows(sqlite_store))
    assert all(one["published_at"] and one["edited_at"] is None for one in rows(sqlite_store))
    assert row(sqlite_store, having="this is the third reply!")["parent_id"] == asked


def test_one_thread(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    single = recorded(shared, "apidata__comment_threads__comment_thread_single")
    run = at_their_time(sqlite_store, replay, {THREADS: as_json(single)}, videos=["D-lhorsDlUQ"])
    assert (run.status, run.new) == (runs.DONE, 1)
    (stored,) = rows(sqlite_store)
    assert stored["text"].startswith("Super video !!!\nWith full power")


def test_a_search(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    found = recorded(shared, "apidata__search__search_by_keywords_p1")
    threads = recorded(shared, "apidata__comment_threads__comment_threads_by_video_paged_2")
    videos = [item["id"]["videoId"] for item in found["items"]]
    routes = {
        f"{SEARCH}?q=surfing": as_json(found),
        f"{SEARCH}?q=surfing&pageToken=CBkQAA": as_json(page([])),
        f"{THREADS}?videoId={videos[3]}": as_json(
            page([one for one in threads["items"] if not one["snippet"]["totalReplyCount"]])
        ),
        THREADS: as_json(page([])),
    }
    run = at_their_time(sqlite_store, replay, routes, search=["surfing"], days=3650)
    assert (run.status, run.new) == (runs.DONE, 4)
    asked = [one.query.get("videoId") for one in replay.asked if one.query.get("videoId")]
    assert sorted(asked) == sorted(videos)


def test_a_wrong_key(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    body = (shared / "fixtures" / "youtube" / "error_response.json").read_bytes()
    run = at_their_time(sqlite_store, replay, {THREADS: Answer(body, status=400)}, videos=[VIDEO])
    assert run.status == runs.FAILED
    assert "keyInvalid): check the source's keys" in (run.error or "")
