"""Whatever a Mastodon server answers: mentions, or an error made for it."""

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
from collectors.services.mastodon.api import MastodonApi
from collectors.services.mastodon.items import is_boost, mention_of
from simak.errors import BadRecord, SimakError
from store.mentions import storable
from tests.collectors.test_mastodon_conformance import LISTINGS, mastodon, recorded

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
STATUS = recorded(LISTINGS[0])[2]
LINKS = st.sampled_from(["", "<", '<https://x/?max_id=>; rel="next"', '<a>; rel="next"', ";;,"])
LINK = LINKS | st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=40)


class _Http(HttpClient):
    """Answers every request with the same, but the one for the account."""

    def __init__(self, body: bytes, link: str) -> None:
        super().__init__()
        self._given = Response(200, "https://kabar.example/api", Headers({"Link": link}), body)

    def request(self, method: str, url: str, **_: Any) -> Response:
        if url.endswith("verify_credentials"):
            return Response(200, url, Headers(), b'{"id": "1"}')
        return self._given


@SLOW
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(STATUS, JSON)))
def test_any_status(fields: dict[str, Any]) -> None:
    status = STATUS | fields
    is_boost(status)
    try:
        mention = mention_of(status)
    except BadRecord:
        return
    if mention is None:
        return
    assert mention.deleted or storable(mention.text)
    assert mention.published_at is None or mention.published_at.tzinfo is UTC


@SLOW
@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60), LINK)
@example(b"{}", "")
@example(b'{"error": "x"}', "")
@example(b"null", '<https://x/?max_id=1>; rel="next"')
@example(b"[" * 5000, "")
@example(b"\xff\xfe", "")
def test_any_answer(body: bytes, link: str) -> None:
    with _Http(body, link) as http:
        api = MastodonApi(http, url="https://kabar.example", token="x")
        for ask in (partial(api.hashtag, "kopi"), partial(api.search, "kopi"), api.mentions):
            try:
                answer = ask(None)
            except SimakError:
                continue
            # An empty page is one that the server gave.
            assert answer.records or json.loads(body) in ([], {"statuses": []})
        for single in (partial(api.status, "1"), partial(api.statuses, ["1"])):
            with suppress(SimakError):
                single()


@SLOW
@given(JSON, st.sampled_from(["hashtags", "search", "mentions"]), st.booleans())
def test_any_page(record: Any, what: str, is_beside_a_good_one: bool) -> None:
    status = STATUS if what != "mentions" else {"type": "mention", "status": STATUS}
    records = [record, status] if is_beside_a_good_one else [record]
    given: Any = records if what != "search" else {"statuses": records}
    options: dict[str, Any] = {"hashtags": [], "search": [], "mentions": False}
    options[what] = {"hashtags": "x", "search": "x", "mentions": True}[what]
    source = mastodon("https://kabar.example", **options)
    with _Http(json.dumps(given).encode(), "") as http:
        got = lost = 0
        try:
            for page in source.collect({}, make_context("fuzz", http=http)):
                got += len(page.mentions)
                lost += len(page.bad) + sum(page.skipped.values())
                json.dumps(page.cursor)
        except SimakError:
            return
        assert got + lost > 0
