"""Whatever Reddit answers: posts and comments, a word about there being none, or an error."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from hypothesis import HealthCheck, example, given, settings

from collectors.http import HttpClient, Response
from collectors.job import make_context
from simak.errors import SimakError
from tests.collectors.conformance import clock
from tests.collectors.mutating import JSON, mutated
from tests.collectors.test_reddit_conformance import listing, reddit

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
TOKEN, COMMENTS = listing("token"), listing("comments")


class _Canned(HttpClient):
    """Gives a token, and one answer to everything else, without a network."""

    def __init__(self, token: bytes, body: bytes) -> None:
        super().__init__()
        self._token, self._body = token, body

    def request(self, method: str, url: str, **_: Any) -> Response:
        body = self._token if url.endswith("access_token") else self._body
        return Response(200, url, httpx2.Headers(), body)


def collected(body: bytes, token: bytes = json.dumps(TOKEN).encode()) -> tuple[int, str]:
    """How much of a listing of two was read or told apart, and the error."""
    source = reddit("http://127.0.0.1:9", search=[])
    seen = 0
    with _Canned(token, body) as http:
        try:
            for page in source.collect({}, make_context("r", http=http, now=clock)):
                seen += len(page.mentions) + len(page.bad)
                json.dumps(page.cursor)
        except SimakError as error:
            return seen, str(error)
    return seen, ""


@QUICK
@given(mutated([COMMENTS]))
def test_a_changed_listing_is_read_or_refused(documents: list[Any]) -> None:
    (changed,) = documents
    seen, error = collected(json.dumps(changed).encode())
    children = changed["data"]["children"] if seen or not error else None
    # Nothing read without an error is a list that says that it is empty.
    assert seen or error or children == []


@QUICK
@given(JSON)
@example({"kind": "Listing", "data": {"children": [None], "after": None}})
@example([[]])
def test_any_json_is_refused(answer: Any) -> None:
    seen, error = collected(json.dumps(answer).encode())
    assert (seen, bool(error)) == (0, True)


@QUICK
@given(mutated([TOKEN]))
def test_a_changed_token_is_used_or_refused(documents: list[Any]) -> None:
    seen, error = collected(json.dumps(COMMENTS).encode(), json.dumps(documents[0]).encode())
    assert seen or error
