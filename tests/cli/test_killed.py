"""A killed process loses nothing and doubles nothing: the next run completes the work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import rollups
from store.engine import open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.runs import hold_lease

ROWS = 6_000
TAGGED = 600
"""Fewer, for a model reads them: still three transactions."""


def _simak(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "simak", *arguments]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "besar.csv"
    with path.open("w") as file:
        file.write("content,score,at\n")
        for i in range(ROWS):
            file.write(
                f"paket nomor {i} belum sampai,{i % 5 + 1},2026-05-{i % 28 + 1:02} 08:00:00\n"
            )
    return path


def _kill_when(command: list[str], folder: Path, ready) -> None:  # type: ignore[no-untyped-def]
    """Start a command and kill it as soon as `ready` says that it is half-way."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ready():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_killed_import_is_completed_by_the_next(tmp_path: Path, export: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'simak.db'}")
    command = _simak("import", str(export), "--brand", "A")
    _kill_when(command, tmp_path, lambda: count(store, Filter()).n > 0)
    partial = rollups.verify(store)
    assert 0 < partial < ROWS
    subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert rollups.verify(store) == count(store, Filter()).n == ROWS
    store.close()


def test_a_killed_tagging_is_completed_by_the_next(tmp_path: Path, export: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'simak.db'}")
    small = export.with_name("kecil.csv")
    small.write_text("".join(export.read_text().splitlines(keepends=True)[: TAGGED + 1]))
    subprocess.run(
        _simak("import", str(small), "--brand", "A"), cwd=tmp_path, check=True, capture_output=True
    )
    untagged = Filter(sentiments=("untagged",))
    _kill_when(_simak("tag"), tmp_path, lambda: count(store, untagged).n < TAGGED)
    assert count(store, untagged).n > 0
    subprocess.run(_simak("tag"), cwd=tmp_path, check=True, capture_output=True)
    assert count(store, untagged).n == 0
    assert rollups.verify(store) == TAGGED
    assert all(row.model for row in list_mentions(store, Filter(), limit=TAGGED))
    store.close()


def test_an_error_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        _simak("show", "reputation", "--db", "postgresql+psycopg://nobody@127.0.0.1:9/none"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("simak: the store postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_two_pipelines_at_once_are_refused(tmp_path: Path, export: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'simak.db'}")
    command = _simak("import", str(export), "--brand", "A")
    with hold_lease(store):  # as the first does until it ends
        second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "another run is at work" in second.stderr
    assert count(store, Filter()).n == 0
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert rollups.verify(store) == ROWS
    store.close()
