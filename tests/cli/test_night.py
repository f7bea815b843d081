"""A bad night loses nothing: after the next good one all is as if it had never been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from store import rollups
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from tests.cli.night import conformances
from tests.collectors.conformance import HttpConformance, rows
from tests.collectors.replay import Answer, Asked, Replay, Routes, replaying

SOURCES = 20


def hangs(_: Answer, __: Answer) -> Answer | Callable[[Asked], Answer]:
    def wait(_: Asked) -> Answer:
        time.sleep(0.7)  # longer than the client waits
        return Answer(b"too late")

    return wait


def half(page: Answer, _: Answer) -> Answer:
    return Answer(page.body[: len(page.body) // 2], headers=page.headers)


FAULTS: dict[str, Callable[[Answer, Answer], Any]] = {
    "busy": lambda *_: Answer(status=429, headers={"Retry-After": "3600"}),
    "broken": lambda *_: Answer(b"<html>", status=500),
    "a web page": lambda *_: Answer(b"<!doctype html><title>Masuk</title>"),
    "half": half,
    "cut off": lambda page, _: Answer(page.body, headers=page.headers, cut=True),
    "always the first page": lambda _, first: first,
    "hangs": hangs,
}


def faulty(test: HttpConformance, fault: str, *, from_the_start: bool) -> Routes:
    """The routes of a service in a bad night: every page is wrong, or all but the first."""
    routes = dict(test.routes("first"))
    first = routes[test.first_page()]
    assert isinstance(first, Answer)
    for name, answer in routes.items():
        if test.is_page(name) and (from_the_start or name != test.first_page()):
            page = answer if isinstance(answer, Answer) else Answer(b"{}")
            routes[name] = FAULTS[fault](page, first)
    return routes


@pytest.fixture
def services() -> Iterator[dict[str, tuple[HttpConformance, Replay]]]:
    """Twenty sources, of as many types as there are, each with a service of its own."""
    kinds = list(conformances().items())
    with ExitStack() as stack:
        made = {}
        for n in range(SOURCES):
            name, kind = kinds[n % len(kinds)]
            if n < len(kinds):
                made[name] = (kind(), stack.enter_context(replaying()))
        yield made


def night(store: str, number: int, services: dict[str, tuple[HttpConformance, Replay]]) -> Any:
    process = begin(store, number, services)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    return json.loads(said.splitlines()[-1])  # above it is the log


def begin(
    store: str, number: int, services: dict[str, tuple[HttpConformance, Replay]]
) -> subprocess.Popen[str]:
    addresses = {name: replay.url for name, (_, replay) in services.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.night", store, str(number), json.dumps(addresses)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def said(store: Store) -> list[dict[str, Any]]:
    """All of the mentions but when they came and went."""
    return [
        {**row, "collected_at": None, "deleted_at": row["deleted_at"] is not None}
        for row in sorted(rows(store), key=lambda row: (row["source"], row["external_id"]))
    ]


def tagged(store: Store) -> dict[tuple[str, str], tuple[str, bool]]:
    found = list_mentions(store, Filter(), limit=10_000)
    return {(row.source, row.external_id): (row.sentiment, row.complaint) for row in found}


def test_a_bad_night_with_two_kills_is_made_good_by_the_next(
    services: dict[str, tuple[HttpConformance, Replay]], tmp_path: Path
) -> None:
    undisturbed, disturbed = (f"sqlite:///{tmp_path / n / 'simak.db'}" for n in ("good", "bad"))
    for folder in ("good", "bad"):
        (tmp_path / folder).mkdir()
    for test, replay in services.values():
        replay.serve(test.routes("first"))
    for number in (0, 1):
        assert night(undisturbed, number, services) == {"failed": {}, "steps": {}, "tagged": ANY}
    good = open_store(undisturbed)

    faults = list(FAULTS)
    for n, (test, replay) in enumerate(services.values()):
        replay.serve(faulty(test, faults[n % len(faults)], from_the_start=n % 2 == 0))
    bad = open_store(disturbed)
    for enough in (1, 4):
        process = begin(disturbed, 0, services)
        deadline = time.monotonic() + 60
        while count(bad, Filter()).n < enough and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    outcome = night(disturbed, 0, services)
    assert len(outcome["failed"]) > len(services) / 2
    assert all("mistake in its code" not in error for error in outcome["failed"].values())
    assert said(bad) != said(good)

    for test, replay in services.values():
        replay.serve(test.routes("first"))
    assert night(disturbed, 1, services)["failed"] == {}
    assert said(bad) == said(good)
    assert tagged(bad) == tagged(good)
    assert rollups.verify(bad) == rollups.verify(good) > 0
    good.close()
    bad.close()
