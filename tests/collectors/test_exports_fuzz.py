"""Whatever an exported file holds: each record is accounted for, or the file is refused."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.json_stream import json_stream
from collectors.sources.google_takeout import GoogleTakeoutSource
from collectors.sources.telegram_export import TelegramExportSource
from simak.errors import ConfigurationError, SimakError
from store.mentions import storable

QUICK = settings(
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def some(*keys: str, **likely: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    optional = dict.fromkeys(keys, JSON) | {key: value | JSON for key, value in likely.items()}
    return st.fixed_dictionaries({}, optional=optional)


PIECES = st.lists(st.text(max_size=5) | some("type", text=st.text(max_size=5)), max_size=3)
MESSAGES = some(
    "text_entities", "from", "from_id", "edited_unixtime", "title", "forwarded_from", "photo",
    "reply_to_peer_id", "action",
    id=st.integers(1, 9), type=st.sampled_from(["message", "service"]),
    text=st.text(max_size=9) | PIECES, date_unixtime=st.integers(0, 2**40).map(str),
    reply_to_message_id=st.integers(1, 9),
)  # fmt: skip
CHATS = some("name", id=st.integers(1, 9), type=st.sampled_from(["personal_chat", "x"]),
             messages=st.lists(MESSAGES | JSON, max_size=5))  # fmt: skip
EXPORTS = CHATS | some(
    personal_information=some("user_id"), chats=some("about", list=st.lists(CHATS, max_size=3))
)
REVIEWS = some(
    properties=some(
        "date", "Published", "five_star_rating_published", "Star Rating", "google_maps_url",
        "review_text_published", location=some("name", "address", "country_code"),
    )
)  # fmt: skip


def check(path: Path, source: Any, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        pages = list(source.collect({}, SimpleNamespace(probe=False)))
    except SimakError:
        return
    for page in pages:
        for raw in page.mentions:
            assert raw.external_id
            assert storable(raw.text) or raw.stars
            assert raw.published_at is None or raw.published_at.utcoffset() is not None
    document = json.loads(text)
    lists = [document.get("features"), document.get("messages")]
    for part in ("chats", "left_chats"):
        lists += [chat["messages"] for chat in (document.get(part) or {}).get("list", [])]
    told = sum(len(p.mentions) + len(p.bad) + sum(p.skipped.values()) for p in pages)
    assert told == sum(len(found) for found in lists if found is not None)
    assert pages[-1].cursor == {}


def telegram(path: Path) -> TelegramExportSource:
    return TelegramExportSource(name="g", brand="S", options={"path": str(path), "own_users": "a"})


@QUICK
@given(EXPORTS)
def test_any_chat(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "result.json"
    check(path, telegram(path), json.dumps(document))


@QUICK
@given(some(type=JSON, features=st.lists(REVIEWS | JSON, max_size=4)))
def test_any_reviews(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "Reviews.json"
    source = GoogleTakeoutSource(name="u", brand="S", options={"path": str(path)})
    check(path, source, json.dumps(document))


@QUICK
@given(EXPORTS, st.data())
def test_a_damaged_file(tmp_path: Path, document: Any, data: st.DataObject) -> None:
    text = json.dumps(document)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    text = text[:start] + data.draw(st.text(max_size=3)) + text[end:]
    path = tmp_path / "result.json"
    check(path, telegram(path), text)


@QUICK
@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4), st.integers(1, 9))
def test_a_stream_reads_what_is_there(tmp_path: Path, document: dict[str, Any], size: int) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document, indent=size % 3 or None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("collectors.json_stream.CHUNK", size)
        with json_stream(path) as stream:
            found = {}
            for key in stream.members():
                if stream.peek() == "[":
                    found[key] = [stream.value() for _ in stream.elements()]
                else:
                    found[key] = stream.value()
            stream.end()
    assert json.dumps(found) == json.dumps(document)


@QUICK
@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    try:
        with json_stream(path) as stream:
            found = {key: stream.value() for key in stream.members()}
            stream.end()
    except ConfigurationError:
        return
    assert json.dumps(found) == json.dumps(json.loads(content))
