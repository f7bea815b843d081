"""Whatever a forum answers: mentions, a count of what they are not, or an error made for it."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

from httpx2 import Headers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.http import Response
from collectors.services.discourse.posts import own_words
from collectors.sources.discourse import DiscourseSource
from simak.errors import SimakError
from tests.collectors.mutating import JSON, mutated
from tests.collectors.page_reading import pages_with
from tests.collectors.test_discourse_conformance import listed, post

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
LIST = {"topic_list": {"topics": [listed(9, "2026-05-31T03:00:00Z")], "more_topics_url": None}}
SEARCH = {
    "posts": [{"id": 1, "topic_id": 9, "created_at": "2026-05-31T03:00:00Z"}],
    "grouped_search_result": {"more_full_page_results": False, "error": None},
}
TOPIC = {
    "id": 9,
    "title": "Judul",
    "post_stream": {"posts": [post(1, 1, "Halo"), post(2, 2, "Sama")], "stream": [1, 2, 3]},
}
POSTS = {"post_stream": {"posts": [post(3, 3, "Lagi")]}}


def check(documents: list[Any], **options: Any) -> None:
    listing, topic, posts = documents

    def answer(_: str, url: str, **__: Any) -> Response:
        value = listing
        if "/t/" in url:
            value = posts if "posts.json" in url else topic
        return Response(200, url, Headers(), json.dumps(value).encode())

    source = DiscourseSource(
        name="f", brand="b", options={"url": "https://f.example", "own_users": "cs"} | options
    )
    try:
        pages = pages_with(source, Mock(request=answer))
    except SimakError:
        return
    said = [page for page in pages if page.mentions or page.bad or page.skipped or page.notes]
    assert said or not listing_of(listing)
    json.dumps(pages[-1].cursor)


def listing_of(listing: Any) -> Any:
    if isinstance(listing, list):
        return [group for group in listing if group["results"]]
    return listing.get("posts") or listing.get("topic_list", {}).get("topics")


@SLOW
@given(mutated([LIST, TOPIC, POSTS]))
def test_any_list_topic_and_posts(documents: list[Any]) -> None:
    check(documents)


@SLOW
@given(mutated([SEARCH, TOPIC, POSTS]))
def test_any_search(documents: list[Any]) -> None:
    check(documents, search="kopi")


@SLOW
@given(JSON)
@example([])
@example({"topic_list": {"topics": [{"id": "٣"}]}})
def test_any_answer(value: Any) -> None:
    check([value, value, value])
    check([value, value, value], search="kopi")


@SLOW
@given(
    st.lists(
        st.sampled_from(
            ["<aside>", "</aside>", '<div class="meta">', "</div>", '<img class="emoji" alt="',
             '">', "<aside", "kopi", "<p>", "&lt;"]
        )
        | st.text(max_size=5),
        max_size=20,
    )
)  # fmt: skip
def test_any_post(parts: list[str]) -> None:
    text = own_words("".join(parts))
    assert text == text.strip()


def test_long_hostile_posts_take_no_time_to_speak_of() -> None:
    for part in (
        'class="emoji" alt=',
        "<aside",
        '<div class="meta"><',
        '<img class="emoji ',
        '<div class="meta">',
        "<a ",
    ):
        assert isinstance(own_words(part * 20_000), str)
