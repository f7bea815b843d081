"""A store as it is at one moment, in an SQLite file of its own, while others go on writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from simak.errors import StoreError
from store.engine import Store, open_store
from store.transfer import Advance, copy_snapshot

_OURS = """SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN
    ('alembic_version', 'lease') AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'mention_search%'
    ORDER BY name"""


def take_snapshot(store: Store, path: Path, *, advance: Advance = lambda rows: None) -> None:
    """Write the store, as it is now, into a new SQLite file; nobody waits for it.

    SQLite writes its own copy: as it reads every page, a damaged one is found, and what was
    erased, which lies in the pages between until they are used again, is left behind. Of
    PostgreSQL every row is copied in one transaction and compared.

    Args:
        advance: called with rows as they are copied from PostgreSQL, and again as they are
            compared.

    Raises:
        StoreError: the store is damaged, or the disk full.
    """
    if store.is_sqlite:
        with store.read() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM INTO ?", (str(path),))
    else:
        with closing(open_store(f"sqlite:///{path}", zone=str(store.zone))) as target:
            copy_snapshot(store, target, advance=advance)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
        # Who was at work then is not at work on the copy.
        connection.execute("DELETE FROM lease")


def count_tables(path: Path) -> dict[str, int]:
    """Return the rows of each table in a snapshot, of whatever revision it is.

    Raises:
        StoreError: it is no SQLite file, or a damaged one.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            names = [name for (name,) in connection.execute(_OURS)]
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in names
            }
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def revision_of(path: Path) -> str:
    """Return the revision of the tables in a snapshot."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found
