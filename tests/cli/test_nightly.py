from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simak.cli.nightly import ROUNDS, last_of_each, run_night
from simak.cli.schedule import last_hour
from simak.errors import ModelError
from simak.settings import load_settings
from store import runs
from store.engine import open_store
from store.filter import Filter
from store.lists import list_mentions
from tests.cli.conftest import Simak
from tests.collectors.replay import Answer, Replay, replaying
from tests.collectors.test_rss_conformance import RSS, recording

SOURCE = '[[source]]\nname = "{}"\ntype = "rss"\nbrand = "Senandika"\nurl = "{}"\n'


@pytest.fixture
def service() -> Any:
    with replaying() as replay:
        replay.serve(
            {
                "GET /kabar.xml": Answer(recording("rss/kabar.xml"), headers=RSS),
                "GET /tutup.xml": Answer(status=403),
            }
        )
        yield replay


@pytest.fixture
def set_up(folder: Path, service: Replay) -> Callable[..., None]:
    def write(*feeds: str) -> None:
        (folder / "simak.toml").write_text(
            "".join(SOURCE.format(feed, f"{service.url}/{feed}.xml") for feed in feeds)
        )

    return write


def test_a_night_collects_tags_and_checks(
    simak: Simak, set_up: Callable[..., None], folder: Path
) -> None:
    set_up("kabar")
    result = simak("nightly", "--json")
    assert result.exit_code == 0, result.output
    night = json.loads(result.stdout)
    assert night["good"] is True
    assert night["night"]["sources"][0]["new"] > 0
    assert night["night"]["tagged"] == night["night"]["sources"][0]["new"]
    assert {check["part"] for check in night["night"]["checks"]} == {
        "settings", "store", "sources", "alerts", "disk",
    }  # fmt: skip
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    assert all(row.model for row in list_mentions(store, Filter()))
    record = runs.last_run(store, "nightly", kind="nightly")
    assert record is not None
    assert (record.status, record.new) == (runs.DONE, night["night"]["tagged"])
    store.close()
    again = json.loads(simak("nightly", "--json").stdout)
    assert (again["good"], again["night"]["tagged"]) == (True, 0)


def test_a_failing_source_is_named_and_the_rest_is_done(
    simak: Simak, set_up: Callable[..., None], folder: Path
) -> None:
    set_up("tutup", "kabar")
    result = simak("nightly")
    assert result.exit_code == 1
    assert "tutup" in result.stderr
    assert "refuses access (403)" in result.stderr
    assert "Not all went well." in result.stdout
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    assert all(row.model for row in list_mentions(store, Filter()))
    record = runs.last_run(store, "nightly", kind="nightly")
    assert record is not None
    assert record.status == runs.FAILED
    assert record.error is not None
    assert record.error.count("(403)") == 1
    store.close()


@pytest.mark.parametrize(
    ("step", "error", "told"),
    [
        ("tag_all", ModelError("the model is gone"), {"tag": "the model is gone"}),
        ("find_all", KeyError("x"), {"themes": "a mistake in the code: KeyError('x')"}),
    ],
)
def test_a_step_that_fails_stops_no_other(
    simak: Simak,
    set_up: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: Exception,
    told: dict[str, str],
) -> None:
    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr(f"simak.cli.nightly.{step}", broken)
    set_up("kabar")
    result = simak("nightly", "--json")
    assert result.exit_code == 1
    night = json.loads(result.stdout)["night"]
    assert night["failed"] == told
    assert night["sources"][0]["status"] == "done"
    assert night["checks"]


def test_a_service_that_says_when_to_come_back_is_come_back_to(
    set_up: Callable[..., None], service: Replay, folder: Path
) -> None:
    now = datetime(2026, 6, 1, 2, tzinfo=UTC)
    busy = Answer(status=429, headers={"Retry-After": "150"})
    later = Answer(status=429, headers={"Retry-After": "7200"})
    page = Answer(recording("rss/kabar.xml"), headers=RSS)
    service.serve({"GET /kabar.xml": [busy, busy, page], "GET /lama.xml": later})
    set_up("kabar", "lama")
    (folder / "data").mkdir()
    settings = load_settings()
    store = open_store(settings.store_url)
    rests: list[float] = []

    def rest(seconds: float) -> None:
        nonlocal now
        rests.append(seconds)
        now += timedelta(seconds=seconds)

    with runs.hold_lease(store) as lease:
        night = run_night(store, settings, lease, now=lambda: now, rest=rest)
    assert [(run.source, run.status) for run in night.sources] == [
        ("kabar", runs.FAILED), ("lama", runs.FAILED), ("kabar", runs.FAILED), ("kabar", runs.DONE),
    ]  # fmt: skip
    assert rests == [60, 60, 30, 60, 60, 30]
    assert [run.source for run in last_of_each(night.sources) if run.status != runs.DONE] == [
        "lama"
    ]
    assert not night.is_good  # one is left for the next night
    store.close()


def test_a_service_that_is_always_busy_is_left_at_last(
    set_up: Callable[..., None], service: Replay, folder: Path
) -> None:
    busy = Answer(status=429, headers={"Retry-After": "70"})
    service.serve({"GET /kabar.xml": busy})
    set_up("kabar")
    (folder / "data").mkdir()
    store = open_store(load_settings().store_url)
    now = datetime(2026, 6, 1, 2, tzinfo=UTC)

    def rest(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)

    with runs.hold_lease(store) as lease:
        night = run_night(store, load_settings(), lease, now=lambda: now, rest=rest)
    assert len(night.sources) == ROUNDS
    store.close()


def test_without_sources_the_rest_is_done(simak: Simak, reviews: str) -> None:
    simak("import", reviews, "--brand", "A")
    night = json.loads(simak("nightly", "--json").stdout)
    assert (night["good"], night["night"]["tagged"]) == (True, 3)


def test_two_nights_at_once_are_refused(simak: Simak, folder: Path) -> None:
    store = (
        open_store(f"sqlite:///{folder}/data/simak.db")
        if (folder / "data").mkdir() is None
        else None
    )
    assert store is not None
    with runs.hold_lease(store):
        result = simak("nightly")
    assert result.exit_code == 3
    assert "another run is at work" in result.stderr
    assert runs.runs(store) == []
    store.close()


def test_the_log_is_json_where_nobody_watches(simak: Simak, set_up: Callable[..., None]) -> None:
    set_up("kabar")
    lines = [json.loads(line) for line in simak("nightly").stderr.splitlines() if line[:1] == "{"]
    assert [line["step"] for line in lines if line["event"] == "begins"] == [
        "collect",
        "tag",
        "expire",
        "themes",
        "check",
        "alerts",
    ]
    assert all(line["timestamp"] and line["level"] for line in lines)


def test_the_hour_a_night_should_have_begun() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    before, after = (
        datetime(2026, 6, 1, 1, 59, tzinfo=zone),
        datetime(2026, 6, 1, 2, 0, tzinfo=zone),
    )
    assert last_hour((2, 0), before) == datetime(2026, 5, 31, 2, tzinfo=zone)
    assert last_hour((2, 0), after) == after


@pytest.mark.parametrize("at", ["24:00", "2", "02:60", "pagi"])
def test_a_time_that_is_none_is_refused(simak: Simak, at: str) -> None:
    result = simak("schedule", "--at", at)
    assert result.exit_code == 2
    assert "no time of day" in result.output


def nights(folder: Path) -> int:
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    try:
        return sum(run.kind == "nightly" for run in runs.runs(store))
    finally:
        store.close()


@pytest.mark.parametrize(("age", "caught_up"), [(timedelta(days=2), True), (timedelta(0), False)])
def test_a_missed_night_is_caught_up(
    set_up: Callable[..., None], folder: Path, age: timedelta, caught_up: bool
) -> None:
    set_up("kabar")
    (folder / "data").mkdir()
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    now = datetime.now(UTC)
    runs.start_run(store, source="nightly", kind="nightly", asked="", now=now - age)
    store.close()
    hour = (now.astimezone(ZoneInfo("Asia/Jakarta")) - timedelta(minutes=1)).strftime("%H:%M")
    before = nights(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "simak", "schedule", "--at", hour],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stderr is not None
    try:
        assert any("A night begins every day" in line for line in iter(process.stderr.readline, ""))
        deadline = time.monotonic() + (60 if caught_up else 3)
        while nights(folder) == before and time.monotonic() < deadline:
            time.sleep(0.2)
        assert nights(folder) == before + caught_up
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
