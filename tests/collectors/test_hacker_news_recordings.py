"""The collector against recorded answers of the real service."""

from __future__ import annotations

import json
from pathlib import Path

from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay
from tests.collectors.test_hacker_news_conformance import SEARCH, hacker_news


def test_stories_of_hacker_news(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    files = sorted((shared / "fixtures" / "hacker_news").glob("search*.json"))
    assert files
    for path in files:
        replay.serve({SEARCH: Answer(path.read_bytes())})
        run = gather(sqlite_store, hacker_news(replay.url, search="apple"), full=True)[0]
        hits = json.loads(path.read_bytes())["hits"]
        assert (run.status, run.got, run.new) == (runs.DONE, len(hits), len(hits)), path.name
        again = gather(sqlite_store, hacker_news(replay.url, search="apple"))[0]
        assert (again.new, again.edited, again.unchanged) == (0, 0, len(hits)), path.name
        stored = {row["external_id"]: row for row in rows(sqlite_store)}
        for hit in hits:
            row = stored[hit["objectID"]]
            assert row["text"] == hit["title"]
            assert int(row["published_at"].timestamp()) == hit["created_at_i"]
            assert row["edited_at"] is None
