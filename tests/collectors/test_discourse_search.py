"""Discourse: a search, which gives ten pages and goes on before the day that it came to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simak.errors import RetryLater
from tests.collectors.page_reading import by_id, pages_of
from tests.collectors.replay import Answer, Asked, Replay, as_json
from tests.collectors.test_discourse_conformance import discourse, post, topic, topic_routes


def hit(n: int) -> dict[str, Any]:
    at = datetime(2026, 5, 31, tzinfo=UTC) - timedelta(hours=n)
    return {"id": n, "topic_id": n + 1, "created_at": at.isoformat()}


def search_of(hits: list[dict[str, Any]], per_page: int) -> Any:
    """A search that gives ten pages, of what was said before a day."""

    def answer(asked: Asked) -> Answer:
        page = int(asked.query["page"])
        if page > 10:
            return as_json({"errors": ["page"]})
        before = asked.query["q"].partition(" before:")[2]
        found = [one for one in hits if not before or one["created_at"] < before]
        rest = found[(page - 1) * per_page :]
        more = len(rest) > per_page
        return as_json(
            {"posts": rest[:per_page], "grouped_search_result": {"more_full_page_results": more}}
        )

    return answer


def search_world(hits: list[dict[str, Any]], per_page: int) -> dict[str, Any]:
    topics = {
        one["topic_id"]: topic(
            one["topic_id"], "Judul", [post(one["id"] + 1, 1, f"Isi {one['id']}")]
        )
        for one in hits
    }
    return {"GET /search.json": search_of(hits, per_page), **topic_routes(topics)}


def test_a_search_goes_on_before_the_day_it_came_to(replay: Replay) -> None:
    hits = [hit(4 * n) for n in range(24)]
    replay.serve(search_world(hits, 1))
    pages = list(pages_of(discourse(replay.url, search="senandika")))
    assert len(by_id(pages)) == 24
    assert not any(page.missed for page in pages)
    # No topic twice, though days overlap.
    assert sum(asked.path.startswith("/t/") for asked in replay.asked) == 24


def test_a_day_with_more_hits_than_are_given_is_a_gap(replay: Replay) -> None:
    hits = [hit(n) for n in range(30)]
    replay.serve(search_world(hits, 1))
    pages = list(pages_of(discourse(replay.url, search="senandika")))
    missed = [what for page in pages for what in page.missed]
    assert missed
    assert all("lost" in what for what in missed)
    # The day before it is read all the same.
    assert "30" in by_id(pages)


def test_a_search_that_is_refused_for_now(replay: Replay) -> None:
    error = {"posts": [], "grouped_search_result": {"error": "Pencarian sedang padat"}}
    replay.serve({"GET /search.json": as_json(error)})
    with pytest.raises(RetryLater, match="sedang padat"):
        list(pages_of(discourse(replay.url, search="senandika")))
