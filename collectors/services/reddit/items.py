"""Reddit's posts and comments as mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NOT_SAID, POST_WITHOUT_TEXT

SITE = "https://www.reddit.com"

_FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,16}")
_GONE = frozenset({"[deleted]", "[removed]"})
_BY_REDDIT = "[ removed by reddit"  # and at times on account of what


def mention_of(child: Mapping[str, Any]) -> RawMention:
    """Return a post (`t3`) or comment (`t1`) of a listing.

    Its id is the fullname, which every listing and edit keeps. Deleted by its author or removed
    by a moderator, it comes with `deleted` and without text; of an author whose account alone is
    gone, the text stays.

    Raises:
        BadRecord: it is neither, or has no name.

    Example:
        >>> child = {"kind": "t1", "data": {"name": "t1_a", "body": "Kapok", "author": "budi"}}
        >>> mention_of(child).text
        'Kapok'
    """
    data = child.get("data")
    if not isinstance(data, Mapping):
        raise BadRecord(NOT_SAID, record=child)
    name = data.get("name")
    if not isinstance(name, str) or not _FULLNAME.fullmatch(name) or child.get("kind") != name[:2]:
        raise BadRecord(NOT_SAID, record=child)
    is_post = name.startswith("t3_")
    title = _text(data, "title") if is_post else ""
    body = _text(data, "selftext" if is_post else "body")
    author = _text(data, "author")
    deleted = (
        body in _GONE
        or body.lower().startswith(_BY_REDDIT)
        or bool(data.get("removed_by_category"))
        # A deleted link post keeps its title and has no other text.
        or (author in ("", *_GONE) and not body)
    )
    if not deleted and not (body or title):
        raise BadRecord(POST_WITHOUT_TEXT, record=child)
    return RawMention(
        external_id=name,
        text="" if deleted else body or title,
        title=title or None if not deleted else None,
        kind=kind_of(name),
        author=None if author in ("", *_GONE) else author,
        published_at=_time(data.get("created_utc")),
        edited_at=_time(data.get("edited")),
        url=_url(name, data),
        parent_id=_text(data, "parent_id") or None,
        attributes={"subreddit": sub} if (sub := _text(data, "subreddit")) else {},
        deleted=deleted,
    )


def kind_of(fullname: str) -> str:
    """Return what a fullname names.

    Example:
        >>> kind_of("t3_abc"), kind_of("t1_abc")
        ('post', 'comment')
    """
    return "post" if fullname.startswith("t3_") else "comment"


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _time(seconds: Any) -> datetime | None:
    """Seconds since 1970; `edited` is false, or true for old comments edited no one knows when."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _url(name: str, data: Mapping[str, Any]) -> str | None:
    if (path := _text(data, "permalink")).startswith("/"):
        return SITE + path
    # Comments of old have no permalink of their own.
    post = _text(data, "link_id").removeprefix("t3_")
    subreddit = _text(data, "subreddit")
    return f"{SITE}/r/{subreddit}/comments/{post}/_/{name[3:]}/" if post and subreddit else None
