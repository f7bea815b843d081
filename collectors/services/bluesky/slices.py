"""Searches of Bluesky beyond the number of posts that a cursor reaches: by time range."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from collectors.newest_first import PlaceLost
from collectors.services.bluesky.api import Answer
from collectors.services.bluesky.items import said_at

FULL = 1_000
"""Posts of one range from which on its end may be the service's and not the listing's."""

# Posts of the same moment may stand on both sides of a cut.
_OVERLAP = timedelta(seconds=1)

Search = Callable[[str | None, str | None], Answer]
"""Returns a page by cursor and `until`."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Where a search stands.

    Attributes:
        cursor: where it goes on in its range.
        until: the end of the range, ISO 8601; None for now.
        oldest: the oldest post of the range so far, ISO 8601.
        count: posts of the range so far.

    Example:
        >>> Slice.of(Slice(cursor="100", count=100).text()).count
        100
    """

    cursor: str | None = None
    until: str | None = None
    oldest: str | None = None
    count: int = 0

    @classmethod
    def of(cls, text: str | None) -> Slice:
        """Return what `text` returned; the beginning for None."""
        return cls(**json.loads(text)) if text else cls()

    def text(self) -> str:
        """Return it as a text, for a cursor."""
        return json.dumps({key: value for key, value in asdict(self).items() if value})


def read_on(search: Search, after: str | None) -> tuple[Answer, str | None]:
    """Return the page of a search that `after` names, and what names the next.

    A cursor reaches 10,000 posts and then ends as if there were no more: after a long range the
    search begins again at the oldest post of it, until such a range brings nothing older.

    Raises:
        PlaceLost: the service does not take the cursor, before a range was long.
        SimakError: as `BlueskyApi.search`.
    """
    at = Slice.of(after)
    try:
        answer = search(at.cursor, at.until)
    except PlaceLost:
        if at.count < FULL:
            raise
        answer = Answer([], None, None)
    times = [time for record in answer.records if (time := said_at(record))]
    oldest = min(
        [*times, *([datetime.fromisoformat(at.oldest)] if at.oldest else [])], default=None
    )
    count = at.count + len(answer.records)
    if answer.cursor is not None and (answer.records or answer.cursor != at.cursor):
        shown = None if oldest is None else oldest.isoformat()
        return answer, Slice(answer.cursor, at.until, shown, count).text()
    if count < FULL or oldest is None:
        return answer, None
    until = _until(oldest)
    # A moment with so many posts has none older behind it that one could come to.
    return answer, Slice(until=until).text() if until != at.until else None


def _until(oldest: datetime) -> str:
    return (oldest + _OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
