"""Trustpilot's reviews as mentions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from collectors.payload import id_in, stars_in, text_in, time_in, value_in
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_CONTENT

SITE = "https://www.trustpilot.com"

_GONE = frozenset({"deleted", "removed", "archived"})
_SEEN = frozenset({"", "active", "published"})


def review_of(review: Any) -> RawMention:
    """Return a review.

    One that was reported keeps its text while Trustpilot looks into it; one that was taken away
    has none.

    Raises:
        BadRecord: it has no id, or neither text nor stars.

    Example:
        >>> review = review_of({"id": "a1", "stars": 1, "title": "Kapok", "text": "Tidak sampai"})
        >>> review.title, review.text, review.stars
        ('Kapok', 'Tidak sampai', 1.0)
    """
    name = id_in(review, "id")
    status = text_in(review, "status").lower()
    if status in _GONE:
        return RawMention(external_id=name, channel="trustpilot", deleted=True)
    text, title, stars = (
        text_in(review, "text"),
        text_in(review, "title"),
        stars_in(review, "stars"),
    )
    if not (text or title or stars):
        raise BadRecord(NO_CONTENT, record=review)
    written, changed = time_in(review, "createdAt"), time_in(review, "updatedAt")
    attributes: dict[str, str] = {}
    if isinstance(verified := value_in(review, "isVerified"), bool):
        attributes["verified"] = "yes" if verified else "no"
    if status not in _SEEN:
        attributes["status"] = status
    reply = text_in(review, "companyReply", "text")
    return RawMention(
        external_id=name,
        text=text or title,
        title=title or None,
        stars=stars,
        channel="trustpilot",
        kind="review",
        author=text_in(review, "consumer", "displayName") or None,
        published_at=written,
        edited_at=changed if changed != written else None,
        url=f"{SITE}/reviews/{quote(name, safe='')}",
        reply=reply or None,
        reply_at=time_in(review, "companyReply", "createdAt") if reply else None,
        language=text_in(review, "language") or None,
        attributes=attributes,
    )
