from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from collectors.http import HttpClient
from collectors.runner import make_context
from collectors.services.google.play import PAGE
from collectors.sources.google_play import GooglePlaySource
from simak.errors import ConfigurationError, SourceChanged
from simak.reasons import NO_CONTENT, NO_ID, OFF_SCALE, UNKNOWN_SHAPE
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from store.tables import bad_record
from tests.collectors.conformance import gather, row, rows
from tests.collectors.google_play_service import (
    APP,
    answer,
    at,
    framed,
    payload,
    play,
    review,
    route,
)
from tests.collectors.replay import Answer, Replay, Routes


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve(routes)
    return gather(store, play(replay.url, **options))[0]


def ids(store: Store) -> list[str]:
    return [row["external_id"] for row in rows(store)]


def many(start: int, count: int, *, day: int = 20) -> list[Any]:
    return [
        review(f"m{n:04}", f"Ulasan nomor {n}", time=at(day) - n)
        for n in range(start, start + count)
    ]


def test_a_review_becomes_a_mention(sqlite_store: Store, replay: Replay) -> None:
    reply = ("Halo Kak, kami cek ya.", at(22))
    said = review("r1", "  Lemot parah 😤 ", stars=2, time=at(21), version="4.2.0", reply=reply)
    assert run(sqlite_store, replay, {route(): answer([said])}).new == 1
    found = row(sqlite_store, having="Lemot")
    assert found["text"] == "Lemot parah 😤"
    assert (found["source"], found["channel"], found["kind"]) == (
        "google_play",
        "google_play",
        "review",
    )
    assert (found["stars"], found["version"], found["product"]) == (2, "4.2.0", APP)
    assert found["published_at"] == datetime(2026, 5, 21, 9, 0, 0, 77_000, tzinfo=UTC)
    assert found["reply"] == "Halo Kak, kami cek ya."
    assert found["reply_at"] == datetime(2026, 5, 22, 9, 0, 0, 174_000, tzinfo=UTC)
    assert found["url"] == f"https://play.google.com/store/apps/details?id={APP}&reviewId=r1"
    # The language is where it was asked for, not what it is written in.
    assert (found["language"], found["attributes"]) == (None, {})


def test_what_a_review_may_lack(sqlite_store: Store, replay: Replay) -> None:
    bare = review("r1", None, stars=4)
    bare[5], bare[1], bare[10] = None, None, None
    short = ["r2", ["Sari"], 5, None, "Suka"]
    no_stars = ["r3", None, None, None, "Belum sempat kasih bintang"]
    done = run(sqlite_store, replay, {route(): answer([bare, short, no_stars])})
    assert (done.status, done.new, done.skipped) == (runs.DONE, 3, {})
    first = next(found for found in rows(sqlite_store) if found["external_id"] == "r1")
    assert (first["text"], first["stars"]) == ("", 4)
    assert (first["published_at"], first["author_key"], first["version"]) == (None, None, None)
    assert row(sqlite_store, having="Suka")["reply"] is None
    assert row(sqlite_store, having="Belum")["stars"] is None


def test_a_reply_may_be_older_than_its_review(sqlite_store: Store, replay: Replay) -> None:
    said = review("r1", "Masih sama aja", time=at(25), reply=("Mohon maaf, Kak.", at(12)))
    run(sqlite_store, replay, {route(): answer([said])})
    found = row(sqlite_store, having="Masih")
    assert found["reply_at"] < found["published_at"]
    assert found["reply_at"].day == 12


def test_an_account_that_is_gone_is_nobody(sqlite_store: Store, replay: Replay) -> None:
    gone = [review("r1", "Oke", author="Pengguna Google"), review("r2", "Ok", author="Bagus Ali")]
    run(sqlite_store, replay, {route(): answer(gone)})
    assert [found["author_key"] is None for found in rows(sqlite_store)] == [True, False]


def test_what_it_asks_for(sqlite_store: Store, replay: Replay) -> None:
    run(
        sqlite_store,
        replay,
        {
            route(hl="en", gl="SG"): answer([review("r1", "Nice")], "tok/en+=="),
            route("tok/en+==", hl="en", gl="SG"): answer([review("r2", "Ok")]),
        },
        languages="en",
        countries="SG",
    )
    first, second = replay.asked
    assert (first.method, first.path) == ("POST", "/_/PlayStoreUi/data/batchexecute")
    assert {k: first.query[k] for k in ("rpcids", "hl", "gl")} == {
        "rpcids": "UsvDTd",
        "hl": "en",
        "gl": "SG",
    }
    assert first.query["f.req"] == (
        r'[[["UsvDTd","[null,null,[2,2,[150,null,null],null,[]],[\"id.senandika.pesan\",7]]",'
        'null,"generic"]]]'
    )
    assert r"[150,null,\"tok/en+==\"]" in second.query["f.req"]


@pytest.mark.parametrize(
    ("first", "rpc", "chunked"),
    [
        ([[review("r1", "Satu")], [None, "lagi"]], "UsvDTd", False),
        ([[review("r1", "Satu")], [None, "lagi"], []], "oCPfdb", True),
        ([[review("r1", "Satu")], [None, None], [3, "lagi"], []], "oCPfdb", False),
        ([[review("r1", "Satu")], None, ["lagi"], None], "UsvDTd", True),
    ],
)
def test_the_token_is_found_in_every_shape(
    sqlite_store: Store, replay: Replay, first: list[Any], rpc: str, chunked: bool
) -> None:
    last = payload([review("r2", "Dua")])
    done = run(
        sqlite_store,
        replay,
        {
            route(): Answer(framed(first, rpc, chunked=chunked)),
            route("lagi"): Answer(framed(last, rpc, chunked=chunked)),
        },
    )
    assert (done.status, ids(sqlite_store)) == (runs.DONE, ["r1", "r2"])
    assert replay.unused() == []


@pytest.mark.parametrize("nothing", [[], None])
def test_nothing_is_an_error_and_no_end(sqlite_store: Store, replay: Replay, nothing: Any) -> None:
    unknown = run(sqlite_store, replay, {route(): Answer(framed(nothing))})
    assert (unknown.status, unknown.got) == (runs.FAILED, 0)
    assert "check the app's id" in (unknown.error or "")
    assert APP in (unknown.error or "")

    amid = {route(): answer(many(0, 3), "lagi"), route("lagi"): Answer(framed(nothing))}
    failed = run(sqlite_store, replay, amid)
    assert (failed.status, failed.new) == (runs.FAILED, 3)

    # What was left of is not known any more, or the service failed: from the top again.
    whole = {route(): answer(many(0, 3), "baru"), route("baru"): answer(many(3, 2))}
    done = run(sqlite_store, replay, {**whole, route("lagi"): Answer(framed(nothing))})
    assert (done.status, done.new) == (runs.DONE, 2)
    assert replay.unused() == []


def test_a_refusal_in_an_answer_is_waited_for_and_keeps_the_place(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    detail = [["type.googleapis.com/com.google.play.gateway.proto.PlayGatewayError", [None, [8]]]]
    frame = ["wrb.fr", "UsvDTd", None, None, None, [8, None, detail], "generic"]
    busy = Answer(f")]}}'\n\n{json.dumps([frame, ['di', 9]])}".encode())
    page_1, page_2 = answer(many(0, 3), "dua"), answer(many(3, 3), "tiga")
    left = run(sqlite_store, replay, {route(): [busy, page_1], route("dua"): busy})
    assert (left.status, left.new) == (runs.FAILED, 3)
    assert "try again later" in (left.error or "")
    assert naps == [5, 5, 10]

    # Refused at once the next night too: the way that was gone is not gone again.
    assert run(sqlite_store, replay, {route("dua"): busy}).status == runs.FAILED
    rest = {route("dua"): page_2, route("tiga"): answer(many(6, 1)), route(): page_1}
    done = run(sqlite_store, replay, rest)
    assert (done.status, done.new) == (runs.DONE, 4)
    assert r"\"dua\"" in replay.asked[0].query["f.req"]


@pytest.mark.parametrize("code", [3, 5])
def test_a_refusal_for_good_is_not_waited_for(
    sqlite_store: Store, replay: Replay, naps: list[float], code: int
) -> None:
    frame = ["wrb.fr", "UsvDTd", None, None, None, [code, None, [["x.PlayGatewayError"]]]]
    body = f")]}}'\n\n{json.dumps([frame])}".encode()
    unknown = run(sqlite_store, replay, {route(): Answer(body)})
    assert "check the app's id" in (unknown.error or "")
    assert naps == []


def test_a_review_that_names_a_refusal_is_none(sqlite_store: Store, replay: Replay) -> None:
    said = review("r1", "Muncul tulisan PlayGatewayError terus")
    assert run(sqlite_store, replay, {route(): answer([said])}).status == runs.DONE


def test_a_full_page_without_a_token_is_an_error_and_kept(
    sqlite_store: Store, replay: Replay
) -> None:
    full = many(0, PAGE)
    failed = run(sqlite_store, replay, {route(): answer(full)})
    assert (failed.status, failed.new) == (runs.FAILED, PAGE)
    assert "without the token" in (failed.error or "")

    # In the middle of a pass, and found again by the next run.
    middle = {route(): answer(full, "dua"), route("dua"): answer(many(PAGE, PAGE))}
    failed = run(sqlite_store, replay, middle)
    assert (failed.status, failed.new) == (runs.FAILED, PAGE)
    middle[route("dua")] = answer(many(PAGE, PAGE), "tiga")
    done = run(sqlite_store, replay, {**middle, route("tiga"): answer(many(2 * PAGE, 7))})
    assert (done.status, len(rows(sqlite_store))) == (runs.DONE, 2 * PAGE + 7)
    assert replay.unused() == []


def test_a_lost_token_does_not_keep_later_reviews_from_being_read(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {route(): answer(many(0, 2), "dua"), route("dua"): answer(many(PAGE, PAGE))}
    assert run(sqlite_store, replay, routes).status == runs.FAILED
    routes[route()] = answer([review("baru", "Baru nih", time=at(29)), *many(0, 2)], "dua")
    again = run(sqlite_store, replay, routes)
    assert (again.status, again.new) == (runs.FAILED, 1)


def test_a_check_tells_that_a_token_is_lost(replay: Replay, sqlite_store: Store) -> None:
    replay.serve({route(): answer(many(0, PAGE))})
    with HttpClient() as http:
        probe = replace(make_context("play", http=http), probe=True)
        with pytest.raises(SourceChanged, match="without the token"):
            list(play(replay.url).collect({}, probe))


@pytest.mark.parametrize("tail", [[], [[None, None]], [[None, ""], []]])
def test_a_shorter_page_without_a_token_is_the_end(
    sqlite_store: Store, replay: Replay, tail: list[Any]
) -> None:
    body = framed([many(0, PAGE - 1), *tail])
    done = run(sqlite_store, replay, {route(): Answer(body)})
    assert (done.status, done.new) == (runs.DONE, PAGE - 1)


def test_an_empty_page_after_a_full_one_is_the_end(sqlite_store: Store, replay: Replay) -> None:
    done = run(
        sqlite_store,
        replay,
        {route(): answer(many(0, PAGE), "dua"), route("dua"): answer([])},
    )
    assert (done.status, done.new) == (runs.DONE, PAGE)


def test_no_reviews_yet_is_said_and_none_any_more_is_an_error(
    sqlite_store: Store, replay: Replay
) -> None:
    done = run(sqlite_store, replay, {route(): answer([])})
    assert (done.status, done.notes) == (runs.DONE, [f"{APP} (id of id) has no reviews"])
    run(sqlite_store, replay, {route(): answer(many(0, 2))})
    gone = run(sqlite_store, replay, {route(): answer([])})
    assert (gone.status, len(rows(sqlite_store))) == (runs.FAILED, 2)
    assert "some before" in (gone.error or "")


def test_every_language_and_country_is_asked_and_a_review_stored_once(
    sqlite_store: Store, replay: Replay
) -> None:
    both = review("r0", "Bagus banget", stars=5)
    routes = {
        route(hl=hl, gl=gl): answer([both, review(f"{hl}-{gl}", "Oke")])
        for hl in ("id", "en")
        for gl in ("id", "my")
    }
    done = run(sqlite_store, replay, routes, languages=["id", "en"], countries=["id", "my"])
    assert (done.status, done.new, done.unchanged) == (runs.DONE, 5, 3)
    assert replay.unused() == []


def test_a_review_of_several_corpora_does_not_change_to_and_fro(
    sqlite_store: Store, replay: Replay
) -> None:
    both = [review("r1", "Bagus", version="1.0")]
    gone = [review("r2", "Oke", author="Pengguna Google")]
    away = [review("r2", "Oke", author="A Google user")]
    routes = {route(): answer(both + gone), route(hl="en"): answer(both + away)}
    first = run(sqlite_store, replay, routes, languages=["id", "en"])
    assert (first.new, first.edited, first.unchanged) == (2, 0, 2)
    again = run(sqlite_store, replay, routes, languages=["id", "en"])
    assert (again.new, again.edited) == (0, 0)


def test_an_edit_has_its_old_id_and_a_new_time(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {route(): answer([review("r1", "Jelek", stars=1, time=at(2))])})
    newer = [review("r1", "Udah bagus", stars=5, time=at(28)), review("r0", "Hmm", time=at(1))]
    done = run(sqlite_store, replay, {route(): answer(newer)})
    assert (done.new, done.edited) == (1, 1)
    found = row(sqlite_store, having="Udah bagus")
    assert (found["published_at"].day, found["stars"]) == (28, 5)
    assert [text for text, _ in versions(sqlite_store, found["id"])] == ["Jelek"]


def test_the_last_days_are_read_again_and_no_more(sqlite_store: Store, replay: Replay) -> None:
    new = review("r4", "Paling baru", time=at(28))
    recent = review("r3", "Kurirnya nyasar", time=at(24))
    older = review("r2", "Aplikasi bagus", time=at(10))
    oldest = review("r1", "Pertama!", time=at(1))
    routes = {
        route(): answer([new], "b"),
        route("b"): answer([recent], "c"),
        route("c"): answer([older], "d"),
        route("d"): answer([oldest]),
    }
    run(sqlite_store, replay, routes)
    late = review("r9", "Telat tampil", time=at(25))
    replied = review("r3", "Kurirnya nyasar", time=at(24), reply=("Maaf ya, Kak.", at(29)))
    routes[route("b")] = answer([late, replied], "c")
    done = run(sqlite_store, replay, routes)
    assert (done.new, done.edited) == (1, 1)
    assert row(sqlite_store, having="nyasar")["reply"] == "Maaf ya, Kak."
    assert len(replay.asked) == 3  # the page that is all older ends it


def test_pages_that_repeat_themselves_are_the_end(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        route(f"t{n}" if n else None): answer(many(n % 5 * 10, 10), f"t{n + 1}") for n in range(40)
    }
    done = run(sqlite_store, replay, routes)
    assert (done.status, len(rows(sqlite_store))) == (runs.DONE, 50)
    assert [note for note in done.notes if "repeated" in note and "may be lost" in note]
    assert len(replay.asked) < 15


def test_a_token_that_comes_again_is_the_end(sqlite_store: Store, replay: Replay) -> None:
    routes = {route(): answer(many(0, 3), "sama"), route("sama"): answer(many(3, 3), "sama")}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.DONE, 6)
    assert [note for note in done.notes if "repeated" in note]


def test_what_cannot_be_read_is_kept_apart(sqlite_store: Store, replay: Replay) -> None:
    moved = review("r4", "x")
    moved[4] = ["Teks", "pindah"]
    page = [
        review("r1", "Bisa dibaca"),
        review("", "Tanpa id"),
        "bukan ulasan",
        moved,
        review("r5", "Nilai aneh", stars=9),
        ["r6"],
    ]
    done = run(sqlite_store, replay, {route(): answer(page)})
    assert (done.status, done.new) == (runs.DONE, 1)
    assert done.skipped == {NO_ID: 1, UNKNOWN_SHAPE: 2, OFF_SCALE: 1, NO_CONTENT: 1}
    with sqlite_store.read() as connection:
        kept = connection.execute(select(bad_record.c.record)).scalars().all()
    assert any("Nilai aneh" in record for record in kept)


def test_an_app_that_fails_does_not_stop_the_others(sqlite_store: Store, replay: Replay) -> None:
    routes = {route(app="id.salah"): Answer(framed([])), route(): answer(many(0, 2))}
    done = run(sqlite_store, replay, routes, apps=["id.salah", APP])
    assert (done.status, done.new) == (runs.FAILED, 2)
    assert "id.salah (id of id)" in (done.error or "")
    assert APP not in (done.error or "")


def test_a_later_run_goes_on_with_the_token_of_the_page_it_came_to(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        route(): answer(many(0, 3), "b"),
        route("b"): answer(many(3, 3), "c"),
        route("c"): answer(many(6, 3)),
    }
    replay.serve(routes)
    gather(sqlite_store, play(replay.url), max_items=3)
    replay.serve(routes)
    gather(sqlite_store, play(replay.url), max_items=3)
    assert [r"\"b\"" in asked.query["f.req"] for asked in replay.asked] == [True]
    assert len(rows(sqlite_store)) == 6


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'apps' is missing"),
        ({"apps": ["senandika"]}, "'apps'.*write what stands behind id="),
        ({"apps": ['id.a",7]']}, "'apps'"),
        ({"apps": [APP], "languages": "Indonesia"}, "'languages'"),
        ({"apps": [APP], "countries": "IDN"}, "'countries'.*write two letters"),
        ({"apps": [APP], "url": "play.google.com"}, "'url'"),
        ({"apps": [APP], "bahasa": "id"}, "'bahasa'"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        GooglePlaySource(name="play", brand="Senandika", options=options)


def test_it_is_off_until_it_is_turned_on() -> None:
    assert GooglePlaySource.facts.opt_in


def test_the_site_is_the_real_one_where_no_other_is_given(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def request(_: Any, __: str, url: str, **___: Any) -> Any:
        asked.append(url)
        raise ConfigurationError("enough")

    monkeypatch.setattr("collectors.http.HttpClient.request", request)
    gather(sqlite_store, GooglePlaySource(name="p", brand="S", options={"apps": APP}))
    assert asked == ["https://play.google.com/_/PlayStoreUi/data/batchexecute"]
