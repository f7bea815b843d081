"""What every source must do, run against recorded answers.

A test class inherits `Conformance`, or `HttpConformance` for a service that is asked over HTTP, and
says how its service answers in a few situations: the states first, edited, deleted and gap.
"""

from __future__ import annotations

import logging
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import structlog
from sqlalchemy import select

from collectors.http import ATTEMPTS, MAX_WAIT
from collectors.job import Job, make_context
from collectors.runner import collect
from collectors.source import SPENT, Facts, Source
from simak.errors import SimakError
from store import runs
from store.engine import Store
from store.mentions import Privacy, versions
from store.runs import Run
from store.tables import bad_record, cursor, mention
from store.tables import run as run_table
from tests.collectors.replay import Answer, Replay, Routes
from tests.stores import empty_store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PRIVACY = Privacy(b"key")


def clock() -> datetime:
    return NOW


def gather(store: Store, *sources: Source, max_items: int = 100_000, **options: Any) -> list[Run]:
    jobs = [Job(source=source, max_items=max_items) for source in sources]
    return collect(store, jobs, privacy=PRIVACY, **({"now": clock} | options))


def rows(store: Store) -> list[dict[str, Any]]:
    """All that a store says of its mentions, except in which order it came to know them."""
    with store.read() as connection:
        found = connection.execute(select(mention).order_by(mention.c.external_id)).mappings()
        return [{k: v for k, v in row.items() if k != "id"} for row in found]


def row(store: Store, *, having: str | None = None, id: int | None = None) -> dict[str, Any]:
    """The one mention with this in its text, or with this number."""
    wanted = mention.c.text.contains(having) if having else mention.c.id == id
    with store.read() as connection:
        return dict(connection.execute(select(mention).where(wanted)).mappings().one())


class Killed(BaseException):
    """As if the process had been killed at this point."""


@contextmanager
def killed_at_write(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kill the run while it stores its page `number`, before the transaction ends."""
    real: Callable[..., None] = runs.set_cursor
    left = number

    def set_cursor(*args: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr("collectors.runner.runs.set_cursor", set_cursor)
        # The dead write no last words either.
        patch.setattr("collectors.runner._Writer.end", lambda *_, **__: None)
        yield


class Conformance(ABC):
    """Inherited by the tests of each source.

    Attributes:
        pages: pages of the first run.
        edited: words of the item that is edited, in the state "first" and in "edited"; None for
            a service that never shows an edit.
        deleted: words of the item that is gone in the state "deleted".
        lists_deleted: its listings say of what is deleted that it is, however old it is.
        broken: bodies that a page may never be taken for.
        secrets: what must never be shown.
    """

    pages: ClassVar[int]
    edited: ClassVar[tuple[str, str] | None]
    deleted: ClassVar[str]
    lists_deleted: ClassVar[bool] = False
    broken: ClassVar[Mapping[str, bytes]]
    secrets: ClassVar[tuple[str, ...]] = ()

    @pytest.fixture
    def world(self, replay: Replay) -> Any:
        """Where the service is; a class may have another."""
        return replay

    @abstractmethod
    def make(self, world: Any) -> Source:
        """The source under test, reading from `world`."""

    @abstractmethod
    def serve(self, world: Any, state: str) -> None:
        """Make `world` answer as in a state: first, edited, deleted or gap."""

    @abstractmethod
    def serve_broken(self, world: Any, body: bytes) -> None:
        """Make `world` answer with a body that is no page."""

    def run(self, store: Store, world: Any, state: str = "first", **options: Any) -> Run:
        self.serve(world, state)
        return gather(store, self.make(world), **options)[0]

    def test_a_run_says_what_it_asked_for_and_got(self, sqlite_store: Store, world: Any) -> None:
        run = self.run(sqlite_store, world)
        assert (run.status, run.error) == (runs.DONE, None)
        assert run.asked == self.make(world).asks()
        assert run.new + run.deleted == len(rows(sqlite_store)) > 0
        assert run.got == run.new + run.deleted + run.unchanged + sum(run.skipped.values())
        self.check_all_was_asked(world)

    def test_a_second_run_changes_nothing(self, sqlite_store: Store, world: Any) -> None:
        self.run(sqlite_store, world)
        before = rows(sqlite_store)
        again = self.run(sqlite_store, world)
        assert (again.status, again.new, again.edited, again.deleted) == (runs.DONE, 0, 0, 0)
        assert rows(sqlite_store) == before

    def test_a_full_run_changes_nothing(self, sqlite_store: Store, world: Any) -> None:
        self.run(sqlite_store, world)
        before = rows(sqlite_store)
        again = gather(sqlite_store, self.make(world), full=True)[0]
        assert (again.status, again.new, again.edited) == (runs.DONE, 0, 0)
        assert again.unchanged >= len(before)
        assert rows(sqlite_store) == before

    def test_a_run_killed_at_any_page_is_completed_by_the_next(
        self,
        sqlite_store: Store,
        world: Any,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        self.run(sqlite_store, world)
        undisturbed = rows(sqlite_store)
        assert self.pages > 1
        for page in range(1, self.pages + 1):
            store = empty_store(tmp_path / f"killed-{page}.db")
            with killed_at_write(page, monkeypatch), pytest.raises(Killed):
                self.run(store, world)
            run = self.run(store, world)
            assert run.status == runs.DONE
            assert rows(store) == undisturbed
            assert runs.runs(store)[1].status == runs.INTERRUPTED
            store.close()

    def test_an_edited_item_is_updated_and_its_old_text_kept(
        self, sqlite_store: Store, world: Any
    ) -> None:
        assert self.source_facts(world).edits == (self.edited is not None)
        if self.edited is None:
            pytest.skip("this service never shows an edit")
        before, after = self.edited
        self.run(sqlite_store, world)
        first = row(sqlite_store, having=before)
        run = self.run(sqlite_store, world, "edited")
        later = row(sqlite_store, having=after)
        assert (run.new, run.edited) == (0, 1)
        assert later["id"] == first["id"]
        assert [text for text, _ in versions(sqlite_store, later["id"])] == [first["text"]]

    def test_a_deleted_item_loses_its_text_and_is_still_counted(
        self, sqlite_store: Store, world: Any
    ) -> None:
        self.run(sqlite_store, world)
        before = rows(sqlite_store)
        first = row(sqlite_store, having=self.deleted)
        run = self.run(sqlite_store, world, "deleted")
        if not self.source_facts(world).deletions:
            # Gone from the window of what the service shows is not deleted.
            assert run.deleted == 0
            assert rows(sqlite_store) == before
            return
        assert len(rows(sqlite_store)) == len(before)
        assert run.deleted == 1
        erased = row(sqlite_store, id=first["id"])
        assert erased["text"] == ""
        assert erased["author_key"] is None
        assert erased["deleted_at"] is not None
        assert self.run(sqlite_store, world, "deleted").deleted == 0

    def test_a_deletion_is_followed_for_as_long_as_is_documented(
        self, tmp_path: Path, world: Any
    ) -> None:
        facts = self.source_facts(world)
        if not facts.deletions:
            assert facts.deletion_days is None
            pytest.skip("this service never shows a deletion")
        days = timedelta(days=facts.deletion_days or 1_000)
        hour = timedelta(hours=1)
        for place, at in enumerate((days - hour, days + hour)):
            store = empty_store(tmp_path / f"{place}.db")
            self.run(store, world)
            first = row(store, having=self.deleted)
            later = first["published_at"] + at
            self.run(store, world, "deleted", now=lambda later=later: later)
            is_erased = row(store, id=first["id"])["text"] == ""
            is_looked_for = at < days or facts.deletion_days is None
            assert is_erased == (is_looked_for or self.lists_deleted)
            store.close()

    def test_a_gap_is_noted(self, sqlite_store: Store, world: Any) -> None:
        if not self.source_facts(world).gaps:
            pytest.skip("this service does not let one notice")
        self.run(sqlite_store, world)
        run = self.run(sqlite_store, world, "gap")
        assert run.status == runs.DONE
        assert [note for note in run.notes if "lost" in note]

    def test_a_malformed_page_is_an_error_and_the_cursor_stays(
        self, sqlite_store: Store, world: Any
    ) -> None:
        self.run(sqlite_store, world)
        name = self.make(world).name

        def place() -> dict[str, Any]:
            # What an answer cost is spent, whatever it was, and another place may be asked first.
            at = runs.get_cursor(sqlite_store, name)
            return {key: at[key] for key in at if key not in (SPENT, "at")}

        before, stood = rows(sqlite_store), place()
        for what, body in self.broken.items():
            self.serve_broken(world, body)
            run = gather(sqlite_store, self.make(world))[0]
            assert run.status == runs.FAILED, what
            assert run.error, what
            assert "mistake in its code" not in run.error, what
            assert rows(sqlite_store) == before, what
            assert place() == stood, what

    def test_runs_that_may_take_little_get_as_far_as_one(
        self, sqlite_store: Store, world: Any, tmp_path: Path
    ) -> None:
        self.run(sqlite_store, world)
        store = empty_store(tmp_path / "little.db")
        for _ in range(2 * self.pages + 2):
            run = self.run(store, world, max_items=1)
            assert run.status == runs.DONE
        assert rows(store) == rows(sqlite_store)
        store.close()

    def test_a_probe_reads_a_page_of_each_place_and_no_more(self, world: Any) -> None:
        self.serve(world, "first")
        with Job(source=self.make(world)).client(clock) as http:
            probe = replace(make_context("probe", http=http, now=clock), probe=True)
            pages = list(self.make(world).collect({}, probe))
        assert 0 < len(pages) <= self.pages

    def source_facts(self, world: Any) -> Facts:
        return self.make(world).facts

    def check_all_was_asked(self, world: Any) -> None:
        """Fail where the world holds answers that nobody asked for."""
        if isinstance(world, Replay):
            assert world.unused() == []

    def test_another_sources_failure_does_not_stop_it(
        self, sqlite_store: Store, world: Any
    ) -> None:
        class Broken:
            source, name, brand = "broken", "broken", "Senandika"
            facts = Facts(title="never works")

            def asks(self) -> str:
                return "nothing"

            def collect(self, cursor: object, context: object) -> Any:
                raise SimakError("this one never works")

        self.serve(world, "first")
        failed, done = gather(sqlite_store, Broken(), self.make(world))
        assert (failed.status, failed.error) == (runs.FAILED, "this one never works")
        assert done.status == runs.DONE
        assert done.new > 0


class HttpConformance(Conformance):
    """Of a source that asks a service over HTTP."""

    @abstractmethod
    def source(self, url: str) -> Source:
        """The source under test, reading from `url`."""

    @abstractmethod
    def routes(self, state: str) -> Routes:
        """What the service answers when it is in the state first, edited, deleted or gap."""

    @abstractmethod
    def first_page(self) -> str:
        """The route of the first page of mentions."""

    def steady(self) -> Routes:
        """What the service answers night after night while nothing is said there."""
        return self.routes("first")

    def is_page(self, route: str) -> bool:
        """Whether the route's answer is a page of mentions."""
        return route.startswith("GET ")

    def follows(self, route: str) -> bool:
        """Whether the route is another page of the listing that the first page begins."""
        return route.partition("?")[0] == self.first_page().partition("?")[0]

    def make(self, world: Replay) -> Source:
        return self.source(world.url)

    def serve(self, world: Replay, state: str) -> None:
        world.serve(self.routes(state))

    def serve_broken(self, world: Replay, body: bytes) -> None:
        answer = Answer(body, headers={"Content-Type": "text/html"})
        # Every page of the service, so that none stands for another.
        routes = self.routes("first")
        world.serve({route: answer if self.is_page(route) else routes[route] for route in routes})

    def test_a_rate_limit_is_obeyed(
        self, sqlite_store: Store, replay: Replay, naps: list[float]
    ) -> None:
        routes = self.routes("first")
        busy = Answer(b"<html>slow down</html>", status=429, headers={"Retry-After": "7"})
        page = routes[self.first_page()]
        assert isinstance(page, Answer)
        replay.serve({**routes, self.first_page(): [busy, page]})
        run = gather(sqlite_store, self.source(replay.url))[0]
        assert run.status == runs.DONE
        assert naps == [7.0]

    def test_a_long_rate_limit_ends_the_run_and_says_until_when(
        self, sqlite_store: Store, replay: Replay, naps: list[float]
    ) -> None:
        wait = int(MAX_WAIT) + 1
        busy = Answer(status=429, headers={"Retry-After": str(wait)})
        replay.serve({**self.routes("first"), self.first_page(): busy})
        run = gather(sqlite_store, self.source(replay.url))[0]
        assert run.status == runs.FAILED
        assert run.retry_at == NOW + timedelta(seconds=wait)
        assert naps == []

    @pytest.mark.parametrize("status", [500, 502, 503, 520])
    def test_a_broken_service_is_tried_again_and_then_left(
        self, sqlite_store: Store, replay: Replay, naps: list[float], status: int
    ) -> None:
        replay.serve({**self.routes("first"), self.first_page(): Answer(b"<html>", status=status)})
        run = gather(sqlite_store, self.source(replay.url))[0]
        assert run.status == runs.FAILED
        assert str(status) in (run.error or "")
        assert len(naps) == ATTEMPTS - 1
        assert self.run(sqlite_store, replay).status == runs.DONE

    @pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 451])
    def test_a_refusal_says_what_to_check(
        self, sqlite_store: Store, replay: Replay, naps: list[float], status: int
    ) -> None:
        replay.serve({**self.routes("first"), self.first_page(): Answer(status=status)})
        run = gather(sqlite_store, self.source(replay.url))[0]
        assert run.status == runs.FAILED
        assert str(status) in (run.error or "")
        assert naps == []

    def test_an_unreachable_host_is_named(self, sqlite_store: Store, naps: list[float]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        run = gather(sqlite_store, self.source(f"http://127.0.0.1:{port}"))[0]
        assert run.status == runs.FAILED
        assert f"127.0.0.1:{port} cannot be reached" in (run.error or "")
        assert rows(sqlite_store) == []
        assert naps

    def test_no_secret_is_shown_or_stored(
        self, sqlite_store: Store, replay: Replay, caplog: pytest.LogCaptureFixture
    ) -> None:
        if self.source(replay.url).facts.keys == "none" and not self.secrets:
            pytest.skip("this service is asked without a secret")
        caplog.set_level(logging.DEBUG)
        first = self.first_page()
        with structlog.testing.capture_logs() as logged:
            self.run(sqlite_store, replay)
            for answer in (
                Answer(status=403),
                Answer(status=404),
                Answer(status=503),
                Answer(b"<html>no</html>"),
                Answer(b"half", cut=True),
            ):
                replay.serve({**self.routes("first"), first: answer})
                assert gather(sqlite_store, self.source(replay.url))[0].status == runs.FAILED
            gather(sqlite_store, self.source("http://127.0.0.1:9"))
        with sqlite_store.read() as connection:
            stored = [
                str(list(connection.execute(select(table)).mappings()))
                for table in (run_table, bad_record, cursor)
            ]
        shown = [caplog.text, str(logged), self.source(replay.url).asks(), *stored]
        for secret in self.secrets:
            assert not any(secret in text for text in shown)
        # The secrets were in use: else their absence says nothing.
        assert any(secret in str(replay.asked) for secret in self.secrets)
