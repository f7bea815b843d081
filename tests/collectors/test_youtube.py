"""YouTube: comments and their replies, read, followed and deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.http import HttpClient
from collectors.runner import make_context
from simak.errors import ConfigurationError
from simak.reasons import NO_TEXT, NO_WORDS, NOT_A_CUSTOMER, UNKNOWN_SHAPE
from store import runs
from store.engine import Store
from tests.collectors.conformance import clock, gather, row, rows
from tests.collectors.replay import Asked, Replay, as_json, asked
from tests.collectors.youtube_run import OTHER, VIDEO, begun, channel_routes, run, said
from tests.collectors.youtube_service import (
    CHANNEL,
    KEY,
    OWN,
    REPLIES,
    SEARCH,
    THREADS,
    hit,
    named,
    page,
    refusal,
    thread,
    videos,
    youtube,
)


def test_comments_become_mentions(sqlite_store: Store, replay: Replay) -> None:
    answers = [
        said("UgA.b", "dan sudah kami ganti", hours=1, channel=OWN),
        said("UgA.a", "Mohon maaf Kak, kami cek ya", hours=2, channel=OWN),
        said("UgA.c", "iya nih, aku juga", hours=0.5, author="@sari"),
    ]
    top = said("UgA", "Gelasnya pecah semua", hours=3, updated="2026-06-01T10:30:00Z")
    pinned = begun("UgP", "Promo Juni!", channel=OWN)
    done = run(
        sqlite_store,
        replay,
        videos({VIDEO: [pinned, thread(top, answers, video=VIDEO)]}),
        videos=[VIDEO],
    )
    assert (done.new, done.skipped) == (2, {NOT_A_CUSTOMER: 3})
    found = row(sqlite_store, having="Gelasnya pecah")
    assert (found["source"], found["channel"], found["kind"]) == ("youtube", "youtube", "comment")
    assert found["external_id"] == "UgA"
    assert found["published_at"] == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert found["edited_at"] == datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    assert found["url"] == f"https://www.youtube.com/watch?v={VIDEO}&lc=UgA"
    # The brand answered twice: the first is when the customer had an answer.
    assert found["reply"] == "Mohon maaf Kak, kami cek ya"
    assert found["reply_at"] == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert found["attributes"] == {"video": VIDEO}
    reply = row(sqlite_store, having="aku juga")
    assert (reply["parent_id"], reply["edited_at"], reply["reply"]) == ("UgA", None, None)
    assert reply["author_key"] != found["author_key"]


def test_the_key_is_in_no_address(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, videos({VIDEO: [begun("UgA")]}), videos=[VIDEO])
    (one,) = replay.asked
    assert one.headers["x-goog-api-key"] == KEY
    assert one.query == {
        "part": "snippet,replies",
        "videoId": VIDEO,
        "order": "time",
        "maxResults": "100",
        "alt": "json",
    }
    assert one.headers["user-agent"].startswith("Simak/")


def test_displayed_html_is_read_as_text_where_there_is_nothing_else(
    sqlite_store: Store, replay: Replay
) -> None:
    top = said("UgA", "Lot&#39;s of <a href='/x'>#kopi</a><br />mantap")
    del top["snippet"]["textOriginal"]
    run(sqlite_store, replay, videos({VIDEO: [thread(top, video=VIDEO)]}), videos=[VIDEO])
    assert [one["text"] for one in rows(sqlite_store)] == ["Lot's of #kopi\nmantap"]


def test_replies_that_did_not_come_along_are_asked_for(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        **videos({VIDEO: [thread(said("UgA"), video=VIDEO, total=2)]}),
        f"{REPLIES}?parentId=UgA": as_json(page([said("UgA.a", "satu")], "lagi")),
        f"{REPLIES}?parentId=UgA&pageToken=lagi": as_json(
            page([said("UgA.b", "dua", channel=OWN)])
        ),
    }
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.new, done.status) == (2, runs.DONE)
    assert row(sqlite_store, having="kopinya enak")["reply"] == "dua"
    again = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (again.new, again.edited, again.unchanged) == (0, 0, 2)


def test_replies_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        **videos({VIDEO: [thread(said("UgA"), video=VIDEO, total=9)]}),
        f"{REPLIES}?parentId=UgA": as_json(page([said("UgA.a")], "lagi")),
    }
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert done.status == runs.FAILED
    assert "without end" in (done.error or "")


def test_threads_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    routes = {f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")], "lagi"))}
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert "without end" in (done.error or "")


def test_old_threads_are_asked_for_by_id_for_edits_replies_and_deletions(
    sqlite_store: Store, replay: Replay
) -> None:
    old = [
        thread(
            said("UgB", "pelayanannya lama", hours=24 * 6),
            [said("UgB.a", "betul", hours=24 * 6)],
            video=VIDEO,
        ),
        begun("UgC", "hapus aja ah", hours=24 * 7),
        begun("UgD", "sudah lama sekali", hours=24 * 15),
    ]
    run(sqlite_store, replay, videos({VIDEO: [begun("UgA"), *old]}), videos=[VIDEO])
    # New comments push them from the first page; what is known is not read again.
    old[0]["snippet"]["topLevelComment"]["snippet"] |= {
        "textOriginal": "pelayanannya lama. Edit: sudah beres",
        "updatedAt": "2026-06-01T11:00:00Z",
    }
    old[0]["replies"]["comments"] = [said("UgB.b", "syukurlah", hours=1)]
    routes = {
        **videos({VIDEO: [begun("UgA")]}),
        THREADS: named([old[0], old[2]]),
    }
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.new, done.edited, done.deleted) == (runs.DONE, 1, 1, 2)
    assert asked(replay, THREADS)[-2]["id"] == "UgB,UgC"
    assert row(sqlite_store, having="sudah beres")["external_id"] == "UgB"
    assert row(sqlite_store, having="syukurlah")["parent_id"] == "UgB"
    gone = {one["external_id"] for one in rows(sqlite_store) if one["deleted_at"]}
    assert gone == {"UgB.a", "UgC"}
    again = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (again.new, again.edited, again.deleted) == (0, 0, 0)


def test_nothing_is_gone_where_something_cannot_be_read(
    sqlite_store: Store, replay: Replay
) -> None:
    old = [begun(f"Ug{n}", hours=24 * 6) for n in range(3)]
    run(sqlite_store, replay, videos({VIDEO: [begun("UgA"), *old]}), videos=[VIDEO])
    answer = as_json(page([old[0], {"id": "Ug1"}]))
    routes = {**videos({VIDEO: [begun("UgA")]}), THREADS: answer}
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert done.skipped == {UNKNOWN_SHAPE: 1}


def test_new_replies_do_not_make_an_old_page_new(sqlite_store: Store, replay: Replay) -> None:
    older = thread(said("UgB", hours=24 * 20), [said("UgB.a", hours=0.5)], video=VIDEO)
    routes = {
        f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")], "2")),
        f"{THREADS}?videoId={VIDEO}&pageToken=2": as_json(page([older], "3")),
        f"{THREADS}?videoId={VIDEO}&pageToken=3": as_json(page([begun("UgC", hours=24 * 21)])),
    }
    assert run(sqlite_store, replay, routes, videos=[VIDEO]).new == 4
    assert run(sqlite_store, replay, routes, videos=[VIDEO]).status == runs.DONE
    assert [query.get("pageToken") for query in asked(replay, THREADS)] == [None, "2"]


def test_a_service_that_knows_no_thread_any_more_is_not_believed(
    sqlite_store: Store, replay: Replay
) -> None:
    old = [begun(f"Ug{n}", hours=24 * 6) for n in range(30)]
    run(sqlite_store, replay, videos({VIDEO: [begun("UgA"), *old]}), videos=[VIDEO])
    routes = {**videos({VIDEO: [begun("UgA")]}), THREADS: named([])}
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert "knows none of 30 recent threads" in str(done.notes)


def test_new_replies_under_threads_of_the_last_days_are_found(
    sqlite_store: Store, replay: Replay
) -> None:
    older = thread(said("UgB", hours=48), video=VIDEO)
    first = {
        f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")], "2")),
        f"{THREADS}?videoId={VIDEO}&pageToken=2": as_json(page([older])),
    }
    run(sqlite_store, replay, first, videos=[VIDEO])
    older = thread(said("UgB", hours=48), [said("UgB.a", "masih sama")], video=VIDEO)
    later = first | {f"{THREADS}?videoId={VIDEO}&pageToken=2": as_json(page([older]))}
    done = run(sqlite_store, replay, later, videos=[VIDEO])
    assert (done.status, done.new) == (runs.DONE, 1)
    assert not any("id" in query for query in asked(replay, THREADS))


def test_comments_that_are_turned_off_are_a_note(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        **channel_routes({VIDEO: [begun("UgA")], OTHER: []}),
        f"{THREADS}?videoId={OTHER}": refusal(403, "commentsDisabled"),
    }
    done = run(sqlite_store, replay, routes, videos=[OTHER], channels=[CHANNEL])
    assert (done.status, done.new) == (runs.DONE, 1)
    assert done.notes == [
        f"video {OTHER}: comments are turned off",
        f"channel {CHANNEL}: of some videos: comments are turned off",
    ]


@pytest.mark.parametrize("reason", ["invalidPageToken", "processingFailure"])
def test_a_token_that_is_too_old_begins_the_listing_again(
    sqlite_store: Store, replay: Replay, reason: str
) -> None:
    first = {f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")], "lama"))}
    replay.serve(first)
    gather(sqlite_store, youtube(replay.url, videos=[VIDEO]), max_items=1)
    later = {
        f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")], "baru")),
        f"{THREADS}?videoId={VIDEO}&pageToken=lama": refusal(400, reason),
        f"{THREADS}?videoId={VIDEO}&pageToken=baru": as_json(page([begun("UgB", hours=5)])),
    }
    done = run(sqlite_store, replay, later, videos=[VIDEO])
    assert (done.status, done.new) == (runs.DONE, 1)
    assert [query.get("pageToken") for query in asked(replay, THREADS)] == ["lama", None, "baru"]


def test_what_cannot_be_read_is_told_apart(sqlite_store: Store, replay: Replay) -> None:
    picture = begun("UgB", "")
    strange = begun("UgC")
    del strange["snippet"]["topLevelComment"]["snippet"]
    replies = thread(said("UgD", "baik"), [{"id": "UgD.a"}, said("UgD.b", "sip")], video=VIDEO)
    routes = videos({VIDEO: [begun("UgA"), picture, strange, {"id": "UgE"}, replies]})
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.new) == (runs.DONE, 3)
    assert done.skipped == {NO_WORDS: 1, UNKNOWN_SHAPE: 3}
    for items in ([strange], [{"id": "UgE"}, 3]):
        only = {f"{THREADS}?videoId={VIDEO}": as_json(page(items))}
        assert run(sqlite_store, replay, only, videos=[VIDEO]).status == runs.FAILED


def test_a_video_nobody_commented_on_is_nothing_said(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, videos({VIDEO: []}), videos=[VIDEO])
    assert (done.status, done.got) == (runs.DONE, 0)
    assert done.notes == ["the source answered, and had nothing to give"]


def test_a_check_touches_every_place_and_asks_little(replay: Replay) -> None:
    routes = channel_routes({VIDEO: [thread(said("UgA"), video=VIDEO, total=5)]})
    routes = {**routes, f"{SEARCH}?q=kopi": as_json(page([hit(VIDEO, "2026-05-31T00:00:00Z")]))}
    replay.serve(routes)
    source = youtube(replay.url, videos=[VIDEO], channels=[CHANNEL], search=["kopi"])
    with HttpClient() as http:
        probe = replace(make_context("cek", http=http, now=clock), probe=True)
        assert len(list(source.collect({}, probe))) == 3
    paths = [one.path.rpartition("/")[2] for one in replay.asked]
    assert paths == ["commentThreads", "channels", "playlistItems", "search"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": ""}, "'key' must be a text"),
        ({"key": "kunci\u200b", "search": "a"}, "'key' holds a blank"),
        ({}, "give 'videos', 'channels', 'search'"),
        ({"videos": ["https://www.youtube.com/watch?v=abc"]}, "'videos': 'https://www.you"),
        ({"channels": ["kopi keliling"]}, "'channels': 'kopi keliling' is no id"),
        ({"videos": [VIDEO], "own_channels": ["@senandika"]}, "'own_channels': '@senandika'"),
        ({"search": ["kopi"], "daily_units": 0}, "'daily_units' must be a whole number"),
        ({"search": ["kopi"], "days": True}, "'days' must be a whole number"),
        ({"search": ["kopi"], "url": "youtube"}, "must be an address"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=r"source 'video'") as error:
        youtube("http://127.0.0.1:9", **options)
    assert words in str(error.value)


def test_a_cursor_is_plain_json_of_a_bounded_size(sqlite_store: Store, replay: Replay) -> None:
    routes = videos({VIDEO: [begun(f"Ug{n}") for n in range(50)]})
    run(sqlite_store, replay, routes, videos=[VIDEO])
    cursor = runs.get_cursor(sqlite_store, "video")
    assert set(cursor) == {"places", "at", "recent", "videos", "spent"}
    assert len(json.dumps(cursor)) < 5_000
    assert isinstance(replay.asked[0], Asked)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "commentsDisabled"), (404, "videoNotFound"), (403, "forbidden")],
)
def test_comments_of_a_video_that_is_closed_are_not_deleted(
    sqlite_store: Store, replay: Replay, status: int, reason: str
) -> None:
    first = channel_routes({VIDEO: [begun("UgA"), begun("UgB")], OTHER: [begun("UgC")]})
    run(sqlite_store, replay, first, channels=[CHANNEL])
    closed = refusal(status, reason)
    routes = first | {f"{THREADS}?videoId={VIDEO}": closed, THREADS: named([begun("UgC")])}
    done = run(sqlite_store, replay, routes, channels=[CHANNEL])
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert "of some videos" in str(done.notes)
    # Asked for by id they may be refused as well, and others with them.
    done = run(sqlite_store, replay, routes | {THREADS: closed}, channels=[CHANNEL])
    assert (done.status, done.deleted) == (runs.DONE, 0)
    again = {
        **first,
        f"{THREADS}?videoId={VIDEO}": as_json(page([begun("UgA")])),
        THREADS: named([]),
    }
    assert run(sqlite_store, replay, again, channels=[CHANNEL]).deleted == 1


def test_a_thread_deleted_before_its_replies_are_asked_for(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        f"{THREADS}?videoId={VIDEO}": as_json(
            page([thread(said("UgA"), video=VIDEO, total=9), begun("UgB")])
        ),
        REPLIES: refusal(404, "commentNotFound"),
    }
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.new) == (runs.DONE, 2)


def test_replies_that_may_not_be_seen_do_not_stop_the_rest(
    sqlite_store: Store, replay: Replay
) -> None:
    closed, open_ = (thread(said(id), video=VIDEO, total=9) for id in ("UgA", "UgB"))
    older = begun("UgC", hours=9)
    routes = {
        f"{THREADS}?videoId={VIDEO}": as_json(page([closed, open_], "2")),
        f"{THREADS}?videoId={VIDEO}&pageToken=2": as_json(page([older])),
        f"{REPLIES}?parentId=UgA": refusal(403, "forbidden"),
        f"{REPLIES}?parentId=UgB": as_json(page([said("UgB.a")])),
    }
    done = run(sqlite_store, replay, routes, videos=[VIDEO])
    assert (done.status, done.new) == (runs.DONE, 4)
    assert done.skipped == {NO_TEXT: 1}
