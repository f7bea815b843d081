from __future__ import annotations

import json
from typing import Any, ClassVar

from collectors.sources.reddit import RedditSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json, recording

SECRET = "rahasia-klien-90210"
TOKEN = "token-rahasia-5521"
NEW, COMMENTS, SEARCH = "GET /r/kopi/new", "GET /r/kopi/comments", "GET /r/all/search"
TOKENS = "POST /api/v1/access_token"


def listing(name: str) -> Any:
    return json.loads(recording(f"reddit/{name}.json"))


def service() -> dict[str, Any]:
    """Every listing of the first state, by its route."""
    return {
        NEW: listing("new_1"),
        f"{NEW}?after=t3_1kopi2": listing("new_2"),
        COMMENTS: listing("comments"),
        SEARCH: listing("search"),
    }


def children(listings: dict[str, Any]) -> dict[str, Any]:
    """Every post and comment by name."""
    return {
        child["data"]["name"]: child
        for page in listings.values()
        for child in page["data"]["children"]
    }


def served(listings: dict[str, Any], known: dict[str, Any] | None = None) -> Routes:
    """The listings, and `known` (what is in them) to who asks by name."""
    items = children(listings) if known is None else known

    def info(asked: Asked) -> Answer:
        names = asked.query["id"].split(",")
        assert len(names) <= 100
        return as_json(
            {"data": {"after": None, "children": [items[n] for n in names if n in items]}}
        )

    return {
        TOKENS: as_json(listing("token")),
        **{route: as_json(page) for route, page in listings.items()},
        "GET /api/info": info,
    }


def reddit(url: str, **options: Any) -> RedditSource:
    return RedditSource(
        name="forum",
        brand="Senandika",
        options={
            "client_id": "klien",
            "client_secret": SECRET,
            "reddit_url": url,
            "oauth_url": url,
            **({"subreddits": ["kopi"], "search": "senandika"} | options),
        },
    )


class TestReddit(HttpConformance):
    lists_deleted = True
    pages: ClassVar[int] = 4
    edited: ClassVar[tuple[str, str]] = ("14 hari kerja", "sudah masuk")
    deleted: ClassVar[str] = "jawab template"
    secrets: ClassVar[tuple[str, ...]] = (SECRET, TOKEN)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>whoa there, pardner!</title>",
        "half": b'{"kind": "Listing", "data": {"after": null, "chil',
        "no listing": b'{"message": "ok"}',
        "a list": b"[]",
        "null": b"null",
        "no children": b'{"kind": "Listing", "data": {"after": null, "children": null}}',
        "strange children": b'{"data": {"after": null, "children": [{"kind": "more"}, 3]}}',
        "strange after": b'{"data": {"after": 7, "children": []}}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> RedditSource:
        return reddit(url)

    def first_page(self) -> str:
        return NEW

    def routes(self, state: str) -> Routes:
        listings = service()
        if state == "edited":
            for page in (listings[NEW], listings[SEARCH]):
                for child in page["data"]["children"]:
                    if child["data"]["name"] == "t3_1kopi3":
                        child["data"]["selftext"] = "Update: refund sudah masuk."
                        child["data"]["edited"] = 1780312000.0
        elif state == "deleted":
            comment = listings[COMMENTS]["data"]["children"][0]["data"]
            assert comment["name"] == "t1_ob2"
            comment |= {"author": "[deleted]", "body": "[deleted]"}
        elif state == "gap":
            # A busy night: the listing ends before anything that was there before.
            later = listing("new_1")
            later["data"]["after"] = None
            for child in later["data"]["children"]:
                child["data"]["name"] += "9"
                child["data"]["created_utc"] += 40_000
            return served(
                {NEW: later, COMMENTS: listings[COMMENTS], SEARCH: listings[SEARCH]},
                children(listings) | children({NEW: later}),
            )
        return served(listings)
