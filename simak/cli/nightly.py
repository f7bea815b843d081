"""`simak nightly`: all that a night brings, one after the other, and a summary of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep

import click
import structlog

from simak.cli.check import Finding, find, put_findings
from simak.cli.common import command, jobs_of, opened, privacy_of, put
from simak.cli.pipeline import put_runs, tag_all
from simak.cli.retention import retention_of
from simak.cli.themes import find_all
from simak.errors import SimakError, StoreBusy
from simak.settings import Settings
from store.engine import Store
from store.expiry import Expired
from store.runs import DONE, FAILED, WAITING, Lease, Run, hold_lease, save_run, start_run

NIGHTLY = "nightly"
"""Source and kind of a night's own run record."""

BUSY = 3
"""Exit code where another run is at work."""

PATIENCE = timedelta(minutes=30)
"""A service that says when to come back is come back to the same night, if that is this soon."""

ROUNDS = 6
"""How often a night comes to a source at most."""


@dataclass(slots=True)
class Night:
    """What a night brought.

    Attributes:
        sources: every run of a source, in their order; several of one that said when to come back.
        tagged: mentions tagged.
        repeats: mentions that only repeat what others wrote, in the whole store.
        expired: what was erased as older than is kept.
        themes: what complaints and praise are about, in the whole store.
        checks: what is worth knowing of the set-up afterwards.
        alerts: how many are new.
        channels: those that did not take a message, with why.
        failed: the steps that did not come to their end, with why.
    """

    began: datetime
    ended: datetime | None = None
    sources: list[Run] = field(default_factory=list)
    tagged: int = 0
    repeats: int = 0
    expired: Expired = field(default_factory=Expired)
    themes: int = 0
    checks: list[Finding] = field(default_factory=list)
    alerts: int = 0
    channels: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether all went well; a source that was told to wait did."""
        return (
            not self.failed
            and not self.channels
            and all(run.status in (DONE, WAITING) for run in last_of_each(self.sources))
            and all(finding.state != "wrong" for finding in self.checks)
        )


@command("simak nightly")
def nightly(settings: Settings, as_json: bool) -> None:
    """Collect from all sources, tag, count, erase what is old, check and alert: what a scheduler
    runs every night.

    What one night misses the next catches up. Exit code 0: all went well; 1: something did not,
    and the summary says what; 3: another run is at work, nothing was done.
    """
    with opened(settings) as store:
        try:
            with hold_lease(store) as lease:
                night = run_night(store, settings, lease)
        except StoreBusy as error:
            click.secho(f"simak: {error}", fg="red", err=True)
            sys.exit(BUSY)
    if as_json:
        put({"good": night.is_good, "night": night})
    else:
        _put_night(night)
    sys.exit(0 if night.is_good else 1)


def last_of_each(runs: Iterable[Run]) -> list[Run]:
    """Return the last run of each source."""
    return list({run.source: run for run in runs}.values())


def run_night(
    store: Store,
    settings: Settings,
    lease: Lease,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    rest: Callable[[float], None] = sleep,
) -> Night:
    """Do each step; one that fails stops no other.

    Args:
        now: the clock, aware UTC.
        rest: waits so many seconds.
    """
    from alerts.run import run_alerts
    from collectors.runner import collect
    from store.copies import count_repeats
    from store.expiry import expire

    log = structlog.get_logger("simak.nightly")
    night = Night(now())
    record = start_run(
        store,
        source=NIGHTLY,
        kind=NIGHTLY,
        asked="collect, tag, expire, themes, check, alerts",
        now=night.began,
    )

    def step(name: str, work: Callable[[], None]) -> None:
        lease.renew()
        log.info("begins", step=name)
        try:
            work()
        except SimakError as error:
            night.failed[name] = str(error)
            log.error("failed", step=name, error=str(error))
        except Exception as error:  # a mistake in one step's code stops no other step
            night.failed[name] = f"a mistake in the code: {error!r}"
            log.exception("failed", step=name)
        else:
            log.info("ended", step=name)

    def collecting() -> None:
        due = jobs_of(settings) if settings.sources else []
        for _ in range(ROUNDS):
            runs = collect(
                store, due, privacy=privacy_of(settings), lease=lease, patient=True, now=now
            )
            night.sources += runs
            times = {run.source: run.retry_at for run in runs if _is_soon(run, now())}
            due = [job for job in due if job.source.name in times]
            if not due:
                return
            until = max(time for time in times.values() if time is not None)
            log.info("waits for services that said when to come back", sources=sorted(times))
            _wait((until - now()).total_seconds(), lease, rest)

    def tagging() -> None:
        night.tagged = tag_all(store, settings, lease).new
        night.repeats = count_repeats(store)

    def finding() -> None:
        night.themes = sum(one.themes for one in find_all(store, settings, lease))

    def checking() -> None:
        night.checks = find(settings, ("settings", "store", "sources", "alerts", "disk"))

    def alerting() -> None:
        try:
            done = run_alerts(store, settings, now=now, rest=rest)
        except StoreBusy:
            log.info("another run looks for alerts and sends them")
        else:
            night.alerts, night.channels = len(done.alerts), done.delivered.failed

    step("collect", collecting)

    def expiring() -> None:
        retention = retention_of(settings)
        night.expired = expire(store, retention, now=now(), renew=lease.renew)

    step("tag", tagging)
    # After what is new was read, and before anything is made of what is too old.
    step("expire", expiring)
    step("themes", finding)
    step("check", checking)
    step("alerts", alerting)
    night.ended = now()
    record.status = DONE if night.is_good else FAILED
    record.finished_at = night.ended
    record.got = sum(run.got for run in night.sources)
    record.new = sum(run.new for run in night.sources)
    record.error = "; ".join(_troubles(night)) or None
    with store.write() as connection:
        save_run(connection, record)
    log.info("night ended", good=night.is_good, new=record.new, tagged=night.tagged)
    return night


def _is_soon(run: Run, now: datetime) -> bool:
    return run.status == FAILED and run.retry_at is not None and run.retry_at - now <= PATIENCE


def _wait(seconds: float, lease: Lease, rest: Callable[[float], None]) -> None:
    while seconds > 0:
        rest(min(seconds, 60.0))
        seconds -= 60.0
        lease.renew()


def _troubles(night: Night) -> list[str]:
    return [
        *(f"{step}: {why}" for step, why in night.failed.items()),
        *(
            f"{run.source}: {run.error}"
            for run in last_of_each(night.sources)
            if run.status == FAILED
        ),
        *(f"channel {name}: {why}" for name, why in night.channels.items()),
        *(
            finding.message
            for finding in night.checks
            # What a source failed of stands there already.
            if finding.state == "wrong" and finding.part != "sources"
        ),
    ]


def _put_night(night: Night) -> None:
    if night.sources:
        put_runs(night.sources, as_json=False)
    click.echo(f"\n{night.tagged} mentions tagged, {night.repeats} repeat what others wrote")
    if night.expired != Expired():
        click.echo(f"{night.expired.mentions} mentions erased as older than is kept")
    click.echo(f"{night.themes} themes")
    click.echo(f"{night.alerts} new alerts")
    for name, why in night.channels.items():
        click.secho(f"channel {name}: {why}", fg="red", err=True)
    for name, why in night.failed.items():
        click.secho(f"{name} failed: {why}", fg="red", err=True)
    put_findings(night.checks)
    click.echo("All went well." if night.is_good else "Not all went well.")
