"""Google Business Profile keeps the contract of every collector."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, ClassVar

from collectors.sources.google_business import GoogleBusinessSource
from tests.collectors.conformance import NOW, HttpConformance
from tests.collectors.google import TOKEN, TOKENS, token
from tests.collectors.replay import Answer, Routes, as_json

SHOP, SECOND = "accounts/77/locations/1001", "accounts/77/locations/1002"

SECRET, REFRESH = "rahasia-klien-4411", "1//segar-rahasia-9920"


def path(location: str) -> str:
    return f"GET /v4/{location}/reviews"


PAGE = path(SHOP)


def review(
    name: str, text: str | None, days: float, *, stars: str = "THREE", reply: str | None = None,
    changed: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A review of so many days ago."""
    at = NOW - timedelta(days=days)
    record: dict[str, Any] = {
        "name": f"{SHOP}/reviews/{name}",
        "reviewId": name,
        "reviewer": {"displayName": "Dewi Contoh", "profilePhotoUrl": "https://lh3.example/a"},
        "starRating": stars,
        "createTime": at.isoformat().replace("+00:00", "Z"),
        "updateTime": (at if changed is None else NOW - timedelta(days=changed)).isoformat(),
    }
    if text is not None:
        record["comment"] = text
    if reply is not None:
        record["reviewReply"] = {"comment": reply, "updateTime": "2026-05-31T09:00:00Z"}
    return record


def answer(*reviews: Any, total: int | None, after: str | None = None) -> Answer:
    page: dict[str, Any] = {"reviews": list(reviews), "averageRating": 3.9}
    if total is not None:
        page["totalReviewCount"] = total
    if after:
        page["nextPageToken"] = after
    return as_json(page)


def gone() -> Answer:
    body = {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}}
    return Answer(json.dumps(body).encode(), status=404)


FIRST = (
    review("r1", "Parkirnya susah, antri lama", 1, stars="TWO"),
    review("r2", "Kopinya enak, baristanya ramah", 3, stars="FIVE", reply="Makasih kak Dewi!"),
)

LATER = (review("r3", None, 50, stars="FOUR"), review("r4", "Meja kotor", 60, stars="ONE"))

OTHER = (review("k1", "Tempatnya adem", 5, stars="FIVE"),)


def business(url: str, **options: Any) -> GoogleBusinessSource:
    given = {
        "client_id": "klien",
        "client_secret": SECRET,
        "refresh_token": REFRESH,
        "locations": [SHOP, SECOND],
        "url": url,
        "token_uri": f"{url}/token",
    }
    return GoogleBusinessSource(name="peta", brand="Senandika", options=given | options)


class TestGoogleBusiness(HttpConformance):
    pages: ClassVar[int] = 4  # and one that ends the second location
    edited: ClassVar[tuple[str, str]] = ("antri lama", "parkir udah luas")
    deleted: ClassVar[str] = "ramah"
    secrets: ClassVar[tuple[str, ...]] = (TOKEN, SECRET, REFRESH)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sign in</title>",
        "half": b'{"reviews": [{"reviewId": "r1", "comm',
        "other answer": b'{"message": "ok"}',
        "an error in a 200": b'{"error": {"code": 500, "status": "INTERNAL"}}',
        "a list": b"[]",
        "null": b"null",
        "no list": b'{"reviews": null}',
        "an object for a list": b'{"reviews": {"reviewId": "r1"}}',
        "strange reviews": b'{"reviews": [3, null, {"reviewId": "r"}, {"starRating": "ONE"}]}',
        "strange token": b'{"reviews": [], "nextPageToken": 7}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> GoogleBusinessSource:
        return business(url)

    def first_page(self) -> str:
        return PAGE

    def routes(self, state: str) -> Routes:
        first, total = FIRST, 4
        page_2 = f"{PAGE}?pageToken=hal-2"
        if state == "edited":
            update = review("r1", "Update: parkir udah luas", 1, stars="FOUR", changed=0)
            first = (update, FIRST[1])
        elif state == "deleted":
            first, total = FIRST[:1], 3
        elif state == "gap":
            total = 6
        routes: dict[str, Any] = {
            TOKENS: token(),
            PAGE: answer(*first, total=total, after="hal-2"),
            page_2: answer(*LATER, total=total),
            path(SECOND): answer(*OTHER, total=1),
        }
        if state == "deleted":
            routes[f"{PAGE}/r2"] = gone()
        return routes
