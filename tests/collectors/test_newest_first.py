from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.newest_first import EMPTY_PAGES, IDLE_PAGES, Listing, newest_first
from collectors.source import Page
from simak.errors import SourceChanged
from simak.mention import RawMention

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def said(hours: float) -> RawMention:
    """A mention of so many hours before noon."""
    at = NOON - timedelta(hours=hours)
    return RawMention(external_id=f"{hours}", text="Kapok", published_at=at)


def listing(size: int, *hours: float) -> Callable[[str | None], Listing]:
    """A listing of pages of a size."""

    def fetch(after: str | None) -> Listing:
        start = int(after or 0)
        some = hours[start : start + size]
        more = start + size < len(hours)
        return Listing(mentions=[said(h) for h in some], after=str(start + size) if more else None)

    return fetch


def read(
    state: Mapping[str, Any],
    fetch: Callable[[str | None], Listing],
    *,
    pages: int | None = None,
    **options: Any,
) -> tuple[Mapping[str, Any], list[Page]]:
    """Read so many pages at most; return the state after them, and them."""
    found: list[Page] = []
    for step in newest_first(state, fetch, label="the forum", **options):
        found.append(step.page)
        state = step.state
        if len(found) == pages:
            break
    return state, found


def ids(pages: list[Page]) -> list[str]:
    return [raw.external_id for page in pages for raw in page.mentions]


def test_what_is_listed_late_while_a_pass_is_stopped_is_read() -> None:
    state, _ = read({}, listing(2, 1, 2, 3, 4, 5, 6), pages=2, overlap=DAY)
    _, pages = read(state, listing(2, 1, 2, 2.5, 3, 4, 5, 6), overlap=DAY)
    assert "2.5" in ids(pages)


def test_the_second_pass_of_a_run_reads_no_more_than_a_day_again() -> None:
    hours = [*range(1, 100, 10)]
    state, _ = read({}, listing(1, *hours), pages=1, overlap=100 * DAY)
    _, pages = read(state, listing(1, *hours), overlap=100 * DAY)
    assert ids(pages) == [*(str(h) for h in hours[1:]), "1", "11", "21", "31"]


def own(pages: int) -> Callable[[str | None], Listing]:
    """Many pages of what the place itself says, and a customer at the end."""

    def fetch(after: str | None) -> Listing:
        number = int(after or 0)
        if number == pages:
            return Listing(mentions=[said(1_000)])
        times = [NOON - timedelta(hours=number)]
        return Listing(
            mentions=[], after=str(number + 1), skipped={"not a customer": 1}, left_out=times
        )

    return fetch


def test_many_pages_of_what_is_left_out_are_no_end() -> None:
    _, pages = read({}, own(2 * EMPTY_PAGES))
    assert ids(pages) == ["1000"]


def test_what_is_left_out_tells_how_far_a_page_goes_back() -> None:
    state, _ = read({}, own(9))
    _, pages = read(state, own(9))
    assert len(pages) == 1


def test_the_same_that_is_left_out_again_and_again_is_an_error() -> None:
    def fetch(after: str | None) -> Listing:
        return Listing(mentions=[], after=f"{after}1", skipped={"own": 1}, left_out=[NOON])

    asked: list[str | None] = []
    with pytest.raises(SourceChanged, match="without end"):
        read({}, lambda after: (asked.append(after), fetch(after))[1])
    assert len(asked) == IDLE_PAGES + 2


def test_a_window_that_became_empty_is_a_gap_once() -> None:
    state, _ = read({}, listing(2, 1), window=True)
    state, pages = read(state, listing(2), window=True)
    assert "is empty" in pages[0].missed[0]
    state, pages = read(state, listing(2), window=True)
    assert pages[0].missed == ()


def test_a_run_stopped_in_its_second_pass_leaves_for_the_next_place() -> None:
    state, _ = read({}, listing(1, 1, 2, 3), pages=2, overlap=DAY)
    steps = newest_first(state, listing(1, 1, 2, 3), label="the forum", overlap=DAY)
    assert [(step.page.mentions[0].external_id, step.done) for step in steps] == [
        ("3", True), ("1", True), ("2", True), ("3", True),
    ]  # fmt: skip
