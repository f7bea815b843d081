"""JSON of any service: the settings say where what stands in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from collectors.payload import id_in, number_in, stars_in, text_in, time_in, value_in
from collectors.source import Page
from collectors.webhooks.receive import Delivery, is_one_of, key_of
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NOT_A_CUSTOMER, UNKNOWN_SHAPE

FIELDS = (
    *("text", "title", "stars", "time", "edit_time", "id", "url", "author", "reply", "reply_time"),
    *("language", "product", "version", "channel", "parent_id", "deleted"),
)
"""What a place in a record can be mapped to: as in imports, and whether it is deleted."""

_MILLISECONDS = 1e11
"""From here on a number is no time in seconds: they would be of the year 5138."""

Path = tuple[str | int, ...]


def path_of(dotted: str) -> Path:
    """Return the keys and places that a path with dots names.

    Example:
        >>> path_of("data.reviews.0.text")
        ('data', 'reviews', 0, 'text')
    """
    return tuple(
        int(part) if part.isdecimal() and len(part) < 9 else part for part in dotted.split(".")
    )


class Reader:
    """Reads deliveries by a mapping.

    Args:
        name: of the source; ids are unique within it.
        mapping: field to path; fields as in `FIELDS`.
        items: path of the list of records; () where the body is a record, or a list of them.
        channel: of records that name none.
        agents: who speaks for the brand, as `is_one_of` has them.

    Example:
        >>> from datetime import UTC
        >>> reader = Reader("ulasan", {"id": ("id",), "text": ("isi",)}, (), "web")
        >>> page = reader.read(b'[{"id": 7, "isi": "Bagus"}]', datetime.now(UTC))
        >>> page.mentions[0].external_id, page.mentions[0].text
        ('ulasan:7', 'Bagus')
    """

    def __init__(
        self,
        name: str,
        mapping: Mapping[str, Path],
        items: Path,
        channel: str,
        agents: Collection[str] = (),
    ) -> None:
        self._name, self._mapping, self._items = name, dict(mapping), items
        self._channel, self._agents = channel, agents

    def read(self, body: bytes, now: datetime) -> Page:
        """Read a delivery; `now` is when it arrived."""
        found = Delivery(body)
        records = value_in(found.payload, *self._items)
        if isinstance(records, Mapping) and not self._items:
            records = [records]
        for record in records if isinstance(records, list) else ():
            try:
                raw = self._mention(record, now)
            except BadRecord as error:
                found.keep(str(error), record)
                continue
            if is_one_of(raw.author, self._agents):
                found.skip(NOT_A_CUSTOMER)
            else:
                found.add(raw)
        return found.page()

    def _mention(self, record: Any, now: datetime) -> RawMention:
        if not isinstance(record, Mapping):
            raise BadRecord(UNKNOWN_SHAPE)
        text, title, stars = self._text(record, "text"), self._text(record, "title"), None
        if "stars" in self._mapping:
            stars = stars_in(record, *self._mapping["stars"])
        gone = self._value(record, "deleted")
        deleted = bool(gone) and str(gone).casefold() not in ("0", "false")
        if not (text or title or deleted or stars is not None):
            raise BadRecord(NO_TEXT)
        return RawMention(
            external_id=self._id(record, now),
            text=text or title,
            title=title or None,
            stars=stars,
            channel=self._text(record, "channel") or (None if deleted else self._channel),
            author=self._text(record, "author") or None,
            published_at=self._time(record, "time"),
            edited_at=self._time(record, "edit_time"),
            url=self._text(record, "url") or None,
            reply=self._text(record, "reply") or None,
            reply_at=self._time(record, "reply_time"),
            language=self._text(record, "language")[:35] or None,
            product=self._text(record, "product") or None,
            version=self._text(record, "version") or None,
            parent_id=self._own(parent) if (parent := self._text(record, "parent_id")) else None,
            deleted=deleted,
        )

    def _id(self, record: Any, now: datetime) -> str:
        if "id" in self._mapping:
            return self._own(id_in(record, *self._mapping["id"]))
        return self._own(key_of(json.dumps(record, sort_keys=True).encode(), now))

    def _own(self, id: str) -> str:
        # Numbers of two services may be the same.
        return f"{self._name}:{id}"[:200]

    def _value(self, record: Any, field: str) -> Any:
        path = self._mapping.get(field)
        return None if path is None else value_in(record, *path)

    def _text(self, record: Any, field: str) -> str:
        value = self._value(record, field)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
            return str(value)
        return text_in(value)

    def _time(self, record: Any, field: str) -> datetime | None:
        value = self._value(record, field)
        number = number_in(value)
        if number is not None and abs(number) >= _MILLISECONDS:
            value = number / 1_000
        return time_in(value)
