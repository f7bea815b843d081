"""Files that others exported, where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collectors.sources.google_takeout import GoogleTakeoutSource
from collectors.sources.telegram_export import TelegramExportSource
from store.engine import Store
from tests.collectors.conformance import gather, rows


def files(shared: Path, folder: str) -> list[Path]:
    found = sorted((shared / "fixtures" / folder).rglob("*.json"))
    assert found
    return found


@pytest.mark.parametrize("own", [[], ["Bob"], ["user111"]])
def test_chats_of_telegram(sqlite_store: Store, shared: Path, own: list[str]) -> None:
    for path in files(shared, "telegram"):
        source = TelegramExportSource(
            name=path.name, brand="Senandika", options={"path": str(path), "own_users": own}
        )
        run = gather(sqlite_store, source)[0]
        assert (run.status, run.error) == ("done", None), path
        assert run.got == len(json.loads(path.read_bytes())["messages"])
        assert gather(sqlite_store, source)[0].unchanged == run.new > 0
    told = {row["external_id"].split(":")[1]: row for row in rows(sqlite_store)}
    if "3" in told:
        assert told["3"]["text"] == "Check this important message"
        assert told["3"]["published_at"].isoformat() == "2024-01-15T10:52:00+00:00"
    if own == ["Bob"]:
        assert {id_: row["reply"] for id_, row in told.items()} == {
            "1": "Hi there!",
            "3": "Got it!",
        }


def test_reviews_of_google_takeout(sqlite_store: Store, shared: Path) -> None:
    for path in files(shared, "google_takeout"):
        source = GoogleTakeoutSource(name=path.name, brand="Senandika", options={"path": str(path)})
        run = gather(sqlite_store, source)[0]
        reviews = json.loads(path.read_bytes())["features"]
        assert (run.status, run.new) == ("done", len(reviews))
        assert gather(sqlite_store, source)[0].unchanged == len(reviews)
    found = rows(sqlite_store)
    assert all(row["stars"] and row["published_at"] and row["product"] for row in found)
    assert any(not row["text"] for row in found)
    assert any("country" not in row["attributes"] for row in found)
