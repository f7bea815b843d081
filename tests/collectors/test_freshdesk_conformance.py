from __future__ import annotations

from typing import Any, ClassVar

from collectors.sources.freshdesk import FreshdeskSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Routes, as_json

KEY = "kunci-freshdesk-rahasia-3308"
TICKETS = "GET /api/v2/tickets"
RATINGS = "GET /api/v2/surveys/satisfaction_ratings"


def ticket(id: int, text: str, updated: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "subject": f"Tiket {id}",
        "description": f"<div>{text}</div>",
        "description_text": text,
        "status": 2,
        "source": 1,
        "spam": False,
        "requester_id": 77,
        "responder_id": None,
        "created_at": "2026-05-20T08:00:00+07:00",
        "updated_at": updated or f"2026-05-2{id % 10}T03:00:00Z",
        "stats": {"first_responded_at": None, "resolved_at": None, "closed_at": None},
        "tags": [],
    } | more


def entry(text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": len(text),
        "body": f"<p>{text}</p>",
        "body_text": text,
        "incoming": False,
        "private": False,
        "source": 0,
        "user_id": 5,
        "created_at": "2026-05-20T01:30:00Z",
    } | more


def rating(ticket: int, score: int, words: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": 4000 + ticket,
        "ticket_id": ticket,
        "feedback": words,
        "ratings": {"default_question": score},
        "created_at": "2026-05-28T03:00:00Z",
    } | more


def account() -> list[dict[str, Any]]:
    answered = {"first_responded_at": "2026-05-20T01:30:00Z", "resolved_at": "2026-05-20T05:00:00Z"}
    return [
        ticket(21, "Voucher ulang tahun saya hangus padahal masih tanggal 3"),
        ticket(22, "Gelasnya pecah waktu sampe", stats=answered, status=5, source=13),
        ticket(23, "Jam buka cabang Depok kok beda sama di aplikasi"),
    ]


def freshdesk(url: str, **options: Any) -> FreshdeskSource:
    given = {"url": url, "key": KEY} | options
    return FreshdeskSource(name="bantuan", brand="Senandika", options=given)


def service(tickets: list[dict[str, Any]], deleted: list[dict[str, Any]] | None = None) -> Routes:
    (rated,) = [t for t in tickets if t["id"] == 22]
    spam = ticket(32, "MENANG UNDIAN!!! klik", "2026-05-19T03:00:00Z", spam=True)
    deleted = [*(deleted or []), ticket(31, "Salah kirim", deleted=True)]
    # Where the next page is, is not asked of the answer.
    more = {"Link": '<https://lain.example/api/v2/tickets?page=2>; rel="next"'}
    return {
        TICKETS: as_json(tickets[:2], **more),
        TICKETS + "?updated_since=2026-05-22T02:59:59Z": as_json(tickets[1:]),
        TICKETS + "?page=2": lambda _: as_json([]),
        TICKETS + "?filter=deleted": as_json(deleted),
        TICKETS + "?filter=spam": as_json([spam]),
        "GET /api/v2/tickets/22": as_json(rated),
        "GET /api/v2/tickets/22/conversations": as_json(
            [
                entry("Kasih voucher aja biar diem", private=True),
                entry("Kami kirim ulang ya kak", created_at="2026-05-20T08:30:00+07:00"),
            ]
        ),
        "GET /api/v2/tickets/22/satisfaction_ratings": as_json([rating(22, 103, "Cepet, makasih")]),
        RATINGS: as_json([rating(22, 103, "Cepet, makasih")]),
    }


class TestFreshdesk(HttpConformance):
    pages: ClassVar[int] = 4
    edited: ClassVar[tuple[str, str]] = ("masih tanggal 3", "masih tanggal 5")
    deleted: ClassVar[str] = "cabang Depok"
    secrets: ClassVar[tuple[str, ...]] = (KEY, "a3VuY2ktZnJlc2hkZXNrLXJhaGFzaWEtMzMwODpY")
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!DOCTYPE html><html><title>Login</title></html>",
        "half": b'[{"id": 21, "subject": "Vou',
        "null": b"null",
        "an envelope": b'{"tickets": []}',
        "an error": b'{"code": "invalid_credentials", "message": "You have to be logged in"}',
        "strange tickets": b'[3, {"id": "../agents"}]',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> FreshdeskSource:
        return freshdesk(url)

    def first_page(self) -> str:
        return TICKETS

    def follows(self, route: str) -> bool:
        return super().follows(route) and "filter" not in route  # lists of their own

    def routes(self, state: str) -> Routes:
        tickets = account()
        gone: list[dict[str, Any]] = []
        if state == "edited":
            changed = "Voucher saya hangus padahal masih tanggal 5"
            tickets[0] = ticket(21, changed, "2026-05-21T09:00:00Z")
        elif state == "deleted":
            gone = [tickets.pop() | {"deleted": True}]
        return service(tickets, gone)
