from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from collectors.http import HttpClient
from collectors.job import make_context
from collectors.places import State, Step, walk
from collectors.source import Context, Page
from simak.errors import AccessDenied, RetryLater, SimakError

PLACES = ("a", "b", "c")


class Walked:
    """Places of two pages each, some of which fail."""

    def __init__(self, failing: dict[str, SimakError] | None = None) -> None:
        self.read: list[str] = []
        self._failing = failing or {}

    def place(self, name: str) -> Any:
        def steps(state: State) -> Iterator[Step]:
            if name in self._failing:
                raise self._failing[name]
            for page in range(state.get("page", 0), 2):
                self.read.append(f"{name}{page}")
                yield Step(page=Page(), state={"page": page + 1}, done=page == 1)

        return steps

    def __call__(self, cursor: Any, context: Context, **options: Any) -> list[Any]:
        cursors: list[Any] = []
        try:
            for page in walk(cursor, context, {n: self.place(n) for n in PLACES}, **options):
                cursors.append(page.cursor)
        except SimakError as error:
            cursors.append(error)
        return cursors


@pytest.fixture
def context() -> Iterator[Context]:
    with HttpClient() as http:
        yield make_context("s", http=http)


def test_a_stopped_run_goes_on_where_it_was(context: Context) -> None:
    walked = Walked()
    for cursor in [{}, *walked({}, context)]:
        later = Walked()
        later(cursor, context)
        done = cursor.get("places", {})
        left = {f"{n}{p}" for n in PLACES for p in range(done.get(n, {}).get("page", 0), 2)}
        assert set(later.read) == left
        assert not left or later.read[0] == min(left)


def test_a_place_that_fails_keeps_none_from_being_read(context: Context) -> None:
    walked = Walked({"a": AccessDenied("a is shut"), "b": AccessDenied("b is shut")})
    error = walked({}, context)[-1]
    assert walked.read == ["c0", "c1"]
    assert isinstance(error, AccessDenied)
    assert str(error) == "a is shut; b is shut"


def test_a_service_that_says_later_is_left_in_peace(context: Context) -> None:
    walked = Walked({"b": RetryLater("busy")})
    *cursors, error = walked({}, context)
    assert walked.read == ["a0", "a1"]
    assert isinstance(error, RetryLater)
    # The next run begins behind the place that said so, and comes to it last.
    again = Walked()
    again(cursors[-1], context)
    assert again.read == ["c0", "c1", "b0", "b1"]


def test_places_of_several_services_do_not_wait_for_each_other(context: Context) -> None:
    walked = Walked({"b": RetryLater("busy")})
    error = walked({}, context, one_service=False)[-1]
    assert walked.read == ["a0", "a1", "c0", "c1"]
    assert isinstance(error, RetryLater)


def test_a_probe_reads_one_page_of_each(context: Context) -> None:
    walked = Walked()
    walked({}, replace(context, probe=True))
    assert walked.read == ["a0", "b0", "c0"]


def test_what_is_no_longer_asked_for_is_forgotten(context: Context) -> None:
    cursor = {"places": {"gone": {"page": 1}, "a": {"page": 2}}, "at": "gone"}
    *_, last = Walked()(cursor, context)
    assert set(last["places"]) == set(PLACES)
