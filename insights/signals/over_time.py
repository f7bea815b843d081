"""How often each signal is given, and whether that has changed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from insights import intervals
from insights.said import Said
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, Value
from simak.tags import SIGNALS
from store.filter import Filter

Every = Literal["week", "month"]
_FREQUENCIES = {"week": "W-SUN", "month": "M"}


@dataclass(frozen=True, slots=True)
class SignalPoint:
    """One week or month.

    Attributes:
        start, end: first and last day of it that the filter selects, both inclusive.
        share: of the tagged mentions, those that give the signal; `behind` opens them.
        change: share less that of the week or month before; None where either has too few.
        p: of that change being chance, corrected for the six signals of that week or month.
    """

    start: date
    end: date
    share: Value
    change: Value | None
    p: float | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal.

    Attributes:
        id: one of `simak.tags.SIGNALS`.
        share: of the tagged mentions, those that give it; `behind` opens them.
        change: share less that of the period of equal length before; None where there is none,
            or too little.
        p: of that change being chance, corrected for the six signals.
        points: every week or month from the first dated mention to the last.
    """

    id: str
    share: Value
    change: Value | None
    p: float | None
    behind: Filter
    points: tuple[SignalPoint, ...]


@dataclass(frozen=True)
class _Counts:
    """Of one period: tagged mentions, and for each signal those that give it."""

    tagged: int
    given: tuple[int, ...]

    def share(self, signal: int) -> Value:
        return intervals.share(self.given[signal], self.tagged)


def over_time(
    now: Said, before: Said | None, dated: Said, filter: Filter, every: Every
) -> list[SignalRow]:
    """Return a row of each signal.

    Args:
        now, before: what was said in the period, and in the one before.
        dated: what was said in the period by `day` or `month`.
    """
    whole, earlier = _count(now), _count(before) if before else None
    periods = _periods(dated, every)
    counted = [counts for _, counts in periods]
    changes = _changes([earlier, whole] if earlier else [whole])
    steps = _changes(counted)
    rows = []
    for number, id in enumerate(SIGNALS):
        behind = filter.but(signals=(id,))
        change, p = changes[number][-1]
        points = []
        for (period, counts), (step, chance) in zip(periods, steps[number], strict=True):
            start, end = period.start_time.date(), period.end_time.date()
            # The first and the last period hold no more days than the filter, nor does a click.
            start = max(start, filter.since) if filter.since else start
            end = min(end, filter.until) if filter.until else end
            opened = behind.but(since=start, until=end)
            points.append(SignalPoint(start, end, counts.share(number), step, chance, opened))
        rows.append(SignalRow(id, whole.share(number), change, p, behind, tuple(points)))
    return rows


def _count(said: Said) -> _Counts:
    return _Counts(
        said.count(said.tagged), tuple(said.count(said.tagged & said.signal(id)) for id in SIGNALS)
    )


def _periods(dated: Said, every: Every) -> list[tuple[pd.Period, _Counts]]:
    """Count each week or month, those without a mention between the first and the last too."""
    days = pd.to_datetime(dated.cells["day" if every == "week" else "month"])
    known = days.notna().to_numpy() & dated.tagged
    if not known.any():
        return []
    periods = pd.PeriodIndex(days[known], freq=_FREQUENCIES[every])
    whole = pd.period_range(periods.min(), periods.max(), freq=_FREQUENCIES[every])
    places = whole.get_indexer(periods)
    n = dated.cells["n"].to_numpy()[known]
    columns = [n, *(n * dated.signal(id)[known] for id in SIGNALS)]
    sums = [np.bincount(places, weights=column, minlength=len(whole)) for column in columns]
    return [
        (period, _Counts(int(tagged), tuple(int(k) for k in given)))
        for period, tagged, *given in zip(whole, *sums, strict=True)
    ]


_Change = tuple[Value | None, float | None]


def _changes(counted: Sequence[_Counts]) -> list[list[_Change]]:
    """Return for each signal what it changed by to each of the counts from the one before."""
    found: list[list[_Change]] = [[(None, None)] * len(counted) for _ in SIGNALS]
    for place, (before, now) in enumerate(itertools.pairwise(counted), start=1):
        if min(before.tagged, now.tagged) < MIN_N:
            continue
        pairs = [(now.share(number), before.share(number)) for number in range(len(SIGNALS))]
        chances = [shares_differ(new.k or 0, new.n, old.k or 0, old.n) for new, old in pairs]
        adjusted = benjamini_hochberg(chances)
        for number, (pair, p) in enumerate(zip(pairs, adjusted, strict=True)):
            found[number][place] = (intervals.difference(*pair), float(p))
    return found
