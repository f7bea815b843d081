"""The App Store against recorded answers of the real service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store import runs
from store.engine import Store
from tests.collectors.app_store_service import DEPTH, route, store_of, the_app
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay, as_json


def recorded(shared: Path, name: str) -> bytes:
    return (shared / "fixtures" / "app_store" / name).read_bytes()


def entries(body: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body)["feed"]["entry"]
    return found


@pytest.mark.parametrize(
    ("name", "app", "country"),
    [
        ("ing_nl_474495017_excerpt_oldest.json", "474495017", "nl"),
        ("boat_in_1592550875_two_entries.json", "1592550875", "in"),
    ],
)
def test_a_feed(
    sqlite_store: Store, replay: Replay, shared: Path, name: str, app: str, country: str
) -> None:
    body = recorded(shared, name)
    for again in (False, True):
        replay.serve({route(app=app, country=country): Answer(body)})
        run = gather(sqlite_store, store_of(replay.url, apps=app, countries=country))[0]
        assert (run.status, run.edited, run.skipped) == (runs.DONE, 0, {})
        assert run.new == (0 if again else len(entries(body)))
    assert len(replay.asked) == 1
    stored = {one["external_id"]: one for one in rows(sqlite_store)}
    for one in entries(body):
        found = stored.pop(one["id"]["label"])
        time = datetime.fromisoformat(one["updated"]["label"])
        assert found["published_at"] == time.astimezone(UTC)
        assert found["stars"] == int(one["im:rating"]["label"])
        assert found["version"] == one["im:version"]["label"]
        assert one["content"]["label"].strip() in found["text"]
        assert found["text"].startswith(one["title"]["label"])
        assert found["attributes"] == {"country": country}
    assert stored == {}


def test_ten_pages_made_of_a_recorded_one(
    sqlite_store: Store, replay: Replay, shared: Path
) -> None:
    feed = json.loads(recorded(shared, "ing_nl_474495017_excerpt_oldest.json"))
    some = feed["feed"]["entry"]
    routes = {route(11, app="474495017", country="nl"): DEPTH}
    for page in range(1, 11):
        full = [{**some[n % len(some)], "id": {"label": f"{page}{n:03}"}} for n in range(50)]
        first = [the_app()] if page == 1 else []
        whole = {"feed": {**feed["feed"], "entry": first + full}}
        routes[route(page, app="474495017", country="nl")] = as_json(whole)
    replay.serve(routes)
    run = gather(sqlite_store, store_of(replay.url, apps="474495017", countries="nl"))[0]
    assert (run.status, run.new, len(replay.asked)) == (runs.DONE, 500, 10)


def test_what_is_no_such_feed(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    bare = json.loads(recorded(shared, "ing_nl_474495017_excerpt_oldest.json"))
    del bare["feed"]["entry"]
    for answer in (
        as_json(bare),
        as_json({"feed": {}}),
        Answer(recorded(shared, "asc_api_customerReviews.json")),
    ):
        replay.serve({route(): answer})
        run = gather(sqlite_store, store_of(replay.url))[0]
        assert (run.status, run.got) == (runs.FAILED, 0)
