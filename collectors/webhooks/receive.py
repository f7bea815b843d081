"""What every format of webhook needs: the signature, the JSON, and what becomes of a delivery."""

from __future__ import annotations

import hmac
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from collectors.source import Page
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import UNKNOWN_SHAPE

_PERSONAL = frozenset(
    {
        *("author", "avatar_url", "contacts", "customer", "display_phone_number", "email", "from"),
        *("from_user_id", "name", "parent_user_id", "participants", "phone", "phone_number"),
        *("profile", "recipient_id", "sender", "to", "user", "user_id", "username", "wa_id"),
    }
)
_YEARS = range(1970, 2200)
_NUMBER = re.compile(r"\d[\d .()-]{5,}\d")
_DEPTH = 20

_NIGHT = timedelta(hours=4)


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Say whether a signature is the HMAC-SHA-256 of a body in hex, `sha256=` before it or not.

    Takes as long for a signature that is nearly right as for any other.

    Example:
        >>> signature = hmac.new(b"rahasia", b"{}", "sha256").hexdigest()
        >>> is_signed(b"{}", f"sha256={signature}", "rahasia"), is_signed(b"{}", None, "rahasia")
        (True, False)
    """
    wanted = hmac.new(secret.encode(), body, "sha256").hexdigest()
    given = (signature or "").strip().lower().removeprefix("sha256=")
    return hmac.compare_digest(wanted.encode(), given.encode())


@dataclass(slots=True)
class Delivery:
    """What one delivery holds, as it is read.

    Example:
        >>> Delivery(b"<html>").page().bad
        (BadRecord('a record of a shape that is not known'),)
    """

    body: bytes
    payload: Any = None
    mentions: list[RawMention] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        try:
            self.payload = json.loads(self.body)
        except (ValueError, RecursionError):
            self.keep(UNKNOWN_SHAPE, self.body[:4_000].decode("utf-8", "replace"))

    def add(self, raw: RawMention) -> None:
        """Take a customer's text; what no database takes as an id or a time is mended."""
        self.mentions.append(
            replace(
                raw,
                external_id=_plain(raw.external_id),
                channel=raw.channel and _plain(raw.channel),
                language=raw.language and _plain(raw.language),
                parent_id=raw.parent_id and _plain(raw.parent_id),
                published_at=_known(raw.published_at),
                edited_at=_known(raw.edited_at),
                reply_at=_known(raw.reply_at),
            )
        )

    def keep(self, reason: str, record: Any) -> None:
        """Keep a record for inspection, without the persons in it."""
        self.bad.append(BadRecord(reason, record=without_persons(record)))

    def skip(self, reason: str, count: int = 1) -> None:
        """Count what is no customer's text."""
        if count:
            self.skipped[reason] += count

    def page(self) -> Page:
        """Return what is to be stored; a delivery that gave nothing at all is kept itself."""
        if not (self.mentions or self.bad or self.skipped):
            self.keep(UNKNOWN_SHAPE, self.payload)
        return Page(mentions=tuple(self.mentions), bad=tuple(self.bad), skipped=dict(self.skipped))


def is_one_of(author: str | None, names: Collection[str]) -> bool:
    """Say whether an author is among names, or of a domain among them, whatever the case.

    Example:
        >>> is_one_of("CS@senandika.example", ["@senandika.example"]), is_one_of(None, ["budi"])
        (True, False)
    """
    plain = (author or "").strip().casefold()
    wanted = {name.casefold() for name in names}
    domain = plain[plain.rfind("@") :] if "@" in plain else plain
    return bool(plain) and not wanted.isdisjoint((plain, domain))


def key_of(body: bytes, now: datetime) -> str:
    """Return an id for what comes without one: of the same bytes on the same day the same.

    A repeated delivery is the same bytes, and so is a customer who says the same again: these
    are told apart by the day alone, which begins at 3 in the morning in Jakarta, where hardly a
    repetition crosses it.

    Example:
        >>> from datetime import UTC
        >>> key_of(b"{}", datetime(2026, 6, 1, 12, tzinfo=UTC))
        '44136fa355b3678a1146ad16f7e8649e-20260601'
    """
    return f"{sha256(body).hexdigest()[:32]}-{now + _NIGHT:%Y%m%d}"


def without_persons(record: Any, depth: int = _DEPTH) -> Any:
    """Return a record without names, addresses and numbers of persons, to be looked at.

    Example:
        >>> without_persons({"from": "628123456789", "type": "baru", "body": "WA 628123456789"})
        {'from': '…', 'type': 'baru', 'body': 'WA …'}
    """
    if depth == 0:
        return "…"
    if isinstance(record, Mapping):
        return {
            key: "…" if str(key).casefold() in _PERSONAL else without_persons(value, depth - 1)
            for key, value in record.items()
        }
    if isinstance(record, list):
        return [without_persons(value, depth - 1) for value in record]
    if isinstance(record, str):
        return _NUMBER.sub("…", record)
    return record


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _known(at: datetime | None) -> datetime | None:
    return at if at is not None and at.year in _YEARS else None
