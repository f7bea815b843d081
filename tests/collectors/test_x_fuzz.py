"""Whatever X answers: posts, a word about there being none, or an error made for it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.services.x.answers import found_in, posts_in
from collectors.services.x.items import mention_of, posted_at, read_posts
from simak.errors import BadRecord, SimakError
from store.mentions import storable
from tests.collectors.test_x_conformance import page

FAST = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
PARTS = ("data", "includes", "errors", "meta")
FIELDS = ("id", "text", "author_id", "created_at", "edit_history_tweet_ids", "lang", "note_tweet",
          "referenced_tweets")  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """An answer with a value replaced somewhere."""
    answer = page(draw(st.sampled_from(["x/search_1.json", "x/search_2.json", "x/mentions.json"])))
    where = draw(st.sampled_from(["answer", "post", "other", "error", "meta"]))
    if where == "answer":
        answer[draw(st.sampled_from(PARTS))] = draw(JSON)
    elif where == "post":
        draw(st.sampled_from(answer["data"]))[draw(st.sampled_from(FIELDS))] = draw(JSON)
    elif where == "other" and "tweets" in answer["includes"]:
        answer["includes"]["tweets"][0][draw(st.sampled_from(FIELDS))] = draw(JSON)
    elif where == "error":
        answer["errors"] = [draw(JSON)]
    else:
        answer["meta"][draw(st.sampled_from(["result_count", "next_token"]))] = draw(JSON)
    return answer


def check(answer: Any) -> None:
    try:
        found = found_in(answer, "the search")
        posts = read_posts(found, ("70010099",), "the search")
    except SimakError:
        return
    if not (posts.mentions or posts.bad or posts.skipped):
        # Nothing in it: only where X says so.
        assert answer["meta"]["result_count"] == 0
    for raw in posts.mentions:
        assert raw.external_id
        assert storable(raw.text).strip()
        for at in (raw.published_at, raw.edited_at):
            assert at is None or at.tzinfo is UTC
    assert len(posts.mentions) + len(posts.bad) + sum(posts.skipped.values()) >= len(found.posts)


@FAST
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, JSON)) | JSON)
@example({"data": [{"id": "1", "text": "\ud800\x00"}]})
@example({"data": [{"id": "9" * 400, "text": "a", "edit_history_tweet_ids": [["9"], "9" * 400]}]})
@example({"data": [{"id": "1", "text": "a", "referenced_tweets": {"type": "retweeted"}}]})
@example({"data": [{"id": "2", "text": "a", "edit_history_tweet_ids": ["²", "2"]}]})
def test_any_answer(answer: Any) -> None:
    check(answer)


@FAST
@given(damaged())
def test_a_damaged_answer(answer: Any) -> None:
    check(answer)


@FAST
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, JSON)) | damaged() | JSON)
def test_any_answer_to_a_request_by_id(answer: Any) -> None:
    try:
        found = posts_in(answer, "the request")
    except SimakError:
        return
    assert found.posts or found.errors


@FAST
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))
    | st.builds(
        lambda key, value: page("x/search_1.json")["data"][2] | {key: value},
        st.sampled_from(FIELDS),
        JSON,
    )
)
def test_any_post(post: Any) -> None:
    try:
        raw = mention_of(post, {})
    except BadRecord:
        return
    assert raw.text
    assert raw.external_id


@FAST
@given(st.text(max_size=25) | st.integers(0, 10**24).map(str))
def test_any_id(id: str) -> None:
    at = posted_at(id)
    assert at is None or at.year >= 2010
