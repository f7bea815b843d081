"""Reads the messages of a Telegram export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from collectors.payload import id_in, text_in, time_in, value_in
from collectors.services.telegram.file import Chat
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import (
    NO_ID,
    NO_TEXT,
    NO_WORDS,
    NOBODY_WROTE,
    NOT_A_CUSTOMER,
    REPOST,
    UNKNOWN_SHAPE,
)

_WORDLESS = (
    "photo", "file", "media_type", "sticker_emoji", "poll", "location_information",
    "contact_information", "game_title", "invoice_information", "giveaway_information",
)  # fmt: skip


class Survey:
    """Learns from the whole of an export what no message says of itself: topics and answers.

    Args:
        own: names or ids of those who write for the brand.
    """

    def __init__(self, own: Collection[str]) -> None:
        self._own = frozenset(own)
        self._last: tuple[Chat, int] | None = None

    def note(self, chat: Chat, message: Any, owner: str) -> None:
        """Take a message in, in the order of the export; `owner` writes for the brand too."""
        number, before = value_in(message, "id"), _answered(message)
        if not isinstance(number, int):
            return
        if value_in(message, "action") == "topic_created":
            chat.topics[number] = text_in(message, "title")
            chat.topic_of[number] = number
        elif before in chat.topic_of:
            chat.topic_of[number] = chat.topic_of[before]
        if value_in(message, "type") != "message":
            return
        if not is_by(message, self._own | {owner}) and not is_by_group(chat, message):
            self._last = (chat, number)
            return
        if before is None and chat.is_of_two and self._last and self._last[0] is chat:
            before = self._last[1]
        if before is not None and "forwarded_from" not in message:
            try:
                text = text_of(message)
            except BadRecord:
                return
            if text:
                chat.replies.setdefault(before, (text, time_in(message, "date_unixtime")))


def mention_of(chat: Chat, message: Any, own: Collection[str]) -> RawMention | str:
    """Return a message as a mention, or the reason why it is none.

    Raises:
        BadRecord: it cannot be read.

    Example:
        >>> chat = Chat({"id": 7, "type": "private_group", "name": "Pelanggan"})
        >>> mention_of(
        ...     chat, {"id": 1, "type": "message", "from": "Sari", "text": "Kapan dikirim?"}, ()
        ... ).external_id
        '7:1'
    """
    kind = text_in(message, "type")
    if kind == "service":
        return NOBODY_WROTE
    if kind != "message":
        raise BadRecord(UNKNOWN_SHAPE, record=message)
    place, number = id_in(chat.about, "id"), value_in(message, "id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise BadRecord(NO_ID, record=message)
    text = text_of(message)
    if is_by(message, own) or is_by_group(chat, message):
        return NOT_A_CUSTOMER
    if "forwarded_from" in message and not _is_own_again(message):
        return REPOST
    if not text:
        return NO_WORDS if any(key in message for key in _WORDLESS) else NO_TEXT
    reply, reply_at = chat.replies.get(number, (None, None))
    before = _answered(message)
    if before in chat.topics:
        before = None
    return RawMention(
        external_id=f"{place}:{number}",
        text=text,
        channel="telegram",
        kind="message",
        author=text_in(message, "from_id") or text_in(message, "from") or None,
        published_at=time_in(message, "date_unixtime"),
        edited_at=_edited(message),
        reply=reply,
        reply_at=reply_at,
        parent_id=None if before is None else f"{place}:{before}",
        attributes=_attributes(chat, number),
    )


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message, which is written as a text or as a list of pieces.

    Raises:
        BadRecord: it is neither.

    Example:
        >>> text_of({"text": ["Cek ", {"type": "link", "text": "senandika.example"}, " ya"]})
        'Cek senandika.example ya'
    """
    value = message.get("text", message.get("text_entities", ""))
    pieces = value if isinstance(value, list) else [value]
    found = [piece.get("text") if isinstance(piece, Mapping) else piece for piece in pieces]
    texts = [text for text in found if isinstance(text, str)]
    if len(texts) < len(found):
        raise BadRecord(UNKNOWN_SHAPE, record=message)
    return "".join(texts).replace("\x00", "").strip()


def is_by(message: Mapping[str, Any], users: Collection[str]) -> bool:
    """Say whether one of `users`, by name or id, wrote a message."""
    return any(
        text_in(message, key) in users for key in ("from", "from_id") if text_in(message, key)
    )


def is_by_group(chat: Chat, message: Any) -> bool:
    """Say whether an administrator wrote a message in the name of the group itself.

    Example:
        >>> group = Chat({"id": 7, "type": "private_supergroup"})
        >>> is_by_group(group, {"from_id": "channel7"}), is_by_group(group, {"from_id": "user7"})
        (True, False)
    """
    # In a channel every post is the channel's, whoever's it is.
    is_group = text_in(chat.about, "type").endswith("group")
    return is_group and text_in(message, "from_id") == f"channel{value_in(chat.about, 'id')}"


def _answered(message: Any) -> int | None:
    """The message of the same chat that this one answers."""
    number = value_in(message, "reply_to_message_id")
    if value_in(message, "reply_to_peer_id") is not None or not isinstance(number, int):
        return None
    return number


def _is_own_again(message: Mapping[str, Any]) -> bool:
    """One passes on what one wrote oneself."""
    return any(
        text_in(message, key) and text_in(message, key) == text_in(message, f"forwarded_{key}")
        for key in ("from", "from_id")
    )


def _edited(message: Mapping[str, Any]) -> datetime | None:
    at, first = time_in(message, "edited_unixtime"), time_in(message, "date_unixtime")
    # Old exports write 1970 for what was never edited.
    return at if at is not None and first is not None and at > first else None


def _attributes(chat: Chat, number: int) -> dict[str, str]:
    # A chat of two is called as the customer is: names are not kept.
    name = "" if chat.is_of_two else text_in(chat.about, "name")
    topic = chat.topics.get(chat.topic_of.get(number, -1), "")
    return {key: value for key, value in (("chat", name), ("topic", topic)) if value}
