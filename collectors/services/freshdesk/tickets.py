"""Freshdesk's tickets as mentions: what the customer wrote first, never a private note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from collectors.html_text import plain_text, tidy
from collectors.payload import id_in, number_in, text_in, time_in, value_in
from collectors.tickets import HELPDESK, TICKET, deleted_ticket, minutes_between, ticket_attributes
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_ID, NO_TEXT

CHANNELS = {
    1: "email",
    2: "web",
    3: "phone",
    4: "forum",
    5: "x",
    6: "facebook",
    7: "chat",
    8: "app",
    9: "web",
    10: "email",
    13: "whatsapp",
}
"""Freshdesk's numbers of channels, by the names they have here."""

STATUSES = {2: "open", 3: "pending", 4: "resolved", 5: "closed"}

_OUTBOUND = 10  # an agent wrote first
_SURVEY, _FORWARD = 6, 8  # kinds of conversation that are no answer


def ticket_id(ticket: Any) -> str:
    """Return the number of a ticket.

    Raises:
        BadRecord: it has none.
    """
    id = id_in(ticket, "id")
    if not id.isascii() or not id.isdecimal():
        raise BadRecord(NO_ID, record=ticket)
    return id


def is_gone(ticket: Any) -> bool:
    """Say whether a ticket was deleted or marked as spam.

    Example:
        >>> is_gone({"spam": True}), is_gone({"deleted": False})
        (True, False)
    """
    return value_in(ticket, "deleted") is True or value_in(ticket, "spam") is True


def is_outbound(ticket: Any) -> bool:
    """Say whether an agent wrote the first message."""
    return number_in(ticket, "source") == _OUTBOUND


def has_conversation(ticket: Any) -> bool:
    """Say whether an agent may have answered.

    Example:
        >>> has_conversation({"stats": {"first_responded_at": None}}), has_conversation({})
        (False, True)
    """
    if isinstance(value_in(ticket, "stats"), dict):
        keys = ("first_responded_at", "agent_responded_at")
        return is_outbound(ticket) or any(value_in(ticket, "stats", key) for key in keys)
    return _status(ticket) != "open"


def may_be_rated(ticket: Any) -> bool:
    """Say whether the customer may have been asked how it went: not before it was solved.

    Example:
        >>> may_be_rated({"status": 2}), may_be_rated({"status": 5})
        (False, True)
    """
    keys = ("resolved_at", "closed_at", "reopened_at")
    is_over = _status(ticket) in ("resolved", "closed")
    return is_over or any(value_in(ticket, "stats", key) for key in keys)


def first_message(ticket: Any, conversations: list[Any]) -> str | None:
    """Return what the customer wrote first; None where no customer wrote."""
    if not is_outbound(ticket):
        return _words(ticket, "description")
    for entry in conversations:
        if value_in(entry, "incoming") is True and value_in(entry, "private") is False:
            return _words(entry, "body")
    return None


def first_reply(conversations: list[Any]) -> Any:
    """Return the first answer to the customer; None without one.

    Example:
        >>> note = {"private": True, "incoming": False, "body": "Pelanggan rewel"}
        >>> first_reply([note]) is None
        True
    """
    for entry in conversations:
        is_to_customer = (
            value_in(entry, "private") is False and value_in(entry, "incoming") is False
        )
        if is_to_customer and number_in(entry, "source") not in (_SURVEY, _FORWARD):
            return entry
    return None


def satisfaction_of(ratings: Iterable[Any]) -> tuple[str, str]:
    """Return how the customer found the service, the last time asked, and the words to it.

    Freshdesk's scale goes from -103 to 103, with 100 in its middle.

    Example:
        >>> satisfaction_of([{"ratings": {"default_question": -103}, "feedback": "Lama"}])
        ('bad', 'Lama')
    """
    rated = [
        (time_in(rating, "created_at"), score, text_in(rating, "feedback"))
        for rating in ratings
        if (score := number_in(rating, "ratings", "default_question")) is not None
    ]
    if not rated:
        return "", ""
    _, score, words = max(rated, key=lambda one: one[0].timestamp() if one[0] else 0.0)
    return "bad" if score < 0 else "neutral" if score == 100 else "good", tidy(words)


def mention_of(
    ticket: Any, *, text: str, reply: Any, satisfaction: tuple[str, str], site: str, url: str
) -> RawMention:
    """Return a ticket as a mention.

    Args:
        text: what the customer wrote first.
        reply: the first answer, or None.
        satisfaction: as `satisfaction_of`.
        site, url: the account's name and address.

    Raises:
        BadRecord: it has no number, or neither text nor subject.
    """
    id = ticket_id(ticket)
    title = text_in(ticket, "subject")
    if not text and not title:
        raise BadRecord(NO_TEXT, record=ticket)
    created = time_in(ticket, "created_at")
    solved = time_in(ticket, "stats", "resolved_at") or time_in(ticket, "stats", "closed_at")
    requester = value_in(ticket, "requester_id")
    tags = value_in(ticket, "tags")
    return RawMention(
        external_id=f"{site}/tickets/{id}",
        text=text or title,
        title=title or None,
        channel=channel_of(ticket),
        kind=TICKET,
        author=None if requester is None else f"{site}/users/{requester}"[:200],
        published_at=created,
        url=f"{url}/a/tickets/{id}",
        reply=_words(reply, "body") or None,
        reply_at=time_in(reply, "created_at"),
        attributes=ticket_attributes(
            status=_status(ticket),
            first_response_minutes=minutes_between(
                created, time_in(ticket, "stats", "first_responded_at")
            ),
            resolution_minutes=minutes_between(created, solved),
            satisfaction=satisfaction[0],
            satisfaction_comment=satisfaction[1],
            tags=tags if isinstance(tags, list) else (),
        ),
    )


def deleted(ticket: Any, site: str) -> RawMention:
    """Return a ticket that is gone.

    Raises:
        BadRecord: it has no number.
    """
    return deleted_ticket(ticket_id(ticket), site=site, channel=channel_of(ticket))


def channel_of(ticket: Any) -> str:
    """Return where the customer spoke.

    Example:
        >>> channel_of({"source": 13}), channel_of({"source": 99})
        ('whatsapp', 'helpdesk')
    """
    number = number_in(ticket, "source")
    return CHANNELS.get(int(number), HELPDESK) if number is not None else HELPDESK


def _status(ticket: Any) -> str:
    number = number_in(ticket, "status")
    if number is None:
        return text_in(ticket, "status_name").lower()
    return STATUSES.get(int(number), f"{number:g}")


def _words(record: Any, key: str) -> str:
    """The plain form, which Freshdesk gives beside the other; of old, HTML was the one beside."""
    return tidy(text_in(record, f"{key}_text")) or plain_text(text_in(record, key))
