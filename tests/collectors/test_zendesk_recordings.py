"""Zendesk against recorded answers of a real account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simak.reasons import NOT_A_CUSTOMER
from store import runs
from store.engine import Store
from tests.collectors.cassettes import exchanges
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay
from tests.collectors.test_zendesk_conformance import EXPORT, zendesk

INCREMENTAL = "TicketsIncrementalTest.test_get_values"


def recorded(shared: Path, name: str) -> list[tuple[str, Answer]]:
    return list(exchanges(shared / "fixtures" / "zendesk" / f"{name}.json"))


def exports(shared: Path) -> list[tuple[Answer, Any]]:
    """The pages of the export by cursor: whole, and cut to one ticket."""
    answers = [answer for route, answer in recorded(shared, INCREMENTAL) if route == EXPORT]
    return [(answer, json.loads(answer.body)) for answer in answers]


def by_agents(page: Any) -> set[int]:
    """The tickets that an agent opened for a customer."""
    return {
        ticket["id"]
        for ticket in page["tickets"]
        if ticket["submitter_id"] != ticket["requester_id"] and ticket["status"] != "deleted"
    }


def test_an_export(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    (answer, page), _ = exports(shared)
    replay.serve({EXPORT: answer})
    run = gather(sqlite_store, zendesk(replay.url))[0]
    deleted = sum(ticket["status"] == "deleted" for ticket in page["tickets"])
    typed = len(by_agents(page))
    assert (run.status, run.skipped) == (runs.DONE, {NOT_A_CUSTOMER: typed})
    # What was deleted before it was ever read is not stored.
    assert (run.new, run.unchanged) == (len(page["tickets"]) - deleted - typed, deleted)
    assert deleted
    assert typed
    # No other host, though the recording names one.
    assert all(asked.path.startswith("/api/v2/") for asked in replay.asked)
    again = gather(sqlite_store, zendesk(replay.url))[0]
    assert (again.new, again.edited, again.deleted) == (0, 0, 0)
    assert any(asked.query.get("cursor") == page["after_cursor"] for asked in replay.asked)


def test_an_export_that_goes_on(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    (whole, page), (cut, first) = exports(shared)
    assert not first["end_of_stream"]
    replay.serve({EXPORT: cut, EXPORT + f"?cursor={first['after_cursor']}": whole})
    run = gather(sqlite_store, zendesk(replay.url))[0]
    there = {ticket["id"] for ticket in page["tickets"] if ticket["status"] != "deleted"}
    numbers = there - by_agents(page)
    assert run.status == runs.DONE
    assert len(rows(sqlite_store)) == len(numbers)


@pytest.mark.parametrize(
    "name",
    [
        "TestTicketsPagination.test_pagination",
        "TestTicketAudits.test_values",
        "TestUserSearchExportApi.test_cbp_small_iterations",
        "TestTicketCreateUpdateDelete.test_single_object_update-update-single",
    ],
)
def test_other_answers_are_no_export(
    sqlite_store: Store, replay: Replay, shared: Path, name: str
) -> None:
    answers = [answer for _, answer in recorded(shared, name)]
    assert answers
    for answer in answers:
        replay.serve({EXPORT: Answer(answer.body)})
        run = gather(sqlite_store, zendesk(replay.url))[0]
        assert (run.status, "Zendesk's export" in (run.error or "")) == (runs.FAILED, True)
    assert rows(sqlite_store) == []
