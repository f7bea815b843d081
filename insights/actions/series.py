"""The weekly series around an action: of its touchpoint, and of what it could be held against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from insights.actions.counterfactual import Candidate
from insights.actions.weeks import Counts, Weeks
from simak.tags import SENTIMENTS
from store.actions import Action
from store.engine import Store
from store.filter import Filter
from store.rollups import Cell, counts, span, touchpoint_counts
from store.tables import UNPLACED

HISTORY = 12
"""Weeks before the day, at most, over which candidates for the comparison are looked at."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The whole weeks around an action that nothing else disturbs.

    Attributes:
        weeks: as many before the day as after it.
        history: weeks before the day to look at candidates over; at least as many.
        room: weeks that there could be on either side, some of them still to come.
        so_far: days after the day that there are.
        sides: the filters of both sides, without touchpoint; empty without a week.
    """

    day: date
    weeks: int
    history: int
    room: int
    so_far: int
    sides: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """What was said around an action, by week.

    Attributes:
        negative: mentions that speak badly, of those that speak of its touchpoint.
        complaints: complaints that speak badly of it, of all complaints.
        brand: negative mentions of all; None of an action for the brand as a whole, whose own
            series they are.
        candidates: what it could be held against.
    """

    negative: Weeks
    complaints: Weeks
    brand: Weeks | None
    candidates: list[Candidate]


def windows(
    store: Store, action: Action, others: Sequence[Action], filter: Filter, weeks: int
) -> Windows:
    """Return the weeks around an action.

    They are cut by the data, the filter's days, and any other action for the same touchpoint or
    for the brand as a whole: what two actions did cannot be told apart.

    Args:
        others: the actions of all brands.
        weeks: at most so many on a side.
    """
    first, last = span(store, (action.brand,))
    if first is None or last is None:
        return Windows(action.day, 0, 0, 0, 0)
    first, last = max(first, filter.since or first), min(last, filter.until or last)
    days = [
        one.day
        for one in others
        if one.brand == action.brand and one.day != action.day and _meet(one, action)
    ]
    start = max([first, *(day for day in days if day < action.day)])
    end = min((day for day in days if day > action.day), default=None)
    so_far = (min(last, end - timedelta(days=1)) if end else last) - action.day
    before, after = max(0, (action.day - start).days // 7), max(0, so_far.days + 1)
    room = min(weeks, before, (end - action.day).days // 7 if end else weeks)
    whole = min(room, after // 7)
    if not whole:
        return Windows(action.day, 0, 0, room, after)
    far = timedelta(days=7 * whole)
    yesterday = action.day - timedelta(days=1)
    own = filter.but(brands=(action.brand,))
    sides = (
        own.but(since=action.day - far, until=yesterday),
        own.but(since=action.day, until=yesterday + far),
    )
    return Windows(action.day, whole, min(before, max(HISTORY, whole)), room, after, sides)


def series(
    store: Store,
    action: Action,
    others: Sequence[Action],
    windows: Windows,
    rivals: Sequence[str],
) -> Series:
    """Return the series around an action.

    Candidates that had an action of their own in these weeks are left out.

    Args:
        others: the actions of all brands.
        rivals: brands that may be candidates.
    """
    own = windows.sides[1].but(since=action.day - timedelta(days=7 * windows.history))
    disturbed = [
        one
        for one in others
        if one.id != action.id and own.since and own.until and own.since <= one.day <= own.until
    ]
    calm = tuple(
        name
        for name in dict.fromkeys(rivals)
        if name != action.brand
        and not any(one.brand == name and _meet(one, action) for one in disturbed)
    )
    theirs = own.but(brands=calm) if calm else None
    if action.touchpoint is None:
        return _of_brand(store, own, theirs, windows)
    taken = {one.touchpoint for one in disturbed if one.brand == action.brand}
    return _of_touchpoint(store, action.touchpoint, own, theirs, taken, windows)


def _of_brand(store: Store, own: Filter, rivals: Filter | None, windows: Windows) -> Series:
    """Return the series of all that was said of the brand, against its rivals'."""
    (name,) = own.brands
    cells = counts(store, own, by=("brand", "day", "sentiment"))
    complaints = [
        (name, cell["day"], cell["complaints"], cell["n"])
        for cell in cells
        if cell["sentiment"] in SENTIMENTS
    ]
    theirs = counts(store, rivals, by=("brand", "day", "sentiment")) if rivals else []
    nothing = _by_week([(name, windows.day, 0, 0)], windows)
    return Series(
        (nothing | _by_week(_sad(cells), windows))[name],
        (nothing | _by_week(complaints, windows))[name],
        None,
        [
            Candidate("rival", rival, weeks)
            for rival, weeks in _by_week(_sad(theirs), windows).items()
        ],
    )


def _of_touchpoint(
    store: Store,
    touchpoint: str,
    own: Filter,
    rivals: Filter | None,
    taken: Collection[str | None],
    windows: Windows,
) -> Series:
    """Return the series of a touchpoint, against others of the brand and the same of rivals."""
    cells = touchpoint_counts(store, own, by=("day", "touchpoint", "polarity"))
    nothing = _by_week([(touchpoint, windows.day, 0, 0)], windows)
    placed = nothing | _by_week(
        (
            (cell["touchpoint"], cell["day"], cell["n"] * _is_bad(cell), cell["n"])
            for cell in cells
            if cell["touchpoint"] != UNPLACED
        ),
        windows,
    )
    blamed = [
        (touchpoint, cell["day"], cell["complaints"], 0)
        for cell in cells
        if cell["touchpoint"] == touchpoint and _is_bad(cell)
    ]
    everything = counts(store, own, by=("brand", "day", "sentiment"))
    complaints = [(touchpoint, cell["day"], 0, cell["complaints"]) for cell in everything]
    (whole,) = (_by_week(_sad(everything), windows) or nothing).values()
    candidates = [
        Candidate("touchpoint", name, weeks)
        for name, weeks in sorted(placed.items())
        if name != touchpoint and name not in taken
    ]
    if rivals:
        theirs = _by_week(
            (
                (cell["brand"], cell["day"], cell["n"] * _is_bad(cell), cell["n"])
                for cell in touchpoint_counts(
                    store,
                    rivals.but(touchpoints=(touchpoint,)),
                    by=("brand", "day", "polarity"),
                )
            ),
            windows,
        )
        candidates += [Candidate("rival", name, weeks) for name, weeks in theirs.items()]
    return Series(
        placed[touchpoint],
        (nothing | _by_week([*blamed, *complaints], windows))[touchpoint],
        whole,
        [] if None in taken else candidates,
    )


def _by_week(cells: Iterable[tuple[str, date, int, int]], windows: Windows) -> dict[str, Weeks]:
    """Add up (name, day, k, n) by name and week."""
    sums: dict[str, Counts] = {}
    for name, day, k, n in cells:
        week = (day - windows.day).days // 7 + windows.history
        size = (2, windows.history + windows.weeks)
        sums.setdefault(name, np.zeros(size, dtype=np.int64))[:, week] += (k, n)
    return {name: Weeks(k, n, windows.history) for name, (k, n) in sums.items()}


def _sad(cells: Iterable[Cell]) -> Iterator[tuple[str, date, int, int]]:
    """Yield (brand, day, negative mentions, tagged mentions)."""
    for cell in cells:
        if cell["sentiment"] in SENTIMENTS:
            bad = cell["n"] if cell["sentiment"] == "negative" else 0
            yield cell["brand"], cell["day"], bad, cell["n"]


def _is_bad(cell: Cell) -> bool:
    return bool(cell["polarity"] == "negative")


def _meet(one: Action, other: Action) -> bool:
    """Say whether two actions could move the same number."""
    return None in (one.touchpoint, other.touchpoint) or one.touchpoint == other.touchpoint
