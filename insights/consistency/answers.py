"""Whether a brand answers as often and as fast on one channel as on the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm, rankdata

from insights import intervals
from insights.response.times import known_waits
from insights.response.waits import quantile
from insights.said import Said, said
from insights.significance import benjamini_hochberg, heterogeneity, shares_differ
from insights.values import MIN_N, Value
from store.engine import Store
from store.filter import Filter
from store.response_counts import Answering, answering
from store.responses import UNKNOWN, replies

MIN_DIFFERENCE = 0.05
"""A smaller difference of reply rates is no finding, however sure it is."""

MIN_RATIO = 1.25
"""A median wait must be so many times the others', or they so many times it."""

LEVEL = 0.05
"""The share of false findings that is put up with."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """How a brand answers on one channel.

    Attributes:
        reply_rate: of the mentions there; channels where no answer was ever seen are left out.
        rate_against_rest: that rate minus the rate of the other channels together.
        rate: "more" or "fewer" answers than elsewhere where that is a finding, else None.
        median: minutes to the first answer, of the answered.
        median_against_rest: that median minus the one of the other channels together.
        speed: "slower" or "faster" than elsewhere where that is a finding, else None.
        behind: selects the answered.
    """

    brand: str
    channel: str
    reply_rate: Value
    rate_against_rest: Value
    rate: Literal["more", "fewer"] | None
    median: Value
    median_against_rest: Value
    speed: Literal["slower", "faster"] | None
    behind: Filter


@dataclass(frozen=True)
class Ranks:
    """The ranks of waits, by which groups of them are held against each other.

    Attributes:
        ranks: (N,), the mean of the ranks where waits are equal.
        ties: the sum of t³ − t over every t equal waits.
    """

    ranks: NDArray[np.float64]
    ties: float

    def one_differs(self, here: NDArray[np.bool_]) -> float:
        """Return the p-value that the marked waits are as long as the others.

        Wilcoxon (1945) and Mann and Whitney (1947), by the normal distribution with the
        correction for ties; Lehmann (1975), Nonparametrics, section 1.4.

        Example:
            >>> waits = np.array([1, 2, 3, 4, 5, 6, 7, 8])
            >>> round(ranks_of(waits).one_differs(waits > 4), 4)
            0.0209
        """
        n, own = len(self.ranks), int(here.sum())
        spread = own * (n - own) / 12 * ((n + 1) - self.ties / (n * (n - 1))) if n > 1 else 0.0
        if spread <= 0:
            return 1.0
        z = (float(self.ranks[here].sum()) - own * (n + 1) / 2) / math.sqrt(spread)
        return float(2 * norm.sf(abs(z)))

    def any_differs(self, groups: NDArray[np.int64]) -> float:
        """Return the p-value that all groups wait equally long: Kruskal and Wallis (1952).

        Args:
            groups: (N,), the group of each, from 0 on.
        """
        n, sizes = len(self.ranks), np.bincount(groups)
        sums, sizes = np.bincount(groups, weights=self.ranks)[sizes > 0], sizes[sizes > 0]
        even = 1 - self.ties / (n**3 - n) if n > 1 else 0.0
        if len(sizes) < 2 or even <= 0:
            return 1.0
        statistic = (12 / (n * (n + 1)) * float((sums**2 / sizes).sum()) - 3 * (n + 1)) / even
        return float(chi2.sf(statistic, len(sizes) - 1))


def ranks_of(waits: NDArray[np.int64]) -> Ranks:
    """Return the ranks of waits, of any number."""
    _, equal = np.unique(waits, return_counts=True)
    equal = equal.astype(float)
    return Ranks(rankdata(waits), float((equal**3 - equal).sum()))


@dataclass(frozen=True)
class _Brand:
    """A brand's channels: how many mentions, how many answered, and who waited how long."""

    name: str
    channels: tuple[str, ...]
    asked: NDArray[np.int64]
    answered: NDArray[np.int64]
    waits: NDArray[np.int64]
    channel: NDArray[np.int64]
    ranks: Ranks

    def rates_differ(self) -> float:
        large = self.asked >= MIN_N
        return heterogeneity(self.answered[large].tolist(), self.asked[large].tolist())

    def rate_differs(self, place: int) -> float:
        k, n = int(self.answered[place]), int(self.asked[place])
        return shares_differ(k, n, int(self.answered.sum()) - k, int(self.asked.sum()) - n)


def answers(store: Store, filter: Filter) -> tuple[AnswerRow, ...]:
    """Return `answers_by_channel` of what a filter selects, such as complaints alone.

    Example:
        >>> from store.engine import open_store
        >>> answers(open_store("sqlite://"), Filter(complaint=True))
        ()
    """
    return answers_by_channel(store, filter, said(store, filter, by=("brand", "source", "channel")))


def answers_by_channel(store: Store, filter: Filter, spoken: Said) -> tuple[AnswerRow, ...]:
    """Compare the reply rate and the wait for an answer between each brand's channels.

    All channels of a brand are tested at once, corrected over the brands; where that finds
    something, each channel with `MIN_N` mentions, or answers, against the rest, corrected over
    all of them. What is written differs too: where more complain, more may be answered.

    Args:
        spoken: what `filter` selects, by brand, source and channel.
    """
    seen = answering(store)
    cells = spoken.cells
    there = spoken.where((cells["source"].isin(seen.sources)).to_numpy())
    brands = [
        _brand(store, filter, name, there.where((there.cells["brand"] == name).to_numpy()), seen)
        for name in sorted(set(cells["brand"]))
    ]
    rates = benjamini_hochberg([brand.rates_differ() for brand in brands])
    speeds = benjamini_hochberg([brand.ranks.any_differs(brand.channel) for brand in brands])
    places = [(brand, place) for brand in brands for place in range(len(brand.channels))]
    rate = dict(
        zip(
            ((brand.name, place) for brand, place in places),
            benjamini_hochberg([brand.rate_differs(place) for brand, place in places]),
            strict=True,
        )
    )
    speed = dict(
        zip(
            ((brand.name, place) for brand, place in places),
            benjamini_hochberg(
                [brand.ranks.one_differs(brand.channel == place) for brand, place in places]
            ),
            strict=True,
        )
    )
    return tuple(
        _row(
            brand,
            place,
            filter,
            rated=max(one_rate, rate[brand.name, place]) <= LEVEL,
            timed=max(one_speed, speed[brand.name, place]) <= LEVEL,
        )
        for brand, one_rate, one_speed in zip(brands, rates, speeds, strict=True)
        for place in range(len(brand.channels))
    )


def _brand(store: Store, filter: Filter, name: str, there: Said, seen: Answering) -> _Brand:
    own = filter.but(brands=(name,))
    known = replies(store, own)
    answers = known.where(known.answered)
    channels = tuple(sorted(set(there.cells["channel"]) & set(seen.channels)))
    known_wait = known_waits(answers)
    timed = known_wait != UNKNOWN
    waits = [known_wait[timed & (answers.channel == channel)] for channel in channels]
    asked = np.array([there.count((there.cells["channel"] == one).to_numpy()) for one in channels])
    answered = np.array([int((answers.channel == one).sum()) for one in channels])
    together = np.concatenate([np.zeros(0, dtype=np.int64), *waits])
    return _Brand(
        name,
        channels,
        asked,
        np.minimum(answered, asked),  # what came between the two looks is not counted
        together,
        np.repeat(np.arange(len(channels)), [len(one) for one in waits]),
        ranks_of(together),
    )


def _row(brand: _Brand, place: int, filter: Filter, *, rated: bool, timed: bool) -> AnswerRow:
    k, n = int(brand.answered[place]), int(brand.asked[place])
    reply_rate = intervals.share(k, n)
    others = intervals.share(int(brand.answered.sum()) - k, int(brand.asked.sum()) - n)
    more = intervals.difference(reply_rate, others)
    here = brand.channel == place
    median, rest = quantile(brand.waits[here], 0.5), quantile(brand.waits[~here], 0.5)
    longer = intervals.difference(median, rest)
    rate: Literal["more", "fewer"] | None = None
    if rated and n >= MIN_N and more.value is not None and abs(more.value) >= MIN_DIFFERENCE:
        rate = "more" if more.value > 0 else "fewer"
    speed: Literal["slower", "faster"] | None = None
    if timed and median.enough and median.value is not None and rest.value is not None:
        if median.value >= MIN_RATIO * rest.value:
            speed = "slower"
        elif rest.value >= MIN_RATIO * median.value:
            speed = "faster"
    channel = brand.channels[place]
    behind = filter.but(brands=(brand.name,), channels=(channel,), replied=True)
    return AnswerRow(brand.name, channel, reply_rate, more, rate, median, longer, speed, behind)
