"""Whatever Google Play answers is read, or refused: never is it silently nothing."""

from __future__ import annotations

import json
from typing import Any

from httpx2 import Headers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.http import Response
from collectors.payload import read_all
from collectors.services.google.play import answer_of, mention_of
from simak.errors import SourceChanged
from store.mentions import storable
from tests.collectors.google_play_service import at, framed, payload, review

FEW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

GOOD = payload(
    [
        review("r1", "Mantap", stars=5, version="1.0", reply=("Makasih, Kak", at(9))),
        review("r2", None, stars=1),
    ],
    "lanjut",
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.sampled_from(["\x00", "\ud800", "1e999", 10**400, -1, [], {}, [[]], [[[1]]]]),
)
JSON = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def check(body: bytes) -> None:
    response = Response(200, "https://play.example/x", Headers(), body)
    try:
        page = answer_of(response, "an app")
        mentions, bad = read_all(page.reviews, lambda one: mention_of(one, "a.b"), "an app")
    except SourceChanged:
        return
    assert len(mentions) + len(bad) == len(page.reviews)
    assert page.reviews or b"[]" in body  # it says itself that there are none
    for raw in mentions:
        assert raw.external_id
        assert storable(raw.text) or raw.stars
        for time in (raw.published_at, raw.reply_at):
            assert time is None or time.utcoffset() is not None
    json.dumps(page.token)


def put(value: Any, path: list[int], new: Any) -> Any:
    """A copy of nested lists with another value at the end of a path."""
    if not path or not isinstance(value, list) or not value:
        return new
    place = path[0] % len(value)
    return [*value[:place], put(value[place], path[1:], new), *value[place + 1 :]]


@FEW
@given(st.lists(st.integers(0, 16), min_size=1, max_size=5), JSON, st.booleans())
@example([0, 0, 5, 0], 10**30, False)
@example([0, 0, 5, 0], float("nan"), False)
@example([0, 0, 5, 1], float("inf"), True)
@example([0, 0, 0], True, True)
def test_any_value_anywhere(path: list[int], new: Any, chunked: bool) -> None:
    check(framed(put(GOOD, path, new), chunked=chunked))


@FEW
@given(JSON)
def test_any_payload(value: Any) -> None:
    check(framed(value))


@FEW
@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    body = framed(GOOD, chunked=data.draw(st.booleans()))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    check(body[:start] + data.draw(st.binary(max_size=12)) + body[end:])


@FEW
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'[["wrb.fr","UsvDTd",7]]')
@example(b'["wrb.fr","UsvDTd","[[]]"]')
@example(b"1 [] 2 {}")
def test_any_body(body: bytes) -> None:
    check(body)
