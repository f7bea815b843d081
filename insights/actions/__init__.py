"""What actions did: before against after, against what would have been, and against the trend.

An effect is an association in time. It is the action's as long as nothing else of the kind
happened to its touchpoint, and not to the comparison, in the same weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

import numpy as np

from insights import intervals
from insights.actions.counterfactual import (
    Candidate,
    Effect,
    Fit,
    Kind,
    alone,
    choose,
    effect,
)
from insights.actions.interrupted import Interrupted, interrupted
from insights.actions.power import needed
from insights.actions.series import Windows, series, windows
from insights.actions.weekly import Week, by_week
from insights.actions.weeks import Weeks, log_odds, share, spread
from insights.significance import benjamini_hochberg
from insights.values import MIN_N, Value
from simak.errors import ConfigurationError
from store import actions as recorded
from store.actions import Action
from store.engine import Store
from store.filter import Filter
from store.rollups import facets

Verdict = Literal["helped", "made_worse", "no_change_seen", "not_enough_data"]

DAYS = 60
"""Days to look at on either side, at most; the whole weeks of them are taken."""

MIN_WEEKS = 2
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """A share before and after the day.

    Attributes:
        before, after: with intervals widened by how much the weeks of a side differ.
        change: after minus before.
        behind_before, behind_after: the filters of their numerators.
    """

    before: Value
    after: Value
    change: Value
    behind_before: Filter
    behind_after: Filter


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would have been, by a series that the action did not touch.

    Attributes:
        kind, name: which series.
        fit: how well both went along before the day, by which it was chosen.
        negative: its own share of bad words before and after.
        effect: the action's effect by it.
        by_week: that share, week by week.
    """

    kind: Kind
    name: str
    fit: Fit
    negative: Change
    effect: Effect
    by_week: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What it takes to tell.

    Attributes:
        n: mentions of the touchpoint so far, on the side that has fewer.
        needed: mentions that a side needs to see a quarter fewer bad words four times in five;
            None where there was nothing bad before.
        days: days from the last one until there will be as many, at the rate so far; None where
            there never will, in the weeks that other actions, the data or `days` leave.
    """

    n: int
    needed: int | None
    days: int | None


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """One action and what became of its touchpoint.

    Attributes:
        verdict: `helped` and `made_worse` where `p_adjusted` is below 5 %; `no_change_seen` where
            there were enough mentions to see a quarter fewer bad words, and none was.
        weeks: whole weeks on either side.
        negative: of the mentions that speak of the touchpoint, those that speak badly; of an
            action for the whole brand, negative ones of all.
        complaints: of all complaints, those that speak badly of the touchpoint; of an action for
            the whole brand, complaints of all mentions. None without a week on both sides.
        brand: negative mentions of all of the brand's. None of an action for the whole brand.
        shared: what was said of all else moved the same way, and more than by chance: then it may
            not be the action, but something that touched all, such as who was collected.
        comparison: None where no series went along before the day: then the verdict rests on
            before and after alone.
        interrupted: None where there are too few weeks for a trend.
        p: of no effect, by the comparison where there is one.
        p_adjusted: the same, corrected for all actions looked at (Benjamini and Hochberg).
        missing: only of `not_enough_data`.
        by_week: `negative`, week by week.
    """

    action: Action
    verdict: Verdict
    weeks: int
    negative: Change | None = None
    complaints: Change | None = None
    brand: Change | None = None
    shared: bool = False
    comparison: Comparison | None = None
    interrupted: Interrupted | None = None
    p: float | None = None
    p_adjusted: float | None = None
    missing: Missing | None = None
    by_week: tuple[Week, ...] = ()


@dataclass(frozen=True)
class Actions:
    """All actions of a selection, by brand and day."""

    filter: Filter
    rows: tuple[ActionEffect, ...]


def actions(
    store: Store, filter: Filter, *, days: int = DAYS, rivals: Sequence[str] = ()
) -> Actions:
    """Measure what the actions of the filter's brands did.

    Args:
        filter: brands, days, channels, sources and languages.
        days: to look at on either side, at most.
        rivals: brands that an action may be held against besides other touchpoints of its own.
            No numbers tell a rival from a stranger who happened to move alike: it is named.

    Raises:
        ConfigurationError: the filter asks for what no count is kept by, or for too few days, or
            there is nothing of a rival in the store.

    Example:
        >>> from store.engine import open_store
        >>> actions(open_store("sqlite://"), Filter()).rows
        ()
    """
    plain = Filter(
        brands=filter.brands, since=filter.since, until=filter.until, channels=filter.channels,
        sources=filter.sources, languages=filter.languages, copies=filter.copies,
    )  # fmt: skip
    if filter != plain:
        raise ConfigurationError(
            "actions are measured by brand, days, channel, source and language alone"
        )
    if days < 7 * MIN_WEEKS:
        raise ConfigurationError(f"{days} days are too few to compare: take {7 * MIN_WEEKS}")
    if unknown := sorted(set(rivals) - set(facets(store).brands)):
        raise ConfigurationError(f"there is nothing of {', '.join(unknown)} in the store")
    everything = recorded.actions(store)
    rows = [
        _measure(store, one, everything, filter, days // 7, rivals)
        for one in everything
        if not filter.brands or one.brand in filter.brands
    ]
    return Actions(filter, tuple(_judge(rows)))


def _measure(
    store: Store,
    action: Action,
    others: Sequence[Action],
    filter: Filter,
    weeks: int,
    rivals: Sequence[str],
) -> ActionEffect:
    around = windows(store, action, others, filter, weeks)
    if around.weeks < MIN_WEEKS:
        return ActionEffect(action, "not_enough_data", around.weeks, missing=_missing(around, None))
    found = series(store, action, others, around, rivals)
    own = found.negative.cut(around.weeks, around.weeks)
    negative = _change(own, *_bad(around, action.touchpoint))
    blamed = found.complaints.cut(around.weeks, around.weeks)
    complaints = _change(
        blamed, *(side.but(complaint=True) for side in _bad(around, action.touchpoint, ()))
    )
    row = ActionEffect(
        action,
        "not_enough_data",
        around.weeks,
        negative,
        complaints,
        None if found.brand is None else _whole(found.brand, around),
        found.brand is not None and _shared(own, found.brand.cut(around.weeks, around.weeks)),
        interrupted=interrupted(own),
        missing=_missing(around, own),
        by_week=by_week(own, action.day, negative.behind_before),
    )
    if min(own.side(after)[1] for after in (False, True)) < MIN_N:
        return row
    chosen = choose(found.negative, found.candidates, around.weeks)
    comparison = None if chosen is None else _compared(own, *chosen, around, action)
    p = alone(own) if comparison is None else comparison.effect.p
    cost = 1.0 if comparison is None else comparison.effect.cost
    return replace(row, comparison=comparison, p=p, missing=_missing(around, own, cost))


def _whole(brand: Weeks, around: Windows) -> Change:
    return _change(brand.cut(around.weeks, around.weeks), *_bad(around, None))


def _shared(own: Weeks, brand: Weeks) -> bool:
    """Say whether all else moved the same way; its counts are what own ones leave of all."""
    k = np.maximum(brand.k - own.k, 0)
    rest = Weeks(k, np.maximum(brand.n - own.n, k), brand.before)
    p = alone(rest)

    def moved(weeks: Weeks) -> float:
        return log_odds(*weeks.side(True))[0] - log_odds(*weeks.side(False))[0]

    return p is not None and p < LEVEL and moved(own) * moved(rest) > 0


def _compared(
    own: Weeks, candidate: Candidate, fit: Fit, around: Windows, action: Action
) -> Comparison | None:
    other = candidate.weeks.cut(around.weeks, around.weeks)
    found = effect(own, other)
    if found is None:
        return None
    rival = candidate.kind == "rival"
    sides = _bad(around, action.touchpoint if rival else candidate.name)
    if rival:
        sides = tuple(side.but(brands=(candidate.name,)) for side in sides)
    weeks = by_week(other, action.day, sides[0])
    return Comparison(candidate.kind, candidate.name, fit, _change(other, *sides), found, weeks)


def _bad(
    around: Windows, touchpoint: str | None, sentiments: tuple[str, ...] = ("negative",)
) -> tuple[Filter, ...]:
    """Return the filters of what was bad before and after."""
    bad = (
        {"touchpoints": (touchpoint,), "polarity": "negative"}
        if touchpoint
        else {"sentiments": sentiments}
    )
    return tuple(side.but(**bad) for side in around.sides)


def _change(weeks: Weeks, behind_before: Filter, behind_after: Filter) -> Change:
    scatter = spread(weeks)
    before, after = (
        intervals.share(*weeks.side(side)) if scatter is None else share(*weeks.side(side), scatter)
        for side in (False, True)
    )
    change = intervals.difference(after, before)
    return Change(before, after, change, behind_before, behind_after)


def _missing(around: Windows, own: Weeks | None, cost: float = 1.0) -> Missing:
    if own is None:
        enough = around.room >= MIN_WEEKS
        return Missing(0, None, max(0, 7 * MIN_WEEKS - around.so_far) if enough else None)
    (k, before), (_, after) = own.side(False), own.side(True)
    n, scatter = min(before, after), spread(own)
    wanted = (
        max(MIN_N, ceil(cost * needed(k / before, scatter.ratio if scatter else 1.0)))
        if k
        else None
    )
    if not wanted or not n:
        return Missing(n, wanted, None)
    weeks = ceil(wanted / (n / around.weeks))
    return Missing(n, wanted, max(0, 7 * weeks - around.so_far) if weeks <= around.room else None)


def _judge(rows: Sequence[ActionEffect]) -> list[ActionEffect]:
    """Give every row its verdict, with the p of all actions corrected for their number."""
    known = [row.p for row in rows if row.p is not None]
    adjusted = iter(benjamini_hochberg(known))
    judged = []
    for row in rows:
        if row.p is None or row.negative is None or row.missing is None:
            judged.append(row)
            continue
        p = float(next(adjusted))
        change = row.comparison.effect.effect if row.comparison else row.negative.change
        assert change.value is not None
        verdict: Verdict
        if p < LEVEL:
            verdict = "helped" if change.value < 0 else "made_worse"
        elif row.missing.needed is None or row.missing.n < row.missing.needed:
            verdict = "not_enough_data"
        else:
            verdict = "no_change_seen"
        missing = row.missing if verdict == "not_enough_data" else None
        judged.append(replace(row, verdict=verdict, p_adjusted=p, missing=missing))
    return judged
