from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.engine import Store, open_store
from tests.alerts.world import fill
from tests.stores import empty_store


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alerts") / "simak.db"
    store = empty_store(path)
    fill(store)
    store.close()
    return path


@pytest.fixture
def world(_filled: Path, tmp_path: Path) -> Iterator[Store]:
    """The store that `fill` makes, the test's own."""
    store = open_store(f"sqlite:///{shutil.copy(_filled, tmp_path)}")
    yield store
    store.close()
