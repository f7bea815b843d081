"""Opens a store and hands out connections: SQLite by default, PostgreSQL by URL.

What differs between the two when connecting is here; what differs when searching is in
`store.search`. Nothing else in the project knows which one it talks to.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from simak.access import OWNER, Access
from simak.errors import ConfigurationError, NotAllowed, StoreError
from store import tables

ROWS_PER_WRITE = 200
"""Rows one transaction writes at most, so that a person's edit never waits long."""

WRITE_PAUSE = 0.002
"""Seconds a bulk writer rests between transactions, for the same reason."""

_BUSY_MS = 15_000
_POLL_SECONDS = 0.001

REBUILD = "rebuild"
"""The key in `meta` that is there while what is derived has to be derived anew."""

STATE = "state"
"""The key in `meta` of what every transaction changes."""

REFUSED = "your role does not allow this"
"""What the database says where somebody writes what is not theirs."""

_NAMED = tables.meta.c.key == STATE
_STATE = select(tables.meta.c.value).where(_NAMED)
_CHANGED = update(tables.meta).where(_NAMED).values(value=bindparam("value"))


@dataclass(frozen=True)
class Store:
    """An open store. Get one from `open_store`.

    Attributes:
        url: where it is, with any password hidden.
        zone: the zone whose days the rollups count in.
        access: what whoever has opened it may do; see `store.restricted`.
        writer: through which they write, where not through `engine`.
    """

    engine: Engine
    zone: ZoneInfo
    access: Access = OWNER
    writer: Engine | None = None

    @cached_property
    def url(self) -> str:
        """The store's address, fit to be shown."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the SQLite dialect."""
        return self.engine.dialect.name == "sqlite"

    @cached_property
    def profiles(self) -> dict[int, Any]:
        """What `store.speech.profiles` has read of this store so far, by id."""
        return {}

    @cached_property
    def hits(self) -> dict[tuple[str, Any], Any]:
        """What `store.hits` has found of late, by state and what was asked."""
        return {}

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state.

        Raises:
            StoreError: the database refused, with what to do.
        """
        with _plain_errors(self), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, undone by an exception.

        Raises:
            StoreError: read-only, full, locked or damaged, with what to do.
            NotAllowed: whoever has opened it may only read it, or not write what they did.
        """
        if not self.access.may("analyst"):
            raise NotAllowed(f"{REFUSED}: a viewer reads and changes nothing")
        engine = self.writer or self.engine
        with _plain_errors(self), engine.connect() as connection:
            writer = connection.execution_options(simak_write=True)
            with writer.begin():
                yield writer
                # Last, as the others that write on PostgreSQL wait for this row.
                writer.execute(_CHANGED, {"value": uuid4().hex})

    @contextmanager
    def alone(self) -> Iterator[Any]:
        """The driver's own connection, outside any transaction: for what must not be in one.

        Raises:
            StoreError: the database refused, with what to do.
        """
        with _plain_errors(self), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection.connection.driver_connection

    def state(self) -> str:
        """Return what is another once anybody has written: what was asked before may be kept.

        Example:
            >>> store = open_store("sqlite://")
            >>> before = store.state()
            >>> with store.write() as connection:
            ...     pass
            >>> store.state() == before
            False
        """
        with self.read() as connection:
            found: str = connection.scalars(_STATE).one()
            return found

    def pause(self) -> None:
        """Let others write; called by bulk writers between their transactions."""
        if self.is_sqlite:
            time.sleep(WRITE_PAUSE)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self.writer is not None:
            self.writer.dispose()


def open_store(url: str, *, zone: str = "Asia/Jakarta", durable: bool = False) -> Store:
    """Open the store at `url`, creating or upgrading it where needed.

    Args:
        url: `sqlite:///path/to/simak.db` or `postgresql+psycopg://user@host/name`.
        zone: IANA name of the zone that days are counted in.
        durable: what was written outlives a power failure, for callers who cannot get it again;
            else SQLite may lose the last moments (never half a transaction).

    Raises:
        ConfigurationError: the URL, the driver or the zone is not known, or the store counts
            its days in another zone.
        StoreError: it cannot be reached, read or upgraded, or a newer Simak wrote it.

    Example:
        >>> store = open_store("sqlite://")
        >>> store.is_sqlite
        True
    """
    from store import migrations

    try:
        parsed, zone_info = make_url(url), ZoneInfo(zone)
        engine = create_store_engine(parsed, durable=durable)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigurationError(
            f"store URL {url!r} is not understood; write sqlite:///data/simak.db "
            "or postgresql+psycopg://user@host/name"
        ) from error
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"time zone {zone!r} is not known; write one such as Asia/Jakarta"
        ) from error
    store = Store(engine, zone_info)
    with _plain_errors(store):
        migrations.upgrade(store)
    with _plain_errors(store):
        _complete(store, zone)
    return store


def file_of(url: str) -> tuple[int, int] | None:
    """Return which file a store is in, by device and inode; None where there is none, or no file.

    Example:
        >>> file_of("sqlite://") is None
        True
    """
    try:
        parts = make_url(url)
        if parts.get_backend_name() != "sqlite" or not parts.database:
            return None
        found = Path(parts.database).stat()
    except (ArgumentError, OSError):
        return None
    return found.st_dev, found.st_ino


def create_store_engine(url: URL, *, durable: bool = False) -> Engine:
    """Return what connects to a store; see `open_store`."""
    if url.get_backend_name() != "sqlite":
        # To compile a question of a large store takes longer than to answer it.
        options = {"options": "-c timezone=UTC -c jit=off"}
        return create_engine(url, pool_pre_ping=True, connect_args=options)
    if url.database and url.database != ":memory:" and "uri" not in url.query:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of {url.database} cannot be made: {error}") from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: _on_begin does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("simak_write"):
            _take_write_lock(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "invalidate")
    def _on_invalidate(connection: Any, _record: Any, _error: BaseException | None) -> None:
        # After Ctrl+C in the middle of a statement SQLite closes a connection only once nobody
        # holds the statement, as the traceback does, and keeps its lock until then.
        with suppress(sqlite3.Error):
            connection.rollback()

    return engine


def _take_write_lock(connection: Connection) -> None:
    """Begin a transaction that writes, as soon as nobody else does.

    IMMEDIATE takes the lock at once: a reader that becomes a writer half-way can be refused
    however long it waits. SQLite's own waiting looks again ever more rarely, up to every 100 ms,
    and would miss the short rests of a bulk writer; this looks every millisecond.
    """
    driver: Any = connection.connection.driver_connection
    end = time.monotonic() + _BUSY_MS / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < end:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    break
            time.sleep(_POLL_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # for its error
    finally:
        driver.execute(f"PRAGMA busy_timeout={_BUSY_MS}")


def _complete(store: Store, zone: str) -> None:
    """Hold the store to its zone, and write what an upgrade has left to be derived anew."""
    with store.read() as connection:
        known = {row.key: row.value for row in connection.execute(select(tables.meta))}
    _hold_to_zone(store, zone, known.get("zone"))
    if REBUILD in known:
        from store.labels import rebuild
        from store.runs import hold_lease

        with hold_lease(store) as lease:
            rebuild(store, renew=lease.renew)


def _hold_to_zone(store: Store, zone: str, kept: str | None) -> None:
    if kept is None:
        with store.write() as connection:
            connection.execute(insert(tables.meta).values(key="zone", value=zone))
    elif kept != zone:
        with store.write() as connection:
            if connection.execute(select(tables.brand.c.id).limit(1)).first() is None:
                # Nothing has been counted by day yet.
                named = tables.meta.c.key == "zone"
                connection.execute(update(tables.meta).where(named).values(value=zone))
                return
        raise ConfigurationError(
            f"the store counts its days in {kept}, the settings say {zone}: set "
            f'[display] timezone = "{kept}", or import into a new store'
        )


_CUT_OFF = "was cut off: start PostgreSQL and run the command again; what was stored is safe"

_ADVICE = (
    ("readonly", "is read-only: give write access to the file and its folder, or use another --db"),
    ("read-only", "is read-only: give write access, or use another --db"),
    (
        "disk is full",
        "is on a full disk: free some space and run the command again; what was stored is safe",
    ),
    (
        "no space left",
        "is on a full disk: free some space and run the command again; what was stored is safe",
    ),
    ("disk i/o error", "cannot be read or written: check the disk"),
    ("database is locked", "is being written by another process: try again shortly"),
    ("malformed", "is damaged: restore it from a backup"),
    ("not a database", "is no Simak store (not an SQLite file): check --db"),
    ("unable to open", "cannot be opened: check that the path exists and may be written"),
    ("could not connect", "cannot be reached: is PostgreSQL running, and is the URL right?"),
    ("connection failed", "cannot be reached: is PostgreSQL running, and is the URL right?"),
    ("connection refused", "cannot be reached: is PostgreSQL running, and is the URL right?"),
    ("is the server running", "cannot be reached: is PostgreSQL running, and is the URL right?"),
    ("password authentication", "refuses the user or password in the URL"),
    *((sign, _CUT_OFF) for sign in ("starting up", "shutting down", "in recovery mode")),
)


@contextmanager
def _plain_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
        if REFUSED in reason or "violates check option" in reason:
            raise NotAllowed(f"{REFUSED}: ask an admin") from error
        for sign, advice in _ADVICE:
            if sign in reason.lower():
                raise StoreError(f"the store {store.url} {advice} ({reason})") from error
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise StoreError(f"the store {store.url} {_CUT_OFF} ({reason})") from error
        raise
