"""What customers say: one `RawMention` per review, post, comment, message or ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MAX_TEXT_CHARS = 20_000
"""Longer texts are cut here before they are stored; the cut is counted in the run record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMention:
    """One text as its source gives it, before the store masks and hashes anything.

    Attributes:
        external_id: the source's own id, stable when the text is edited.
        text: what the customer wrote; empty only where `deleted` or `stars` is set.
        title: a headline shown above the text, where the source has one.
        stars: 1 to 5, or None.
        channel: where the customer spoke (`google_play`, `instagram`, `whatsapp`, …); the
            source's name where None.
        kind: `review`, `post`, `comment`, `message`, `ticket`, `article` or `answer` (to a
            survey).
        author: raw name or handle; the store keeps a keyed hash of it, not the name.
        published_at, edited_at, reply_at: aware datetimes, or None where not known.
        reply: the business's public answer.
        language: as the source declares it (BCP 47), or None.
        parent_id: the external id of what this answers.
        attributes: any further column (segment, region, …), kept as text.
        deleted: the source says it is gone: the store erases the text and keeps the count.

    Example:
        >>> RawMention(external_id="r1", text="Barang bagus", stars=5).kind
        'review'
    """

    external_id: str
    text: str = ""
    title: str | None = None
    stars: float | None = None
    channel: str | None = None
    kind: str = "review"
    author: str | None = None
    published_at: datetime | None = None
    edited_at: datetime | None = None
    url: str | None = None
    reply: str | None = None
    reply_at: datetime | None = None
    language: str | None = None
    product: str | None = None
    version: str | None = None
    parent_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False
