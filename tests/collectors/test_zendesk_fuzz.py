"""Whatever Zendesk answers: mentions, a count of what they are not, or an error made for it."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

from httpx2 import Headers
from hypothesis import HealthCheck, example, given, settings

from collectors.http import Response
from simak.errors import SimakError
from tests.collectors.mutating import JSON, mutated
from tests.collectors.page_reading import pages_with
from tests.collectors.test_zendesk_conformance import (
    AGENT,
    CUSTOMER,
    comment,
    export,
    metrics,
    ticket,
    zendesk,
)

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
EXPORTED = export(
    [
        ticket(5, "Pesanan salah", metric_set=metrics(1, 30, 95), status="solved"),
        ticket(6, "Halo", via={"channel": "whatsapp"}),
    ],
    "A",
)
COMMENTS = {"comments": [comment(CUSTOMER, "Pesanan salah"), comment(AGENT, "Maaf kak")]}
USERS = {"users": [{"id": AGENT, "role": "agent"}]}


def check(documents: list[Any]) -> None:
    exported, comments, users = documents

    def answer(_: str, url: str, **__: Any) -> Response:
        value = comments if "comments" in url else users if "users" in url else exported
        return Response(200, url, Headers(), json.dumps(value).encode())

    try:
        pages = pages_with(zendesk("https://account.example"), Mock(request=answer))
    except SimakError:
        return
    said = [page for page in pages if page.mentions or page.bad or page.skipped]
    assert said or not exported["tickets"]
    assert all(raw.deleted or raw.text for page in pages for raw in page.mentions)
    json.dumps(pages[-1].cursor)


@SLOW
@given(mutated([EXPORTED, COMMENTS, USERS]))
def test_any_export_comments_and_users(documents: list[Any]) -> None:
    check(documents)


@SLOW
@given(JSON)
@example({"tickets": [], "end_of_stream": True})
@example({"tickets": [[]], "end_of_stream": True, "users": 3})
def test_any_answer(value: Any) -> None:
    check([value, value, value])
