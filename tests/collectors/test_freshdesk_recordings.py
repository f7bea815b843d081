"""Freshdesk against a sample of a real account."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay, as_json
from tests.collectors.test_freshdesk_conformance import RATINGS, TICKETS, freshdesk


def test_a_list(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    body = (shared / "fixtures" / "freshdesk" / "v2_all_tickets.json").read_bytes()
    replay.serve(
        {
            TICKETS: Answer(body),
            TICKETS + "?filter=deleted": as_json([]),
            TICKETS + "?filter=spam": as_json([]),
            RATINGS: as_json([]),
        }
    )
    run = gather(sqlite_store, freshdesk(replay.url))[0]
    assert (run.status, run.error) == (runs.DONE, None)
    (row,) = rows(sqlite_store)
    assert row["external_id"] == "127.0.0.1/tickets/1"
    assert row["published_at"] == datetime(2014, 12, 31, 2, 27, 9, tzinfo=UTC)
    assert row["text"].endswith("This is a sample ticket, feel free to delete it.")
    assert (row["channel"], row["attributes"]["tags"]) == ("web", "mytag")
    assert gather(sqlite_store, freshdesk(replay.url))[0].edited == 0
    assert replay.unused() == []
