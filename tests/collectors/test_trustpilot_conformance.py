from __future__ import annotations

from typing import ClassVar

from collectors.sources.trustpilot import TrustpilotSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json
from tests.collectors.trustpilot_service import (
    DOMAIN,
    FIND,
    KEY,
    OTHER,
    OTHERS,
    REVIEWS,
    UNIT,
    page,
    review,
    trustpilot,
)


class TestTrustpilot(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("Refund belum masuk", "refund sudah masuk")
    deleted: ClassVar[str] = "Kemasan penyok"
    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!DOCTYPE html><html><title>Verifying your connection...</title></html>",
        "half": b'{"reviews": [{"id": "a1", "sta',
        "null": b"null",
        "a list": b"[]",
        "a message": b'{"message": "something went wrong"}',
        "no reviews": b'{"links": []}',
        "reviews of null": b'{"reviews": null}',
        "strange reviews": b'{"reviews": [3, {"id": ""}, {"id": "x"}]}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> TrustpilotSource:
        return trustpilot(url, domains=[DOMAIN], business_units=[OTHER])

    def first_page(self) -> str:
        return f"{REVIEWS}?page=1"

    def routes(self, state: str) -> Routes:
        reply = {"text": "Mohon maaf Kak", "createdAt": "2026-06-01T06:00:00Z", "updatedAt": None}
        first = review("a1", "Refund belum masuk, sudah 3 minggu", "2026-06-01T05:00:00Z")
        gone = review("a2", "Kemasan penyok, isinya tumpah", "2026-05-30T05:00:00Z")
        if state == "edited":
            first |= {
                "text": "Update, refund sudah masuk kemarin",
                "updatedAt": "2026-06-01T10:00:00Z",
            }

        def vanished(asked: Asked) -> Answer:
            return Answer(status=404)

        older = review("a3", "Enak, cepat sampai", "2026-05-20T05:00:00Z", stars=5)
        routes: Routes = {
            f"{FIND}?name={DOMAIN}": as_json({"id": UNIT, "displayName": "Senandika"}),
            f"{REVIEWS}?page=1": as_json(
                page([first | {"companyReply": reply}, *([gone] if state != "deleted" else [])], 2)
            ),
            f"{REVIEWS}?page=2": as_json(page([older])),
            f"{OTHERS}?page=1": as_json(
                page([review("b1", "Gerai ramai, kasir cuma satu", "2026-05-28T05:00:00Z")])
            ),
        }
        return routes | {"GET /v1/reviews/a2": vanished}
