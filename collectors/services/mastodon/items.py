"""Mastodon's statuses as mentions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from collectors.html_text import plain_text
from collectors.http import is_address
from collectors.payload import id_in, text_in, time_in, value_in
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import UNKNOWN_SHAPE

CHANNEL = "mastodon"


def mention_of(status: Any) -> RawMention | None:
    """Return what somebody wrote.

    Its id is the `uri`, which a status has on every server, and not the `id` that each gives it.
    A status whose words were taken out by an edit comes with `deleted`.

    Returns:
        None for a status without words, such as a picture.

    Raises:
        BadRecord: it is no status.

    Example:
        >>> status = {"uri": "https://a.example/users/budi/statuses/1", "content": "<p>Kapok</p>",
        ...           "account": {"acct": "budi", "url": "https://a.example/@budi"}}
        >>> mention_of(status).text, mention_of(status).author
        ('Kapok', 'budi@a.example')
    """
    account, content = value_in(status, "account"), value_in(status, "content")
    if not isinstance(account, dict) or not isinstance(content, str):
        raise BadRecord(UNKNOWN_SHAPE, record=status)
    uri, url = id_in(status, "uri"), text_in(status, "url")
    warning, words = plain_text(text_in(status, "spoiler_text")), plain_text(content)
    edited_at = time_in(status, "edited_at")
    if not (warning or words):
        return RawMention(external_id=uri, deleted=True) if edited_at else None
    return RawMention(
        external_id=uri,
        text=words or warning,
        title=warning if warning and words else None,
        channel=CHANNEL,
        kind=_kind(status),
        author=_author(account),
        published_at=time_in(status, "created_at"),
        edited_at=edited_at,
        url=next((link for link in (url, uri) if is_address(link)), None),
        language=text_in(status, "language") or None,
    )


def is_boost(status: Any) -> bool:
    """Say whether a status only passes another one on.

    Example:
        >>> is_boost({"reblog": {"id": "1"}}), is_boost({"reblog": None})
        (True, False)
    """
    return isinstance(value_in(status, "reblog"), dict)


def _kind(status: Any) -> str:
    if text_in(status, "visibility") == "direct":
        return "message"
    return "comment" if value_in(status, "in_reply_to_id") else "post"


def _author(account: Any) -> str | None:
    """The handle as it is written everywhere: a server leaves its own name out."""
    handle = text_in(account, "acct") or text_in(account, "username")
    url = text_in(account, "url")
    host = urlsplit(url).hostname if is_address(url) else None
    return f"{handle}@{host}" if handle and host and "@" not in handle else handle or None
