import os
import subprocess
import sys
from datetime import timedelta

import pytest

from simak.errors import StoreError
from store import runs
from store.engine import Store
from store.mentions import Saved
from tests.builders import NOW


def _run(store: Store, source: str, status: str, hours: int = 0) -> runs.Run:
    run = runs.start_run(
        store, source=source, kind="collect", asked="all", now=NOW + timedelta(hours=hours)
    )
    run.status, run.finished_at = status, NOW + timedelta(hours=hours, minutes=1)
    run.add(Saved(new=2, unchanged=1))
    run.skip("no text", 3)
    with store.write() as connection:
        runs.save_run(connection, run)
    return run


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    run = _run(store, "feed", runs.DONE)
    assert runs.runs(store) == [run]
    assert run.skipped == {"no text": 3}


def test_the_latest_run_of_each_source_with_its_last_success(store: Store) -> None:
    success = _run(store, "feed", runs.DONE)
    failed = _run(store, "feed", runs.FAILED, hours=5)
    other = _run(store, "reddit", runs.FAILED)
    assert runs.latest_runs(store) == [(other, None), (failed, success.finished_at)]


def test_a_run_that_was_killed_shows_as_interrupted(store: Store) -> None:
    runs.start_run(store, source="feed", kind="collect", asked="all", now=NOW)
    runs.start_run(store, source="feed", kind="collect", asked="all", now=NOW)
    assert [run.status for run in runs.runs(store)] == [runs.RUNNING, runs.INTERRUPTED]


def test_a_cursor_is_written_with_its_transaction_or_not_at_all(store: Store) -> None:
    assert runs.get_cursor(store, "feed") == {}
    with store.write() as connection:
        runs.set_cursor(connection, "feed", {"etag": "a"}, NOW)
    with pytest.raises(KeyError), store.write() as connection:  # noqa: PT012
        runs.set_cursor(connection, "feed", {"etag": "b"}, NOW)
        raise KeyError
    assert runs.get_cursor(store, "feed") == {"etag": "a"}


def test_bad_records_are_kept(store: Store) -> None:
    run = _run(store, "feed", runs.DONE)
    with store.write() as connection:
        runs.save_bad_records(connection, run.id, [("no id", "{}"), ("no text", "[]")])
        runs.save_bad_records(connection, run.id, [])
    assert runs.bad_records(store, run.id) == [("no id", "{}"), ("no text", "[]")]


def test_one_pipeline_at_a_time(store: Store) -> None:
    with runs.hold_lease(store) as lease:
        lease.renew()
        with pytest.raises(StoreError, match="another run is at work"), runs.hold_lease(store):
            pass
    with runs.hold_lease(store):
        pass


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted by its parent"])
def test_the_lease_of_a_dead_process_is_taken_over(
    store: Store, monkeypatch: pytest.MonkeyPatch, noted: bool
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, dead.pid, os.WEXITED | (0 if noted else os.WNOWAIT))
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: dead.pid)
        held = runs.hold_lease(store)
        first = held.__enter__()
    with runs.hold_lease(store), pytest.raises(StoreError, match="taken this run over"):
        first.renew()
    dead.wait()


def test_a_lease_elsewhere_is_taken_over_once_it_has_run_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(runs.socket, "gethostname", lambda: "elsewhere")
        patch.setattr(runs, "LEASE_SECONDS", -1)
        runs.hold_lease(store).__enter__()
    with runs.hold_lease(store):
        pass


def test_a_lease_of_a_clock_that_was_ahead_is_taken_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(runs.socket, "gethostname", lambda: "elsewhere")
        patch.setattr(runs, "LEASE_SECONDS", 86_400)
        ahead = runs.hold_lease(store)
        ahead.__enter__()
    with runs.hold_lease(store):
        pass
    ahead.__exit__(None, None, None)
