"""Which days stood out and which levels changed, over all series of a selection."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from insights.spikes import tail
from insights.spikes.baseline import DAYS
from insights.spikes.collection import failed_days, missing
from insights.spikes.series import Key, Read, read
from insights.spikes.watch import MIN_VOLUME, Shift, Watched, alarms, watch
from insights.values import Value
from store.engine import Store
from store.filter import Filter

Kind = Literal["spike", "shift"]

NEAR = 7
"""Days apart at which two changes of level are told together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Days on which much more was said than was to be expected, or a level that changed.

    Attributes:
        touchpoint: None for all mentions of the sentiment `polarity`.
        since, until: a spike's days; of a shift the first day of the new level and the day by
            which enough was known, over which it is measured.
        found: the day on whose evening it was known; nothing after it was used.
        seen: mentions of these days.
        expected: how many were to be expected, with the range that 95 of 100 such days stay
            within; n is the mentions of the weeks it was learned from.
        ratio: seen over expected with its interval; n as of `expected`.
        p: the chance of so many (shift: of so much more or less) without a cause.
        behind: the mentions that were seen.
    """

    kind: Kind
    brand: str
    touchpoint: str | None
    polarity: str
    since: date
    until: date
    found: date
    seen: Value
    expected: Value
    ratio: Value
    dispersion: float
    p: float
    behind: Filter


@dataclass(frozen=True, slots=True)
class Event:
    """Findings of one brand, kind and polarity on the same days: one thing that happened.

    Attributes:
        head: the surest.
        also: the others, surest first.
        strength: how far the head is from what was expected, in standard deviations. By it many
            mentions above many weigh more than few above hardly any, at the same ratio.
        known: the first evening on which any of it was known.
    """

    head: Finding
    also: tuple[Finding, ...]
    strength: float
    known: date


@dataclass(frozen=True, slots=True)
class Spikes:
    """What stood out.

    Attributes:
        events: strongest first.
        series: how many series were watched on the last day; 0 where there is not enough data.
        too_small: how many have too little history or volume for it.
        judged_from: the first day that could be judged; None without any.
        not_collected: days within the filter that are left out of what is expected, as not all
            sources were collected.
    """

    filter: Filter
    events: tuple[Event, ...]
    series: int
    too_small: int
    judged_from: date | None
    not_collected: tuple[date, ...]

    def within(self, since: date) -> Spikes:
        """Return what belongs to the days from `since` on, as if only these had been asked for."""
        found = [one for event in self.events for one in (event.head, *event.also)]
        return replace(
            self,
            filter=self.filter.but(since=since),
            # A shift belongs to the days on which it began and on which it was found.
            events=tuple(_events([one for one in found if one.until >= since])),
            not_collected=tuple(day for day in self.not_collected if day >= since),
        )


def spikes(store: Store, filter: Filter) -> Spikes:
    """Find the spikes and level shifts among the days of a filter.

    Each day is held against the days before it, whatever the filter's first day, and nothing
    after the filter's last day is used.

    Args:
        filter: brands, days, channels, sources, languages, and whether copies count.

    Raises:
        ValueError: the filter asks for what the rollups do not hold.

    Example:
        >>> from store.engine import open_store
        >>> spikes(open_store("sqlite://"), Filter()).events
        ()
    """
    known = read(store, filter)
    if known is None or not known.keys:
        return Spikes(filter, (), 0, 0, None, ())
    gone = missing(known, failed_days(store, known))
    large = _large(known)
    keys = [known.keys[place] for place in large]
    brands = [key.brand for key in keys]
    watched = watch(known.counts[large], known.first.weekday(), gone[large], brands)
    found = [
        *_spikes(known, keys, watched, filter),
        *(_shift(known, keys[shift.series], shift, filter) for shift in watched.shifts),
    ]
    judged = ~np.isnan(watched.p)
    first = np.flatnonzero(judged.any(0))
    latest = int(judged[:, -1].sum())
    lost = np.flatnonzero(
        (gone < known.days).any(0) & (known.counts.sum(0) > 0).cumsum().astype(bool)
    )
    whole = Spikes(
        filter,
        tuple(_events(found)),
        latest,
        len(known.keys) - latest,
        known.day(int(first[0])) if len(first) else None,
        tuple(known.day(int(place)) for place in lost),
    )
    return whole.within(filter.since) if filter.since else whole


def _large(known: Read) -> list[int]:
    """Return the series that ever had enough mentions in a window to be judged."""
    sums = np.concatenate([np.zeros((len(known.keys), 1)), known.counts.cumsum(1)], axis=1)
    back = np.maximum(np.arange(known.days + 1) - DAYS, 0)
    return np.flatnonzero((sums - sums[:, back]).max(1) >= MIN_VOLUME).tolist()


def _spikes(known: Read, keys: Sequence[Key], watched: Watched, filter: Filter) -> list[Finding]:
    """Return the days that stand out, days in a row as one finding."""
    found = []
    for place, marked in enumerate(alarms(watched)):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(int)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            days = slice(start, end)
            mean = watched.expected[place, days]
            expected = float(mean.sum())
            spread = float((watched.dispersion[place, days] * mean).sum()) / expected
            # The errors of neighbouring days are those of one fit.
            error = float((watched.error[place, days] * mean).sum()) / expected
            found.append(
                _finding(
                    "spike", known, keys[place], filter, int(start), int(end) - 1,
                    (expected, spread, error),
                    float(watched.p[place, days].min()), watched.history[place, start],
                )
            )  # fmt: skip
    return found


def _shift(known: Read, key: Key, shift: Shift, filter: Filter) -> Finding:
    return _finding(
        "shift", known, key, filter, shift.start, shift.found,
        (shift.expected, shift.dispersion, shift.error), shift.p, shift.history,
    )  # fmt: skip


def _finding(
    kind: Kind,
    known: Read,
    key: Key,
    filter: Filter,
    start: int,
    last: int,
    model: tuple[float, float, float],
    p: float,
    history: float,
) -> Finding:
    expected, dispersion, error = model
    since, until = known.day(start), known.day(last)
    seen = int(known.counts[known.keys.index(key), start : last + 1].sum())
    whole = dispersion + expected * error**2
    ratio, low, high = tail.ratio(seen, expected, dispersion, error)
    usual = tail.usual(expected, whole)
    return Finding(
        kind,
        key.brand,
        key.touchpoint,
        key.polarity,
        since,
        until,
        until,
        Value(seen, n=seen, k=seen),
        Value(expected, float(usual[0]), float(usual[1]), int(history)),
        Value(ratio, low, high, int(history), seen),
        whole,
        p,
        key.narrow(filter).but(since=since, until=until),
    )


def _events(found: Sequence[Finding]) -> list[Event]:
    """Put together what happened together."""
    events: list[list[Finding]] = []
    # Equal chances are told apart by how large they are: many round to nothing at all.
    for one in sorted(found, key=lambda one: (one.p, -abs(math.log(one.ratio.value or 1e-9)))):
        for event in events:
            if _together(event[0], one):
                event.append(one)
                break
        else:
            events.append([one])
    told = [
        Event(event[0], tuple(event[1:]), _strength(event[0]), min(one.found for one in event))
        for event in events
    ]
    return sorted(told, key=lambda event: (-event.strength, event.head.since, event.head.brand))


def _strength(finding: Finding) -> float:
    expected = finding.expected.value or 0.0
    return tail.distance(finding.seen.n, expected, finding.dispersion)


def _together(one: Finding, other: Finding) -> bool:
    if (one.brand, one.kind, one.polarity) != (other.brand, other.kind, other.polarity):
        return False
    if one.kind == "spike":
        return one.since <= other.until and other.since <= one.until
    up = [(finding.ratio.value or 0) > 1 for finding in (one, other)]
    return up[0] == up[1] and abs(one.since - other.since) <= timedelta(days=NEAR)
