"""When a message goes: at once, after quiet hours, with a day's or a week's others, or again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simak.alert_settings import AlertRule
from simak.settings import Settings

DIGEST_AT = time(8)
"""By the clock of the settings' zone; a week's on Monday."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=6)
"""Between the runs that try to send once more; doubled each time."""

MOST_RUNS = 8
"""Runs that try in vain before it is given up: about 16 hours."""


def due(rule: AlertRule, now: datetime, settings: Settings) -> datetime:
    """Return when what a rule tells now is to go, in UTC.

    Example:
        >>> rule = AlertRule("a", "spike", digest="weekly")
        >>> tuesday = datetime(2026, 5, 12, tzinfo=UTC)
        >>> due(rule, tuesday, Settings()).isoformat()  # Monday, 08:00 in Jakarta
        '2026-05-18T01:00:00+00:00'
    """
    zone = ZoneInfo(settings.timezone)
    at = now
    if rule.digest is not None:
        local = now.astimezone(zone)
        ahead = 0 if rule.digest == "daily" else -local.weekday() % 7
        day = local.date() + timedelta(days=ahead)
        at = datetime.combine(day, DIGEST_AT, zone)
        if at < now:
            step = 1 if rule.digest == "daily" else 7
            at = datetime.combine(day + timedelta(days=step), DIGEST_AT, zone)
    if rule.quiet is not None:
        at = rule.quiet.over(at, zone)
    return at.astimezone(UTC)


def remind(
    rule: AlertRule, sent_at: datetime, now: datetime, settings: Settings
) -> datetime | None:
    """Return when what was sent and not noted is told again, in UTC; None: not yet.

    Counted from the full hour: a run, or a digest, at the same time of the next day does it.

    Example:
        >>> sent = datetime(2026, 5, 12, 12, 40, tzinfo=UTC)
        >>> rule = AlertRule("a", "spike")
        >>> remind(rule, sent, sent + timedelta(hours=23), Settings())
        >>> remind(rule, sent, sent + timedelta(hours=24), Settings()).day
        13
    """
    hour = sent_at.replace(minute=0, second=0, microsecond=0)
    wanted = hour + timedelta(hours=settings.remind_after_hours)
    if due(rule, wanted, settings) > now:
        return None
    return due(replace(rule, digest=None), now, settings)


def again(tries: int, now: datetime) -> datetime | None:
    """Return when to try once more after so many runs in vain; None: it is given up.

    Example:
        >>> noon = datetime(2026, 5, 12, 12, tzinfo=UTC)
        >>> again(1, noon).time().isoformat(), again(3, noon).time().isoformat(), again(8, noon)
        ('12:10:00', '12:40:00', None)
    """
    if tries >= MOST_RUNS:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** (tries - 1)
    return now + min(LONGEST_WAIT, doubled)
