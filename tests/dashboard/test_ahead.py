"""What is asked before anybody looks is what the first page then asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import ahead
from dashboard.queries import Queries
from simak.taxonomy import load_taxonomy
from store.engine import Store

Show = Callable[..., AppTest]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are worked out, not taken from what is kept."""
    found: list[str] = []
    given = Queries.ask

    def ask(self: Queries, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def worked_out(*inner: Any, **more: Any) -> Any:
            found.append(question.__qualname__)
            return question(*inner, **more)

        worked_out.__module__ = question.__module__
        worked_out.__qualname__ = question.__qualname__
        return given(self, worked_out, *args, **kwargs)

    monkeypatch.setattr(Queries, "ask", ask)
    monkeypatch.setattr(ahead.time, "sleep", lambda seconds: None)
    return found


def test_the_first_page_is_there_before_it_is_opened(
    filled: Store, filled_url: str, show: Show, asked: list[str]
) -> None:
    with filled.write():  # as after a night
        pass
    ahead.prepare(Queries.of(filled), load_taxonomy())
    costly = {"today", "spikes", "told"}
    assert {"today", "spikes"} <= set(asked) <= costly | {"facets", "_brands"}
    asked.clear()
    show(filled_url, "today", lang="id")
    assert not costly & set(asked)


def test_a_store_that_is_being_written_is_left_alone(
    filled: Store, filled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMAK_DB", filled_url)
    done: list[Queries] = []
    monkeypatch.setattr(ahead, "prepare", lambda queries, taxonomy: done.append(queries))
    seen, kept = ahead._look(None, None)
    assert (len(done), kept) == (1, seen)
    assert ahead._look(seen, kept) == (seen, kept)  # nothing has changed
    with filled.write():
        pass
    now, kept = ahead._look(seen, kept)
    assert (len(done), kept) == (1, seen)  # it has, just now
    assert ahead._look(now, kept) == (now, now)  # and is still
    assert len(done) == 2


def test_whatever_is_written_is_asked_anew(filled: Store) -> None:
    calls: list[int] = []

    def question(store: Store) -> int:
        calls.append(1)
        return len(calls)

    assert [Queries.of(filled).ask(question) for _ in range(2)] == [1, 1]
    with filled.write():
        pass
    assert Queries.of(filled).ask(question) == 2
