"""Whatever the App Store answers is read, or refused: never is it silently nothing."""

from __future__ import annotations

import json
from typing import Any

from httpx2 import Headers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.http import Response
from collectors.payload import read_all
from collectors.services.app_store.feed import mention_of, page_of
from simak.errors import SourceChanged
from store.mentions import storable
from tests.collectors.app_store_service import entry, feed, label, the_app

FEW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

GOOD = feed([the_app(), entry("1", "Mantap", stars=5), entry("2", "Lemot")], last=3)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.sampled_from(
        ["\x00", "\ud800", "nan", "1e999", 10**400, "99999-99-99", "0001-01-01T00:00+14"]
    ),
)
JSON = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["label", "attributes", "entry", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def check(body: bytes) -> None:
    response = Response(200, "https://itunes.example/x", Headers(), body)
    try:
        page = page_of(response, "an app")
        mentions, bad = read_all(page.reviews, lambda one: mention_of(one, "1", "id"), "an app")
    except SourceChanged:
        return
    assert len(mentions) + len(bad) == len(page.reviews)
    assert page.reviews or page.is_missing or b"im:name" in body
    for raw in mentions:
        assert raw.external_id
        assert raw.stars
        assert isinstance(storable(raw.text), str)
        assert raw.published_at is None or raw.published_at.utcoffset() is not None


def put(value: Any, path: list[int], new: Any) -> Any:
    """A copy of nested lists and objects with another value at the end of a path."""
    if not path or not isinstance(value, list | dict) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[key] = put(value[key], path[1:], new)
    return changed


@FEW
@given(st.lists(st.integers(0, 16), min_size=1, max_size=6), JSON)
@example([0, 1], [])
@example([0, 1], {"im:rating": label("5")})
@example([0, 1, 1, 1, 0], "0001-01-01T00:00:00+14:00")
@example([0, 1, 1, 1, 0], "9999-12-31T23:59:59-07:00")
@example([0, 3], [3, None, {"attributes": {"rel": "last", "href": "/page=9999999999/"}}])
def test_any_value_anywhere(path: list[int], new: Any) -> None:
    check(json.dumps(put(GOOD, path, new)).encode())


@FEW
@given(JSON)
def test_any_entries(value: Any) -> None:
    check(json.dumps(feed(value)).encode())


@FEW
@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    body = json.dumps(GOOD).encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    check(body[:start] + data.draw(st.binary(max_size=12)) + body[end:])


@FEW
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'{"feed": ' * 50_000)
def test_any_body(body: bytes) -> None:
    check(body)
