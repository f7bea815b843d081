from __future__ import annotations

from typing import Any, ClassVar

from collectors.sources.zendesk import ZendeskSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Asked, Routes, as_json

TOKEN = "token-zendesk-rahasia-9923"
EXPORT = "GET /api/v2/incremental/tickets/cursor.json"
CUSTOMER, AGENT, BOSS = 501, 900, 901


def ticket(id: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"https://senandika-lain.zendesk.com/api/v2/tickets/{id}.json",
        "subject": f"Keluhan {id}",
        "description": text,
        "status": "new",
        "via": {"channel": "email"},
        "requester_id": CUSTOMER,
        "submitter_id": CUSTOMER,
        "assignee_id": None,
        "is_public": True,
        "created_at": "2026-05-30T02:00:00Z",
        "updated_at": "2026-05-30T03:00:00Z",
        "generated_timestamp": 1780110000 + id,
        "tags": [],
        "satisfaction_rating": {"score": "unoffered"},
        "metric_set": metrics(),
    } | more


def metrics(
    replies: int = 0, reply: int | None = None, solved: int | None = None
) -> dict[str, Any]:
    return {
        "replies": replies,
        "reply_time_in_minutes": {"calendar": reply, "business": None},
        "full_resolution_time_in_minutes": {"calendar": solved, "business": None},
    }


def comment(author: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": author * 10 + len(text),
        "author_id": author,
        "body": text,
        "html_body": f"<p>{text}</p>",
        "plain_body": text,
        "public": True,
        "created_at": "2026-05-30T02:40:00Z",
    } | more


def export(tickets: list[Any], after: str, *, more: bool = False, **rest: Any) -> dict[str, Any]:
    return {
        "tickets": tickets,
        # Whatever host it names.
        "after_url": f"https://lain.example/api/v2/incremental/tickets/cursor.json?cursor={after}",
        "after_cursor": after,
        "before_cursor": None,
        "end_of_stream": not more,
    } | rest


def users(asked: Asked) -> Any:
    roles = {str(AGENT): "agent", str(BOSS): "admin"}
    return as_json(
        {
            "users": [
                {"id": int(id), "role": roles.get(id, "end-user"), "name": "?"}
                for id in asked.query["ids"].split(",")
            ]
        }
    )


def account() -> list[dict[str, Any]]:
    return [
        ticket(11, "Refund saya kok belum masuk ya, udah 2 minggu"),
        ticket(
            12,
            "Kopi bubuk yang datang udah kedaluwarsa",
            status="solved",
            metric_set=metrics(1, 40, 200),
        ),
        ticket(13, "Mau ganti alamat kirim"),
    ]


def zendesk(url: str, **options: Any) -> ZendeskSource:
    given = {"url": url, "email": "cx@senandika.example", "token": TOKEN} | options
    return ZendeskSource(name="bantuan", brand="Senandika", options=given)


def service(tickets: list[dict[str, Any]]) -> Routes:
    return {
        EXPORT: as_json(export(tickets[:2], "A", more=True)),
        EXPORT + "?cursor=A": as_json(export(tickets[2:], "B")),
        "GET /api/v2/tickets/12/comments.json": as_json(
            {
                "comments": [
                    comment(CUSTOMER, "Kopi bubuk yang datang udah kedaluwarsa"),
                    comment(BOSS, "Pelanggan rewel, jangan digubris", public=False),
                    comment(AGENT, "Mohon maaf kak, kami ganti ya"),
                ]
            }
        ),
        "GET /api/v2/users/show_many.json": users,
    }


class TestZendesk(HttpConformance):
    pages: ClassVar[int] = 2
    edited: ClassVar[tuple[str, str]] = ("2 minggu", "disunting")
    deleted: ClassVar[str] = "alamat kirim"
    # As it is sent: e-mail/token:token.
    secrets: ClassVar[tuple[str, ...]] = (
        TOKEN,
        "Y3hAc2VuYW5kaWthLmV4YW1wbGUvdG9rZW46dG9rZW4temVuZGVzay1yYWhhc2lhLTk5MjM=",
    )
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!DOCTYPE html><html><title>Log in</title></html>",
        "half": b'{"tickets": [{"id": 11, "subj',
        "null": b"null",
        "a list": b"[]",
        "error": b'{"error": "InvalidEndpoint", "description": "Not found"}',
        "no tickets": b'{"tickets": null, "after_cursor": "X", "end_of_stream": true}',
        "strange tickets": b'{"tickets": [3, {"id": null}], "end_of_stream": true}',
        "no end": b'{"tickets": [], "after_cursor": "X"}',
        "no token": b'{"tickets": [], "after_cursor": null, "end_of_stream": false}',
        "strange token": b'{"tickets": [], "after_cursor": 7, "end_of_stream": false}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> ZendeskSource:
        return zendesk(url)

    def first_page(self) -> str:
        return EXPORT

    def routes(self, state: str) -> Routes:
        tickets = account()
        if state == "edited":
            tickets[0]["description"] = "Refund belum masuk [disunting]"
        elif state == "deleted":
            tickets[2] |= {"status": "deleted", "description": "SCRUBBED"}
        return service(tickets)
