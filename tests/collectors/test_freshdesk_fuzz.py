"""Whatever Freshdesk answers: mentions, a count of what they are not, or an error made for it."""

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
from tests.collectors.test_freshdesk_conformance import entry, freshdesk, rating, ticket

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
STATS = {"first_responded_at": "2026-05-20T02:00:00Z", "closed_at": "2026-05-20T04:00:00Z"}
TICKET = ticket(7, "Gelas pecah", stats=STATS, status=5)
LIST = [TICKET, ticket(8, "Halo", source=10, stats=STATS), ticket(9, "Hei", spam=True)]
TALK = [entry("Catatan", private=True), entry("Halo?", incoming=True), entry("Maaf kak")]
RATINGS = [rating(7, 103, "Mantap")]


def check(documents: list[Any]) -> None:
    tickets, talk, ratings, one = documents

    def answer(_: str, url: str, **options: Any) -> Response:
        value = tickets
        if url.endswith("/conversations"):
            value = talk
        elif url.endswith("/satisfaction_ratings"):
            value = ratings
        elif not url.endswith("/tickets"):
            value = one
        elif "filter" in options["params"]:
            value = []
        return Response(200, url, Headers(), json.dumps(value).encode())

    try:
        pages = pages_with(freshdesk("https://account.example"), Mock(request=answer))
    except SimakError:
        return
    said = [page for page in pages if page.mentions or page.bad or page.skipped]
    assert said or not tickets
    assert all(raw.deleted or raw.text for page in pages for raw in page.mentions)
    json.dumps(pages[-1].cursor)


@SLOW
@given(mutated([LIST, TALK, RATINGS, TICKET]))
def test_any_tickets_conversation_and_ratings(documents: list[Any]) -> None:
    check(documents)


@SLOW
@given(JSON)
@example([])
@example([[]])
@example([{"id": 7, "source": 1e300, "status": 1e14, "updated_at": 1e14}])
def test_any_answer(value: Any) -> None:
    check([value, value, value, value])
    check([[value], [value], [value], value])
