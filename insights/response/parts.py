"""Who lets customers wait: the waits of each channel or touchpoint, held against all others.

Whoever still waits is counted as having waited at least so long, so a place that answers few but
quickly does not look quick.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from insights import intervals
from insights.intervals import Z
from insights.response.times import DAY, Clock, by_clock, known_waits
from insights.response.waits import Waiting, quantile
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, NO_DATA, Value
from store.engine import Store
from store.filter import Filter
from store.response_counts import answering, asked, last_seen
from store.responses import UNKNOWN, Replies, replies
from store.speech import profiles

Over = Literal["channel", "touchpoint"]

Places = Mapping[tuple[str, str, date | None], int]
"""Source, channel and day, and how many were written there and then."""


@dataclass(frozen=True)
class Part:
    """How long those of one channel or touchpoint waited for the first answer.

    Attributes:
        name: the channel or touchpoint; None is the whole.
        reply_rate: of all of them; `k` are answered.
        waiting: who still waits after each time.
        median: minutes until the answer, of the answered alone.
        within: the share that was answered within a day, those who still wait counted.
        against: `within` minus that of all others; no data of the whole.
        p: how likely so large a difference is by chance, corrected for all parts; None where it
            cannot be told.
        behind, still: the answered, and those without an answer.
    """

    name: str | None
    reply_rate: Value
    waiting: Waiting
    median: Value
    within: Value
    against: Value
    p: float | None
    behind: Filter
    still: Filter


def parts(store: Store, filter: Filter, over: Over, names: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return the whole, then each part of it, most mentions first.

    Only mentions of sources and channels where an answer was ever seen count.

    Args:
        filter: such as all complaints.
        names: the touchpoints to tell apart; with a filter of complaints those that speak badly
            of one, else all that speak of it. Of channels all are told apart.

    Returns:
        Nothing where there is nothing that could have been answered.

    Example:
        >>> from store.engine import open_store
        >>> parts(open_store("sqlite://"), Filter(complaint=True), "channel")
        ()
    """
    # Before what they are held against, which may grow meanwhile: never more answers than asked.
    known = replies(store, filter)
    answers = known.where(known.answered)
    seen = answering(store)
    there = filter.but(
        sources=tuple(one for one in seen.sources if not filter.sources or one in filter.sources),
        channels=tuple(
            one for one in seen.channels if not filter.channels or one in filter.channels
        ),
    )
    if not there.sources or not there.channels:
        return ()
    clock = Clock(store.zone, None, last_seen(store, filter.brands))
    whole = _asked(store, there)
    if not whole:
        return ()
    every = np.ones(len(answers), dtype=np.bool_)
    found = [_part(clock, None, there, answers, whole, every, whole)]
    for name, which, own, mask in _split(store, there, answers, whole, over, names):
        if own:
            found.append(_part(clock, name, which, answers, whole, mask, own))
    ps = iter(benjamini_hochberg([one.p for one in found if one.p is not None]))
    rows = [one if one.p is None else replace(one, p=float(next(ps))) for one in found]
    return (rows[0], *sorted(rows[1:], key=lambda one: (-one.reply_rate.n, one.name or "")))


def within(waiting: Waiting, watched: int, minutes: int = DAY) -> Value:
    """Return the share that was answered within so long.

    Args:
        watched: how many are at least so old: where nobody or everybody was answered by then,
            the estimate has no variance, and the interval is Wilson's of so many.

    Example:
        >>> from insights.response.waits import waiting
        >>> nobody = waiting(np.array([], dtype=int), np.array([9] * 30))
        >>> found = within(nobody, 30, minutes=5)
        >>> found.value, round(found.high, 2)
        (0.0, 0.11)
    """
    still = waiting.after(minutes)
    if len(waiting.at) and waiting.share[-1] <= 0 and waiting.at[-1] <= minutes:
        still = Value(0.0, n=waiting.n)  # answered all before anybody could wait so long
    if still.value is None:
        return NO_DATA
    if still.value in (0.0, 1.0) or still.low is None or still.high is None:
        ends = intervals.share(round(watched * (1 - still.value)), watched)
        return Value(1 - still.value, ends.low, ends.high, still.n)
    return Value(1 - still.value, 1 - still.high, 1 - still.low, still.n)


def differ(one: Value, other: Value, watched: tuple[int, int]) -> float | None:
    """Return how likely two shares of `within` lie so far apart by chance.

    Compared on the scale of their intervals, log(−log). Source: Klein, Logan, Harhoff and
    Andersen (2007), Analyzing survival curves at a fixed point in time, Stat. Med. 26, 4505–4519.
    Where nobody or everybody was answered there is no such scale: then as two plain shares.

    Args:
        watched: how many are at least so old on either side.

    Returns:
        None where either rests on too few.

    Example:
        >>> low, high = Value(0.2, 0.15, 0.26, n=200), Value(0.5, 0.43, 0.57, n=200)
        >>> differ(low, high, (200, 200)) < 0.001, differ(low, low, (200, 200))
        (True, 1.0)
    """
    if one.value is None or other.value is None or min(one.n, other.n, *watched) < MIN_N:
        return None
    points = [_on_scale(value) for value in (one, other)]
    if points[0] is None or points[1] is None:
        n, m = watched
        return shares_differ(round(one.value * n), n, round(other.value * m), m)
    (at, error), (at_other, error_other) = points[0], points[1]
    return float(2 * norm.sf(abs(at - at_other) / math.hypot(error, error_other)))


def _on_scale(value: Value) -> tuple[float, float] | None:
    """Return log(−log) of who still waits, and its standard error, read off the interval."""
    if value.value is None or value.high is None or not 0 < value.value < 1 or value.high >= 1:
        return None
    still, low = 1 - value.value, 1 - value.high
    return math.log(-math.log(still)), math.log(math.log(low) / math.log(still)) / Z


def _asked(store: Store, filter: Filter) -> dict[tuple[str, str, date | None], int]:
    counted: Counter[tuple[str, str, date | None]] = Counter()
    # Complaints are counted beside all: so the rollups answer, and not every row.
    plain = filter if filter.touchpoints else filter.but(complaint=None)
    for one in asked(store, plain):
        n = one.complaints if filter.complaint else one.n
        if n:
            counted[one.source, one.channel, one.day] += n
    return dict(counted)


def _split(
    store: Store, there: Filter, answers: Replies, whole: Places, over: Over, names: Sequence[str]
) -> list[tuple[str, Filter, Places, NDArray[np.bool_]]]:
    found: list[tuple[str, Filter, Places, NDArray[np.bool_]]] = []
    if over == "channel":
        for name in there.channels:
            own = {place: n for place, n in whole.items() if place[1] == name}
            found.append((name, there.but(channels=(name,)), own, answers.channel == name))
        return found
    spoken = profiles(store, np.unique(answers.profile).tolist())
    polarity = "negative" if there.complaint else None
    for name in names:
        which = there.but(touchpoints=(name,), polarity=polarity)
        says = [
            id
            for id, profile in spoken.items()
            if name in profile.touchpoints
            and (polarity is None or profile.touchpoints[name] == polarity)
        ]
        found.append((name, which, _asked(store, which), np.isin(answers.profile, says)))
    return found


def _part(
    clock: Clock,
    name: str | None,
    which: Filter,
    answers: Replies,
    whole: Places,
    mask: NDArray[np.bool_],
    own: Places,
) -> Part:
    waits, mine, old = _waits(clock, answers.where(mask), own)
    against, p = NO_DATA, None
    if name is not None:
        rest = {place: left for place, n in whole.items() if (left := n - own.get(place, 0)) > 0}
        _, others, old_others = _waits(clock, answers.where(~mask), rest)
        against, p = intervals.difference(mine, others), differ(mine, others, (old, old_others))
    timed = known_waits(answers.where(mask))
    return Part(
        name,
        intervals.share(int(mask.sum()), sum(own.values())),
        waits,
        quantile(timed[timed != UNKNOWN], 0.5),
        mine,
        against,
        p,
        which.but(replied=True),
        which.but(replied=False),
    )


def _waits(clock: Clock, answers: Replies, of: Places) -> tuple[Waiting, Value, int]:
    waits = by_clock(
        clock, answers.replied, answers, [(s, day, n) for (s, _, day), n in of.items()]
    )
    old = clock.last_day([source for source, *_ in of], 1)
    watched = sum(n for (*_, day), n in of.items() if day is not None and old and day <= old)
    return waits, within(waits, watched), watched
