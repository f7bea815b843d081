"""The WhatsApp Cloud API's deliveries: entries of changes of messages and their statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.payload import id_in, text_in, time_in, value_in
from collectors.source import Page
from collectors.webhooks.receive import Delivery
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER, UNKNOWN_SHAPE

_CAPTIONED = frozenset({"image", "video", "document"})
_WORDLESS = frozenset(
    {"audio", "contacts", "location", "media_placeholder", "reaction", "sticker", "voice"}
)
_SERVICE = frozenset({"ephemeral", "request_welcome", "system"})

_MESSAGES = ("messages", "history")
_OTHERS = {
    "message_echoes": NOT_A_CUSTOMER,
    "statuses": NOBODY_WROTE,
    "errors": NOBODY_WROTE,
}
"""Lists of a change that hold no customer's text."""


def read(body: bytes, now: datetime) -> Page:
    """Read a delivery.

    Example:
        >>> import json
        >>> from datetime import UTC
        >>> message = {"id": "wamid.1", "from": "62811", "type": "text", "text": {"body": "Halo"}}
        >>> value = {"messages": [message]}
        >>> body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
        >>> read(json.dumps(body).encode(), datetime.now(UTC)).mentions[0].text
        'Halo'
    """
    found = Delivery(body)
    entries = value_in(found.payload, "entry")
    for entry in entries if isinstance(entries, list) else ():
        changes = value_in(entry, "changes")
        if not isinstance(changes, list):
            found.keep(UNKNOWN_SHAPE, entry)
            continue
        for change in changes:
            _read_change(change, found)
    return found.page()


def _read_change(change: Any, found: Delivery) -> None:
    value = value_in(change, "value")
    lists = {
        key: records
        for key in (*_MESSAGES, *_OTHERS)
        if isinstance(records := value_in(value, key), list)
    }
    if not lists:
        if isinstance(value, Mapping) and text_in(change, "field") not in ("", *_MESSAGES):
            found.skip(NOBODY_WROTE)  # of the account: a template's approval, its quality
        else:
            found.keep(UNKNOWN_SHAPE, change)
        return
    for key, reason in _OTHERS.items():
        found.skip(reason, len(lists.get(key, ())))
    for message in (*lists.get("messages", ()), *_past(lists.get("history", []), found)):
        try:
            _read_message(message, value, found)
        except BadRecord as error:
            found.keep(str(error), message)


def _past(history: list[Any], found: Delivery) -> Iterator[Any]:
    """Yield the messages of the time before a number was connected."""
    for part in history:
        threads = value_in(part, "threads")
        if not isinstance(threads, list):
            if value_in(part, "errors"):  # the business does not share it
                found.skip(NOBODY_WROTE)
            else:
                found.keep(UNKNOWN_SHAPE, part)
            continue
        for thread in threads:
            messages = value_in(thread, "messages")
            if isinstance(messages, list):
                yield from messages
            else:
                found.keep(UNKNOWN_SHAPE, thread)


def _read_message(message: Any, value: Any, found: Delivery) -> None:
    if not isinstance(message, Mapping):
        raise BadRecord(UNKNOWN_SHAPE)
    kind = text_in(message, "type")
    author = text_in(message, "from") or text_in(message, "from_user_id")
    if author and author == _digits(text_in(value, "metadata", "display_phone_number")):
        found.skip(NOT_A_CUSTOMER)
    elif kind in _SERVICE:
        found.skip(NOBODY_WROTE)
    elif kind in _WORDLESS:
        found.skip(NO_WORDS)
    elif kind == "unsupported":
        found.skip(UNKNOWN_SHAPE)  # WhatsApp says that there is a message, and no more
    elif kind == "revoke":
        found.add(
            RawMention(
                external_id=id_in(message, "revoke", "original_message_id"),
                channel="whatsapp",
                kind="message",
                deleted=True,
            )
        )
    elif kind == "edit":
        inner = value_in(message, "edit", "message")
        _add(
            found,
            message,
            inner,
            external_id=id_in(message, "edit", "original_message_id"),
            author=author or None,
            edited_at=time_in(message, "timestamp"),
            attributes=_attributes(inner, value),
        )
    else:
        _add(
            found,
            message,
            message,
            external_id=id_in(message, "id"),
            author=author or None,
            published_at=time_in(message, "timestamp"),
            parent_id=text_in(message, "context", "id")[:200] or None,
            attributes=_attributes(message, value),
        )


def _add(found: Delivery, message: Any, content: Any, **fields: Any) -> None:
    kind = text_in(content, "type")
    text = _words(content, kind)
    if text:
        found.add(RawMention(text=text, channel="whatsapp", kind="message", **fields))
    elif kind in _CAPTIONED or kind in _WORDLESS or kind in ("interactive", "order"):
        found.skip(NO_WORDS)
    else:
        found.keep(NO_TEXT if kind in ("text", "button") else UNKNOWN_SHAPE, message)


def _words(content: Any, kind: str) -> str:
    """Return what a customer wrote, or chose among the answers that were offered."""
    if kind == "text":
        return text_in(content, "text", "body")
    if kind in _CAPTIONED:
        return text_in(content, kind, "caption")
    if kind in ("button", "order"):
        return text_in(content, kind, "text")
    if kind == "interactive":
        chosen = text_in(content, kind, "type")
        return text_in(content, kind, chosen, "title")
    return ""


def _attributes(message: Any, value: Any) -> dict[str, str]:
    context = value_in(message, "context")
    forwarded = value_in(context, "forwarded") or value_in(context, "frequently_forwarded")
    found = {
        "phone_number_id": text_in(value, "metadata", "phone_number_id"),
        "forwarded": "yes" if forwarded is True else "",
    }
    return {key: text for key, text in found.items() if text}


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdecimal())
