"""One touchpoint looked at closely: its figures, its channels, and what is said with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from insights import intervals
from insights.drivers.left_out import Stars
from insights.drivers.table import Bools, table
from insights.said import Said, said
from insights.signals.ratio import ratio
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, NO_DATA, Value
from simak.errors import ConfigurationError
from simak.tags import SIGNALS
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.rollups import span

SURE = 0.05
"""Of what is said to stand out, at most this share is expected to be chance."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the touchpoint.

    Attributes:
        value: now.
        change: minus the same of the period before; None where nothing was collected then.
        behind: the mentions of the numerator.
    """

    value: Value
    change: Value | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class Apart:
    """Mentions of the touchpoint held against all other tagged mentions.

    Attributes:
        here, others: the figure of both.
        difference: here minus others; no data where either has too few mentions.
        behind: the mentions of `here`, its numerator where it is a share.
    """

    here: Value
    others: Value
    difference: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class InChannel:
    """The touchpoint in one channel.

    Attributes:
        share: of the channel's complaints, those that speak badly of it.
        times: as often as in the complaints of the other channels.
        p: of that being chance, adjusted for all channels; None with too few complaints.
        behind: the complaints of the numerator.
    """

    channel: str
    share: Value
    times: Value
    p: float | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class SaidWith:
    """What complaints about the touchpoint say besides.

    Attributes:
        name: a signal, or another touchpoint that is spoken badly of.
        share: of the complaints that speak badly of this touchpoint, those that say it too. For a
            touchpoint it opens nothing: no filter selects mentions that speak of two.
        times: as often as in all other complaints.
        p: of that being chance, adjusted for all that was looked at.
        behind: the complaints of the numerator; None for a touchpoint.
    """

    name: str
    share: Value
    times: Value
    p: float | None
    behind: Filter | None

    @property
    def stands_out(self) -> bool:
        """Whether it is said more often than in other complaints, beyond chance."""
        return self.p is not None and self.p < SURE and (self.times.low or 0.0) > 1


@dataclass(frozen=True)
class OneTouchpoint:
    """A touchpoint, closely.

    Attributes:
        mentions: that speak of it; its change is the growth, None where the period before began
            earlier than the data.
        complaint_share: of all complaints, those that speak badly of it.
        negative_rate: of the mentions that speak of it, those that speak badly.
        complaint_rate: of the mentions that speak of it, those that complain, of whatever;
            against all others.
        stars: the mean of those that speak badly of it, against all others. An association: what
            else they say may be what costs the stars.
        channels: those with complaints, most about the touchpoint first.
        signals, touchpoints: said with it, most often first.
    """

    id: str
    filter: Filter
    mentions: Figure
    complaint_share: Figure
    negative_rate: Figure
    complaint_rate: Apart
    stars: Apart
    channels: tuple[InChannel, ...]
    signals: tuple[SaidWith, ...]
    touchpoints: tuple[SaidWith, ...]


def one_touchpoint(store: Store, taxonomy: Taxonomy, id: str, filter: Filter) -> OneTouchpoint:
    """Look at one touchpoint closely.

    Args:
        id: of the touchpoint.
        filter: which mentions; not by touchpoint, polarity or signal.

    Raises:
        ConfigurationError: there is no such touchpoint.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> found = one_touchpoint(open_store("sqlite://"), load_taxonomy(), "price", Filter())
        >>> found.complaint_share.value.value is None
        True
    """
    if id not in taxonomy.ids:
        raise ConfigurationError(f"no touchpoint {id!r}")
    now = _Counted(said(store, filter, by=("channel",)), taxonomy, id)
    earlier = filter.previous()
    before = None if earlier is None else _Counted(said(store, earlier), taxonomy, id)
    if before is not None and not before.n.sum():
        before = None
    about = filter.but(touchpoints=(id,))
    bad = about.but(polarity="negative")
    blames = bad.but(complaint=True)

    def figure(measure: Callable[[_Counted], Value], behind: Filter) -> Figure:
        value = measure(now)
        change = None if before is None else intervals.difference(value, measure(before))
        return Figure(value, change, behind)

    mentions = now.count(now.spoken)
    growth = None
    if before is not None and _is_whole(store, filter):
        growth = intervals.growth(mentions, before.count(before.spoken))
    return OneTouchpoint(
        id,
        filter,
        Figure(Value(mentions, n=mentions, k=mentions), growth, about),
        figure(_Counted.complaint_share, blames),
        figure(_Counted.negative_rate, bad),
        now.complaint_rate(about.but(complaint=True)),
        now.stars(bad.but(has_rating=True)),
        now.channels(blames),
        *now.said_with(blames),
    )


class _Counted:
    """What was said, counted about one touchpoint."""

    def __init__(self, found: Said, taxonomy: Taxonomy, id: str) -> None:
        self.said, self.ids, self.id = found, taxonomy.ids, id
        self.says = table(found, [(one,) for one in taxonomy.ids])
        place = taxonomy.ids.index(id)
        self.spoken, self.blamed = self.says.spoken[:, place], self.says.blamed[:, place]
        self.complaint, self.tagged = self.says.complaint, self.says.tagged
        self.blames = self.complaint & self.blamed
        self.n = self.says.sums[:, 0].astype(np.int64)

    def count(self, which: Bools) -> int:
        return int(self.n[which].sum())

    def complaint_share(self) -> Value:
        return intervals.share(self.count(self.blames), self.count(self.complaint))

    def negative_rate(self) -> Value:
        return intervals.share(self.count(self.blamed), self.count(self.spoken))

    def complaint_rate(self, behind: Filter) -> Apart:
        rest = self.tagged & ~self.spoken
        here = intervals.share(self.count(self.complaint & self.spoken), self.count(self.spoken))
        # No filter selects what does not speak of a touchpoint: there is nothing to open.
        others = intervals.share(self.count(self.complaint & rest), self.count(rest))
        return _apart(here, replace(others, k=None), behind)

    def stars(self, behind: Filter) -> Apart:
        def mean(which: Bools) -> Value:
            n, total, squares = self.says.sums[which, 1:].sum(axis=0)
            return Stars(int(n), float(total), float(squares)).mean()

        here = mean(self.blamed)
        opened = replace(here, k=here.n) if here.n else here
        return _apart(opened, mean(self.tagged & ~self.blamed), behind)

    def channels(self, blames: Filter) -> tuple[InChannel, ...]:
        names = self.said.cells["channel"].to_numpy(dtype=object)
        counted = {}
        for name in dict.fromkeys(names):
            here = np.asarray(names == name)
            if n := self.count(self.complaint & here):
                counted[str(name)] = (self.count(self.blames & here), n)
        whole = self.count(self.blames), self.count(self.complaint)
        rows = []
        for name, (k, n) in counted.items():
            rest = (whole[0] - k, whole[1] - n)
            tested = min(n, rest[1]) >= MIN_N
            rows.append(
                InChannel(
                    name,
                    intervals.share(k, n),
                    ratio(k, n, *rest) if tested else NO_DATA,
                    shares_differ(k, n, *rest) if tested else None,
                    blames.but(channels=(name,)),
                )
            )
        adjusted = iter(benjamini_hochberg([row.p for row in rows if row.p is not None]))
        rows = [row if row.p is None else replace(row, p=float(next(adjusted))) for row in rows]
        return tuple(sorted(rows, key=lambda row: -(row.share.k or 0)))

    def said_with(self, blames: Filter) -> tuple[tuple[SaidWith, ...], tuple[SaidWith, ...]]:
        rest = self.complaint & ~self.blames
        totals = self.count(self.blames), self.count(rest)

        def row(name: str, said_too: Bools, behind: Filter | None) -> SaidWith:
            k, other = self.count(self.blames & said_too), self.count(rest & said_too)
            share = intervals.share(k, totals[0])
            tested = min(totals) >= MIN_N
            return SaidWith(
                name,
                share if behind else replace(share, k=None),
                ratio(k, totals[0], other, totals[1]) if tested else NO_DATA,
                shares_differ(k, totals[0], other, totals[1]) if tested else None,
                behind,
            )

        signals = [
            row(name, self.said.signal(name), blames.but(signals=(name,))) for name in SIGNALS
        ]
        others = [
            row(name, self.says.blamed[:, place], None)
            for place, name in enumerate(self.ids)
            if name != self.id
        ]
        ps = [one.p for one in (*signals, *others) if one.p is not None]
        adjusted = iter(benjamini_hochberg(ps))
        rows = [
            one if one.p is None else replace(one, p=float(next(adjusted)))
            for one in (*signals, *others)
        ]
        rows = [one for one in rows if one.share.value]
        signal_rows = [one for one in rows if one.behind is not None]
        touchpoint_rows = [one for one in rows if one.behind is None]
        return tuple(sorted(signal_rows, key=_most)), tuple(sorted(touchpoint_rows, key=_most))


def _is_whole(store: Store, filter: Filter) -> bool:
    """Whether the data reach back over all of the period before."""
    first, earlier = span(store, filter.brands)[0], filter.previous()
    return bool(first and earlier and earlier.since and first <= earlier.since)


def _apart(here: Value, others: Value, behind: Filter) -> Apart:
    both = here.enough and others.enough
    difference = intervals.difference(here, others) if both else NO_DATA
    return Apart(here, others, difference, behind)


def _most(row: SaidWith) -> float:
    return -(row.share.value or 0.0)
