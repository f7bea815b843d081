"""Reads Freshdesk's lists, which stop after some pages, by the time they came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from collectors.payload import time_in, value_in
from collectors.places import State, Step
from collectors.services.freshdesk.api import LONG_LISTS, SHORT_LISTS
from collectors.source import Page
from simak.errors import SourceChanged

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
"""Without a time, the lists go back a month only."""

SECOND = 1.0
"""Times are whole seconds: the last one read may not be over."""

BORDER = 1_000
"""Records remembered at most, of the last second that was read."""

Fetch = Callable[[datetime, int], tuple[list[Any], bool] | None]


@dataclass(slots=True)
class _Stand:
    """Where a list stands.

    Attributes:
        since: the list is asked for from this time on, epoch seconds.
        page: the page of it that comes next.
        top: the latest time that was on any page.
        border: what was read of the time from `since` on: id to time.
    """

    since: float = BEGINNING
    page: int = 1
    top: float = BEGINNING
    border: dict[str, float] = field(default_factory=dict)


def read_list(
    state: State, fetch: Fetch, read: Callable[[list[Any]], Page], *, key: str, label: str
) -> Iterator[Step]:
    """Read a list from where it stands to its end.

    In a list in order, the time of a page's last record is where the next request begins, so that
    no page is far from the first; records of the same second are known again.

    Args:
        state: where it stands; `{}` reads all there is.
        fetch: returns a page of what is since a time and whether there are more; None where the
            list stops.
        read: makes mentions of records.
        key: the time the list is ordered and asked for by.
        label: names the list in errors and gaps.

    Raises:
        SourceChanged: the pages come without end.
    """
    stand = _Stand(**state)
    before: list[Any] | None = None
    while True:
        answer = fetch(datetime.fromtimestamp(stand.since, UTC), stand.page)
        records, more = answer if answer is not None else ([], False)
        if stand.page > 1 and records and records == before:
            raise SourceChanged(f"{label} gives pages without end or news")
        before = records
        known = stand.border
        page = read([record for record in records if not _is_known(record, key, known)])
        stops = answer is None or (not records and stand.page == SHORT_LISTS + 1)
        stops = stops or (more and stand.page >= LONG_LISTS)
        _advance(stand, records, key, more=more)
        if stops:
            missed = f"{label} stops after some pages, so that some of one second may be lost"
            page = replace(page, missed=(*page.missed, missed))
            # What comes after that second is still to be had.
            stand.since, stand.page = max(stand.since, stand.top) + SECOND, 1
            more = True
        yield Step(page=page, state=asdict(stand), done=not more)
        if not more:
            return


def _advance(stand: _Stand, records: list[Any], key: str, *, more: bool) -> None:
    """Move behind a page."""
    stamped = [(str(value_in(record, "id")), _time(record, key)) for record in records]
    times = [at for _, at in stamped if at is not None]
    stand.top = max([stand.top, *times])
    is_in_order = len(times) == len(records) and all(one <= two for one, two in pairwise(times))
    since = stand.top - SECOND
    stand.border |= {id: at for id, at in stamped if at is not None}
    if since > stand.since and (is_in_order or not more):
        stand.since, stand.page = since, 1
    else:
        stand.page = stand.page + 1 if more else 1
    kept = [(id, at) for id, at in stand.border.items() if at >= stand.since]
    stand.border = dict(sorted(kept, key=lambda item: item[1])[-BORDER:])


def _is_known(record: Any, key: str, known: dict[str, float]) -> bool:
    at = _time(record, key)
    return at is not None and known.get(str(value_in(record, "id"))) == at


def _time(record: Any, key: str) -> float | None:
    at = time_in(record, key)
    return None if at is None else at.timestamp()
