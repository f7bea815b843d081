from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from collectors.gone import AT_MOST
from collectors.http import HttpClient
from collectors.services.app_store.connect import AppStoreConnectApi, mention_of
from collectors.sources.app_store_connect import AppStoreConnectSource
from simak.errors import BadRecord, ConfigurationError
from simak.reasons import NO_CONTENT, UNKNOWN_SHAPE
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from tests.collectors.conformance import NOW, HttpConformance, gather, row, rows
from tests.collectors.google import private_key as rsa_key
from tests.collectors.replay import Answer, Replay, Routes, as_json

APP, SECOND = "1234567890", "987654321"
KEY_ID = "KUNCI2X9"
CALIFORNIA = timezone(timedelta(hours=-7))


def path(app: str) -> str:
    return f"GET /v1/apps/{app}/customerReviews"


PAGE = path(APP)


@cache
def private_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def review(
    name: str, title: str, text: str, days: float, *, stars: int = 3, reply: str | None = None
) -> dict[str, Any]:
    """A review of so many days ago, as Apple writes it."""
    return {
        "type": "customerReviews",
        "id": f"00000191-be75-7003-0000-{name}",
        "attributes": {
            "rating": stars,
            "title": title,
            "body": text,
            "reviewerNickname": "Sari Contoh",
            "createdDate": (NOW - timedelta(days=days)).astimezone(CALIFORNIA).isoformat(),
            "territory": "IDN",
        },
        "relationships": {
            "response": {
                "data": {"type": "customerReviewResponses", "id": reply} if reply else None
            }
        },
    }


def response(name: str, text: str, state: str = "PUBLISHED") -> dict[str, Any]:
    said = {"responseBody": text, "lastModifiedDate": "2026-05-30T09:00:00-07:00", "state": state}
    return {"type": "customerReviewResponses", "id": name, "attributes": said}


def answer(*reviews: Any, included: tuple[Any, ...] = (), after: str | None = None) -> Answer:
    links = {"self": "https://api.appstoreconnect.apple.com/v1/apps"}
    if after:
        links["next"] = f"https://internal.apple.example/v1/apps/1?cursor={after}&limit=200"
    page = {"data": list(reviews), "included": list(included), "links": links}
    return as_json(page, **{"X-Rate-Limit": "user-hour-lim:3600;user-hour-rem:3545;"})


def gone() -> Answer:
    body = {"errors": [{"status": "404", "code": "NOT_FOUND", "title": "no resource"}]}
    return Answer(json.dumps(body).encode(), status=404)


FIRST = (
    review("r1", "Gagal terus", "Bayar pake OVO gagal mulu", 1, stars=1),
    review("r2", "Mantap", "Checkout cepet banget", 3, stars=5, reply="b1"),
)
REPLIES = (response("b1", "Terima kasih kak!"),)
LATER = (review("r3", "Oke lah", "Promo bagus tapi lemot", 40, stars=3),)
OTHER = (review("k1", "Kasir", "Struk ga kecetak", 9, stars=2),)


def connect(url: str, **options: Any) -> AppStoreConnectSource:
    given = {
        "key_id": KEY_ID,
        "issuer_id": "69a6de70-0000-47e3-e053-5b8c7c11a4d1",
        "key": private_key(),
        "apps": [APP, SECOND],
        "url": url,
    }
    return AppStoreConnectSource(name="ios", brand="Senandika", options=given | options)


class TestAppStoreConnect(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("gagal mulu", "udah bisa")
    deleted: ClassVar[str] = "cepet banget"
    secrets: ClassVar[tuple[str, ...]] = ("Bearer ey", private_key()[40:70])
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sign in</title>",
        "half": b'{"data": [{"type": "customerRev',
        "other answer": b'{"message": "ok"}',
        "an error in a 200": b'{"errors": [{"status": "500", "code": "UNEXPECTED_ERROR"}]}',
        "an empty object": b"{}",
        "a list": b"[]",
        "null": b"null",
        "no list": b'{"data": null}',
        "an object for a list": b'{"data": {"type": "customerReviews", "id": "1"}}',
        "other things": b'{"data": [{"type": "apps", "id": "1", "attributes": {}}, 4, null]}',
        "strange next": b'{"data": [], "links": {"next": 7}}',
        "next without a cursor": b'{"data": [], "links": {"next": "https://a.example/x"}}',
        "next that is none": b'{"data": [], "links": {"next": "http://[x"}}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> AppStoreConnectSource:
        return connect(url)

    def first_page(self) -> str:
        return PAGE

    def routes(self, state: str) -> Routes:
        first = FIRST
        if state == "edited":
            # The time stays, and with it the place.
            first = (review("r1", "Gagal terus", "Update: udah bisa", 1, stars=4), FIRST[1])
        elif state == "deleted":
            first = FIRST[:1]
        routes = {
            PAGE: answer(*first, included=REPLIES, after="AAI.hal-2"),
            f"{PAGE}?cursor=AAI.hal-2": answer(*LATER),
            path(SECOND): answer(*OTHER),
        }
        if state == "deleted":
            routes[f"GET /v1/customerReviews/{FIRST[1]['id']}"] = gone()
        return routes


def run_with(store: Store, replay: Replay, *reviews: Any, **more: Any) -> Run:
    replay.serve({PAGE: answer(*reviews, **more)})
    return gather(store, connect(replay.url, apps=APP))[0]


def test_what_a_review_becomes(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    assert run.quota_left == 3_545
    stored = row(sqlite_store, having="Checkout")
    assert stored["text"] == "Mantap\nCheckout cepet banget"
    assert (stored["source"], stored["channel"]) == ("app_store_connect", "app_store")
    assert (stored["kind"], stored["stars"], stored["product"]) == ("review", 5, APP)
    assert stored["external_id"] == FIRST[1]["id"]
    assert stored["published_at"] == NOW - timedelta(days=3)
    assert stored["reply"] == "Terima kasih kak!"
    assert stored["reply_at"].isoformat() == "2026-05-30T16:00:00+00:00"
    assert stored["attributes"] == {"territory": "IDN"}


def test_requests_are_as_published(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    (asked,) = replay.asked
    assert asked.query == {"include": "response", "sort": "-createdDate", "limit": "200"}
    scheme, token = asked.headers["authorization"].split()
    assert scheme == "Bearer"
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["iss"] == "69a6de70-0000-47e3-e053-5b8c7c11a4d1"
    assert claims["aud"] == "appstoreconnect-v1"
    assert claims["iat"] == NOW.timestamp()
    assert 0 < claims["exp"] - claims["iat"] <= 20 * 60


def test_a_long_run_gets_new_tokens(replay: Replay) -> None:
    replay.serve({PAGE: answer(*FIRST)})
    times = [NOW, NOW + timedelta(minutes=11), NOW + timedelta(minutes=13)]
    with HttpClient() as http:
        clock = iter(times)
        api = AppStoreConnectApi(
            http, lambda: next(clock), key_id="k", issuer_id="i", private_key=private_key(),
            url=replay.url,
        )  # fmt: skip
        for _ in times:
            api.reviews(APP)
    first, second, third = (asked.headers["authorization"] for asked in replay.asked)
    assert first == second != third


def test_a_reply_counts_when_it_is_published(sqlite_store: Store, replay: Replay) -> None:
    pending = (response("b1", "Terima kasih kak!", "PENDING_PUBLISH"),)
    run_with(sqlite_store, replay, *FIRST, included=pending)
    waiting = row(sqlite_store, having="Checkout")
    assert (waiting["reply"], waiting["reply_at"]) == (None, None)
    run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    assert row(sqlite_store, having="Checkout")["reply"] == "Terima kasih kak!"


def test_a_reply_that_did_not_come_along_is_said(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay, *FIRST)
    assert [note for note in run.notes if "1 replies did not come along" in note]


def test_an_old_edit_is_seen_though_it_does_not_move(sqlite_store: Store, replay: Replay) -> None:
    pages = {PAGE: answer(*FIRST, after="dua"), f"{PAGE}?cursor=dua": answer(*OTHER, after="tiga"),
             f"{PAGE}?cursor=tiga": answer(*LATER)}  # fmt: skip
    replay.serve(pages)
    gather(sqlite_store, connect(replay.url, apps=APP))
    edited = review("k1", "Kasir", "Struk udah kecetak", 9, stars=5)
    replay.serve(pages | {f"{PAGE}?cursor=dua": answer(edited, after="tiga")})
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (run.new, run.edited) == (0, 1)
    stored = row(sqlite_store, having="udah kecetak")
    assert len(versions(sqlite_store, stored["id"])) == 1


def test_what_is_older_than_the_look_back_is_not_read_again(
    sqlite_store: Store, replay: Replay
) -> None:
    pages = {
        PAGE: answer(*FIRST, after="dua"),
        f"{PAGE}?cursor=dua": answer(*LATER, after="tiga"),
        f"{PAGE}?cursor=tiga": answer(review("r0", "", "Lama", 90)),
    }
    replay.serve(pages)
    gather(sqlite_store, connect(replay.url, apps=APP))
    assert len(replay.asked) == 3
    replay.serve(pages)
    gather(sqlite_store, connect(replay.url, apps=APP))
    assert [asked.query.get("cursor") for asked in replay.asked] == [None, "dua"]


def test_a_review_that_is_only_not_listed_stays(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    still = as_json({"data": FIRST[1], "included": list(REPLIES)})
    replay.serve({PAGE: answer(FIRST[0]), f"GET /v1/customerReviews/{FIRST[1]['id']}": still})
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (run.status, run.deleted, run.unchanged) == (runs.DONE, 0, 2)


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b'{"errors": []}', b'{"errors": [{"code": "PATH_ERROR"}]}']
)
def test_a_404_of_another_kind_deletes_nothing(
    sqlite_store: Store, replay: Replay, body: bytes
) -> None:
    run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    page = f"GET /v1/customerReviews/{FIRST[1]['id']}"
    replay.serve({PAGE: answer(FIRST[0]), page: Answer(body, status=404)})
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (run.status, run.deleted) == (runs.FAILED, 0)


def test_too_many_at_once_are_no_deletions(sqlite_store: Store, replay: Replay) -> None:
    many = [review(f"m{number}", "", "Oke", 1) for number in range(AT_MOST + 1)]
    run_with(sqlite_store, replay, *many)
    run = run_with(sqlite_store, replay)
    assert (run.status, run.deleted) == (runs.DONE, 0)
    assert [note for note in run.notes if "51 recent ones are not listed" in note]
    assert len(replay.asked) == 1


def test_none_all_at_once_is_an_error(sqlite_store: Store, replay: Replay) -> None:
    old = [review(f"t{number}", "", "Oke", 40 + number) for number in range(3)]
    run_with(sqlite_store, replay, *old)
    for _ in range(2):
        run = run_with(sqlite_store, replay)
        assert (run.status, run.deleted) == (runs.FAILED, 0)
        assert "Apple gives none any more" in (run.error or "")
    assert run_with(sqlite_store, replay, *old).status == runs.DONE
    replay.serve({PAGE: answer()})
    assert gather(sqlite_store, connect(replay.url, apps=APP), full=True)[0].status == runs.DONE
    assert gather(sqlite_store, connect(replay.url, apps=APP))[0].status == runs.DONE


def test_the_last_ones_are_deleted_where_each_is_gone(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, included=REPLIES)
    away = Answer(b'{"errors": [{"status": "404", "code": "NOT_FOUND"}]}', status=404)
    routes = {f"GET /v1/customerReviews/{one['id']}": away for one in FIRST}
    for deleted in (2, 0, 0):
        replay.serve({PAGE: answer(), **routes})
        run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
        assert (run.status, run.deleted) == (runs.DONE, deleted)


def test_a_run_that_goes_on_looks_for_nothing_that_an_earlier_one_read(
    sqlite_store: Store, replay: Replay
) -> None:
    pages = [[review(f"{p}{n:03}", "", "Oke", p + n / 100) for n in range(30)] for p in range(4)]
    routes = {
        PAGE if p == 0 else f"{PAGE}?cursor={p}": answer(*page, after=str(p + 1) if p < 3 else None)
        for p, page in enumerate(pages)
    }
    replay.serve(routes)
    gather(sqlite_store, connect(replay.url, apps=APP), max_items=90)
    replay.serve(routes)
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (run.status, len(rows(sqlite_store))) == (runs.DONE, 120)
    assert not [note for note in run.notes if "lost" in note]


def test_the_next_page_is_asked_of_the_host_that_is_set(
    sqlite_store: Store, replay: Replay
) -> None:
    replay.serve({PAGE: answer(*FIRST, after="dua"), f"{PAGE}?cursor=dua": answer(*LATER)})
    assert gather(sqlite_store, connect(replay.url, apps=APP))[0].new == 3
    assert replay.asked[1].query["include"] == "response"


def test_a_lost_page_begins_again(sqlite_store: Store, replay: Replay, naps: list[float]) -> None:
    page_2 = f"{PAGE}?cursor=dua"
    replay.serve({PAGE: answer(*FIRST, after="dua"), page_2: Answer(status=500)})
    assert gather(sqlite_store, connect(replay.url, apps=APP))[0].status == runs.FAILED
    refused = Answer(b'{"errors": [{"code": "PARAMETER_ERROR.INVALID"}]}', status=400)
    replay.serve({PAGE: answer(*FIRST, after="dua"), page_2: [refused, answer(*LATER)]})
    assert gather(sqlite_store, connect(replay.url, apps=APP))[0].status == runs.DONE
    assert len(rows(sqlite_store)) == 3


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "NOT_AUTHORIZED", "(401, NOT_AUTHORIZED): check key_id"),
        (403, "FORBIDDEN_ERROR", "(403, FORBIDDEN_ERROR): the key's role"),
        (403, "rahasia!", "(403): the key's role"),
        (404, "NOT_FOUND", "knows no app 1234567890 (404)"),
        (400, "PARAMETER_ERROR.INVALID", "(400, PARAMETER_ERROR.INVALID)"),
        (302, "", "leads elsewhere"),
        (409, "STATE_ERROR", "status 409"),
    ],
)
def test_apples_refusals(
    sqlite_store: Store, replay: Replay, status: int, code: str, words: str
) -> None:
    body = json.dumps({"errors": [{"status": str(status), "code": code}]}).encode()
    replay.serve({PAGE: Answer(body, status=status)})
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert run.status == runs.FAILED
    assert words in (run.error or "")


def test_no_review_at_all_is_no_error(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay)
    assert (run.status, run.got) == (runs.DONE, 0)


def test_an_unreadable_review_is_kept_and_counted(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay, {"type": "customerReviews", "id": "x"}, *FIRST[:1])
    assert (run.status, run.new, run.skipped) == (runs.DONE, 1, {UNKNOWN_SHAPE: 1})


def test_a_headline_alone_is_the_text() -> None:
    one = mention_of(review("r", "Mantap", "", 1), {}, APP)
    assert (one.text, one.title) == ("Mantap", None)
    with pytest.raises(BadRecord, match=NO_CONTENT):
        mention_of(review("r", "", "", 1, stars=0), {}, APP)
    assert mention_of(review("r", "", "", 1, stars=4), {}, APP).stars == 4


def test_the_key_may_be_a_file(sqlite_store: Store, replay: Replay, tmp_path: Path) -> None:
    key = tmp_path / "AuthKey_KUNCI2X9.p8"
    key.write_text(private_key())
    replay.serve({PAGE: answer(*FIRST)})
    options = {"key_id": KEY_ID, "issuer_id": "i", "apps": APP, "url": replay.url}
    for where, new in ((key, 2), (tmp_path / "tidak-ada.p8", 0)):
        source = AppStoreConnectSource(
            name="ios", brand="Senandika", options={**options, "key_file": str(where)}
        )
        run = gather(sqlite_store, source)[0]
        assert run.new == new
    assert "'key_file' cannot be read" in (run.error or "")


@pytest.mark.parametrize(
    "key", ["bukan kunci rahasia", "-----BEGIN PRIVATE KEY-----\nx", rsa_key()]
)
def test_a_wrong_key_is_named_and_not_shown(sqlite_store: Store, replay: Replay, key: str) -> None:
    run = gather(sqlite_store, connect(replay.url, key=key))[0]
    assert run.status == runs.FAILED
    assert "the private key is none of App Store Connect" in (run.error or "")
    assert key[:15] not in (run.error or "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"apps": []}, "'apps' is missing"),
        ({"apps": ["id.senandika.app"]}, "no Apple ID"),
        ({"key_file": "x"}, "one of the two"),
        ({"key_id": ""}, "'key_id' must be a text"),
        ({"kunci": "x"}, "'kunci' is not known"),
        ({"url": "apple"}, "must be an address"),
    ],
)
def test_wrong_options(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        connect(**({"url": "https://api.example"} | changes))


def test_times_are_utc() -> None:
    said = review("r", "", "Oke", 0)
    said["attributes"]["createdDate"] = "2026-03-08T13:22:08-07:00"
    assert mention_of(said, {}, APP).published_at == datetime.fromisoformat(
        "2026-03-08T20:22:08+00:00"
    )
