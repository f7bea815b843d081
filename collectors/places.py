"""A source that reads several places (apps, searches, shops): each stands where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from collectors.failures import combined
from collectors.source import Context, Cursor, Page
from simak.errors import RetryLater, SimakError

State = Mapping[str, Any]
"""Where one place stands: plain JSON; `{}` at the first run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of a place.

    Attributes:
        page: its cursor is left out.
        state: where the place stands after it.
        done: a run that is stopped here goes on at the next place.
    """

    page: Page
    state: State
    done: bool = False


def walk(
    cursor: Cursor,
    context: Context,
    places: Mapping[str, Callable[[State], Iterator[Step]]],
    *,
    one_service: bool = True,
) -> Iterator[Page]:
    """Yield the pages of every place, beginning where the last run was stopped.

    A place that fails does not keep the others from being read; a service that says "later" is
    left in peace, and the next run begins at the place after. In a probe each place gives its
    first page.

    Args:
        places: by a key that holds no secret and stays the same, what reads a place from its
            state.
        one_service: all places are of one, so that none is asked after it said "later".

    Raises:
        SimakError: of one or more places; the others were read.
        RetryLater: at once, of one service.

    Example:
        >>> def shop(state):
        ...     yield Step(page=Page(), state={"seen": 1}, done=True)
        >>> [page.cursor for page in walk({}, None, {"a": shop})]  # doctest: +SKIP
        [{'places': {'a': {'seen': 1}}, 'at': 'a'}]
    """
    known = cursor.get("places", {})
    states = {key: known[key] for key in places if key in known}
    keys = list(places)
    first = keys.index(cursor["at"]) if cursor.get("at") in places else 0
    keys = keys[first:] + keys[:first]
    errors: list[SimakError] = []
    for key, following in zip(keys, keys[1:] + keys[:1], strict=True):
        try:
            for step in places[key](states.get(key, {})):
                states[key] = step.state
                at = following if step.done else key
                yield replace(step.page, cursor={"places": dict(states), "at": at})
                if context.probe:
                    break
        except SimakError as error:
            errors.append(error)
            if one_service and isinstance(error, RetryLater):
                if following != key and not context.probe:
                    # Else a place that never answers would keep the others from being read.
                    yield Page(cursor={"places": dict(states), "at": following})
                break
    if errors:
        raise combined(errors)
