"""Recent mentions that a complete listing no longer holds: asked for by id, for a sure answer."""

from __future__ import annotations

from collections.abc import Callable

from collectors.recheck import Recent
from collectors.source import Page
from simak.errors import BadRecord
from simak.mention import RawMention

AT_MOST = 50
"""So many missing at once are likelier a listing that is not whole than deletions."""


def missing(recent: Recent, ask: Callable[[str], RawMention | None], what: str) -> Page | None:
    """Return what became of recent mentions that did not come by in a whole pass.

    Args:
        recent: took note of every page of the pass.
        ask: returns the mention of an id as it stands now, None where the service says that it
            is gone.
        what: names the listing.

    Raises:
        SimakError: as `ask`.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 6, 1, tzinfo=UTC)
        >>> page = missing(Recent({"a": now.timestamp()}, now), lambda _: None, "the listing")
        >>> [raw.deleted for raw in page.mentions]
        [True]
    """
    due = recent.due()
    if not due:
        return None
    if len(due) > AT_MOST:
        lost = f"{what}: {len(due)} recent ones are not listed any more, and may be lost"
        return Page(missed=(f"{lost}: looked for again at the next run",))
    mentions: list[RawMention] = []
    bad: list[BadRecord] = []
    for name in due:
        try:
            found = ask(name)
        except BadRecord as error:
            bad.append(error)
            continue
        mentions.append(found or RawMention(external_id=name, deleted=True))
    recent.saw(mentions)
    return Page(mentions=tuple(mentions), bad=tuple(bad))
