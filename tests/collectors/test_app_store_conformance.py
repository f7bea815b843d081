from __future__ import annotations

import json
from typing import ClassVar

from collectors.sources.app_store import AppStoreSource
from tests.collectors.app_store_service import answer, at, entry, feed, many, route, store_of
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Routes

NEW = entry("8001", "Ongkirnya naik terus ya min", stars=2, updated=at(28))
COLD = entry("8000", "Kopinya dateng udah dingin", stars=1, updated=at(27))
WARM = entry("8000", "Udah diganti baru, makasih", stars=5, updated=at(30))
OLD = [
    entry("6001", "Mantap, promonya banyak", stars=5, updated=at(3)),
    entry("6000", "Gabisa login dari kemarin", stars=1, updated=at(2)),
]
ABROAD = entry("9000", "Crashes at checkout", stars=1, updated=at(15))


def body(value: object) -> bytes:
    return json.dumps(value).encode()


class TestAppStore(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("udah dingin", "diganti baru")
    deleted: ClassVar[str] = "promonya banyak"
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!DOCTYPE html><title>The page you're looking for can't be found</title>",
        "half": body(feed([NEW]))[:-40],
        "xml": b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "null": b"null",
        "a list": b"[]",
        "no feed": b"{}",
        "another feed": body({"feed": [NEW]}),
        "no entry": body(feed()),
        "no entry, and links": body(feed(last=10)),
        "an empty list": body(feed([])),
        "null entry": body({"feed": {"entry": None}}),
        "a text": body(feed("8001")),
        "strange entries": body(feed([3, None, [], {"im:rating": {"label": "5"}}])),
        "reviews of a new shape": body(
            feed([{**NEW, "content": {"text": "x"}}, {**COLD, "im:rating": {"value": 1}}])
        ),
        "an object": body(feed({"review": "Lemot"})),
        "deep": b'{"feed":' + b"[" * 200_000,
    }

    def source(self, url: str) -> AppStoreSource:
        return store_of(url, countries=["ID", "sg"])

    def first_page(self) -> str:
        return route()

    def routes(self, state: str) -> Routes:
        newest, older = [NEW, COLD], list(OLD)
        if state == "edited":
            newest = [WARM, NEW]
        elif state == "deleted":
            older = older[1:]
        elif state == "gap":
            later = [entry("8900", "Antrean panjang", updated=at(31))]
            return {route(): answer(later), route(country="sg"): answer(ABROAD)}
        return {
            route(): answer([*newest, *many(0, 48)], last=10),
            route(2): answer(older, last=10),
            route(country="sg"): answer(ABROAD),
        }
