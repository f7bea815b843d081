"""A few kills of each step leave nothing behind, and what a kill does leave behind is counted."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks import faults, outages, work
from benchmarks.work import Place
from store.corrections import withdraw
from store.tables import correction
from tests.builders import NOW
from tests.stores import old_store

ROOT = Path(__file__).parents[2]


FEW = """
import json
from benchmarks import faults, work
work.play(2)
figures = list(faults.kills(8, 150, ("sqlite",), 1))
print(json.dumps([(figure.what, figure.value, figure.unit) for figure in figures]))
"""


def test_a_kill_of_every_step_loses_nothing() -> None:
    """In a process of its own: it forks."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FEW],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert len(figures) == faults.STEPS
    assert {(value, unit) for _, value, unit in figures} == {(0, "of 1")}, done.stderr


def test_a_clock_that_jumps_and_a_few_nights_lose_nothing() -> None:
    wrong, *_ = outages.jumping_clock()
    assert (wrong.value, wrong.met) == (0, True)
    wrong, growth, _ = outages.years(6)
    assert (wrong.value, wrong.met) == (0, True)
    assert growth.unit == "×"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (home := tmp_path / "root" / "data").mkdir(parents=True)
    url = f"sqlite:///{home / 'simak.db'}"
    old_store(url, "0010", tmp_path)
    return Place(home.parent, url)


def test_what_is_lost_is_seen(place: Place) -> None:
    with closing(place.open()) as store:
        assert work.sound(store) == 27
        before = work.content(store)
        with store.read() as connection:
            (id,) = connection.scalars(select(correction.c.mention_id))
        withdraw(store, id, by="ana", now=NOW)
        after = work.content(store)
    assert [name for name in before if before[name] != after[name]] == ["correction", "label"]
    twin = place.twin()
    with closing(twin.open()) as store:
        assert work.content(store) == after


def test_a_kill_that_loses_something_is_counted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = faults.Step("show", place, ("show", "mentions"))
    monkeypatch.setattr(Place, "run", lambda *_: 0.001)
    monkeypatch.setattr(Place, "start", lambda *_: 0)
    monkeypatch.setattr(faults, "_kill_after", lambda *_: None)
    assert faults.kill(step, 2, random.Random(1)) == faults.Outcome(2, [])
    contents = iter([{"mention": [1]}, {"mention": [1]}, {"mention": [2]}])
    monkeypatch.setattr(faults, "_result", lambda *_: next(contents))
    (wrong,) = faults.kill(step, 2, random.Random(1)).wrong
    assert "not as undisturbed: mention" in wrong
