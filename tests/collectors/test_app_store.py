from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.sources.app_store import PAGES, TRIES, AppStoreSource
from simak.errors import ConfigurationError
from simak.reasons import NO_ID, OFF_SCALE, UNKNOWN_SHAPE
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from tests.collectors.app_store_service import (
    APP,
    DEPTH,
    answer,
    at,
    entry,
    label,
    many,
    route,
    store_of,
    the_app,
)
from tests.collectors.conformance import gather, row, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json


def run(
    store: Store, replay: Replay, routes: Routes, *, max_items: int = 100_000, **options: Any
) -> Run:
    replay.serve(routes)
    return gather(store, store_of(replay.url, **options), max_items=max_items)[0]


def pages(replay: Replay) -> list[int]:
    paths = [asked.path for asked in replay.asked]
    return [int(path.split("page=")[1].split("/")[0]) for path in paths if "page=" in path]


def test_a_review_becomes_a_mention(sqlite_store: Store, replay: Replay) -> None:
    said = entry(
        "8001", "Tiap buka langsung keluar.\n\nTolong!", title="Keluar sendiri", stars=1,
        updated="2026-05-31T20:15:09-07:00",
    )  # fmt: skip
    assert run(sqlite_store, replay, {route(): answer([said])}).new == 1
    found = row(sqlite_store, having="langsung keluar")
    assert found["text"] == "Keluar sendiri\nTiap buka langsung keluar.\n\nTolong!"
    assert (found["source"], found["channel"], found["kind"]) == (
        "app_store",
        "app_store",
        "review",
    )
    assert (found["external_id"], found["stars"], found["version"]) == ("8001", 1, "4.2.0")
    assert found["published_at"] == datetime(2026, 6, 1, 3, 15, 9, tzinfo=UTC)
    assert (found["product"], found["attributes"]) == (APP, {"country": "id"})
    assert found["url"] == f"https://apps.apple.com/id/app/id{APP}?see-all=reviews"
    assert found["author_key"]
    assert found["reply"] is None


def test_ten_pages_and_never_an_eleventh(sqlite_store: Store, replay: Replay) -> None:
    routes = {route(n): answer(many(n * 50), last=10) for n in range(1, 11)}
    done = run(sqlite_store, replay, {**routes, route(11): DEPTH})
    assert (done.status, done.new) == (runs.DONE, 500)
    assert pages(replay) == list(range(1, PAGES + 1))


def test_pages_that_are_refused_for_their_depth_are_the_end(
    sqlite_store: Store, replay: Replay
) -> None:
    done = run(sqlite_store, replay, {route(): answer(many(0)), route(2): DEPTH})
    assert (done.status, done.new) == (runs.DONE, 50)


@pytest.mark.parametrize("refusal", [Answer(b"Bad Request", status=400), Answer(status=400)])
def test_any_other_refusal_is_an_error(
    sqlite_store: Store, replay: Replay, refusal: Answer
) -> None:
    done = run(sqlite_store, replay, {route(): answer(many(0)), route(2): refusal})
    assert (done.status, done.new) == (runs.FAILED, 50)
    assert "(400)" in (done.error or "")
    # Page 1 is never too deep.
    assert run(sqlite_store, replay, {route(): DEPTH}, countries="sg").status == runs.FAILED


def test_no_page_is_asked_for_after_a_short_one(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {route(): answer(many(0, 49), last=10)})
    assert pages(replay) == [1]


def test_a_feed_without_entries_is_asked_for_again_and_then_an_error(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    failed = run(sqlite_store, replay, {route(): answer(last=10)})
    assert (failed.status, failed.got) == (runs.FAILED, 0)
    assert f"app {APP} in storefront id: page 1 of the feed has no entries" in (failed.error or "")
    assert pages(replay) == [1] * TRIES
    assert len(naps) == TRIES - 1

    # It does so for a moment, for pages that have some.
    done = run(sqlite_store, replay, {route(): [answer(), answer(many(0, 2))]})
    assert (done.status, done.new) == (runs.DONE, 2)


LOOKUP = f"GET /lookup?id={APP}&country=id"


def catalogue(*results: Any) -> Answer:
    return as_json({"resultCount": len(results), "results": list(results)})


def test_an_app_that_nobody_has_rated_has_no_reviews(sqlite_store: Store, replay: Replay) -> None:
    routes = {route(): answer(), LOOKUP: catalogue({"trackId": int(APP), "userRatingCount": 0})}
    for _ in range(2):
        quiet = run(sqlite_store, replay, routes)
        assert (quiet.status, quiet.got) == (runs.DONE, 0)
        assert quiet.notes == [f"app {APP} in storefront id has no reviews"]
    # Once it has had some, no catalogue makes up for a feed that gives none.
    assert run(sqlite_store, replay, {route(): answer(many(0, 2))}).new == 2
    gone = run(sqlite_store, replay, routes)
    assert (gone.status, len(rows(sqlite_store))) == (runs.FAILED, 2)
    assert "/lookup" not in [asked.path for asked in replay.asked]


@pytest.mark.parametrize(
    "looked_up",
    [
        catalogue({"userRatingCount": 12}),
        catalogue({"trackId": int(APP)}),
        catalogue({"userRatingCount": "0.5"}),
        as_json({"resultCount": 0}),
        as_json({"results": None, "resultCount": 1}),
        as_json([]),
        Answer(b"<html>"),
        Answer(status=404),
        Answer(status=503),
        Answer(status=403),
    ],
)
def test_what_does_not_prove_that_there_are_no_reviews(
    sqlite_store: Store, replay: Replay, looked_up: Answer
) -> None:
    failed = run(sqlite_store, replay, {route(): answer(last=1), LOOKUP: looked_up})
    assert (failed.status, failed.got) == (runs.FAILED, 0)
    assert "page 1 of the feed has no entries" in (failed.error or "")


def test_a_storefront_without_the_app_is_named(sqlite_store: Store, replay: Replay) -> None:
    failed = run(sqlite_store, replay, {route(): answer(), LOOKUP: catalogue()})
    assert failed.status == runs.FAILED
    assert f"app {APP} in storefront id: the App Store has no such app" in (failed.error or "")


@pytest.mark.parametrize("last", [None, 10, 2])
def test_a_later_page_without_entries_is_an_error(
    sqlite_store: Store, replay: Replay, last: int | None
) -> None:
    routes = {route(): answer(many(0), last=last), route(2): answer(last=last)}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.FAILED, 50)
    assert "page 2 of the feed has no entries" in (done.error or "")


@pytest.mark.parametrize(("here", "there"), [(1, None), (None, 1)])
def test_a_page_without_entries_behind_the_last_is_the_end(
    sqlite_store: Store, replay: Replay, here: int | None, there: int | None
) -> None:
    routes = {route(): answer(many(0), last=here), route(2): answer(last=there)}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.DONE, 50)
    assert pages(replay) == [1, 2]


def test_a_page_that_stays_away_does_not_keep_new_reviews_from_being_read(
    sqlite_store: Store, replay: Replay
) -> None:
    run(sqlite_store, replay, {route(): answer(many(0)), route(2): answer()})
    routes = {route(): answer([entry("9", "Baru nih"), *many(0, 49)]), route(2): answer()}
    again = run(sqlite_store, replay, routes)
    assert (again.status, again.new) == (runs.FAILED, 1)


def test_one_entry_comes_without_a_list(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {route(): answer(entry("1", "Satu-satunya"))})
    assert (done.status, done.new) == (runs.DONE, 1)


def test_the_app_itself_is_no_review(sqlite_store: Store, replay: Replay) -> None:
    old = [the_app(), *many(0)]
    done = run(sqlite_store, replay, {route(): answer(old), route(2): answer(many(50, 3))})
    assert (done.status, done.new, done.skipped) == (runs.DONE, 53, {})
    alone = run(sqlite_store, replay, {route(country="sg"): answer(the_app())}, countries="sg")
    assert (alone.status, alone.new) == (runs.DONE, 0)
    assert alone.notes == [f"app {APP} in storefront sg has no reviews"]


def test_the_addresses_in_a_feed_are_not_followed(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {route(): answer(many(0), last=2), route(2): answer(many(50, 1))})
    assert [f"{asked.method} {asked.path}" for asked in replay.asked] == [route(), route(2)]


def test_reviews_without_a_date_are_kept_undated(sqlite_store: Store, replay: Replay) -> None:
    undated = [entry("1", "Kapan ya", updated=""), entry("2", "Entah", updated="kemarin")]
    routes = {route(): answer([*undated, *many(0, 48)]), route(2): answer(many(48, 2))}
    assert run(sqlite_store, replay, routes).new == 52
    assert row(sqlite_store, having="Kapan ya")["published_at"] is None
    assert row(sqlite_store, having="Entah")["published_at"] is None


def test_an_edited_review_keeps_its_id(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {route(): answer([entry("1", "Jelek", stars=1, updated=at(2))])})
    edited = entry("1", "Udah bagus", stars=5, updated=at(28))
    done = run(sqlite_store, replay, {route(): answer([edited])})
    assert (done.new, done.edited) == (0, 1)
    found = row(sqlite_store, having="Udah bagus")
    assert (found["published_at"].day, found["stars"]) == (29, 5)
    assert [text for text, _ in versions(sqlite_store, found["id"])] == ["Ulasan\nJelek"]


def test_votes_are_no_edit(sqlite_store: Store, replay: Replay) -> None:
    said = entry("1", "Setuju")
    run(sqlite_store, replay, {route(): answer([said])})
    more = {**said, "im:voteCount": label("90"), "im:voteSum": label("80")}
    assert run(sqlite_store, replay, {route(): answer([more])}).unchanged == 1


def test_a_later_run_reads_the_last_days_again_and_no_more(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        route(1): answer(many(0, day=28)),
        route(2): answer(many(50, day=24)),
        route(3): answer(many(100, day=10)),
        route(4): answer(many(150, 9, day=2)),
    }
    run(sqlite_store, replay, routes)
    late = entry("99", "Baru lolos moderasi", updated=at(24))
    routes[route(2)] = answer([late, *many(50, 49, day=24)])
    done = run(sqlite_store, replay, routes)
    assert (done.new, done.edited) == (1, 0)
    assert pages(replay) == [1, 2, 3]


def test_more_than_the_feed_shows_is_a_gap(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {route(): answer(many(0, 3, day=2))})
    routes = {route(n): answer(many(n * 50, day=29)) for n in range(1, 11)}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.DONE, 500)
    assert [note for note in done.notes if "lost" in note and "collect more often" in note]


def test_what_is_deleted_between_two_runs_hides_nothing(
    sqlite_store: Store, replay: Replay
) -> None:
    everything = [*many(0, 50, day=28), *many(50, 120, day=2)]

    def served(entries: list[Any]) -> Routes:
        return {route(n + 1): answer(entries[n * 50 : n * 50 + 50]) for n in range(4)}

    run(sqlite_store, replay, served(everything), max_items=150)
    # Five of what was read are gone, and what follows has moved up a page.
    again = run(sqlite_store, replay, served(everything[5:]))
    assert again.status == runs.DONE
    assert pages(replay) == [4, 3, 1, 2]
    assert len(rows(sqlite_store)) == 170


def test_what_cannot_be_read_is_kept_apart(sqlite_store: Store, replay: Replay) -> None:
    bad = [
        {**entry("1", "x"), "id": label(None)},
        {**entry("2", "x"), "im:rating": label("11")},
        {**entry("3", "x"), "content": {"html": "x"}},
        "bukan ulasan",
        the_app(),
    ]
    done = run(sqlite_store, replay, {route(): answer([entry("4", "Bisa dibaca"), *bad])})
    assert (done.status, done.new) == (runs.DONE, 1)
    assert done.skipped == {NO_ID: 2, OFF_SCALE: 1, UNKNOWN_SHAPE: 2}


def test_a_storefront_that_fails_does_not_stop_the_others(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {route(country="sg"): answer(), route(): answer(many(0, 2))}
    done = run(sqlite_store, replay, routes, countries=["sg", "id"])
    assert (done.status, done.new) == (runs.FAILED, 2)
    assert "storefront sg" in (done.error or "")


def test_the_site_is_the_real_one_where_no_other_is_given(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def request(_: Any, __: str, url: str, **___: Any) -> Any:
        asked.append(url)
        raise ConfigurationError("enough")

    monkeypatch.setattr("collectors.http.HttpClient.request", request)
    gather(sqlite_store, AppStoreSource(name="ios", brand="S", options={"apps": "12"}))
    assert asked == [
        "https://itunes.apple.com/id/rss/customerreviews/page=1/id=12/sortby=mostrecent/json"
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'apps' is missing"),
        ({"apps": 1592550999}, "in quotes"),
        ({"apps": ["id.senandika.pesan"]}, "'apps'.*write the number behind id"),
        ({"apps": ["1/../2"]}, "'apps'"),
        ({"apps": APP, "countries": ["IDN"]}, "'countries'"),
        ({"apps": APP, "url": "itunes.apple.com"}, "'url'"),
        ({"apps": APP, "negara": "id"}, "'negara'"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        AppStoreSource(name="ios", brand="Senandika", options=options)
