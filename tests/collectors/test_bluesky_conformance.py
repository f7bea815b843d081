from __future__ import annotations

import json
from typing import Any, ClassVar

from collectors.services.bluesky.api import BATCH
from collectors.sources.bluesky import BlueskySource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json, recording

SECRET, TOKEN = "kata-sandi-aplikasi-4410", "token-sesi-rahasia-93"
XRPC = "/xrpc/app.bsky"
LOGIN = "POST /xrpc/com.atproto.server.createSession"
SEARCH, MENTIONS = f"GET {XRPC}.feed.searchPosts", f"GET {XRPC}.notification.listNotifications"
POSTS, THREAD = f"GET {XRPC}.feed.getPosts", f"GET {XRPC}.feed.getPostThread"
FOUND, TOLD = "bluesky/posts.json", "bluesky/notifications.json"
SESSION = {"did": "did:plc:senandika1", "handle": "senandika.example", "accessJwt": TOKEN,
           "refreshJwt": f"segar-{TOKEN}"}  # fmt: skip
LIMIT = {"RateLimit-Remaining": "2983", "RateLimit-Policy": "3000;w=300"}


def recorded(name: str) -> Any:
    return json.loads(recording(name))


def page(posts: list[Any], cursor: str | None = None, *, key: str = "posts") -> Answer:
    return as_json({key: posts, **({"cursor": cursor} if cursor else {})}, **LIMIT)


def notifications(records: list[Any], cursor: str | None = None) -> Answer:
    return page(records, cursor, key="notifications")


def refusal(code: str, status: int = 400) -> Answer:
    return Answer(json.dumps({"error": code, "message": "no"}).encode(), status=status)


def by_name(posts: list[Any]) -> Routes:
    """What the service says of posts asked for by name."""
    known = {post["uri"]: post for post in posts}

    def several(asked: Asked) -> Answer:
        uris = asked.lists["uris"]
        assert len(uris) <= BATCH
        return page([known[uri] for uri in uris if uri in known])

    def thread(asked: Asked) -> Answer:
        uri = asked.query["uri"]
        return as_json({"thread": {"post": known[uri]}}) if uri in known else refusal("NotFound")

    return {POSTS: several, THREAD: thread}


def served(posts: list[Any], told: list[Any]) -> Routes:
    """The service: a search on three pages of which one is empty."""
    return {
        LOGIN: as_json(SESSION),
        SEARCH: page(posts[:3], "3"),
        f"{SEARCH}?cursor=3": page([], "4"),
        f"{SEARCH}?cursor=4": page(posts[3:]),
        MENTIONS: notifications(told),
        **by_name([*posts, *told]),
    }


def bluesky(url: str, **options: Any) -> BlueskySource:
    return BlueskySource(
        name="langit",
        brand="Senandika",
        options={
            "url": url,
            "handle": "@senandika.example",
            "app_password": SECRET,
            **({"search": ["senandika"], "mentions": True} | options),
        },
    )


class TestBluesky(HttpConformance):
    pages: ClassVar[int] = 4
    edited: ClassVar[tuple[str, str]] = ("telat 5 hari", "sudah diganti baru")
    deleted: ClassVar[str] = "refund dari senandika"
    secrets: ClassVar[tuple[str, ...]] = (SECRET, TOKEN)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Upstream</title>",
        "half": b'{"posts": [{"uri": "at://did',
        "an error": b'{"error": "InternalServerError"}',
        "an object": b"{}",
        "a list": b"[]",
        "null": b"null",
        "no posts": b'{"posts": null, "notifications": {}}',
        "strange posts": b'{"posts": [{"uri": "at://x"}, 3], "notifications": [{}, null]}',
        "deep": b'{"posts":' * 100_000,
    }

    def source(self, url: str) -> BlueskySource:
        return bluesky(url)

    def first_page(self) -> str:
        return SEARCH

    def routes(self, state: str) -> Routes:
        posts, told = recorded(FOUND), recorded(TOLD)
        if state == "edited":
            posts[0]["record"]["text"] = "Update: dusnya penyok tapi sudah diganti baru."
            posts[0]["cid"] = "bafyreibaru"
        elif state == "deleted":
            del posts[4]
        return served(posts, told)
