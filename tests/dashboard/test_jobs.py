"""Commands run beside the dashboard: progress, one at a time, cancel, kill, the command's words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import jobs, launch
from dashboard.jobs import CANCELLED, DONE, FAILED, Job, Jobs, Progress, Step
from simak.errors import StoreBusy
from simak.settings import Settings
from store import rollups, runs
from store.engine import open_store
from store.filter import Filter
from store.lists import count

PATIENCE = 120
ROWS = 6_000

SLOW = """
import json, sys, time
for done in range(3):
    print(json.dumps({"progress": {"done": done, "total": 3, "unit": "texts"}}), file=sys.stderr,
          flush=True)
print(json.dumps({"event": "a log line"}), file=sys.stderr, flush=True)
while "wait" in sys.argv:
    time.sleep(0.01)
if "fail" in sys.argv:
    sys.exit("simak: the feed answers with a web page: check its address")
if "odd" in sys.argv:
    sys.exit(3)
print(json.dumps({"asked": sys.argv[1:]}))
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store_url=f"sqlite:///{tmp_path / 'data' / 'simak.db'}")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that says how far it is, and waits, fails or ends as it is told."""
    monkeypatch.setattr(jobs, "command", lambda arguments: [sys.executable, "-c", SLOW, *arguments])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "besar.csv"
    with path.open("w") as file:
        file.write("content,score,at\n")
        for i in range(ROWS):
            file.write(f"paket nomor {i} belum sampai,{i % 5 + 1},2026-05-{i % 28 + 1:02}\n")
    return path


def until(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def pid_of(job: Job) -> int:
    assert job._process is not None
    return job._process.pid


@pytest.mark.usefixtures("fake")
def test_steps_run_one_after_the_other_and_say_what_they_brought(settings: Settings) -> None:
    cleaned: list[bool] = []
    steps = [Step(("a",), "First"), Step(("b", "c"), "Second")]
    job = Jobs().start(settings, "test", steps, clean=lambda: cleaned.append(job.running))
    standing = job.wait(PATIENCE)
    assert (standing.state, standing.step, standing.error) == (DONE, 1, None)
    assert standing.progress == Progress(2, 3, "texts")
    assert standing.results == ({"asked": ["a"]}, {"asked": ["b", "c"]})
    assert standing.ended_at is not None
    assert cleaned == [False]


@pytest.mark.usefixtures("fake")
def test_a_step_that_fails_ends_the_job_in_its_own_words(settings: Settings) -> None:
    job = Jobs().start(settings, "test", [Step(("fail",), "First"), Step(("b",), "Second")])
    standing = job.wait(PATIENCE)
    assert (standing.state, standing.step, standing.results) == (FAILED, 0, ())
    assert standing.error == "the feed answers with a web page: check its address"
    odd = Jobs().start(settings, "test", [Step(("odd",), "First")]).wait(PATIENCE)
    assert odd.error == "The command ended without saying why."


@pytest.mark.usefixtures("fake")
def test_one_job_at_a_time_for_a_store(settings: Settings, tmp_path: Path) -> None:
    kept = Jobs()
    first = kept.start(settings, "test", [Step(("wait",), "First")])
    with pytest.raises(StoreBusy):
        kept.start(settings, "test", [Step(("a",), "Second")])
    assert kept.last(settings) is first
    other = Settings(store_url=f"sqlite:///{tmp_path / 'other.db'}")
    assert kept.start(other, "test", [Step(("a",), "Other")]).wait(PATIENCE).state == DONE
    first.cancel()
    first.wait(PATIENCE)
    assert kept.start(settings, "test", [Step(("a",), "Next")]).wait(PATIENCE).state == DONE


@pytest.mark.usefixtures("fake")
def test_cancelling_ends_the_command_and_begins_no_further_one(settings: Settings) -> None:
    cleaned: list[bool] = []
    job = Jobs().start(
        settings, "test", [Step(("wait",), "First"), Step(("b",), "Second")],
        clean=lambda: cleaned.append(True),
    )  # fmt: skip
    until(lambda: job.standing.progress)
    pid = pid_of(job)
    job.cancel()
    standing = job.wait(PATIENCE)
    assert (standing.state, standing.step, standing.results) == (CANCELLED, 0, ())
    assert cleaned == [True]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.usefixtures("fake")
def test_a_command_killed_from_outside_is_a_failure(settings: Settings) -> None:
    job = Jobs().start(settings, "test", [Step(("wait",), "First")])
    until(lambda: job.standing.progress)
    os.kill(pid_of(job), signal.SIGKILL)
    assert job.wait(PATIENCE).state == FAILED


def test_a_command_that_cannot_be_started_is_a_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "command", lambda _arguments: ["/nowhere/python"])
    standing = Jobs().start(settings, "test", [Step((), "First")]).wait(PATIENCE)
    assert standing.state == FAILED
    assert "/nowhere/python" in (standing.error or "")


def test_a_file_is_imported_and_tagged(settings: Settings, export: Path) -> None:
    small = export.with_name("kecil.csv")
    small.write_text("".join(export.read_text().splitlines(keepends=True)[:41]))
    seen: set[tuple[int, Progress]] = set()
    job = Jobs().start(
        settings, "test", [Step(("import", str(small), "--brand=A"), "1"), Step(("tag",), "2")]
    )
    while job.running:
        if job.standing.progress is not None:
            seen.add((job.standing.step, job.standing.progress))
        time.sleep(0.002)
    standing = job.wait(PATIENCE)
    assert standing.state == DONE, standing.error
    assert [run["new"] for run in (standing.results[0][0], standing.results[1])] == [40, 40]
    assert standing.progress == Progress(40, 40, "texts")
    assert {step for step, _progress in seen} == {0, 1}
    store = open_store(settings.store_url)
    assert rollups.verify(store) == 40
    assert count(store, Filter(sentiments=("untagged",))).n == 0
    store.close()


@pytest.mark.parametrize("end", ["cancel", "kill"])
def test_an_import_that_is_stopped_loses_nothing(
    settings: Settings, export: Path, end: str
) -> None:
    store = open_store(settings.store_url)
    kept, steps = Jobs(), [Step(("import", str(export), "--brand=A"), "1")]
    job = kept.start(settings, "test", steps)
    until(lambda: count(store, Filter()).n or not job.running)
    if end == "cancel":
        job.cancel()
    else:
        os.kill(pid_of(job), signal.SIGKILL)
    standing = job.wait(PATIENCE)
    assert standing.state == (CANCELLED if end == "cancel" else FAILED)
    assert 0 < rollups.verify(store) < ROWS
    if end == "cancel":  # it had the time to say so
        assert runs.last_run(store, export.name, kind="import").status == runs.INTERRUPTED  # type: ignore[union-attr]
    # The lease is free, and the same command completes it.
    assert kept.start(settings, "test", steps).wait(PATIENCE).state == DONE
    assert rollups.verify(store) == ROWS
    store.close()


def test_another_run_at_work_is_said_in_the_commands_words(
    settings: Settings, export: Path
) -> None:
    store = open_store(settings.store_url)
    with runs.hold_lease(store):
        job = Jobs().start(settings, "test", [Step(("import", str(export), "--brand=A"), "1")])
        standing = job.wait(PATIENCE)
    assert standing.state == FAILED
    assert "another run is at work on this store" in (standing.error or "")
    store.close()


_SERVER = """
import sys
from pathlib import Path
from dashboard.jobs import Jobs, Step
from simak.settings import Settings
job = Jobs().start(
    Settings(store_url=sys.argv[1]), "test", [Step(("import", sys.argv[2], "--brand=A"), "1")]
)
while job.standing.progress is None or not job.standing.progress.done:
    assert job.running, job.standing
print(job._process.pid, flush=True)
job.wait()
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_command_ends_with_the_server(
    settings: Settings, export: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    store = open_store(settings.store_url)
    with subprocess.Popen(
        # As from a shell's background, where interrupts are ignored.
        ["/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', sys.executable, "-c", _SERVER,
         settings.store_url, str(export)],
        env=launch.environment(), cwd=tmp_path, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        server.send_signal(sign)
        server.wait(PATIENCE)

    def gone() -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        return state == "Z"

    until(gone)
    assert 0 < rollups.verify(store) < ROWS
    again = Jobs().start(settings, "test", [Step(("import", str(export), "--brand=A"), "1")])
    assert again.wait(PATIENCE).state == DONE
    assert rollups.verify(store) == ROWS
    store.close()


def test_a_question_is_answered_or_refused_in_the_commands_words(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "mei.csv"
    file.write_text("ulasan,bintang\nbagus,5\n")
    found = jobs.ask(settings, ["import", str(file), "--dry-run"])
    assert found["mapping"] == {"text": "ulasan", "stars": "bintang"}
    file.write_text("")
    with pytest.raises(jobs.CommandFailed, match=r"mei\.csv: the file is empty"):
        jobs.ask(settings, ["import", str(file), "--dry-run"])
    with pytest.raises(jobs.CommandFailed, match="No such command"):
        jobs.ask(settings, ["improt"])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('{"event": "x"}\nsimak: a: b\n', "a: b"),
        ("Usage: simak\n\nError: No such option\n", "No such option"),
        ("simak: two\nlines\n", "two\nlines"),
        ("Traceback\nValueError: x\n", "ValueError: x"),
        ('{"event": "x"}\n', None),
        ("", None),
    ],
)
def test_the_words_of_an_error_are_found_among_the_log(said: str, expected: str | None) -> None:
    assert jobs.words(said) == expected
