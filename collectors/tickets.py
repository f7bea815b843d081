"""What the sources of tickets share: what is kept of a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from simak.errors import BadRecord
from simak.mention import RawMention

TICKET = "ticket"

HELPDESK = "helpdesk"
"""The channel of a ticket that does not say how it came."""


def deleted_ticket(id: str, *, site: str, channel: str) -> RawMention:
    """Return a ticket that is gone.

    Example:
        >>> deleted_ticket("7", site="kopi.example.com", channel="email").external_id
        'kopi.example.com/tickets/7'
    """
    return RawMention(
        external_id=f"{site}/tickets/{id}", channel=channel, kind=TICKET, deleted=True
    )


def without_texts(bad: Iterable[BadRecord]) -> tuple[BadRecord, ...]:
    """Return tickets that cannot be read as they may be kept: without any of their texts.

    Each may be a private note.

    Example:
        >>> (bad,) = without_texts([BadRecord("no number", record={"id": None, "note": "Rewel"})])
        >>> bad.record
        {'id': None, 'note': 'str'}
    """
    return tuple(_outlined(one, str(one)) for one in bad)


def _outlined(bad: BadRecord, reason: str) -> BadRecord:
    return BadRecord(reason, record=_outline(bad.record))


def _outline(record: object) -> object:
    if not isinstance(record, Mapping):
        return type(record).__name__
    return {
        key: value if isinstance(value, int | float | None) else type(value).__name__
        for key, value in record.items()
    }


def minutes_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return the minutes from one time to another; None where one is not known or out of order.

    Example:
        >>> minutes_between(datetime(2026, 6, 1, 8), datetime(2026, 6, 1, 9))
        60.0
    """
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds() / 60


def ticket_attributes(
    *,
    status: str = "",
    first_response_minutes: float | None = None,
    resolution_minutes: float | None = None,
    satisfaction: str = "",
    satisfaction_comment: str = "",
    tags: Iterable[object] = (),
) -> Mapping[str, str]:
    """Return what is known of a ticket as attributes; what is not is left out.

    Example:
        >>> ticket_attributes(status="solved", first_response_minutes=12.5, tags=["kurir", "vip"])
        {'status': 'solved', 'first_response_minutes': '12.5', 'tags': 'kurir, vip'}
    """
    values = {
        "status": status,
        "first_response_minutes": _shown(first_response_minutes),
        "resolution_minutes": _shown(resolution_minutes),
        "satisfaction": satisfaction,
        "satisfaction_comment": satisfaction_comment,
        "tags": ", ".join(tag for tag in tags if isinstance(tag, str)),
    }
    return {name: value for name, value in values.items() if value}


def _shown(minutes: float | None) -> str:
    return "" if minutes is None or minutes < 0 else f"{round(minutes, 1):g}"
