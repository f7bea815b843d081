from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.services.hacker_news.api import HITS, Cut, listing_of
from collectors.sources.hacker_news import HackerNewsSource
from simak.errors import ConfigurationError, SourceChanged
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.test_hacker_news_conformance import (
    APP,
    SEARCH,
    SENANDIKA,
    hacker_news,
    item_of,
    items,
    page,
    searching,
    slices,
)


def comment(n: int, *, at: float, text: str = "isi") -> dict[str, Any]:
    return {
        "objectID": str(n),
        "comment_text": f"<p>{text} {n}",
        "author": "tehpoci",
        "points": None,
        "created_at_i": int(at),
        "parent_id": 1,
        "_tags": ["comment", "author_tehpoci", "story_1"],
    }


def run(store: Store, replay: Replay, routes: Routes, search: Any = "senandika") -> Run:
    replay.serve(routes)
    return gather(store, hacker_news(replay.url, search=search))[0]


def filters(replay: Replay) -> list[str]:
    return [a.query.get("numericFilters", "") for a in replay.asked if "search" in a.path]


def test_stories_and_comments_become_mentions(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({route: as_json(answer) for route, answer in slices().items()})
    gather(sqlite_store, hacker_news(replay.url))
    story = row(sqlite_store, having="We roast to order")
    assert story["text"] == (
        "Show HN: Senandika – roaster that ships the same day (Jakarta)\n"
        "We roast to order. Ask us anything!"
    )
    assert (story["source"], story["channel"], story["kind"]) == (
        "hacker_news",
        "hacker_news",
        "post",
    )
    assert story["external_id"] == "48200101"
    assert story["url"] == "https://news.ycombinator.com/item?id=48200101"
    assert story["published_at"] == datetime(2026, 6, 1, 8, 15, 42, tzinfo=UTC)
    # It moves with every vote.
    assert story["edited_at"] is None
    said = row(sqlite_store, having="Support answers")
    assert said["text"] == (
        "Used them for a year. Support answers in minutes & in Indonesian too.\n"
        "Refunds take ages though."
    )
    assert (said["kind"], said["parent_id"], said["stars"]) == ("comment", "48200101", None)
    link = row(sqlite_store, having="seed round")
    assert (link["text"], link["parent_id"]) == ("Senandika raises seed round", None)


def test_a_search_past_its_limit_is_cut_within_a_second(
    sqlite_store: Store, replay: Replay
) -> None:
    found = run(sqlite_store, replay, {r: as_json(a) for r, a in slices().items()}).got
    assert found == len(rows(sqlite_store)) == 6  # the comment at the cut counts once
    assert filters(replay) == ["", "created_at_i<=1780306200", "created_at_i<=1780301742"]


@pytest.mark.parametrize("together", [1, 3, 40])
def test_thousands_of_hits_are_read_in_slices(
    sqlite_store: Store, replay: Replay, together: int
) -> None:
    start = NOW.timestamp() - 86_400
    hits = [comment(10_000 + n, at=start - n // together) for n in range(2_350)]
    done = run(sqlite_store, replay, {SEARCH: searching(hits)})
    assert (done.status, done.got, done.new, done.skipped) == (runs.DONE, 2_350, 2_350, {})
    assert len(rows(sqlite_store)) == 2_350
    assert len(replay.asked) == 3
    assert not [note for note in done.notes if "lost" in note]


def test_more_hits_of_one_second_than_can_be_had_are_a_loss(
    sqlite_store: Store, replay: Replay
) -> None:
    at = NOW.timestamp() - 3_600
    hits = [comment(n, at=at) for n in range(HITS + 7)] + [comment(9_999, at=at - 5)]
    done = run(sqlite_store, replay, {SEARCH: searching(hits)})
    assert (done.status, done.new) == (runs.DONE, HITS + 1)
    assert [note for note in done.notes if "some are lost" in note]


def test_a_count_that_was_a_guess_ends_the_search() -> None:
    only = comment(7, at=1_780_306_200)
    listing = listing_of(
        {"hits": [only], "nbHits": 3}, Cut(1_780_306_200, frozenset({"7"})), "posts"
    )
    assert (listing.mentions, listing.after, listing.notes) == ([], None, ())


def test_later_runs_search_the_last_two_weeks(sqlite_store: Store, replay: Replay) -> None:
    newest = NOW.timestamp() - 60
    old = [comment(n, at=newest - 40 * 86_400 - n) for n in range(3)]
    first = [comment(10, at=newest), comment(11, at=newest - 86_400)]
    assert run(sqlite_store, replay, {SEARCH: searching(first + old)}).new == 5
    first[1]["comment_text"] = "<p>Sudah beres, kurirnya minta maaf"
    later = [comment(12, at=newest + 30), *first, *old]
    second = run(sqlite_store, replay, {SEARCH: searching(later)})
    assert (second.new, second.edited, second.got) == (1, 1, 3)
    assert filters(replay) == [f"created_at_i>{int(newest) - 14 * 86_400}"]


def test_what_vanished_from_the_search_is_asked_for_by_id(
    sqlite_store: Store, replay: Replay
) -> None:
    hits = [comment(n, at=NOW.timestamp() - 60 * n) for n in range(1, 5)]
    run(sqlite_store, replay, {SEARCH: searching(hits)})
    changed = {**hits[1], "comment_text": "<p>Nama mereknya kuhapus, sudah selesai"}
    flagged = {**item_of(hits[2]), "text": None, "author": None}
    second = run(
        sqlite_store,
        replay,
        {
            SEARCH: searching(hits[:1]),
            **items([changed]),
            "GET /api/v1/items/3": as_json(flagged),
            "GET /api/v1/items/4": Answer(b'{"status":404,"error":"Not Found"}', status=404),
        },
    )
    assert (second.status, second.new, second.edited, second.deleted) == (runs.DONE, 0, 1, 2)
    assert replay.unused() == []
    texts = {r["external_id"]: r["text"] for r in rows(sqlite_store)}
    assert texts == {"1": "isi 1", "2": "Nama mereknya kuhapus, sudah selesai", "3": "", "4": ""}
    third = run(sqlite_store, replay, {SEARCH: searching(hits[:1]), **items([changed])})
    assert (third.status, third.edited, third.deleted) == (runs.DONE, 0, 0)


def test_all_gone_at_once_is_not_believed(sqlite_store: Store, replay: Replay) -> None:
    hits = [comment(n, at=NOW.timestamp() - 60 * n) for n in range(1, 80)]
    run(sqlite_store, replay, {SEARCH: searching(hits)})
    before = rows(sqlite_store)
    second = run(sqlite_store, replay, {SEARCH: searching([])})
    assert second.status == runs.DONE
    assert [note for note in second.notes if "asked again next time" in note]
    assert len([a for a in replay.asked if "items" in a.path]) == 50
    assert rows(sqlite_store) == before


def test_a_service_that_shows_nothing_is_not_believed(sqlite_store: Store, replay: Replay) -> None:
    hits = [comment(n, at=NOW.timestamp() - 60 * n) for n in range(1, 4)]
    run(sqlite_store, replay, {SEARCH: searching(hits)})
    before = rows(sqlite_store)
    second = run(sqlite_store, replay, {SEARCH: searching([])})
    assert (second.status, second.deleted) == (runs.DONE, 0)
    assert "knows none of 3 recent posts" in str(second.notes)
    assert rows(sqlite_store) == before
    # What it says to be deleted is.
    deleted = {**item_of(hits[0]), "text": None, "author": None}
    routes = {SEARCH: searching([]), "GET /api/v1/items/1": as_json(deleted)}
    assert run(sqlite_store, replay, routes).deleted == 1
    assert run(sqlite_store, replay, {SEARCH: searching(hits[1:2])}).deleted == 1


def test_nothing_is_gone_where_a_search_failed(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {r: as_json(a) for r, a in slices().items()})
    before = rows(sqlite_store)
    failed = run(sqlite_store, replay, {SENANDIKA: Answer(b"<html>no</html>")})
    assert failed.status == runs.FAILED
    assert rows(sqlite_store) == before
    assert not [a for a in replay.asked if "items" in a.path]


def test_an_item_that_is_none_stops_the_rest(sqlite_store: Store, replay: Replay) -> None:
    hits = [comment(1, at=NOW.timestamp() - 60), comment(2, at=NOW.timestamp() - 70)]
    run(sqlite_store, replay, {SEARCH: searching(hits)})
    broken = Answer(b"<html>sorry</html>")
    routes = {SEARCH: searching([]), "GET /api/v1/items/1": broken, "GET /api/v1/items/2": broken}
    failed = run(sqlite_store, replay, routes)
    assert (failed.status, failed.deleted) == (runs.FAILED, 0)
    assert "a web page" in (failed.error or "")
    another = as_json({"id": 77, "text": "lain"})
    routes = {SEARCH: searching([]), "GET /api/v1/items/1": another, "GET /api/v1/items/2": another}
    assert "cannot be read" in (run(sqlite_store, replay, routes).error or "")


def test_an_empty_search_is_no_error(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {SEARCH: as_json({"hits": [], "nbHits": 0})})
    assert (done.status, done.got, done.notes) == (
        runs.DONE,
        0,
        ["the source answered, and had nothing to give"],
    )


def test_a_refused_search_is_told_in_its_words(sqlite_store: Store, replay: Replay) -> None:
    said = b'{"message": "invalid numeric filter: \\"points\\" is not filterable", "status": 400}'
    failed = run(sqlite_store, replay, {SEARCH: Answer(said, status=400)})
    assert failed.status == runs.FAILED
    assert 'refuses the search (400): invalid numeric filter: "points"' in (failed.error or "")


def test_one_unreadable_hit_is_kept_for_inspection(sqlite_store: Store, replay: Replay) -> None:
    bad = {"objectID": "8", "author": "x", "comment_text": None, "created_at_i": 1_780_306_200}
    hits = [comment(1, at=NOW.timestamp()), bad, {"comment_text": "tanpa id"}]
    done = run(sqlite_store, replay, {SEARCH: as_json({"hits": hits, "nbHits": 3})})
    assert (done.status, done.new) == (runs.DONE, 1)
    assert done.skipped == {"a record without a text": 1, "a record without an id": 1}


def test_pages_that_repeat_themselves_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    hits = [comment(n, at=NOW.timestamp() - n) for n in range(20)]
    answer = as_json({"hits": hits, "nbHits": 1_234, "hitsPerPage": 20})
    failed = run(sqlite_store, replay, {SEARCH: answer})
    assert (failed.status, failed.new) == (runs.FAILED, 20)
    assert "without end" in (failed.error or "")
    assert len(replay.asked) < 10


def test_hits_without_times_cannot_be_cut(sqlite_store: Store, replay: Replay) -> None:
    hit = comment(1, at=0) | {"created_at_i": None}
    failed = run(sqlite_store, replay, {SEARCH: as_json({"hits": [hit], "nbHits": 5})})
    assert failed.status == runs.FAILED
    assert "have no time" in (failed.error or "")


def test_a_failing_search_does_not_stop_the_next(sqlite_store: Store, replay: Replay) -> None:
    routes = {SENANDIKA: Answer(b'{"hits": 3}'), APP: as_json(page("hacker_news/app.json"))}
    failed = run(sqlite_store, replay, routes, search=["senandika", "senandika app"])
    assert (failed.status, failed.new) == (runs.FAILED, 2)


def test_a_later_hit_within_the_last_second_is_found(sqlite_store: Store, replay: Replay) -> None:
    at = NOW.timestamp() - 60
    run(sqlite_store, replay, {SEARCH: searching([comment(1, at=at)])})
    second = run(sqlite_store, replay, {SEARCH: searching([comment(2, at=at), comment(1, at=at)])})
    assert second.new == 1


def test_only_the_recent_are_asked_for_again(sqlite_store: Store, replay: Replay) -> None:
    old = NOW - timedelta(days=15)
    hits = [comment(1, at=NOW.timestamp()), comment(2, at=old.timestamp())]
    run(sqlite_store, replay, {SEARCH: searching(hits)})
    run(sqlite_store, replay, {SEARCH: searching([]), **items(hits)})
    assert [a.path for a in replay.asked if "items" in a.path] == ["/api/v1/items/1"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "give 'search'"),
        ({"search": []}, "give 'search'"),
        ({"search": 3}, "option 'search' must be"),
        ({"search": "a", "url": "hn.algolia.com"}, "option 'url'"),
        ({"search": "a", "key": "b"}, "'key' is not known"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        HackerNewsSource(name="hn", brand="Senandika", options=options)


def test_no_hits_but_a_count_is_no_silence() -> None:
    with pytest.raises(SourceChanged, match="counts 3 hits"):
        listing_of({"hits": [], "nbHits": 3}, None, "posts")
