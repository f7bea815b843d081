from __future__ import annotations

import json
from typing import Any, ClassVar

from collectors.services.mastodon.api import BATCH
from collectors.sources.mastodon import MastodonSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json, recording

TOKEN = "token-rahasia-7781"
ACCOUNT = "GET /api/v1/accounts/verify_credentials"
TAG, SEARCH = "GET /api/v1/timelines/tag/senandika", "GET /api/v2/search"
MENTIONS, STATUSES = "GET /api/v1/notifications", "GET /api/v1/statuses"
PAGE_1 = 3
OURS = "mastodon/account.json"
LISTINGS = ("mastodon/hashtag.json", "mastodon/search.json", "mastodon/mentions.json")


def recorded(name: str) -> Any:
    return json.loads(recording(name))


def linked(records: list[Any], after: str | None, path: str = "timelines/tag/senandika") -> Answer:
    """A page with the Link header of one that another follows."""
    link = f'<{{url}}/api/v1/{path}?limit=40&max_id={after}>; rel="next", '
    link += f'<{{url}}/api/v1/{path}?limit=40&min_id=9>; rel="prev"'
    more = {"Link": link} if after else {}
    return as_json(records, **more, **{"X-RateLimit-Remaining": "287"})


def found(statuses: list[Any]) -> Answer:
    return as_json({"accounts": [], "statuses": statuses, "hashtags": []})


def by_id(statuses: list[Any]) -> Routes:
    """What the server says of statuses asked for by id."""
    known = {status["id"]: status for status in statuses}

    def several(asked: Asked) -> Answer:
        ids = asked.lists["id[]"]
        assert len(ids) <= BATCH
        return as_json([known[id] for id in ids if id in known])

    every = [status for name in LISTINGS[:2] for status in recorded(name)]
    gone = [status["id"] for status in every if status["id"] not in known]
    missing = Answer(b'{"error": "Catatan tidak ditemukan"}', status=404)
    return {STATUSES: several} | {f"{STATUSES}/{id}": lambda _: missing for id in gone}


def served(hashtag: list[Any], search: list[Any], mentions: list[Any]) -> Routes:
    """A server: the hashtag on two pages and an empty one, as servers do, the others on one."""
    first, second = hashtag[:PAGE_1], hashtag[PAGE_1:]
    told = [notification["status"] for notification in mentions]
    return {
        ACCOUNT: as_json(recorded(OURS)),
        TAG: linked(first, first[-1]["id"]),
        f"{TAG}?max_id={first[-1]['id']}": linked(second, second[-1]["id"]),
        f"{TAG}?max_id={second[-1]['id']}": linked([], None),
        f"{SEARCH}?offset=0": found(search),
        f"{SEARCH}?offset={len(search)}": found([]),
        MENTIONS: linked(mentions, None),
        **by_id([*hashtag, *search, *told]),
    }


def mastodon(url: str, **options: Any) -> MastodonSource:
    asked = {"hashtags": ["#senandika"], "search": ["senandika"], "mentions": True}
    return MastodonSource(
        name="fediverse",
        brand="Senandika",
        options={"url": url, "token": TOKEN, **asked, **options},
    )


class TestMastodon(HttpConformance):
    pages: ClassVar[int] = 6
    edited: ClassVar[tuple[str, str]] = ("telat 5 hari", "sudah diganti baru")
    deleted: ClassVar[str] = "refund dari senandika"
    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Masuk</title>",
        "half": b'[{"id": "1", "uri": "https://kab',
        "an error": b'{"error": "Kesalahan"}',
        "an object": b"{}",
        "null": b"null",
        "a text": b'"ya"',
        "strange statuses": b'[{"id": "1"}, 3, null]',
        "strange results": b'{"statuses": [{"id": "1"}, 3]}',
        "no results": b'{"statuses": null}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> MastodonSource:
        return mastodon(url)

    def first_page(self) -> str:
        return TAG

    def is_page(self, route: str) -> bool:
        return route != ACCOUNT

    def routes(self, state: str) -> Routes:
        hashtag, search, mentions = map(recorded, LISTINGS)
        if state == "edited":
            hashtag[0]["content"] = "<p>Update: dusnya penyok tapi sudah diganti baru.</p>"
            hashtag[0]["edited_at"] = "2026-06-01T11:00:00.000Z"
        elif state == "deleted":
            del search[0]
        return served(hashtag, search, mentions)
