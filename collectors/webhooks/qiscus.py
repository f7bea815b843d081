"""Qiscus' deliveries: one message each, of the chat SDK or of Omnichannel Chat."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from collectors.payload import text_in, time_in, value_in
from collectors.source import Page
from collectors.webhooks.receive import Delivery, is_one_of, key_of
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER

_CLIENT, _SERVER = "post_comment_mobile", "post_comment_rest"
_WORDLESS = frozenset({"contact_person", "file_attachment", "location"})
_OFFERED = frozenset({"account_linking", "buttons", "card", "carousel"})
_FILE = re.compile(r"\[(file|sticker)\].*?\[/\1\]", re.DOTALL)
_CHANNELS = {
    "fb": "facebook",
    "ig": "instagram",
    "ig_comment": "instagram",
    "line": "line",
    "telegram": "telegram",
    "tokopedia": "tokopedia",
    "shopee": "shopee",
    "wa": "whatsapp",
}


def read(
    body: bytes, now: datetime, *, channel: str = "qiscus", agents: Collection[str] = ()
) -> Page:
    """Read a delivery.

    The payload that is documented has neither an id nor a time: its id is then made of the body,
    and its time is that of its arrival.

    Args:
        now: when it arrived.
        channel: where the customer spoke, where Qiscus does not say so.
        agents: who speaks for the brand, as `is_one_of` has them.

    Example:
        >>> from datetime import UTC
        >>> message = {"from": {"email": "budi@contoh.id"}, "message": {"text": "Halo kak"}}
        >>> body = json.dumps({"type": "post_comment_mobile", "payload": message}).encode()
        >>> read(body, datetime.now(UTC)).mentions[0].text
        'Halo kak'
    """
    found = Delivery(body)
    delivery = found.payload
    payload = value_in(delivery, "payload")
    message = value_in(payload, "message")
    author = text_in(payload, "from", "email") or _number(payload, "from", "id")
    kind, way = text_in(message, "type") or "text", text_in(delivery, "type")
    text = _FILE.sub("", text_in(message, "text")).strip()
    if not isinstance(message, Mapping) or way not in (_CLIENT, _SERVER):
        return found.page()
    if kind == "system_event":
        found.skip(NOBODY_WROTE)
    elif way == _SERVER or kind in _OFFERED or is_one_of(author, agents):
        found.skip(NOT_A_CUSTOMER)
    elif kind in _WORDLESS and not (text := text_in(message, "payload", "caption")):
        found.skip(NO_WORDS)
    elif not text:
        # Nothing but a file's address, or nothing at all.
        if text_in(message, "text"):
            found.skip(NO_WORDS)
        else:
            found.keep(NO_TEXT, delivery)
    else:
        found.add(
            RawMention(
                external_id=f"qiscus:{_id(message) or key_of(body, now)}"[:200],
                text=text,
                channel=_channel(delivery) or channel,
                kind="message",
                author=author or None,
                published_at=time_in(message, "timestamp")
                or time_in(message, "created_at")
                or time_in(message, "unix_timestamp")
                or now,
                parent_id=f"qiscus:{parent}" if (parent := _parent(message)) else None,
            )
        )
    return found.page()


def _id(message: Mapping[str, Any]) -> str:
    # Omnichannel Chat fills in 0 where the number is not given yet.
    number = text_in(message, "id_str") or _number(message, "id")
    return number if number not in ("", "0") else text_in(message, "unique_temp_id")


def _parent(message: Mapping[str, Any]) -> str:
    if text_in(message, "type") != "reply":
        return ""
    return _number(message, "payload", "replied_comment_id")[:190]


def _number(record: Any, *path: str) -> str:
    value = value_in(record, *path)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    return text_in(record, *path)


def _channel(delivery: Any) -> str | None:
    options = value_in(delivery, "payload", "room", "options")
    if isinstance(options, str):
        try:
            options = json.loads(options)
        except (ValueError, RecursionError):
            options = None
    source = text_in(delivery, "channel", "source") or text_in(options, "source")
    return _CHANNELS.get(source.casefold())
