"""The sources of own reviews against what the real services gave."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from collectors.sources.google_play_console import GooglePlayConsoleSource
from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, row, rows
from tests.collectors.replay import Replay, as_json
from tests.collectors.test_app_store_connect import APP, PAGE, connect


def test_app_store_connect(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures" / "app_store" / "asc_api_customerReviews.json"
    answer = json.loads(path.read_bytes())
    replay.serve({PAGE: as_json(answer)})
    run = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (run.status, run.new) == (runs.DONE, len(answer["data"]))
    first = row(sqlite_store, having="Amazing")
    assert first["external_id"] == "00000191-be75-7003-3836-082100000000"
    assert first["published_at"].isoformat() == "2026-03-08T20:22:08+00:00"
    assert (first["stars"], first["attributes"]) == (5, {"territory": "ESP"})
    assert first["reply"] is None  # it waits to be published
    answer["included"][0]["attributes"]["state"] = "PUBLISHED"
    replay.serve({PAGE: as_json(answer)})
    again = gather(sqlite_store, connect(replay.url, apps=APP))[0]
    assert (again.new, again.edited) == (0, 1)
    first = row(sqlite_store, having="Amazing")
    assert first["reply"] == "Thanks!"
    assert first["reply_at"].isoformat() == "2026-03-09T17:00:00+00:00"


def test_an_export_of_the_play_console(sqlite_store: Store, shared: Path, tmp_path: Path) -> None:
    for path in (shared / "fixtures" / "play_console_csv").glob("*.csv"):
        shutil.copy(path, tmp_path)
    source = GooglePlayConsoleSource(
        name="play", brand="Senandika", options={"exports": str(tmp_path)}
    )
    run = gather(sqlite_store, source)[0]
    assert (run.status, run.new, run.skipped) == (runs.DONE, 1, {})
    (stored,) = rows(sqlite_store)
    assert stored["external_id"] == "d2b07a18-68e9-4b8f-8042-4102a5082454"
    assert (stored["text"], stored["stars"], stored["language"]) == ("muito bom", 5, "pt")
    assert stored["published_at"].isoformat() == "2025-11-05T14:40:32+00:00"
    assert stored["reply"].endswith("😄🙏")
    assert stored["version"] is None
    assert stored["attributes"] == {"Device": "a06"}
    assert gather(sqlite_store, source)[0].notes
