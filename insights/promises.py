"""Which promises are kept, as far as customers say.

The kept-rate is of mentions that speak of the promise, not of deliveries: who got what was
promised seldom writes about it, so it lies far below what operations would measure. What can be
read from it is how it moves, and where it is lower than elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from insights import intervals
from insights.said import said
from insights.values import Value
from simak.tags import SENTIMENTS
from store import promises as register
from store.engine import Store
from store.filter import Filter
from store.promises import SIDES, Promise, Side
from store.rollups import counts, span, touchpoint_counts

MIN_DAYS = 14
"""Days on either side of a promise's first one below which they are not compared."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a promise is said to be kept, of a month, a channel or all.

    Attributes:
        rate: kept of kept and broken; its mentions are those of `behind_kept`.
        kept, broken: mentions.
    """

    rate: Value
    kept: Value
    broken: Value
    behind_kept: Filter
    behind_broken: Filter

    def behind(self, side: Side) -> Filter:
        """Return the filter of a side's mentions."""
        return self.behind_kept if side == "kept" else self.behind_broken


@dataclass(frozen=True, slots=True)
class Start:
    """The days since a promise began against as many just before it.

    Attributes:
        days: on either side.
        kept_before, kept_after: the same words, said before and after. Before there was the
            promise they were said of other estimates.
        kept_change: after minus before.
        negative_before, negative_after: of the mentions of the touchpoint, those that speak
            badly of it.
        negative_change: after minus before.
        brand_before, brand_after: of all the brand's mentions, those that are negative. Where
            they moved as much it is not the promise: other people may have been collected.
        behind_before, behind_after: the filters of those that speak badly of the touchpoint.
    """

    days: int
    kept_before: Kept
    kept_after: Kept
    kept_change: Value
    negative_before: Value
    negative_after: Value
    negative_change: Value
    brand_before: Value
    brand_after: Value
    behind_before: Filter
    behind_after: Filter


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise.

    Attributes:
        queries: of each side, whether texts are found by its own query or the general one.
        mentions: how many speak of the touchpoint while it held.
        all: over all of its days within the filter.
        months: by the first of the month; those where nobody speaks of it are left out.
        channels: by channel, most mentions first.
        start: None where it began with the data or less than `MIN_DAYS` from either end of it.
    """

    promise: Promise
    queries: Mapping[Side, Literal["own", "general"]]
    mentions: int
    all: Kept
    months: Mapping[date, Kept]
    channels: Mapping[str, Kept]
    start: Start | None


@dataclass(frozen=True)
class Promises:
    """All promises that held within a filter's days, by brand and first day."""

    filter: Filter
    rows: tuple[PromiseRow, ...]


def promises(store: Store, filter: Filter) -> Promises:
    """Measure how the promises of the filter's brands are kept.

    Args:
        filter: brands, days, channels, sources and languages.

    Example:
        >>> from store.engine import open_store
        >>> promises(open_store("sqlite://"), Filter()).rows
        ()
    """
    held = ((one, one.while_held(filter)) for one in register.promises(store, filter.brands))
    rows = [_row(store, one, days, filter) for one, days in held if days is not None]
    return Promises(filter, tuple(rows))


def _row(store: Store, promise: Promise, days: Filter, filter: Filter) -> PromiseRow:
    sides = {side: promise.behind(days, side) for side in SIDES}
    cells = {
        side: said(store, behind, by=("channel", "month")).cells for side, behind in sides.items()
    }
    months = _parts(cells, "month")
    channels = _parts(cells, "channel")
    return PromiseRow(
        promise,
        {side: "own" if getattr(promise, side) else "general" for side in SIDES},
        sum(_spoken(store, promise, days).values()),
        _kept(promise, days, {side: int(cells[side]["n"].sum()) for side in SIDES}),
        {
            month: _kept(promise, _within(days, month), counts)
            for month, counts in sorted(months.items())
        },
        {
            channel: _kept(promise, days.but(channels=(channel,)), counts)
            for channel, counts in sorted(
                channels.items(), key=lambda item: (-sum(item[1].values()), item[0])
            )
        },
        _start(store, promise, filter),
    )


def _parts(cells: Mapping[Side, pd.DataFrame], by: str) -> dict[Any, dict[Side, int]]:
    parts: dict[Any, dict[Side, int]] = {}
    for side in SIDES:
        for part, n in cells[side].groupby(by)["n"].sum().items():
            parts.setdefault(part, dict.fromkeys(SIDES, 0))[side] = int(n)
    return parts


def _kept(promise: Promise, days: Filter, counts: Mapping[Side, int]) -> Kept:
    kept, broken = counts["kept"], counts["broken"]
    return Kept(
        intervals.share(kept, kept + broken),
        Value(kept, n=kept, k=kept),
        Value(broken, n=broken, k=broken),
        promise.behind(days, "kept"),
        promise.behind(days, "broken"),
    )


def _within(days: Filter, month: date) -> Filter:
    """Return the filter of a month, no longer than the days asked for."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return days.but(since=max(month, days.since or month), until=min(last, days.until or last))


def _spoken(store: Store, promise: Promise, days: Filter) -> dict[str, int]:
    """Return how many mentions speak of the touchpoint, by polarity."""
    asked = days.but(touchpoints=(promise.touchpoint,))
    return {cell["polarity"]: cell["n"] for cell in touchpoint_counts(store, asked, ("polarity",))}


def _start(store: Store, promise: Promise, filter: Filter) -> Start | None:
    first, last = span(store, (promise.brand,))
    if first is None or last is None:
        return None
    first = max(first, filter.since or first)
    last = min(last, filter.until or last, promise.until or last)
    days = min((promise.since - first).days, (last - promise.since).days + 1)
    if days < MIN_DAYS:
        return None
    length, day = timedelta(days=days), timedelta(days=1)
    own = filter.but(brands=(promise.brand,))
    before = own.but(since=promise.since - length, until=promise.since - day)
    after = own.but(since=promise.since, until=promise.since + length - day)
    (kept_before, bad_before), (kept_after, bad_after) = (
        _side(store, promise, side) for side in (before, after)
    )
    return Start(
        days,
        kept_before,
        kept_after,
        intervals.difference(kept_after.rate, kept_before.rate),
        bad_before,
        bad_after,
        intervals.difference(bad_after, bad_before),
        _negative(store, before),
        _negative(store, after),
        _bad(promise, before),
        _bad(promise, after),
    )


def _side(store: Store, promise: Promise, days: Filter) -> tuple[Kept, Value]:
    told = {side: said(store, promise.behind(days, side)).count() for side in SIDES}
    spoken = _spoken(store, promise, days)
    bad = intervals.share(spoken.get("negative", 0), sum(spoken.values()))
    return _kept(promise, days, told), bad


def _negative(store: Store, days: Filter) -> Value:
    n = {cell["sentiment"]: cell["n"] for cell in counts(store, days, by=("sentiment",))}
    return intervals.share(n.get("negative", 0), sum(n.get(one, 0) for one in SENTIMENTS))


def _bad(promise: Promise, days: Filter) -> Filter:
    return days.but(touchpoints=(promise.touchpoint,), polarity="negative")
