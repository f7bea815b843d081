"""Hacker News' stories and comments, as its search gives them, as mentions."""

from __future__ import annotations

from typing import Any

from collectors.html_text import plain_text
from collectors.payload import id_in, text_in, time_in, value_in
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_TEXT, UNKNOWN_SHAPE

SITE = "https://news.ycombinator.com/item?id="


def mention_of(hit: Any) -> RawMention:
    """Return a story or comment that a search found.

    `updated_at` is left alone: it moves with every vote, and is no edit.

    Raises:
        BadRecord: it has no id or no text.

    Example:
        >>> mention_of({"objectID": "7", "comment_text": "<p>Kapok", "points": None}).text
        'Kapok'
    """
    id = id_in(hit, "objectID")
    return _mention(hit, id, comment=text_in(hit, "comment_text"), story=text_in(hit, "story_text"))


def mention_of_item(item: Any, id: str) -> RawMention:
    """Return a story or comment that was asked for by id; one without text and author is gone.

    Raises:
        BadRecord: it is another, or cannot be read.

    Example:
        >>> mention_of_item({"id": 7, "type": "comment", "text": None, "author": None}, "7").deleted
        True
    """
    if id_in(item, "id") != id:
        raise BadRecord(UNKNOWN_SHAPE, record=item)
    text, is_comment = text_in(item, "text"), text_in(item, "type") == "comment"
    # Said to be nothing, and not in a shape that is not known: what is erased does not come back.
    if all(item.get(key, "") is None for key in ("text", "author")):
        return RawMention(external_id=id, channel="hacker_news", deleted=True)
    return _mention(item, id, comment=text if is_comment else "", story=text)


def _mention(record: Any, id: str, *, comment: str, story: str) -> RawMention:
    title = "" if comment else plain_text(text_in(record, "title"))
    text = plain_text(comment or story) or title
    if not text:
        raise BadRecord(NO_TEXT, record=record)
    return RawMention(
        external_id=id,
        text=text,
        title=title or None,
        channel="hacker_news",
        kind="comment" if comment else "post",
        author=text_in(record, "author") or None,
        published_at=time_in(record, "created_at_i") or time_in(record, "created_at"),
        url=f"{SITE}{id}",
        parent_id=_parent(record) if comment else None,
    )


def _parent(record: Any) -> str | None:
    number = value_in(record, "parent_id")
    return str(number) if isinstance(number, int | str) and not isinstance(number, bool) else None
