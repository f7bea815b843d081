"""What people do to mentions from the list: correct their tags, take that back, see to cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dashboard import i18n, labels
from dashboard.i18n import _
from simak.tags import SENTIMENTS as POLARITIES
from simak.taxonomy import Taxonomy
from store.cases import STATUSES, Fields, save_cases
from store.corrections import TagChange, correct_many, take_back
from store.engine import Store

MOST = 10_000
"""Mentions that one change may be for: some twelve seconds, and as long to take back."""

_LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one or many mentions.

    Attributes:
        tags: what to change in their tags; None where it is about their cases.
        case: what to say of their cases.
    """

    tags: TagChange | None = None
    case: Fields | None = None

    def apply(self, store: Store, ids: Sequence[int], *, by: str, at: datetime) -> int:
        """Do it; return how many mentions were changed."""
        if self.tags is not None:
            return correct_many(store, ids, self.tags, by=by, now=at)
        return save_cases(store, ids, by=by, now=at, **(self.case or {}))


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made, to be told and taken back.

    Attributes:
        n: mentions changed.
        only: the mention, where it was meant for one alone.
        stopped: whether it was ended before it was through.
        taken_back: whether it has been undone.
    """

    change: Change
    n: int
    by: str
    at: datetime
    only: int | None = None
    stopped: bool = False
    taken_back: bool = False

    @property
    def can_be_undone(self) -> bool:
        """Whether there is something to take back; what became of a case is kept."""
        return self.change.tags is not None and self.n > 0 and not self.taken_back

    def undo(self, store: Store) -> int:
        """Take the change back; return how many mentions show what they did before."""
        return take_back(store, by=self.by, at=self.at)


def now() -> datetime:
    """Return the time of a change: with its maker, what it is known by."""
    return datetime.now(UTC)


def read_tags(did: Mapping[str, Any], taxonomy: Taxonomy) -> TagChange | None:
    """Return the change that was pressed; None where it says nothing that is known."""
    sentiment, complaint = did.get("sentiment"), did.get("complaint")
    spoken = did.get("touchpoints")
    touchpoints = {
        name: polarity
        for name, polarity in (spoken.items() if isinstance(spoken, dict) else ())
        # One that the taxonomy has lost can be taken away, not given.
        if polarity is None or (name in taxonomy.ids and polarity in POLARITIES)
    }
    change = TagChange(
        sentiment=sentiment if sentiment in POLARITIES else None,
        complaint=complaint if isinstance(complaint, bool) else None,
        touchpoints=touchpoints,
    )
    return None if change == TagChange() else change


def read_case(fields: Mapping[str, Any], *, whole: bool) -> Fields | None:
    """Return what a form says of a case; None where it says nothing.

    Args:
        whole: what is empty is taken away; else it stays as it is.
    """
    said = {name: str(fields.get(name) or "").strip() for name in ("owner", "note", "due")}
    found: Fields = {}
    if fields.get("status") in STATUSES:
        found["status"] = str(fields["status"])
    if said["owner"] or whole:
        found["owner"] = said["owner"][:80] or None
    if said["note"] or whole:
        found["note"] = said["note"][:_LONGEST_NOTE] or None
    if said["due"] or whole:
        with suppress(ValueError):
            found["due"] = date.fromisoformat(said["due"]) if said["due"] else None
    return found or None


def in_words(change: Change, taxonomy: Taxonomy) -> str:
    """Say a change: `Sentiment: Negative`, `Delivery: not spoken of`."""
    if change.tags is None:
        return _("Case") + ": " + _case_in_words(change.case or {})
    parts = []
    if change.tags.sentiment:
        tone = labels.name(labels.SENTIMENTS, change.tags.sentiment)
        parts.append(_("Sentiment: {tone}", tone=tone))
    if change.tags.complaint is not None:
        parts.append(_("Complaint") if change.tags.complaint else _("No complaint"))
    for name, polarity in change.tags.touchpoints.items():
        tone = labels.name(labels.SENTIMENTS, polarity) if polarity else _("not spoken of")
        parts.append(f"{labels.touchpoint(taxonomy, name)}: {tone}")
    return ", ".join(parts)


def _case_in_words(case: Fields) -> str:
    parts = []
    if "status" in case:
        parts.append(labels.case_status(case["status"]))
    if owner := case.get("owner"):
        parts.append(owner)
    if due := case.get("due"):
        parts.append(_("due {day}", day=i18n.day(due)))
    if note := case.get("note"):
        parts.append(f"“{note}”")
    return " · ".join(parts) or _("cleared")
