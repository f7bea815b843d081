"""The source of Trustpilot against a page of its web site, which it is not to be taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, rows
from tests.collectors.replay import Answer, Replay
from tests.collectors.trustpilot_service import FIND, REVIEWS, UNIT, trustpilot


@pytest.mark.parametrize("status", [200, 403])
def test_a_page_of_the_web_site(
    sqlite_store: Store, replay: Replay, shared: Path, status: int
) -> None:
    body = (shared / "fixtures" / "trustpilot" / "next_data_page.html").read_bytes()
    answer = Answer(body, status=status, headers={"Content-Type": "text/html"})
    replay.serve({FIND: answer, REVIEWS: answer})
    for options in ({"domains": ["senandika.example"]}, {"business_units": [UNIT]}):
        run = gather(sqlite_store, trustpilot(replay.url, **options))[0]
        assert run.status == runs.FAILED
        assert "import its CSV export" in (run.error or "")
    assert rows(sqlite_store) == []
