"""What each run asked for, got, skipped and missed; where each source stands; who is at work."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psutil
from sqlalchemy import Connection, delete, func, insert, select, update

from simak.errors import StoreBusy, StoreError
from simak.reasons import KEPT_OUT
from store.engine import Store
from store.mentions import Saved
from store.tables import bad_record, cursor, lease, run

LEASE_SECONDS = 600
"""A holder that has not renewed its lease for this long is taken to be dead."""

RUNNING, DONE, FAILED, INTERRUPTED = "running", "done", "failed", "interrupted"

FRESH = timedelta(hours=36)
STALE = timedelta(days=7)
"""A source that is collected is fresh, late or stale by the time since its last success."""

WAITING = "waiting"
"""Never stored: of a source that is not asked before the time its service named."""


@dataclass(slots=True)
class Run:
    """One run of a source, an import or a tagging.

    Attributes:
        source: configured name of the source, or the file's name.
        kind: `collect`, `import`, `tag` or `nightly`.
        brand: whose mentions it brings; None where the records say it, and of what is of no brand.
        status: `running`, `done`, `failed` or `interrupted`.
        asked: what was asked for, in words.
        got: records received, before any was skipped.
        skipped: reason to count.
        notes: what was missed and other remarks, in words.
        error: what ended it, with what to do.
        retry_at: when the service said to come back.
        quota_left: what the service still gives until it counts anew; None where not known.
    """

    source: str
    kind: str
    asked: str
    started_at: datetime
    id: int = 0
    finished_at: datetime | None = None
    status: str = RUNNING
    got: int = 0
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    retry_at: datetime | None = None
    quota_left: int | None = None
    brand: str | None = None

    def add(self, saved: Saved) -> None:
        """Count what a page brought."""
        self.new += saved.new
        self.edited += saved.edited
        self.unchanged += saved.unchanged
        self.deleted += saved.deleted
        if saved.kept_out:
            self.skip(KEPT_OUT, saved.kept_out)

    def skip(self, reason: str, count: int = 1) -> None:
        """Count records that were left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + count


def start_run(
    store: Store, *, source: str, kind: str, asked: str, now: datetime, brand: str | None = None
) -> Run:
    """Record that a run begins; a run of the same source left `running` was interrupted.

    Args:
        brand: whose mentions it brings, where that is known.
    """
    begun = Run(source, kind, asked, now, brand=brand)
    with store.write() as connection:
        connection.execute(
            update(run)
            .where(run.c.source == source, run.c.kind == kind, run.c.status == RUNNING)
            .values(status=INTERRUPTED, finished_at=now)
        )
        begun.id = connection.execute(
            insert(run).values(_values(begun)).returning(run.c.id)
        ).scalar_one()
    return begun


def save_run(connection: Connection, record: Run) -> None:
    """Write the run as it stands, in the caller's transaction."""
    connection.execute(update(run).where(run.c.id == record.id).values(_values(record)))


def day_run(
    store: Store,
    connection: Connection,
    *,
    source: str,
    asked: str,
    now: datetime,
    brand: str | None = None,
) -> Run:
    """Return the collecting run of a source that is sent to, to add to; one is kept for each day.

    It is done at any time, as of `now`, and held until the caller's transaction ends.
    """
    row = (
        connection.execute(
            select(run)
            .where(run.c.source == source, run.c.kind == "collect", run.c.status == DONE)
            .order_by(run.c.id.desc())
            .limit(1)
            .with_for_update()
        )
        .mappings()
        .first()
    )
    today = now.astimezone(store.zone).date()
    if row is not None and row["started_at"].astimezone(store.zone).date() == today:
        found = Run(**row)
        found.asked, found.finished_at = asked, now
        return found
    begun = Run(source, "collect", asked, now, finished_at=now, status=DONE, brand=brand)
    begun.id = connection.execute(
        insert(run).values(_values(begun)).returning(run.c.id)
    ).scalar_one()
    return begun


def runs(store: Store, *, limit: int = 200) -> list[Run]:
    """Return the latest runs, newest first."""
    with store.read() as connection:
        rows = connection.execute(select(run).order_by(run.c.id.desc()).limit(limit)).mappings()
        return [Run(**row) for row in rows]


def runs_started(store: Store, start: datetime, end: datetime) -> list[Run]:
    """Return the runs that started in [start, end), in the order they did."""
    within = (run.c.started_at >= start, run.c.started_at < end)
    with store.read() as connection:
        rows = connection.execute(select(run).where(*within).order_by(run.c.id)).mappings()
        return [Run(**row) for row in rows]


def last_run(store: Store, source: str, *, kind: str = "collect") -> Run | None:
    """Return the last run of a source; None where it never ran."""
    with store.read() as connection:
        row = (
            connection.execute(
                select(run)
                .where(run.c.source == source, run.c.kind == kind)
                .order_by(run.c.id.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        return None if row is None else Run(**row)


def first_started(store: Store, source: str) -> datetime | None:
    """Return when a source was collected for the first time; None where it never was."""
    with store.read() as connection:
        found: datetime | None = connection.scalar(
            select(func.min(run.c.started_at)).where(
                run.c.source == source, run.c.kind == "collect"
            )
        )
        return found


def latest_runs(store: Store) -> list[tuple[Run, datetime | None]]:
    """Return the latest run of each source and kind, with the time of its last success."""
    newest = select(func.max(run.c.id).label("id")).group_by(run.c.source, run.c.kind).subquery()
    success = (
        select(run.c.source, run.c.kind, func.max(run.c.finished_at).label("success"))
        .where(run.c.status == DONE)
        .group_by(run.c.source, run.c.kind)
        .subquery()
    )
    with store.read() as connection:
        rows = connection.execute(
            select(run, success.c.success)
            .join(newest, newest.c.id == run.c.id)
            .outerjoin(success, (success.c.source == run.c.source) & (success.c.kind == run.c.kind))
            .order_by(run.c.id.desc())
        ).mappings()
        return [
            (Run(**{key: row[key] for key in run.c.keys()}), row["success"])  # noqa: SIM118
            for row in rows
        ]


def save_bad_records(
    connection: Connection, run_id: int, records: Sequence[tuple[str, str]]
) -> None:
    """Keep (reason, record) pairs for inspection, in the caller's transaction."""
    if records:
        connection.execute(
            insert(bad_record),
            [{"run_id": run_id, "reason": r, "record": text} for r, text in records],
        )


def count_bad_records(connection: Connection, run_id: int) -> int:
    """Return how many records a run has kept for inspection."""
    counted = select(func.count()).where(bad_record.c.run_id == run_id)
    return connection.execute(counted).scalar_one()


def bad_records(store: Store, run_id: int, *, limit: int = 50) -> list[tuple[str, str]]:
    """Return (reason, record) of what a run could not read."""
    with store.read() as connection:
        return [
            (row.reason, row.record)
            for row in connection.execute(
                select(bad_record.c.reason, bad_record.c.record)
                .where(bad_record.c.run_id == run_id)
                .order_by(bad_record.c.id)
                .limit(limit)
            )
        ]


def get_cursor(store: Store, source: str) -> dict[str, Any]:
    """Return where a source stands; `{}` before its first page."""
    with store.read() as connection:
        return connection.scalar(select(cursor.c.value).where(cursor.c.source == source)) or {}


def set_cursor(
    connection: Connection, source: str, value: Mapping[str, Any], now: datetime
) -> None:
    """Write where a source stands, in the transaction that stores its mentions."""
    connection.execute(delete(cursor).where(cursor.c.source == source))
    connection.execute(insert(cursor).values(source=source, value=dict(value), updated_at=now))


class Lease:
    """The right to be the one pipeline at work; renewed as it goes."""

    def __init__(self, store: Store, name: str, holder: str) -> None:
        self._store, self._name, self._holder = store, name, holder

    def renew(self) -> None:
        """Hold on to it for another `LEASE_SECONDS`.

        Raises:
            StoreError: another process has taken it over.
        """
        with self._store.write() as connection:
            held = connection.execute(
                update(lease)
                .where(lease.c.name == self._name, lease.c.holder == self._holder)
                .values(expires_at=_expiry())
            )
            if held.rowcount == 0:
                raise StoreError("another process has taken this run over: this one stops")


@contextmanager
def hold_lease(store: Store, name: str = "pipeline") -> Iterator[Lease]:
    """Be the only one that collects, imports or tags, until the block ends.

    A lease whose process is dead (on this machine), or that has run out, is taken over.

    Raises:
        StoreBusy: another process holds it; names it.
    """
    holder = own_name()
    with store.write() as connection:
        other = connection.execute(select(lease).where(lease.c.name == name)).first()
        if other is not None:
            left = (other.expires_at - datetime.now(UTC)).total_seconds()
            # One that lasts longer than any does is of a clock that was ahead, and tells nothing.
            if 0 < left <= 2 * LEASE_SECONDS and not is_dead(other.holder):
                raise StoreBusy(
                    f"another run is at work on this store ({other.holder.rsplit(':', 1)[0]}); "
                    "wait until it ends"
                )
            connection.execute(delete(lease).where(lease.c.name == name))
        connection.execute(insert(lease).values(name=name, holder=holder, expires_at=_expiry()))
    try:
        yield Lease(store, name, holder)
    finally:
        with store.write() as connection:
            connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def _expiry() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS)


def own_name() -> str:
    """Return a name for what this process does, by which `is_dead` tells whether it still does."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def is_dead(holder: str) -> bool:
    """Whether the process that took a name (`own_name`) on this machine has ended.

    One that was killed and that its parent has not taken note of has ended too: where nobody is
    there to do so, as in many a container, it stays for good.

    Example:
        >>> is_dead(own_name())
        False
    """
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        return psutil.Process(int(pid)).status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _values(record: Run) -> dict[str, Any]:
    return {key: getattr(record, key) for key in run.c.keys() if key != "id"}  # noqa: SIM118
