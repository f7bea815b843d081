"""Whatever YouTube answers: comments, a word about there being none, or an error made for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.http import HttpClient, Response
from collectors.runner import make_context
from collectors.source import Page
from simak.errors import SimakError
from store.mentions import storable
from tests.collectors.conformance import clock
from tests.collectors.test_youtube_conformance import threads
from tests.collectors.youtube_service import CHANNEL, UPLOADS, hit, page, upload, youtube

QUICK = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
ANSWERS: dict[str, Any] = {
    "commentThreads": page(threads()["vidSenan001"]),
    "comments": page(threads()["replies"]),
    "channels": page([{"contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}]),
    "playlistItems": page([upload("vidKelil001", "2026-05-25T10:00:00Z")]),
    "search": page([hit("vidReview01", "2026-05-27T10:00:00Z")]),
}


def paths_in(value: Any) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield ()
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from ((key, *path) for path in paths_in(inner))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """An answer in which something is replaced or missing."""
    what = draw(st.sampled_from(sorted(ANSWERS)))
    answer = deepcopy(ANSWERS[what])
    *path, last = draw(st.sampled_from([path for path in paths_in(answer) if path]))
    place = answer
    for key in path:
        place = place[key]
    if draw(st.booleans()):
        del place[last]
    else:
        place[last] = draw(JSON)
    return what, answer


class _Canned(HttpClient):
    """Answers without a network."""

    def __init__(self, answers: dict[str, bytes], status: int = 200) -> None:
        super().__init__()
        self._answers, self._status = answers, status

    def request(self, method: str, url: str, **_: Any) -> Response:
        what = url.partition("/youtube/v3/")[2].partition("?")[0]
        return Response(self._status, url.partition("?")[0], httpx2.Headers(), self._answers[what])


def collected(answers: dict[str, bytes], status: int = 200) -> tuple[list[Page], SimakError | None]:
    source = youtube("http://127.0.0.1:9", videos=["vidSenan001"], channels=[CHANNEL],
                     search=["kopi"])  # fmt: skip
    pages: list[Page] = []
    with _Canned(answers, status) as http:
        try:
            for one in source.collect({}, make_context("y", http=http, now=clock)):
                json.dumps(one.cursor)
                pages.append(one)
        except SimakError as error:
            return pages, error
    return pages, None


def check(answer: Any, pages: list[Page], error: SimakError | None) -> None:
    mentions = [raw for one in pages for raw in one.mentions]
    told = any(one.bad or one.skipped or one.notes for one in pages)
    is_empty = isinstance(answer, dict) and answer.get("items") == []
    assert mentions or error or told or is_empty
    for raw in mentions:
        assert raw.deleted or storable(raw.text)
        assert raw.published_at is None or raw.published_at.tzinfo is UTC


@QUICK
@given(mutated())
def test_a_changed_answer(changed: tuple[str, Any]) -> None:
    what, answer = changed
    bodies = {name: json.dumps(value).encode() for name, value in ANSWERS.items()}
    check(answer, *collected({**bodies, what: json.dumps(answer).encode()}))


@QUICK
@given(st.sampled_from(sorted(ANSWERS)), JSON | st.fixed_dictionaries({"items": st.lists(JSON)}))
def test_any_json(what: str, answer: Any) -> None:
    bodies = {name: json.dumps(value).encode() for name, value in ANSWERS.items()}
    pages, error = collected({**bodies, what: json.dumps(answer).encode()})
    check(answer, pages, error)
    if not isinstance(answer, dict) or "items" not in answer:
        assert error


@QUICK
@given(st.sampled_from([200, 400, 403, 404]), st.binary(max_size=60) | JSON.map(
    lambda value: json.dumps({"error": value}).encode()
))  # fmt: skip
def test_any_refusal(status: int, body: bytes) -> None:
    pages, error = collected(dict.fromkeys(ANSWERS, body), status)
    assert isinstance(error, SimakError)
    assert not any(one.mentions for one in pages)


def test_the_answers_themselves_are_read() -> None:
    pages, error = collected({name: json.dumps(value).encode() for name, value in ANSWERS.items()})
    assert error is None
    assert sum(len(one.mentions) for one in pages) > 8


@pytest.mark.parametrize("body", [b"[" * 100_000, b"", b"\xff\xfe", b"{}", b'{"items": []'])
def test_bodies_that_are_no_page(body: bytes) -> None:
    _, error = collected(dict.fromkeys(ANSWERS, body))
    assert error
