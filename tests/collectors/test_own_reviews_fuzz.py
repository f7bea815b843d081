"""Whatever the services of own reviews answer: reviews, a word about there being none, or an
error made for it."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Headers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.http import Response
from collectors.newest_first import Listing
from collectors.services.app_store import connect as app_store_connect_api
from collectors.services.google import business as google_business_api
from collectors.services.google import play_console as play_console_api
from collectors.services.google.api import reasons_of
from collectors.services.google.business import original
from collectors.services.google.play_exports import Exports
from simak.errors import ConfigurationError, SourceChanged
from simak.mention import RawMention
from store.mentions import storable
from tests.collectors.test_app_store_connect import FIRST as APPLE
from tests.collectors.test_app_store_connect import REPLIES
from tests.collectors.test_google_business_conformance import FIRST as MAPS
from tests.collectors.test_google_business_conformance import SHOP
from tests.collectors.test_google_play_console import APP
from tests.collectors.test_google_play_console import FIRST as PLAY
from tests.collectors.test_play_console_exports import MAY, export

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

LEAVES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["FIVE", "\ud800", "\x00", "(Original)", "2026-05-01T08:00:00-07:00", "NaN",
                       "9" * 400, "https://a.example/?cursor=x", "http://[", "PUBLISHED", "\t"])
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)

PAGES: dict[str, Any] = {
    "play": {"reviews": list(PLAY), "tokenPagination": {"nextPageToken": "dua"}},
    "apple": {"data": list(APPLE), "included": list(REPLIES), "links": {"next": "x?cursor=2"}},
    "maps": {"reviews": list(MAPS), "totalReviewCount": 2, "nextPageToken": "dua"},
}


def read(service: str, page: Any) -> Listing:
    if service == "play":
        return play_console_api.read_page(page, APP, "the answer")
    if not isinstance(page, dict):
        raise SourceChanged("is not an object")  # as `object_of` says before
    if service == "apple":
        return app_store_connect_api.read_page(page, APP, "the answer")
    return google_business_api.read_page(page, SHOP, "the answer").listing


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    found: list[tuple[Any, Any]] = []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


@st.composite
def damaged(draw: st.DrawFn, service: str) -> Any:
    """A page with some values taken away or replaced by anything."""
    page = json.loads(json.dumps(PAGES[service]))
    for _ in range(draw(st.integers(1, 4))):
        spots = places(page)
        if not spots:
            break
        container, key = draw(st.sampled_from(spots))
        if draw(st.booleans()):
            container[key] = draw(JSON)
        else:
            del container[key]
    return page


def check(service: str, page: Any) -> None:
    try:
        listing = read(service, page)
    except SourceChanged:
        return
    given = page.get("data" if service == "apple" else "reviews", [])
    assert len(listing.mentions) + len(listing.bad) == len(given)
    assert listing.mentions or not given
    if service == "apple":
        assert "data" in page
    for raw in listing.mentions:
        check_mention(raw)
        assert raw.reply_at is None or raw.reply


def check_mention(raw: RawMention) -> None:
    assert raw.external_id
    assert raw.text or raw.stars
    assert raw.stars is None or 1 <= raw.stars <= 5
    assert isinstance(storable(raw.text), str)
    for at in (raw.published_at, raw.edited_at, raw.reply_at):
        assert at is None or at.tzinfo is UTC
    assert all(isinstance(value, str) for value in raw.attributes.values())


@pytest.mark.parametrize("service", PAGES)
def test_a_damaged_page(service: str) -> None:
    @SLOW
    @given(damaged(service))
    def damage(page: Any) -> None:
        check(service, page)

    damage()


@SLOW
@given(st.sampled_from(list(PAGES)), JSON, st.sampled_from(["reviews", "data"]))
def test_any_page(service: str, value: Any, key: str) -> None:
    check(service, value)
    check(service, {key: value})
    check(service, {key: [value]})


PIECES = st.sampled_from(["(Translated by Google)", "(Original)", "kotor", "\n\n", " "])


@SLOW
@given(st.text() | st.lists(PIECES, max_size=6).map("".join))
def test_any_translation(text: str) -> None:
    kept = original(text)
    assert kept in text
    if "(translated by google)" not in text.lower():
        assert kept == text


@SLOW
@given(JSON, st.sampled_from(["error", "errors"]))
def test_any_refusal(value: Any, key: str) -> None:
    body = json.dumps({key: value}).encode()
    for word in reasons_of(Response(403, "https://a.example/x", Headers(), body)):
        assert word.replace("_", "").isalpha()


@SLOW
@given(st.data())
def test_a_damaged_export(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = export(tmp_path_factory.mktemp("unduhan"), "202605", *MAY)
    body = path.read_bytes()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 300)))
    path.write_bytes(body[:start] + data.draw(st.binary(max_size=20)) + body[end:])
    try:
        steps = list(Exports([path], (), "Senandika").read({}, {}))
    except ConfigurationError:
        return
    pages = [step.page for step in steps]
    assert any(page.mentions or page.notes for page in pages)
    assert steps[-1].done
    assert list(steps[-1].state["files"]) == [str(path)]
    for page in pages:
        for raw in page.mentions:
            check_mention(raw)


def test_paths_of_exports_are_told_apart(tmp_path: Path) -> None:
    one = export(tmp_path, "202605", *MAY)
    (step,) = Exports([one, tmp_path], (), "Senandika").read({}, {})
    assert len(step.page.mentions) == 2
