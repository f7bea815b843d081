"""Whatever is delivered: something is made of it, and it can be stored; never an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.runner import receive
from collectors.sources.webhook import WebhookSource
from store import rollups, runs
from store.engine import Store, open_store
from tests.collectors.conformance import NOW, PRIVACY, clock
from tests.collectors.deliveries import edited, message, qiscus, revoked, said, source, whatsapp
from tests.collectors.test_webhook_json import MAPPING, RECORD

SLOW = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))

DELIVERIES = {
    "whatsapp": whatsapp(
        said("a", "halo", context={"id": "b", "forwarded": True}),
        edited("a", "halo kak", 1_780_300_060),
        revoked("b", 1),
        message("c", "image", image={"caption": "penyok"}),
        message("d", "interactive", interactive={"type": "list_reply", "list_reply": {}}),
        statuses=[{"id": "x"}],
        history=[{"threads": [{"messages": [said("e", "lama")]}]}],
    ),
    "qiscus": qiscus(id=7, timestamp="2026-06-01T00:00:00Z", payload={"caption": "x"}),
    "json": json.dumps([RECORD, {"review": {"id": "b"}, "gone": True}]).encode(),
}
SOURCES = {
    "whatsapp": source(),
    "qiscus": source("qiscus", agents=["@agen.example"]),
    "json": source("json", mapping=MAPPING),
}

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["\x00", "\ud800", "9" * 400, "-1", "1e400", "253402300799", "9999-12-31T23:59:59Z",
         "0001-01-01T00:00:00+14:00", "text", "edit", "revoke", "interactive", "system"]
    ),
    st.just([]),
    st.just({}),
)  # fmt: skip
ANY = st.recursive(
    ODD,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["entry", "changes", "value", "messages", "statuses", "field", "type", "payload",
                 "message", "text", "body", "from", "id", "history", "threads", "review", "gone"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))


@st.composite
def changed(draw: st.DrawFn, body: bytes) -> bytes:
    """A delivery in which some things are others, or gone."""
    payload = [json.loads(body)]
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from([p for p in _places(payload) if p]))
        holder: Any = payload
        for step in path:
            holder = holder[step]
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = draw(ODD | ANY)
    return json.dumps(payload[0]).encode()


@st.composite
def torn(draw: st.DrawFn, body: bytes) -> bytes:
    """A delivery with a piece missing, doubled or replaced."""
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, len(body)))
    return body[:start] + draw(st.binary(max_size=20)) + body[end:]


def check(store: Store, of: WebhookSource, body: bytes) -> None:
    page = of.read(body, NOW)
    assert page.mentions or page.bad or page.skipped
    for raw in page.mentions:
        assert raw.external_id
        assert raw.text or raw.stars or raw.deleted
    run = receive(store, of, page, privacy=PRIVACY, now=clock)
    again = receive(store, of, page, privacy=PRIVACY, now=clock)
    assert again.new == run.new


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Store]:
    store = open_store("sqlite://")
    yield store
    assert rollups.verify(store) > 0
    assert len(runs.runs(store)) == len(SOURCES)
    store.close()


@pytest.mark.parametrize("format", SOURCES)
def test_a_changed_delivery(fuzzed: Store, format: str) -> None:
    @SLOW
    @given(changed(DELIVERIES[format]))
    def run(body: bytes) -> None:
        check(fuzzed, SOURCES[format], body)

    check(fuzzed, SOURCES[format], DELIVERIES[format])
    run()


@pytest.mark.parametrize("format", SOURCES)
def test_a_torn_delivery(fuzzed: Store, format: str) -> None:
    @SLOW
    @given(torn(DELIVERIES[format]))
    def run(body: bytes) -> None:
        check(fuzzed, SOURCES[format], body)

    run()


@SLOW
@given(st.sampled_from(sorted(SOURCES)), ANY)
@example("json", {"review": {"id": "\ud800\x00", "title": "\ud800"}})
@example("json", float("nan"))
def test_any_json(fuzzed: Store, format: str, payload: Any) -> None:
    check(fuzzed, SOURCES[format], json.dumps(payload).encode())


@SLOW
@given(st.sampled_from(sorted(SOURCES)), st.binary(max_size=200))
def test_any_bytes(fuzzed: Store, format: str, body: bytes) -> None:
    check(fuzzed, SOURCES[format], body)
