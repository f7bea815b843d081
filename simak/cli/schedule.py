"""`simak schedule`: runs the night at its hour, for those without cron or systemd."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
import structlog

from simak.cli.common import command, opened
from simak.cli.nightly import NIGHTLY
from simak.settings import Settings

ALERT_MINUTES = 10

_GRACE = 30
"""Seconds a command may take to stop when this is stopped."""


class _Hour(click.ParamType[tuple[int, int]]):
    name = "HH:MM"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value)
        if match is None:
            self.fail(f"{value!r} is no time of day; write one such as 02:00", param, ctx)
        return int(match[1]), int(match[2])


@command("simak schedule --at 02:00", owner=True)
@click.option("--at", type=_Hour(), default="02:00", show_default=True, help="When a night begins.")
def schedule(settings: Settings, as_json: bool, at: tuple[int, int]) -> None:
    """Run `simak nightly` every day at an hour of the settings' zone, until it is stopped.

    Between the nights `simak alert run` sends what waited, and tells of what stood out since.

    A night that was missed, because this or the machine was not running, is caught up at once. A
    night that is still at work when the next should begin is left to end.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    log = structlog.get_logger("simak.schedule")
    night, alerts = _Command(log, NIGHTLY), _Command(log, "alert", "run")
    zone = ZoneInfo(settings.timezone)
    scheduler = BlockingScheduler(timezone=zone)
    scheduler.add_job(
        night.run,
        "cron",
        hour=at[0],
        minute=at[1],
        # One at a time; a laptop that wakes up late has one to catch up, not three.
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.add_job(alerts.run, "interval", minutes=ALERT_MINUTES, max_instances=1, coalesce=True)
    if _was_missed(settings, at, datetime.now(zone)):
        log.info("a night was missed: it is caught up now")
        scheduler.add_job(night.run)

    def stop(*_: Any) -> None:
        night.stop()
        alerts.stop()
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(
        f"A night begins every day at {at[0]:02}:{at[1]:02} ({settings.timezone}).", err=True
    )
    scheduler.start()


def last_hour(at: tuple[int, int], now: datetime) -> datetime:
    """Return when a night should have begun last.

    Example:
        >>> last_hour((2, 0), datetime(2026, 6, 1, 1, 30, tzinfo=ZoneInfo("Asia/Jakarta"))).day
        31
    """
    today = now.replace(hour=at[0], minute=at[1], second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def _was_missed(settings: Settings, at: tuple[int, int], now: datetime) -> bool:
    from store.runs import last_run

    with opened(settings) as store:
        last = last_run(store, NIGHTLY, kind=NIGHTLY)
    # A first start waits for its hour: nothing was promised before.
    return last is not None and last.started_at < last_hour(at, now).astimezone(UTC)


class _Command:
    """Runs a command in a process of its own, whose memory is given back and whose end is seen."""

    def __init__(self, log: Any, *arguments: str) -> None:
        self._log, self._arguments, self._stopped = log, arguments, False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        if self._stopped:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simak", *self._arguments], env=os.environ
        )
        code = self._process.wait()
        self._log.info("ended", command=" ".join(self._arguments), exit_code=code)

    def stop(self) -> None:
        """End the one at work; what it has stored stays, the next one goes on."""
        self._stopped = True
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
