"""How long to wait: no more requests a minute than a service allows, and what it asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem
from tenacity.nap import sleep

_RESETS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")


class Pace:
    """Makes the one who asks wait until a request is allowed.

    Args:
        per_minute: requests in any 60 seconds; None lets all through.
        rest: waits so many seconds.

    Example:
        >>> rests = []
        >>> pace = Pace(2, rest=rests.append)
        >>> for _ in range(3):
        ...     pace.take()
        >>> len(rests), 59 < rests[0] <= 60.1
        (1, True)
    """

    def __init__(self, per_minute: int | None, *, rest: Callable[[float], object] = sleep) -> None:
        self._bucket = InMemoryBucket([Rate(per_minute, Duration.MINUTE)]) if per_minute else None
        self._rest = rest

    def take(self) -> None:
        """Wait until the next request is allowed, and count it."""
        if self._bucket is None:
            return
        item = RateItem("request", round(time.monotonic() * 1000))
        if not self._bucket.put(item):
            wait = self._bucket.waiting(item)
            assert isinstance(wait, int)
            self._rest(wait / 1000)
            item.timestamp += wait
            self._bucket.put(item)
        self._bucket.leak(item.timestamp)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a service asks to wait, or None where it does not say.

    Reads `Retry-After` (seconds or an HTTP date, RFC 9110 section 10.2.3), else
    `X-RateLimit-Reset`, `RateLimit-Reset` or, as X spells it, `X-Rate-Limit-Reset` (seconds,
    seconds since 1970, or a time in ISO 8601).

    Example:
        >>> retry_after({"retry-after": "4"}, datetime.now(UTC))
        4.0
        >>> reset = {"x-ratelimit-reset": "2026-06-01T00:05:00.000Z"}
        >>> retry_after(reset, datetime(2026, 6, 1, tzinfo=UTC))
        300.0
    """
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is None and value:
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        seconds = (until - now).total_seconds()
    if seconds is None:
        reset = next((headers[name] for name in _RESETS if headers.get(name)), "")
        seconds = _number(reset)
        if seconds is None:
            seconds = _iso(reset)
        if seconds is not None and seconds > 1e9:
            seconds -= now.timestamp()
    return None if seconds is None else max(0.0, seconds)


def _number(value: str) -> float | None:
    # Longer is no time: it would overflow a date.
    return float(value) if value.replace(".", "", 1).isdecimal() and len(value) < 16 else None


def _iso(value: str) -> float | None:
    """Seconds since 1970 of a time in ISO 8601."""
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).timestamp()
