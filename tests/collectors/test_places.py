from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from collectors.job import make_context
from collectors.places import State, Step, walk
from collectors.source import Context, Cursor, Page
from simak.errors import RetryLater


@pytest.fixture
def context() -> Context:
    return make_context("forum", http=None)  # type: ignore[arg-type]


def test_a_place_that_says_later_each_time_does_not_keep_the_others_from_being_read(
    context: Context,
) -> None:
    read: list[str] = []

    def good(name: str) -> Any:
        def steps(state: State) -> Iterator[Step]:
            read.append(name)
            yield Step(page=Page(), state={}, done=True)

        return steps

    def busy(state: State) -> Iterator[Step]:
        read.append("busy")
        raise RetryLater("try again later")
        yield

    places = {"a": good("a"), "busy": busy, "c": good("c")}
    cursor: Cursor = {}
    for _ in range(3):
        with suppress(RetryLater):
            for page in walk(cursor, context, places):
                cursor = page.cursor
    assert read == ["a", "busy", "c", "a", "busy", "c", "a", "busy"]
