"""Whatever Trustpilot answers: reviews, a word about there being none, or an error made for it."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.http import HttpClient, Response
from collectors.runner import make_context
from collectors.services.trustpilot.items import review_of
from collectors.source import Page
from simak.errors import BadRecord, SimakError
from store.mentions import storable
from tests.collectors.conformance import clock
from tests.collectors.trustpilot_service import UNIT, page, review, trustpilot

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ("id", "stars", "title", "text", "createdAt", "updatedAt", "companyReply", "consumer",
          "language", "isVerified", "status")  # fmt: skip
REVIEWS = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))


class _Canned(HttpClient):
    """Gives one answer without a network."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__()
        self._body, self._status = body, status

    def request(self, method: str, url: str, **_: Any) -> Response:
        return Response(self._status, url, httpx2.Headers(), self._body)


def collected(body: bytes, **options: Any) -> tuple[list[Page], SimakError | None]:
    pages: list[Page] = []
    source = trustpilot("http://127.0.0.1:9", **options)
    with _Canned(body) as http:
        try:
            for one in source.collect({}, make_context("tp", http=http, now=clock)):
                json.dumps(one.cursor)
                pages.append(one)
        except SimakError as error:
            return pages, error
    return pages, None


@QUICK
@given(REVIEWS | JSON)
@example({"id": "a", "stars": 10**400})
@example({"id": "a", "status": "deleted"})
def test_any_review(record: Any) -> None:
    try:
        raw = review_of(record)
    except BadRecord:
        return
    assert raw.deleted or raw.stars or storable(raw.text)
    assert raw.published_at is None or raw.published_at.tzinfo is UTC


@QUICK
@given(
    st.fixed_dictionaries(
        {"reviews": st.lists(REVIEWS | JSON, max_size=4)}, optional={"links": JSON}
    )
    | JSON
)
def test_any_page(answer: Any) -> None:
    pages, error = collected(json.dumps(answer).encode())
    found = any(one.mentions or one.bad for one in pages)
    is_empty = isinstance(answer, dict) and answer.get("reviews") == []
    assert found or error or is_empty


@QUICK
@given(st.integers(0, 400), st.integers(0, 60), st.binary(max_size=20))
def test_a_damaged_page(start: int, length: int, piece: bytes) -> None:
    whole = json.dumps(page([review("a1", "Lama, sekali", "2026-05-31T12:00:00Z")])).encode()
    body = whole[:start] + piece + whole[start + length :]
    pages, error = collected(body)
    assert (
        error or any(one.mentions or one.bad for one in pages) or json.loads(body)["reviews"] == []
    )


@QUICK
@given(JSON)
def test_any_company(answer: Any) -> None:
    _, error = collected(json.dumps(answer).encode(), domains=["senandika.example"])
    assert isinstance(error, SimakError)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"", b"\xff\xfe", b"{}", b'{"reviews": []'])
def test_bodies_that_are_no_page(body: bytes) -> None:
    assert collected(body, business_units=[UNIT])[1]
