from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simak.errors import ConfigurationError
from simak.hours import DAYS, local_days, noons, parse_hours

JAKARTA = ZoneInfo("Asia/Jakarta")
# Sydney changes its clock by an hour, Lord Howe by half of one.
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Australia/Sydney", "Australia/Lord_Howe")]

MINUTES = st.integers(27_000_000, 27_000_000 + 2 * 366 * 1_440)  # two years from May 2021


def minute(text: str, zone: ZoneInfo = JAKARTA) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) // 60


@st.composite
def written(draw: st.DrawFn) -> str:
    """Business hours of one to three shifts, some over a weekend, some overlapping."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        first, last = draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))
        opens = draw(st.integers(0, 1_439))
        closes = draw(st.integers(opens + 1, 1_440))
        clock = "-".join(f"{at // 60:02}:{at % 60:02}" for at in (opens, closes))
        parts.append(f"{first}-{last} {clock}")
    return ", ".join(parts)


def slowly(text: str, start: int, end: int, zone: ZoneInfo) -> int:
    """Look at the clock on the wall every minute."""
    open = 0
    for at in range(start, end):
        local = datetime.fromtimestamp(at * 60, UTC).astimezone(zone)
        open += any(within(part, local) for part in text.split(", "))
    return open


def within(part: str, local: datetime) -> bool:
    days, clock = part.split(" ")
    first, last = (DAYS.index(day) for day in days.split("-"))
    week = [day % 7 for day in range(first, first + 7)]
    on = week[: week.index(last) + 1]
    opens, closes = clock.split("-")
    return local.weekday() in on and opens <= f"{local:%H:%M}" < closes


@settings(max_examples=60, deadline=None)
@given(written(), MINUTES, st.integers(0, 6_000), st.sampled_from(ZONES))
@example("Sun-Sun 02:15-23:00", minute("2022-10-01T12:00", ZONES[1]), 3_000, ZONES[1])
@example("Sun-Sun 02:15-02:45", minute("2023-04-01T12:00", ZONES[1]), 3_000, ZONES[1])
@example("Sun-Sun 01:45-02:10", minute("2022-10-01T12:00", ZONES[2]), 3_000, ZONES[2])
def test_open_minutes_are_those_that_a_clock_on_the_wall_shows(
    text: str, start: int, length: int, zone: ZoneInfo
) -> None:
    counted = parse_hours(text).between(np.array([start]), np.array([start + length]), zone)
    assert counted.tolist() == [slowly(text, start, start + length, zone)]


@settings(deadline=None)
@given(written(), st.lists(MINUTES, min_size=3, max_size=3), st.sampled_from(ZONES))
def test_two_waits_one_after_the_other_add_up(text: str, at: list[int], zone: ZoneInfo) -> None:
    first, middle, last = sorted(at)
    hours = parse_hours(text)
    # All in one call: its count must not depend on what else is asked.
    parts = hours.between(np.array([first, middle, first]), np.array([middle, last, last]), zone)
    assert parts[0] + parts[1] == parts[2]
    assert 0 <= parts[2] <= last - first
    (alone,) = hours.between(np.array([middle]), np.array([last]), zone)
    assert alone == parts[1]


def test_a_weekend_by_hand() -> None:
    hours = parse_hours("Mon-Fri 09:00-12:00, Mon-Fri 13:00-17:00, Sat 09:00-13:00")
    start = [minute("2026-05-08T16:00"), minute("2026-05-10T00:00"), minute("2026-05-11T12:15")]
    end = [minute("2026-05-11T09:30"), minute("2026-05-11T00:00"), minute("2026-05-11T12:45")]
    # Friday's last hour, Saturday's four and half of one on Monday; a Sunday; a lunch.
    waits = hours.between(np.array(start), np.array(end), JAKARTA)
    assert waits.tolist() == [60 + 240 + 30, 0, 0]


@given(st.lists(MINUTES, min_size=1, max_size=5), st.sampled_from(ZONES))
def test_days_are_those_of_the_calendar_on_the_wall(at: list[int], zone: ZoneInfo) -> None:
    theirs = [
        datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).date().toordinal()
        for minute in at
    ]
    epoch = datetime(1970, 1, 1).toordinal()
    days = local_days(np.array(at), zone)
    assert (days + epoch).tolist() == theirs
    assert local_days(noons(days, zone), zone).tolist() == days.tolist()


def test_nothing_asked_is_nothing_counted() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert parse_hours("Mon 09:00-10:00").between(none, none, JAKARTA).tolist() == []
    assert local_days(none, JAKARTA).tolist() == noons(none, JAKARTA).tolist() == []


def test_days_may_go_around_the_weekend_and_end_at_midnight() -> None:
    hours = parse_hours("fri-mon 9:00-24:00")
    assert sum(hours.open) == 4 * 15 * 60
    assert hours.open[-1]
    assert hours.open[1_439]
    assert not hours.open[1_440 + 600]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("", "'' is no business hours"),
        ("Mon-Fri", "'Mon-Fri' is no business hours"),
        ("Mon-Fri 09:00-17:00; Sat 09:00-13:00", "is no business hours"),
        ("Sen-Jum 09:00-17:00", "'Sen' is no day; the days are Mon, Tue"),
        ("Mon 17:00-09:00", "closes before it opens"),
        ("Mon 09:00-09:00", "closes before it opens"),
        ("Mon 09:00-25:00", "'25:00' is no time of day"),
        ("Mon 09:60-17:00", "'09:60' is no time of day"),
    ],
)
def test_what_is_not_understood_is_named(text: str, sign: str) -> None:
    with pytest.raises(ConfigurationError, match=sign):
        parse_hours(text)
