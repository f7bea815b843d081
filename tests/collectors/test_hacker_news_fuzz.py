"""Whatever the search answers: hits, a word about there being none, or an error made for it."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.services.hacker_news.api import Cut, listing_of
from collectors.services.hacker_news.items import mention_of_item
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from store.mentions import storable
from tests.collectors.test_hacker_news_conformance import item_of, page

FAST = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ("objectID", "comment_text", "story_text", "title", "author", "created_at",
          "created_at_i", "parent_id", "points", "_tags")  # fmt: skip
ITEM_FIELDS = ("id", "type", "text", "title", "author", "created_at_i", "parent_id", "children")


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """An answer with a value replaced somewhere."""
    answer = page(draw(st.sampled_from(["hacker_news/search_1.json", "hacker_news/app.json"])))
    where = draw(st.sampled_from(["answer", "hit"]))
    if where == "answer":
        answer[draw(st.sampled_from(["hits", "nbHits"]))] = draw(JSON)
    else:
        hit = draw(st.sampled_from(answer["hits"]))
        hit[draw(st.sampled_from(FIELDS))] = draw(JSON)
    return answer


def check_mention(raw: RawMention) -> None:
    assert raw.external_id
    assert raw.deleted or storable(raw.text).strip()
    assert raw.published_at is None or raw.published_at.tzinfo is UTC


def check(answer: Any) -> None:
    try:
        listing = listing_of(answer, Cut(1_780_306_200, frozenset({"48200131"})), "posts")
    except SourceChanged:
        return
    if not (listing.mentions or listing.bad or listing.after):
        # Nothing new in it: only where it has nothing, or what came already.
        assert all(hit["objectID"] == "48200131" for hit in answer["hits"])
    for raw in listing.mentions:
        check_mention(raw)
    if listing.after is not None:
        json.dumps(str(Cut.read(listing.after)))


@FAST
@given(st.fixed_dictionaries({}, optional={"hits": JSON, "nbHits": JSON, "message": JSON}) | JSON)
@example({"hits": [{"objectID": "1", "comment_text": "\ud800\x00", "created_at_i": 1e300}]})
@example({"hits": [{"objectID": "1", "comment_text": "a", "created_at_i": 10**400}], "nbHits": 2})
def test_any_answer(answer: Any) -> None:
    check(answer)


@FAST
@given(damaged())
def test_a_damaged_answer(answer: Any) -> None:
    check(answer)


@FAST
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)), JSON)
def test_any_hit(hit: Any, total: Any) -> None:
    check({"hits": [hit], "nbHits": total})


@FAST
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(ITEM_FIELDS, JSON))
    | JSON
    | st.builds(
        lambda key, value: item_of(page("hacker_news/search_1.json")["hits"][0]) | {key: value},
        st.sampled_from(ITEM_FIELDS),
        JSON,
    )
)
def test_any_item(item: Any) -> None:
    try:
        raw = mention_of_item(item, "48200140")
    except BadRecord:
        return
    check_mention(raw)
    assert raw.external_id == "48200140"
    assert not raw.deleted or (item["text"], item["author"]) == (None, None)
