"""Days at the ends of the calendar are days too."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from store.filter import Filter


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/New_York", "UTC"])
def test_the_first_and_the_last_day_there_are(zone: str) -> None:
    whole = Filter(since=date.min, until=date.max)
    assert whole.instants(ZoneInfo(zone)) == (None, None)
    assert whole.previous() is None
    since, until = Filter(since=date(1, 1, 2), until=date(9999, 12, 30)).instants(ZoneInfo(zone))
    assert since is not None
    assert until is not None
    assert since < until


def test_a_period_without_as_many_days_before_it_has_none_before_it() -> None:
    first = Filter(since=date(1, 1, 8), until=date(1, 1, 14))
    before = first.previous()
    assert before is not None
    assert before.since == date.min
    assert first.but(until=date(1, 1, 15)).previous() is None
