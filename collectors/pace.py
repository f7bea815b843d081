"""No more requests a minute than a service allows."""

from __future__ import annotations

import time
from collections.abc import Callable

from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem
from tenacity.nap import sleep


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
