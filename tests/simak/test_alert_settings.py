"""`[[alert]]` and `[[channel]]`: what is wrong is named with its line, and never a secret."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simak.alert_settings import COOLDOWN
from simak.errors import ConfigurationError
from simak.quiet import QuietHours, parse_quiet
from simak.settings import parse_settings

CHANNEL = '[[channel]]\nname = "slack"\nurl = "env:SLACK_URL"\n'
ALERT = '[[alert]]\nname = "a"\nkind = "{}"\n'


def test_everything_that_can_be_set() -> None:
    text = CHANNEL + (
        '[[alert]]\nname = "keluhan kirim"\nkind = "threshold"\nbrand = "Senandika"\n'
        'touchpoint = "delivery"\nsaid_on = "google_play"\nlanguage = "id"\n'
        'metric = "complaint_rate"\nabove = 0.25\nminimum = 50\ndays = 7\ncooldown = 5\n'
        'quiet = "21:00-07:00"\ndigest = "weekly"\nchannels = ["slack"]\nenabled = false\n'
    )
    found = parse_settings(text, Path("simak.toml"))
    (rule,) = found.alerts
    assert (rule.touchpoint, rule.said_on, rule.above, rule.minimum) == (
        "delivery", "google_play", 0.25, 50,
    )  # fmt: skip
    assert rule.quiet == QuietHours(time(21), time(7))
    assert (rule.digest, rule.channels, rule.enabled, rule.line) == ("weekly", ("slack",), False, 4)
    assert found.channels[0].reference == "env:SLACK_URL"


@pytest.mark.parametrize("kind", list(COOLDOWN))
def test_what_is_left_out(kind: str) -> None:
    more = "above = 0.2\n" if kind == "threshold" else ""
    (rule,) = parse_settings(ALERT.format(kind) + more, Path("simak.toml")).alerts
    assert (rule.cooldown, rule.channels, rule.digest) == (COOLDOWN[kind], None, None)  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (ALERT.format("lonjakan"), "kind = 'lonjakan' is none of spike, shift"),
        (ALERT.format("spike") + 'metric = "complaint_rate"', "'metric' is not known"),
        (ALERT.format("threshold"), "needs above"),
        (ALERT.format("threshold") + "above = 25", "above = 25 must be a share"),
        (
            ALERT.format("threshold") + 'above = 0.2\nmetric = "complaint_share"',
            "complaint_share is of a touchpoint",
        ),
        (ALERT.format("spike") + 'quiet = "malam"', "is no quiet hours"),
        (ALERT.format("spike") + 'quiet = "07:00-07:00"', "end as they begin"),
        (ALERT.format("spike") + 'digest = "hourly"', "digest = 'hourly' is none of daily"),
        (ALERT.format("spike") + 'channels = ["teams"]', "there is no [[channel]] 'teams'"),
        (ALERT.format("spike") + 'channels = "slack"', "channels must be a list"),
        (ALERT.format("spike") + "cooldown = -1", "cooldown = -1 must be a whole number"),
        (ALERT.format("spike") + "brand = 3", "brand must be a text"),
        (ALERT.format("spike") + 'enabled = "no"', "enabled must be true or false"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, sign: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(CHANNEL + text, Path("simak.toml"))
    assert str(caught.value).startswith("simak.toml, line 4: ")
    assert sign in str(caught.value)


def test_an_address_in_the_file_is_refused_without_repeating_it() -> None:
    text = '[[channel]]\nname = "slack"\nurl = "slack://RAHASIA"\n'
    with pytest.raises(ConfigurationError, match=r"line 1: .*env:NAME") as caught:
        parse_settings(text, Path("simak.toml"))
    assert "RAHASIA" not in str(caught.value)


def test_the_dashboards_address_is_one() -> None:
    with pytest.raises(ConfigurationError, match=r"line 2: dashboard\.url must begin"):
        parse_settings('[dashboard]\nurl = "simak.example"\n', Path("simak.toml"))


def test_when_it_is_told_again() -> None:
    path = Path("simak.toml")
    assert parse_settings("", path).remind_after_hours == 24
    assert parse_settings("[alerts]\nremind_after_hours = 0\n", path).remind_after_hours == 0
    for wrong in ("-1", "721", '"24"'):
        with pytest.raises(ConfigurationError, match=r"line 2: alerts\.remind_after_hours"):
            parse_settings(f"[alerts]\nremind_after_hours = {wrong}\n", path)


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["Asia/Jakarta", "Europe/Berlin"]),
)
def test_quiet_hours_end_outside_of_them_within_a_day(
    start: int, end: int, at: datetime, zone: str
) -> None:
    if start == end:
        return
    quiet = parse_quiet("{:02}:{:02}-{:02}:{:02}".format(*divmod(start, 60), *divmod(end, 60)))
    now, home = at.replace(tzinfo=UTC), ZoneInfo(zone)
    over = quiet.over(now, home)
    assert now <= over <= now + timedelta(hours=25)
    if over != now:
        clock = over.astimezone(home)
        # An hour that the clocks leave out is the one after it.
        assert abs((clock.hour * 60 + clock.minute) - end) in (0, 60)
