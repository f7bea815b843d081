from __future__ import annotations

from typing import ClassVar

from collectors.sources.google_play import GooglePlaySource
from tests.collectors.conformance import HttpConformance
from tests.collectors.google_play_service import answer, at, framed, payload, play, review, route
from tests.collectors.replay import Routes

NEW = review("r5", "Ongkirnya kok naik terus ya min", stars=2, time=at(28), version="4.2.0")
COLD = review("r4", "Kopinya dateng udah dingin", stars=1, time=at(27))
WARM = review("r4", "Udah diganti baru, makasih", stars=5, time=at(30))
OLD = [
    review("r2", "Mantap, promonya banyak", stars=5, time=at(3)),
    review("r1", "Gabisa login dari kemarin", stars=1, time=at(2)),
]
ENGLISH = review("r3", "App keeps crashing at checkout", stars=1, time=at(15))


class TestGooglePlay(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("udah dingin", "diganti baru")
    deleted: ClassVar[str] = "promonya banyak"
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sebelum melanjutkan ke Google</title> [1]",
        "half": framed(payload([NEW]))[:-30],
        "no guard and no frame": b'{"error": "unknown"}',
        "nothing": framed([]),
        "null": framed(None),
        "another call": framed(payload([NEW]), rpc="rpcChunk"),
        "an error frame": b')]}\'\n\n[["er",null,null,null,null,400,null,null,null,3]]',
        "a number": framed(7),
        "an object": framed({"reviews": []}),
        "no list": framed([None, [None, None]]),
        "none where some were": framed(payload([])),
        "strange token": framed([[NEW], [None, 7]]),
        "strange reviews": framed(payload([3, None, {"id": "r1"}, []])),
        "deep": b"[" * 200_000,
        "deep inside": b'[["wrb.fr","UsvDTd","' + b"[" * 200_000 + b'"]]',
        "no text": b"\xff\xfe\x00[",
    }

    def source(self, url: str) -> GooglePlaySource:
        return play(url, languages=["id", "en"])

    def first_page(self) -> str:
        return route()

    def is_page(self, route: str) -> bool:
        return route.startswith("POST ")

    def follows(self, route: str) -> bool:
        return super().follows(route) and "hl=en" not in route  # a list of its own

    def routes(self, state: str) -> Routes:
        newest, older = [NEW, COLD], list(OLD)
        if state == "edited":
            newest = [WARM, NEW]
        elif state == "deleted":
            older = older[1:]
        return {
            route(): answer(newest, "lanjut-1"),
            route("lanjut-1"): answer(older),
            route(hl="en"): answer([newest[0], ENGLISH]),
        }
