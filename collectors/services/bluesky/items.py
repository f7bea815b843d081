"""Bluesky's posts as mentions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from collectors.payload import id_in, text_in, time_in, value_in
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NOT_SAID, UNKNOWN_SHAPE

CHANNEL = "bluesky"
SITE = "https://bsky.app"
POST = "app.bsky.feed.post"

_URI = re.compile(r"at://(did:[\w:.%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)")
_NOBODY = "handle.invalid"

# What claims to be older claims nothing: a clock at zero. Posts of elsewhere are brought along.
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)


def mention_of(view: Any) -> RawMention | None:
    """Return a post as a search, a notification or a request by name gives it.

    Its id is the at-uri, which it keeps when it is written again. What is embedded in it
    (pictures, links, posts, and kinds that are yet to come) is not looked at.

    Returns:
        None for a post without words, such as a picture.

    Raises:
        BadRecord: it is no post.

    Example:
        >>> view = {"uri": "at://did:plc:a1/app.bsky.feed.post/3k", "cid": "bafy",
        ...         "author": {"did": "did:plc:a1", "handle": "budi.example"},
        ...         "record": {"text": "Kapok", "createdAt": "2026-06-01T08:00:00Z"}}
        >>> mention_of(view).text, mention_of(view).url
        ('Kapok', 'https://bsky.app/profile/did:plc:a1/post/3k')
    """
    record, author = value_in(view, "record"), value_in(view, "author")
    if not isinstance(record, dict) or not isinstance(author, dict):
        raise BadRecord(UNKNOWN_SHAPE, record=view)
    uri = id_in(view, "uri")
    named = _URI.fullmatch(uri)
    if named is None or record.get("$type", POST) != POST:
        raise BadRecord(NOT_SAID, record=view)
    if not isinstance(record.get("text"), str):
        raise BadRecord(UNKNOWN_SHAPE, record=view)
    text = text_in(record, "text")
    if not text:
        return None
    handle = text_in(author, "handle")
    return RawMention(
        external_id=uri,
        text=text,
        channel=CHANNEL,
        kind="comment" if isinstance(record.get("reply"), dict) else "post",
        author=handle if handle and handle != _NOBODY else named[1],
        published_at=said_at(view),
        url=f"{SITE}/profile/{named[1]}/post/{named[2]}",
        language=text_in(record, "langs", 0) or None,
        parent_id=text_in(record, "reply", "parent", "uri") or None,
    )


def said_at(view: Any) -> datetime | None:
    """Return when a post was said, which is also what listings are ordered by.

    `createdAt` is what its writer's program claims, and may be anything; `indexedAt` is when the
    service came to know it. The earlier is right, unless it is absurd.

    Example:
        >>> said_at({"record": {"createdAt": "2090-01-01T00:00:00Z"},
        ...          "indexedAt": "2026-06-01T08:00:00Z"}).year
        2026
    """
    claimed, indexed = time_in(view, "record", "createdAt"), time_in(view, "indexedAt")
    if claimed is None or claimed < _OLDEST:
        return indexed
    return claimed if indexed is None else min(claimed, indexed)
