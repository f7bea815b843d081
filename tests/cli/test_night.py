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
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store import rollups
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.tables import brand, mention
from tests.cli.night import conformances
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Replay, Routes, replaying

SOURCES = 20

OWN = {"id", "collected_at", "deleted_at", "brand_id", "content_hash"}
"""Columns that say when, and by which number, not what; the hash is of these too."""


Services = dict[str, tuple[HttpConformance, Replay]]
"""The tests of a source, and its service, by a name and a number."""


def hangs(_: Answer, __: Answer) -> Answer:
    time.sleep(0.7)  # longer than the client waits
    return Answer(b"too late")


def half(page: Answer, _: Answer) -> Answer:
    return Answer(page.body[: len(page.body) // 2], headers=page.headers)


FAULTS: dict[str, Callable[[Answer, Answer], Answer]] = {
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
    routes = dict(test.steady())
    first = routes[test.first_page()]

    def answered(answer: Any, asked: Asked) -> Answer:
        given: Answer = answer(asked) if callable(answer) else answer
        return given if isinstance(given, Answer) else given[0]

    def wrong(answer: Any) -> Callable[[Asked], Answer]:
        return lambda asked: FAULTS[fault](answered(answer, asked), answered(first, asked))

    def is_wrong(name: str) -> bool:
        # No service gives the pages of one list for those of another.
        may_be = test.follows(name) or fault != "always the first page"
        return test.is_page(name) and may_be and (from_the_start or name != test.first_page())

    return {name: wrong(answer) if is_wrong(name) else answer for name, answer in routes.items()}


@pytest.fixture
def services() -> Iterator[Services]:
    """Twenty sources or more: one of each type, then a second brand's of some."""
    kinds = list(conformances().items())
    count = max(SOURCES, len(kinds))
    with ExitStack() as stack:
        yield {
            f"{name}:{n // len(kinds) + 1}": (kind(), stack.enter_context(replaying()))
            for n, (name, kind) in enumerate(islice(cycle(kinds), count))
        }


def night(store: str, number: int, services: Services) -> Any:
    process = begin(store, number, services)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    return json.loads(said.splitlines()[-1])  # above it is the log


def begin(store: str, number: int, services: Services) -> subprocess.Popen[str]:
    addresses = {name: replay.url for name, (_, replay) in services.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.night", store, str(number), json.dumps(addresses)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1", "SIMAK_AUTHOR_KEY": "kunci"},
    )


def said(store: Store) -> dict[tuple[str, str, str], dict[str, Any]]:
    """All of the mentions but when they came and went, and how the store numbers brands."""
    with store.read() as connection:
        found = connection.execute(
            select(mention, brand.c.name).join(brand, brand.c.id == mention.c.brand_id)
        ).mappings()
        return {
            (row["name"], row["source"], row["external_id"]): {
                **{key: row[key] for key in row.keys() - OWN},
                "deleted": row["deleted_at"] is not None,
            }
            for row in found
        }


def differing(one: Store, other: Store) -> list[str]:
    """What two stores say of their mentions, where it is not the same."""
    a, b = said(one), said(other)
    return [
        f"{key}: {name} {a.get(key, {}).get(name)!r} / {b.get(key, {}).get(name)!r}"
        for key in sorted(a.keys() | b.keys())
        for name in (a.get(key) or b[key])
        if a.get(key, {}).get(name) != b.get(key, {}).get(name)
    ]


def tagged(store: Store) -> dict[tuple[str, str, str], tuple[str, bool]]:
    found = list_mentions(store, Filter(), limit=10_000)
    return {
        (row.brand, row.source, row.external_id): (row.sentiment, row.complaint) for row in found
    }


def test_a_bad_night_with_two_kills_is_made_good_by_the_next(
    services: Services, tmp_path: Path
) -> None:
    undisturbed, disturbed = (f"sqlite:///{tmp_path / n / 'simak.db'}" for n in ("good", "bad"))
    for folder in ("good", "bad"):
        (tmp_path / folder).mkdir()
    for test, replay in services.values():
        replay.serve(test.steady())
    for number in (0, 1):
        outcome = night(undisturbed, number, services)
        assert (outcome["failed"], outcome["steps"]) == ({}, {})
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
        replay.serve(test.steady())
    assert night(disturbed, 1, services)["failed"] == {}
    assert differing(bad, good) == []
    assert tagged(bad) == tagged(good)
    assert rollups.verify(bad) == rollups.verify(good) > 0
    good.close()
    bad.close()
