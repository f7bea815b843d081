from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from collectors.services.google.play_console import mention_of
from collectors.sources.google_play_console import GooglePlayConsoleSource
from simak.errors import BadRecord, ConfigurationError
from simak.reasons import NO_CONTENT, UNKNOWN_SHAPE
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, HttpConformance, gather, row, rows
from tests.collectors.google import TOKEN, TOKENS, private_key, service_account, token
from tests.collectors.replay import Answer, Replay, Routes, as_json

APP, SECOND = "id.senandika.app", "id.senandika.kasir"


def path(package: str) -> str:
    return f"GET /androidpublisher/v3/applications/{package}/reviews"


PAGE = path(APP)


def review(
    name: str, text: str, hours: float, *, stars: int = 3, reply: str | None = None, **more: Any
) -> dict[str, Any]:
    """A review of so many hours ago."""
    seconds = int((NOW - timedelta(hours=hours)).timestamp())
    said = {"text": text, "starRating": stars, "reviewerLanguage": "in",
            "lastModified": {"seconds": str(seconds), "nanos": 713000000}} | more  # fmt: skip
    comments: list[Any] = [{"userComment": said}]
    if reply is not None:
        at = {"seconds": str(seconds + 3_600)}
        comments.append({"developerComment": {"text": reply, "lastModified": at}})
    return {"reviewId": name, "authorName": "Budi Contoh", "comments": comments}


def answer(*reviews: Any, after: str | None = None) -> Answer:
    page: dict[str, Any] = {"reviews": list(reviews)}
    if after:
        page["tokenPagination"] = {"nextPageToken": after}
    return as_json(page)


FIRST = (
    review("r1", "Sering keluar sendiri abis update", 2, stars=1, device="a06"),
    review("r2", "Mantap\tBayar kopi jadi gampang", 30, stars=5, reply="Terima kasih kak!"),
)
LATER = (review("r3", "voucher ga bisa dipake, kecewa", 100, stars=2, appVersionName="4.1.0"),)
KASIR = (review("k1", "Printer struknya ga nyambung", 50, stars=2),)


def play(url: str, **options: Any) -> GooglePlayConsoleSource:
    given = {
        "packages": [APP, SECOND],
        "key": json.dumps(service_account()),
        "url": url,
        "token_uri": f"{url}/token",
    }
    return GooglePlayConsoleSource(name="play", brand="Senandika", options=given | options)


class TestPlayConsole(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("keluar sendiri", "udah lancar")
    deleted: ClassVar[str] = "voucher"
    secrets: ClassVar[tuple[str, ...]] = (TOKEN, "BEGIN PRIVATE KEY", private_key()[60:90])
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sign in</title>",
        "half": b'{"reviews": [{"reviewId": "r1", "comm',
        "other answer": b'{"message": "ok"}',
        "an error in a 200": b'{"error": {"code": 500, "status": "INTERNAL"}}',
        "a list": b"[]",
        "null": b"null",
        "a number": b"7",
        "no list": b'{"reviews": null}',
        "an object for a list": b'{"reviews": {"reviewId": "r1"}}',
        "strange reviews": b'{"reviews": [3, null, {"reviewId": "r"}, {"comments": []}]}',
        "strange token": b'{"reviews": [], "tokenPagination": {"nextPageToken": 7}}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> GooglePlayConsoleSource:
        return play(url)

    def first_page(self) -> str:
        return PAGE

    def run(self, store: Store, world: Any, state: str = "first", **options: Any) -> Run:
        if state == "gap":
            options["now"] = lambda: NOW + timedelta(days=9)
        return super().run(store, world, state, **options)

    def routes(self, state: str) -> Routes:
        first = FIRST
        if state == "edited":
            first = (review("r1", "Update: udah lancar lagi", 0, stars=4), FIRST[1])
        return {
            TOKENS: token(),
            PAGE: answer(*first, after="hal-2"),
            f"{PAGE}?token=hal-2": answer(*([] if state == "deleted" else LATER)),
            path(SECOND): answer(*KASIR),
        }


def run_with(store: Store, replay: Replay, *reviews: Any, **options: Any) -> Run:
    replay.serve({TOKENS: token(), PAGE: answer(*reviews)})
    return gather(store, play(replay.url, packages=[APP], **options))[0]


def test_what_a_review_becomes(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST)
    stored = row(sqlite_store, having="gampang")
    assert stored["text"] == "Mantap\nBayar kopi jadi gampang"
    assert (stored["external_id"], stored["source"]) == ("r2", "google_play_console")
    assert (stored["channel"], stored["kind"], stored["stars"]) == ("google_play", "review", 5)
    assert (stored["reply"], stored["language"]) == ("Terima kasih kak!", "id")
    assert stored["published_at"] == NOW - timedelta(hours=30)
    assert stored["reply_at"] == NOW - timedelta(hours=29)
    assert stored["product"] == APP
    other = row(sqlite_store, having="keluar")
    assert (other["reply"], other["reply_at"], other["attributes"]) == (
        None,
        None,
        {"Device": "a06"},
    )


def test_requests_are_as_published(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST)
    asked_token, asked = replay.asked
    assert asked_token.path == "/token"
    assert asked.query["maxResults"] == "100"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


def test_no_review_in_a_week_is_said(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: as_json({})})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert (run.status, run.got) == (runs.DONE, 0)
    assert "Google has no review of id.senandika.app with a text" in run.notes[0]


def test_nothing_where_something_should_be_is_said(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST)
    replay.serve({TOKENS: token(), PAGE: as_json({})})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert run.status == runs.DONE
    assert "though one that it gave is not a week old" in run.notes[0]


def test_a_quiet_fortnight_read_daily_is_no_gap(sqlite_store: Store, replay: Replay) -> None:
    for day in (0, 6, 12, 18):
        replay.serve({TOKENS: token(), PAGE: as_json({}) if day > 7 else answer(*FIRST)})
        run = gather(
            sqlite_store,
            play(replay.url, packages=[APP]),
            now=lambda day=day: NOW + timedelta(days=day),
        )[0]
        assert not [note for note in run.notes if "lost" in note]


def test_a_late_reply_is_seen_on_later_pages(sqlite_store: Store, replay: Replay) -> None:
    pages = {PAGE: answer(*FIRST, after="hal-2"), f"{PAGE}?token=hal-2": answer(*LATER)}
    replay.serve({TOKENS: token(), **pages})
    gather(sqlite_store, play(replay.url, packages=[APP]))
    replied = review("r3", "voucher ga bisa dipake, kecewa", 100, stars=2, reply="Maaf ya kak")
    replay.serve({TOKENS: token(), **pages, f"{PAGE}?token=hal-2": answer(replied)})
    gather(sqlite_store, play(replay.url, packages=[APP]))
    assert row(sqlite_store, having="voucher")["reply"] == "Maaf ya kak"


def test_a_lost_page_begins_the_week_again(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    pages: Routes = {TOKENS: token(), PAGE: answer(*FIRST, after="hal-2")}
    page_2 = f"{PAGE}?token=hal-2"
    replay.serve({**pages, page_2: Answer(status=500)})
    assert gather(sqlite_store, play(replay.url, packages=[APP]))[0].status == runs.FAILED
    invalid = as_json({"error": {"code": 400, "status": "INVALID_ARGUMENT"}})
    lost = Answer(invalid.body, status=400)
    replay.serve({**pages, page_2: [lost, answer(*LATER)]})
    assert gather(sqlite_store, play(replay.url, packages=[APP]))[0].status == runs.DONE
    assert len(rows(sqlite_store)) == 3


def test_a_bad_request_is_an_error(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: Answer(b'{"error": {}}', status=400)})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert run.status == runs.FAILED
    assert "400" in (run.error or "")


def test_pages_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: answer(*FIRST, after="hal-2")})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert run.status == runs.FAILED
    assert "without end" in (run.error or "")


def test_an_unreadable_review_is_kept_and_counted(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay, {"reviewId": "x", "comments": 3}, *FIRST)
    assert (run.status, run.new, run.skipped) == (runs.DONE, 2, {UNKNOWN_SHAPE: 1})


@pytest.mark.parametrize(
    ("comments", "reason"),
    [
        ([], UNKNOWN_SHAPE),
        ([{"developerComment": {"text": "Halo"}}], UNKNOWN_SHAPE),
        ([{"userComment": {"text": "  \t "}}], NO_CONTENT),
    ],
)
def test_reviews_without_a_customers_words(comments: list[Any], reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        mention_of({"reviewId": "r", "comments": comments}, APP)


def test_of_several_comments_the_newest_counts() -> None:
    old, new = review("r", "Lemot", 9), review("r", "Udah cepet", 1)
    both = {"reviewId": "r", "comments": [*new["comments"], *old["comments"]]}
    assert mention_of(both, APP).text == "Udah cepet"


def test_a_broken_time_is_no_time() -> None:
    for seconds in ("banyak", None, "9" * 40, {}):
        one = review("r", "Oke", 1, lastModified={"seconds": seconds})
        assert mention_of(one, APP).published_at is None


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (403, {"status": "PERMISSION_DENIED"}, "PERMISSION_DENIED): check the credential"),
        (403, {"details": [{"reason": "SERVICE_DISABLED"}]}, "turn the API on"),
        (403, {"errors": [{"reason": "quotaExceeded"}]}, "quota is used up"),
        (401, {"status": "UNAUTHENTICATED"}, "wants a valid credential (401, UNAUTH"),
        (403, {"status": "kunci rahasia 123"}, "(403): check the credential"),
    ],
)
def test_googles_refusals(
    sqlite_store: Store, replay: Replay, status: int, error: Any, words: str
) -> None:
    refusal = Answer(json.dumps({"error": {"code": status, **error}}).encode(), status=status)
    replay.serve({TOKENS: token(), PAGE: refusal})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert run.status == runs.FAILED
    assert words in (run.error or "")


def test_a_refused_token_is_renewed_once(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(
        {
            TOKENS: [token("lama"), token()],
            PAGE: [answer(*FIRST, after="hal-2")],
            f"{PAGE}?token=hal-2": [Answer(status=401), answer(*LATER)],
        }
    )
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert (run.status, run.new) == (runs.DONE, 3)
    assert replay.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Answer(b'{"error": "invalid_grant"}', status=400), "withdrawn or has expired"),
        (Answer(b'{"error": "server_error"}', status=400), "try again later"),
        (Answer(b"<html>", status=403), "gives no token (403)"),
        (Answer(b"", status=302, headers={"Location": "/x"}), "leads elsewhere (302)"),
        (Answer(b"<html>"), "a web page instead of JSON"),
        (as_json({"error": "no"}), "holds no token"),
        (as_json({"access_token": "", "expires_in": 3}), "holds no token"),
        (as_json({"access_token": "a", "expires_in": "besok"}), "holds no token"),
        (Answer(b"[" * 100_000), "instead of JSON"),
    ],
)
def test_no_token_is_an_error(
    sqlite_store: Store, replay: Replay, naps: list[float], given: Answer, words: str
) -> None:
    replay.serve({TOKENS: given, PAGE: answer(*FIRST)})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert run.status == runs.FAILED
    assert words in (run.error or "")
    assert len([asked for asked in replay.asked if asked.path == "/token"]) == 1
    assert naps == []


def test_a_redirect_is_not_followed_with_the_token(sqlite_store: Store, replay: Replay) -> None:
    elsewhere = Answer(status=302, headers={"Location": "{url}/lain"})
    replay.serve({TOKENS: token(), PAGE: elsewhere, "GET /lain": answer(*FIRST)})
    run = gather(sqlite_store, play(replay.url, packages=[APP]))[0]
    assert "leads elsewhere (302)" in (run.error or "")
    assert not [asked for asked in replay.asked if asked.path == "/lain"]


def test_the_key_may_be_a_file(sqlite_store: Store, replay: Replay, tmp_path: Path) -> None:
    key = tmp_path / "kunci.json"
    key.write_text(json.dumps(service_account()))
    replay.serve({TOKENS: token(), PAGE: answer(*FIRST)})
    options = {"packages": APP, "url": replay.url, "token_uri": f"{replay.url}/token"}
    source = GooglePlayConsoleSource(
        name="play", brand="Senandika", options={**options, "key_file": str(key)}
    )
    assert gather(sqlite_store, source)[0].new == 2


@pytest.mark.parametrize(
    "key",
    [
        "bukan JSON", "[]", "[" * 100_000, '{"type": "authorized_user"}',
        '{"type": "service_account"}',
        json.dumps(service_account() | {"private_key": "PEM palsu rahasia"}),
        json.dumps(service_account() | {"private_key": 7}),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_and_not_shown(sqlite_store: Store, replay: Replay, key: str) -> None:
    run = gather(sqlite_store, play(replay.url, key=key))[0]
    assert run.status == runs.FAILED
    assert "not the key of a service account" in (run.error or "")
    assert "palsu" not in (run.error or "")


def test_a_missing_key_file_is_named(sqlite_store: Store, tmp_path: Path) -> None:
    options = {"packages": APP, "key_file": str(tmp_path / "tidak-ada.json")}
    source = GooglePlayConsoleSource(name="play", brand="Senandika", options=options)
    assert "'key_file' cannot be read" in (gather(sqlite_store, source)[0].error or "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "give 'packages' with 'key_file', or 'exports', or both"),
        ({"packages": [APP]}, "give 'packages' with 'key_file'"),
        ({"key": "x"}, "'packages' is missing"),
        ({"key": "x", "key_file": "y", "packages": APP}, "not both"),
        ({"key": "x", "packages": ["Senandika App"]}, "no name of an app"),
        ({"key": "x", "packages": APP, "url": "senandika"}, "must be an address"),
        ({"key": 7, "packages": APP}, "'key' must be a text"),
        ({"kunci": "x"}, "'kunci' is not known"),
    ],
)
def test_wrong_options(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        GooglePlayConsoleSource(name="play", brand="Senandika", options=options)


def test_times_are_utc() -> None:
    at = mention_of(review("r", "Oke", 0), APP).published_at
    assert at == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert at is not None
    assert at.tzinfo is UTC
