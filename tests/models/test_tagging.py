from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from models.tagging import tag_store
from simak.errors import StoreError
from simak.tags import Tags
from store import rollups, runs
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.tags import count_waiting, waiting
from tests.builders import put, review, tagged


class Parrot:
    """A tagger that calls every text positive, and can do something before it answers."""

    quality: Mapping[str, Any] = {"errors": {}}

    def __init__(self, version: str = "parrot-1", before=lambda: None) -> None:  # type: ignore[no-untyped-def]
        self.version, self.before = version, before
        self.seen: list[str] = []

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        self.before()
        self.seen += texts
        return [tagged("positive") for _ in texts]


def _tag(store: Store, tagger: Parrot) -> runs.Run:
    with runs.hold_lease(store) as lease:
        return tag_store(store, tagger, lease)


def test_what_is_untagged_is_tagged_once(store: Store) -> None:
    put(store, [review("1", "a"), review("2", "b"), review("3", "", stars=5.0)])
    tagger = Parrot()
    run = _tag(store, tagger)
    assert (run.status, run.got, run.new) == (runs.DONE, 2, 2)
    assert sorted(tagger.seen) == ["a", "b"]
    assert _tag(store, tagger).got == 0
    assert count(store, Filter(sentiments=("positive",))).n == 2
    assert rollups.verify(store) == 3


def test_another_version_tags_again_and_an_edit_only_itself(store: Store) -> None:
    put(store, [review("1", "a"), review("2", "b")])
    _tag(store, Parrot())
    put(store, [review("1", "a baru")])
    edited = Parrot()
    _tag(store, edited)
    assert edited.seen == ["a baru"]
    newer = Parrot("parrot-2")
    _tag(store, newer)
    assert sorted(newer.seen) == ["a baru", "b"]
    assert {row.model for row in list_mentions(store, Filter())} == {"parrot-2"}


def test_a_text_that_changes_meanwhile_keeps_waiting(store: Store) -> None:
    put(store, [review("1", "lama"), review("2", "tetap")])
    tagger = Parrot(before=lambda: put(store, [review("1", "baru")]))
    run = _tag(store, tagger)
    assert (run.got, run.new) == (2, 1)
    assert run.skipped == {"changed while it was being tagged": 1}
    assert count_waiting(store, "parrot-1") == 1
    assert rollups.verify(store) == 2


def test_a_run_that_is_stopped_says_so(store: Store) -> None:
    put(store, [review("1", "a")])

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _tag(store, Parrot(before=stop))
    last = runs.last_run(store, "tagger", kind="tag")
    assert last is not None
    assert last.status == runs.INTERRUPTED
    assert last.finished_at is not None


def test_a_failed_run_says_why_and_keeps_what_was_written(store: Store) -> None:
    put(store, [review("1", "a")])

    def fail() -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="disk is full"):
        _tag(store, Parrot(before=fail))
    (run,) = runs.runs(store)
    assert (run.status, run.error) == (runs.FAILED, "the disk is full")
    assert _tag(store, Parrot()).new == 1


def test_a_run_that_lost_its_lease_stops(store: Store) -> None:
    put(store, [review("1", "a")])
    with runs.hold_lease(store) as lease:
        pass
    with pytest.raises(StoreError, match="taken this run over"):
        tag_store(store, Parrot(), lease)


def test_what_waits_is_found_without_a_look_at_all_that_does_not(sqlite_store: Store) -> None:
    put(sqlite_store, [review(str(n), f"teks {n}") for n in range(30)])
    _tag(sqlite_store, Parrot())
    put(sqlite_store, [review("7", "lain"), review("31", "baru")])
    asked: list[str] = []

    @event.listens_for(sqlite_store.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append(str(statement).replace("?", "1"))

    for model, waits in (("parrot-1", ["lain", "baru"]), ("parrot-2", None)):
        found = [item.text for batch in waiting(sqlite_store, model) for item in batch]
        assert found == waits or len(found) == 31
        assert count_waiting(sqlite_store, model) == len(found)
    event.remove(sqlite_store.engine, "before_cursor_execute", note)
    with sqlite_store.read() as connection:
        for statement in set(asked):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
            scanned = [line[3] for line in plan if line[3].startswith("SCAN")]
            assert all("INDEX" in line or line == "SCAN anon_1" for line in scanned), scanned
    assert len(asked) > 6
