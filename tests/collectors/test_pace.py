from __future__ import annotations

from typing import Any

import pytest

from collectors import pace
from collectors.http import HttpClient
from collectors.job import Job
from collectors.pace import Pace
from collectors.runner import collect
from collectors.sources.rss import RssSource
from simak.errors import RetryLater
from store.engine import Store
from tests.collectors.conformance import PRIVACY
from tests.collectors.replay import Answer, Replay, recording
from tests.collectors.test_rss_conformance import RSS


@pytest.fixture
def unhurried() -> None:
    """These tests are about the hurry."""


def test_no_more_than_so_many_in_any_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    taken: list[float] = []

    def rest(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(pace.time, "monotonic", lambda: now)
    limit = Pace(10, rest=rest)
    for _ in range(35):
        limit.take()
        taken.append(now)
        now += 0.5
    assert len(taken) == 35
    for start in taken:
        assert sum(start <= at < start + 60 for at in taken) <= 10
    assert taken[-1] - taken[0] < 4 * 61


def test_without_a_limit_nobody_waits() -> None:
    rests: list[float] = []
    limit = Pace(None, rest=rests.append)
    for _ in range(1_000):
        limit.take()
    assert rests == []


def test_a_client_keeps_to_the_limit(replay: Replay, naps: list[float]) -> None:
    replay.serve({"GET /a": Answer(b"ya")})
    with HttpClient(pace=Pace(2)) as http:
        for _ in range(3):
            http.get(f"{replay.url}/a")
    assert len(naps) == 1
    assert 55 < naps[0] <= 61


def test_a_source_out_of_time_makes_no_request(replay: Replay) -> None:
    replay.serve({"GET /a": Answer(b"ya")})
    with HttpClient(seconds=0) as http, pytest.raises(RetryLater, match="all the minutes"):
        http.get(f"{replay.url}/a")
    assert replay.asked == []


def test_sources_of_one_service_share_its_limit(
    sqlite_store: Store, replay: Replay, naps: list[float]
) -> None:
    replay.serve({"GET /kabar.xml": Answer(recording("rss/kabar.xml"), headers=RSS)})

    def job(name: str, **wishes: Any) -> Job:
        options = {"url": f"{replay.url}/kabar.xml"}
        return Job(source=RssSource(name=name, brand="Senandika", options=options), **wishes)

    jobs = [job("a", per_minute=1), job("b", per_minute=1), job("c", per_minute=2), job("d")]
    collect(sqlite_store, jobs, privacy=PRIVACY)
    assert len(naps) == 1  # between a and b, which were given the same limit
