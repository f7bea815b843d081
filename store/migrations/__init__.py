"""Brings a store to the version of this code, by Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from simak.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

    from store.engine import Store

HEAD = "0011"
"""The revision this code reads and writes. A test holds it to Alembic's own head."""


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

    if revision is not None and revision not in _known():
        raise StoreError(
            f"the store {store.url} was written by a newer Simak (its version is {revision}, "
            f"this one knows up to {HEAD}): upgrade Simak"
        )
    with store.write() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
