from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.collectors.replay import Replay, replaying


@pytest.fixture
def replay() -> Iterator[Replay]:
    """A loopback server that answers what a test tells it to."""
    with replaying() as server:
        yield server


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the code under test wanted to sleep, each time; nobody does."""
    taken: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=taken.append))
    monkeypatch.setattr("prawcore.sessions.FiniteRetryStrategy.sleep", lambda _: None)
    return taken


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a service's limit of requests a minute, which is tested for itself."""
    monkeypatch.setattr("collectors.http.Pace.take", lambda _: None)
