"""YouTube: the videos whose comments are read, of channels and searches."""

from __future__ import annotations

from typing import Any

import pytest

from store import runs
from store.engine import Store
from tests.collectors.conformance import gather
from tests.collectors.replay import Answer, Asked, Replay, as_json, asked
from tests.collectors.youtube_run import OTHER, VIDEO, begun, channel_routes, run, said
from tests.collectors.youtube_service import (
    CHANNEL,
    CHANNELS,
    PLAYLIST,
    SEARCH,
    THREADS,
    UPLOADS,
    hit,
    named,
    page,
    refusal,
    thread,
    videos,
    youtube,
)


def test_a_channel_is_followed_by_its_newest_videos(sqlite_store: Store, replay: Replay) -> None:
    ages = {VIDEO: 2, OTHER: 20, "vidSenan003": 40}
    pages = {id: [thread(said(f"Ug{id}"), video=id)] for id in ages}
    routes = channel_routes(pages, ages)
    done = run(sqlite_store, replay, routes, channels=["@kopikeliling"])
    assert (done.status, done.new) == (runs.DONE, 2)
    assert asked(replay, CHANNELS)[0]["forHandle"] == "@kopikeliling"
    assert asked(replay, PLAYLIST)[0]["playlistId"] == UPLOADS
    again = run(sqlite_store, replay, routes, channels=["@kopikeliling"], days=10)
    assert (again.status, again.new) == (runs.DONE, 0)
    # Its list is known by now, and the older video is no longer followed.
    assert asked(replay, CHANNELS) == []
    assert [query["videoId"] for query in asked(replay, THREADS) if "videoId" in query] == [VIDEO]


@pytest.mark.parametrize("none", [page([]), {"pageInfo": {"totalResults": 0}}])
def test_a_channel_that_is_not_there(sqlite_store: Store, replay: Replay, none: Any) -> None:
    done = run(sqlite_store, replay, {CHANNELS: as_json(none)}, channels=[CHANNEL])
    assert done.error == (
        f"channel {CHANNEL}: there is no such channel: check the option 'channels'"
    )


def test_a_channel_without_videos_is_a_note(sqlite_store: Store, replay: Replay) -> None:
    for missing in (refusal(404, "playlistNotFound"), as_json(page([]))):
        routes = {**channel_routes({}), PLAYLIST: missing}
        done = run(sqlite_store, replay, routes, channels=[CHANNEL])
        assert (done.status, done.got) == (runs.DONE, 0)


@pytest.mark.parametrize("broken", [VIDEO, OTHER])
def test_a_video_that_fails_does_not_keep_the_others_from_being_read(
    sqlite_store: Store, replay: Replay, broken: str
) -> None:
    pages = {VIDEO: [begun("UgA")], OTHER: [thread(said("UgB"), video=OTHER)]}
    routes = {
        **channel_routes(pages),
        f"{THREADS}?videoId={broken}": Answer(b"<html>"),
    }
    done = run(sqlite_store, replay, routes, channels=[CHANNEL])
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert "a web page instead of JSON" in (done.error or "")
    mended = channel_routes(pages | {"vidSenan003": []})
    assert run(sqlite_store, replay, mended, channels=[CHANNEL]).new == 1
    # It does not begin with the one that failed: there may be new ones.
    assert len(asked(replay, PLAYLIST)) == 1


def test_a_search_asks_for_what_is_new(sqlite_store: Store, replay: Replay) -> None:
    found = {
        f"{SEARCH}?q=kopi": page([hit(VIDEO, "2026-05-31T00:00:00Z")], "CBkQAA"),
        f"{SEARCH}?q=kopi&pageToken=CBkQAA": page([hit(OTHER, "2026-05-20T00:00:00Z")]),
    }
    for answer in found.values():
        answer["pageInfo"]["totalResults"] = 1_000_000
    routes = {
        **videos({VIDEO: [begun("UgA")], OTHER: [begun("UgB")]}),
        **{route: as_json(answer) for route, answer in found.items()},
    }
    done = run(sqlite_store, replay, routes, search=["kopi"])
    assert (done.status, done.new, done.quota_left) == (runs.DONE, 2, 10_000 - 202)
    first, second = asked(replay, SEARCH)
    assert (first["order"], first["type"]) == ("date", "video")
    assert first["publishedAfter"] == second["publishedAfter"] == "2026-05-02T12:00:00Z"
    # A video may take days to be found.
    later = run(sqlite_store, replay, routes, search=["kopi"])
    (third,) = asked(replay, SEARCH)
    assert third["publishedAfter"] == "2026-05-29T00:00:00Z"
    # Both are followed still.
    assert (later.status, later.unchanged) == (runs.DONE, 2)


def test_a_search_that_was_stopped_goes_on_with_its_page(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        **videos({VIDEO: [begun("UgA")], OTHER: [begun("UgB")]}),
        f"{SEARCH}?q=kopi": as_json(page([hit(VIDEO, "2026-05-31T00:00:00Z")], "2")),
        f"{SEARCH}?q=kopi&pageToken=2": as_json(page([hit(OTHER, "2026-05-20T00:00:00Z")])),
    }
    assert run(sqlite_store, replay, routes, search=["kopi"], daily_units=150).got == 0
    done = run(sqlite_store, replay, routes, search=["kopi"])
    assert (done.status, done.new) == (runs.DONE, 2)
    (second,) = asked(replay, SEARCH)
    assert (second["pageToken"], second["publishedAfter"]) == ("2", "2026-05-02T12:00:00Z")


def test_a_search_whose_page_is_lost_begins_again(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        **videos({VIDEO: [begun("UgA")]}),
        f"{SEARCH}?q=kopi": as_json(page([hit(VIDEO, "2026-05-31T00:00:00Z")], "2")),
        f"{SEARCH}?q=kopi&pageToken=2": refusal(400, "invalidPageToken"),
    }
    assert run(sqlite_store, replay, routes, search=["kopi"], daily_units=150).got == 0
    done = run(sqlite_store, replay, routes, search=["kopi"])
    assert (done.status, done.new) == (runs.DONE, 1)
    assert [query.get("pageToken") for query in asked(replay, SEARCH)] == ["2", None]
    # Not known from one page to the next, it is not too old.
    (fresh,) = gather(sqlite_store, youtube(replay.url, search=["kopi"]), full=True)
    assert fresh.status == runs.FAILED
    assert "cannot give the page" in (fresh.error or "")


def test_more_videos_than_are_followed_are_told(
    sqlite_store: Store, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.services.youtube.videos.MOST", 1)
    pages: dict[str, list[Any]] = {VIDEO: [begun("UgA")], OTHER: []}
    done = run(sqlite_store, replay, channel_routes(pages), channels=[CHANNEL])
    assert (done.status, done.new) == (runs.DONE, 1)
    assert "more than 1 videos in 30 days" in str(done.notes)


def test_one_that_is_not_there_does_not_hide_the_others(
    sqlite_store: Store, replay: Replay
) -> None:
    old = [begun(f"Ug{n}", hours=24 * 6) for n in range(5)]
    run(sqlite_store, replay, videos({VIDEO: [begun("UgA"), *old]}), videos=[VIDEO])
    left = named([one for one in old if one["id"] != "Ug3"])

    def answer(asked: Asked) -> Answer:
        if "Ug3" in asked.query["id"]:
            return refusal(404, "commentThreadNotFound")
        answered: Answer = left(asked)
        return answered

    routes = {**videos({VIDEO: [begun("UgA")]}), THREADS: answer}
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.deleted, done.unchanged) == (runs.DONE, 1, 5)
