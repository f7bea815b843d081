"""Brings a store to the version of this code, by Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select, text

from simak.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

    from store.engine import Store

HEAD = "0015"
"""The revision this code reads and writes. A test holds it to Alembic's own head."""

_LOCK = 0x51_4D_41_4B
"""Names to PostgreSQL what those wait for who open an old store at once."""

_ONE_AT_A_TIME = Lock()
"""Alembic knows one upgrade in a process."""


def current(connection: Connection) -> str | None:
    """Return the store's revision; None where it is empty.

    Raises:
        StoreError: the database holds tables that are not Simak's.
    """
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if "mention" in names:
        raise StoreError("this database has a table 'mention' that Simak did not make; use another")
    return None


def upgrade(store: Store) -> None:
    """Create the tables or bring them to `HEAD`; nothing to do is the fast, usual case.

    Raises:
        StoreError: a newer Simak wrote the store.
    """
    with store.read() as connection:
        revision = current(connection)
    if revision == HEAD:
        return
    # Alembic takes 0.3 s to import, which every command would pay.
    from alembic import command

    if revision is not None and not is_known(revision):
        raise StoreError(
            f"the store {store.url} was written by a newer Simak (its version is {revision}, "
            f"this one knows up to {HEAD}): upgrade Simak"
        )
    with _ONE_AT_A_TIME, store.write() as connection:
        if not store.is_sqlite:  # where who writes does not wait for who else does
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_known(revision: str) -> bool:
    """Whether this code can bring a store of a revision to `HEAD`; of a newer one it cannot."""
    return revision == HEAD or revision in _known()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@cache
def _known() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())
