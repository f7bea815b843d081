"""Zendesk's tickets as mentions: what the customer wrote first, never a private note."""

from __future__ import annotations

from typing import Any

from collectors.html_text import tidy
from collectors.payload import id_in, number_in, text_in, time_in, value_in
from collectors.tickets import HELPDESK, TICKET, deleted_ticket, ticket_attributes
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_ID, NO_TEXT

CHANNELS = {
    "any_channel": HELPDESK,
    "api": HELPDESK,
    "chat": "chat",
    "email": "email",
    "facebook": "facebook",
    "instagram_dm": "instagram",
    "line": "line",
    "messenger": "facebook",
    "mobile": "app",
    "mobile_sdk": "app",
    "native_messaging": "chat",
    "sms": "sms",
    "telegram": "telegram",
    "twitter": "x",
    "twitter_dm": "x",
    "twitter_favorite": "x",
    "viber": "viber",
    "voice": "phone",
    "web": "web",
    "web_messenger": "chat",
    "wechat": "wechat",
    "whatsapp": "whatsapp",
}
"""Zendesk's names of channels, by the names they have here."""

_STAFF = ("agent", "admin")


def channel_of(ticket: Any) -> str:
    """Return where the customer spoke.

    Example:
        >>> channel_of({"via": {"channel": "whatsapp"}}), channel_of({"via": {"channel": "rule"}})
        ('whatsapp', 'helpdesk')
    """
    return CHANNELS.get(text_in(ticket, "via", "channel"), HELPDESK)


def is_public(ticket: Any) -> bool:
    """Say whether anything in the ticket is for the customer to see."""
    return value_in(ticket, "is_public") is not False


def is_by_requester(ticket: Any) -> bool:
    """Say whether the customer opened it, so that the description is the customer's.

    Example:
        >>> is_by_requester({"requester_id": 5, "submitter_id": 5})
        True
    """
    submitter = value_in(ticket, "submitter_id")
    return submitter is None or submitter == value_in(ticket, "requester_id")


def public_comments(comments: list[Any]) -> list[Any]:
    """Leave out private notes, and whatever is not said to be public.

    Example:
        >>> public_comments([{"public": True}, {"public": False}, {}])
        [{'public': True}]
    """
    return [comment for comment in comments if value_in(comment, "public") is True]


def first_message(ticket: Any, comments: list[Any] | None) -> str | None:
    """Return what the customer wrote first; None where no customer wrote.

    Args:
        comments: the public ones, oldest first; None where they are not known.
    """
    if comments is None:
        return _words(ticket, "description") if is_by_requester(ticket) else None
    requester = value_in(ticket, "requester_id")
    for comment in comments:
        if requester is not None and value_in(comment, "author_id") == requester:
            return _words(comment, "body") or _words(comment, "plain_body")
    return None


def first_reply(ticket: Any, comments: list[Any], roles: dict[str, str]) -> Any:
    """Return the first of the public comments that an agent wrote; None without one."""
    requester = value_in(ticket, "requester_id")
    assignee = value_in(ticket, "assignee_id")
    for comment in comments:
        author = value_in(comment, "author_id")
        if author is None or author == requester:
            continue
        if author == assignee or roles.get(str(author)) in _STAFF:
            return comment
    return None


def ticket_id(ticket: Any) -> str:
    """Return the number of a ticket.

    Raises:
        BadRecord: it has none.
    """
    id = id_in(ticket, "id")
    if not id.isascii() or not id.isdecimal():
        raise BadRecord(NO_ID, record=ticket)
    return id


def mention_of(
    ticket: Any, *, text: str, reply: Any, metrics: Any, site: str, url: str
) -> RawMention:
    """Return a ticket as a mention.

    Args:
        text: what the customer wrote first.
        reply: the first public comment of an agent, or None.
        metrics: the ticket's metric set, or None.
        site, url: the account's name and address.

    Raises:
        BadRecord: it has no number, or neither text nor subject.
    """
    id = ticket_id(ticket)
    title = text_in(ticket, "subject") or text_in(ticket, "raw_subject")
    if not text and not title:
        raise BadRecord(NO_TEXT, record=ticket)
    score = text_in(ticket, "satisfaction_rating", "score").split("_")[0]
    is_rated = score in ("good", "bad")
    requester = value_in(ticket, "requester_id")
    tags = value_in(ticket, "tags")
    return RawMention(
        external_id=f"{site}/tickets/{id}",
        text=text or title,
        title=title or None,
        channel=channel_of(ticket),
        kind=TICKET,
        author=None if requester is None else f"{site}/users/{requester}"[:200],
        published_at=time_in(ticket, "created_at"),
        url=f"{url}/agent/tickets/{id}",
        reply=_words(reply, "body") or _words(reply, "plain_body") or None,
        reply_at=time_in(reply, "created_at"),
        attributes=ticket_attributes(
            status=text_in(ticket, "status"),
            first_response_minutes=_minutes(metrics, "reply_time_in_minutes"),
            resolution_minutes=_minutes(metrics, "full_resolution_time_in_minutes"),
            satisfaction=score if is_rated else "",
            satisfaction_comment=text_in(ticket, "satisfaction_rating", "comment")
            if is_rated
            else "",
            tags=tags if isinstance(tags, list) else (),
        ),
    )


def deleted(ticket: Any, site: str) -> RawMention:
    """Return a ticket that is gone.

    Raises:
        BadRecord: it has no number.
    """
    return deleted_ticket(ticket_id(ticket), site=site, channel=channel_of(ticket))


def _words(record: Any, key: str) -> str:
    return tidy(text_in(record, key))


def _minutes(metrics: Any, key: str) -> float | None:
    return number_in(metrics, key, "calendar")
