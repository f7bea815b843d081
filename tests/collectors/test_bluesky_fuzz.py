"""Whatever Bluesky answers: mentions, or an error made for it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC
from functools import partial
from typing import Any

from httpx2 import Headers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.http import HttpClient, Response
from collectors.job import make_context
from collectors.services.bluesky.api import Answer, BlueskyApi
from collectors.services.bluesky.items import mention_of
from collectors.services.bluesky.slices import Slice, read_on
from simak.errors import BadRecord, SimakError
from store.mentions import storable
from tests.collectors.test_bluesky_conformance import FOUND, SESSION, TOLD, bluesky, recorded

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
POST = recorded(FOUND)[2]
STATUSES = st.sampled_from([200, 200, 200, 400, 401])


class _Http(HttpClient):
    """Answers every request with the same, but the one for a session."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__()
        self._given = body, status

    def request(self, method: str, url: str, **_: Any) -> Response:
        if method == "POST":
            return Response(200, url, Headers(), json.dumps(SESSION).encode())
        body, status = self._given
        return Response(status, url, Headers(), body)


@SLOW
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(POST, JSON)),
    st.fixed_dictionaries({}, optional=dict.fromkeys([*POST["record"], "langs", "embed"], JSON)),
)
def test_any_post(fields: dict[str, Any], record: dict[str, Any]) -> None:
    view = POST | {"record": POST["record"] | record} | fields
    try:
        mention = mention_of(view)
    except BadRecord:
        return
    if mention is None:
        return
    assert storable(mention.text)
    assert mention.published_at is None or mention.published_at.tzinfo is UTC


@SLOW
@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60), STATUSES)
@example(b'{"error": "ExpiredToken"}', 400)
@example(b"{}", 200)
@example(b"[" * 5000, 400)
@example(b"\xff\xfe", 200)
def test_any_answer(body: bytes, status: int) -> None:
    with _Http(body, status) as http:
        api = BlueskyApi(http, url="https://bsky.example", handle="a", app_password="b")
        for ask, key in ((partial(api.search, "kopi"), "posts"), (api.mentions, "notifications")):
            with suppress(SimakError):
                # An empty page is one that the service gave.
                assert ask().records or json.loads(body)[key] == []
        for single in (partial(api.posts, ["at://a"]), partial(api.is_gone, "at://a")):
            with suppress(SimakError):
                single()


@SLOW
@given(JSON, st.booleans(), st.booleans())
def test_any_page(record: Any, is_told: bool, is_beside_a_good_one: bool) -> None:
    good = recorded(TOLD)[0] if is_told else POST
    records = [record, good] if is_beside_a_good_one else [record]
    body = json.dumps({"notifications" if is_told else "posts": records}).encode()
    options: dict[str, Any] = {"search": [] if is_told else ["x"], "mentions": is_told}
    with _Http(body) as http:
        got = 0
        with suppress(SimakError):
            for page in bluesky("https://bsky.example", **options).collect(
                {}, make_context("fuzz", http=http)
            ):
                got += len(page.mentions) + len(page.bad) + sum(page.skipped.values())
                json.dumps(page.cursor)
            assert got > 0


@SLOW
@given(
    st.lists(st.tuples(JSON, JSON), max_size=4),
    st.none() | st.text(max_size=5),
    st.integers(0, 3_000),
    st.none() | st.datetimes().map(lambda at: at.replace(tzinfo=UTC).isoformat()),
)
def test_any_range(
    times: list[tuple[Any, Any]], cursor: str | None, count: int, oldest: str | None
) -> None:
    records = [{"record": {"createdAt": a}, "indexedAt": b} for a, b in times]
    at = Slice(cursor="9", oldest=oldest, count=count)
    _, after = read_on(lambda *_: Answer(records, cursor or None, None), at.text())
    if after is not None:
        following = Slice.of(after)
        assert following.cursor or following.until
        assert following != at
