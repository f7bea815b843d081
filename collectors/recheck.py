"""Remembers what was said of late, to ask for it again: edits and deletions are no news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from simak.mention import RawMention

DAYS = 14
"""How long a mention is looked at again for edits and deletion."""

ITEMS = 1_000
"""How many at most, the newest."""


class Recent:
    """The mentions of the last days of a source, by id.

    Args:
        state: what `state` returned at the end of the last run.
        now: the time of this run.

    Example:
        >>> from datetime import UTC
        >>> now = datetime(2026, 6, 1, tzinfo=UTC)
        >>> recent = Recent({"a": now.timestamp()}, now)
        >>> recent.due()
        ['a']
        >>> recent.saw([RawMention(external_id="a", published_at=now)])
        >>> recent.due()
        []
    """

    def __init__(self, state: Mapping[str, float], now: datetime) -> None:
        self._times = dict(state)
        self._oldest = (now - timedelta(days=DAYS)).timestamp()
        self._seen: set[str] = set()

    def saw(self, mentions: Iterable[RawMention]) -> None:
        """Take note of mentions that came by, gone ones among them."""
        for raw in mentions:
            self._seen.add(raw.external_id)
            if raw.deleted:
                self._times.pop(raw.external_id, None)
            elif raw.published_at:
                self._times[raw.external_id] = raw.published_at.timestamp()
        newest = sorted(self._times.items(), key=lambda item: (-item[1], item[0]))
        self._times = {name: at for name, at in newest[:ITEMS] if at >= self._oldest}

    def due(self) -> list[str]:
        """Return the ids of recent mentions that did not come by in this run."""
        return [name for name in self._times if name not in self._seen]

    def state(self) -> dict[str, float]:
        """Return what to put into the cursor: id to time, epoch seconds."""
        return dict(self._times)
