"""How much each brand is spoken of, how, and about what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
from scipy.stats import norm

from insights import intervals
from insights.said import Said
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import NO_DATA, Value
from simak.taxonomy import Taxonomy
from store.filter import Filter

ALIKE = 0.5
"""Brands whose mentions overlap less than this differ by when and where, whatever they do."""


@dataclass(frozen=True, slots=True)
class BrandVoice:
    """One brand.

    Attributes:
        share: of all the brands' mentions, its own.
        without_copies: the same without what repeats another's words.
        net_sentiment, complaint_rate: of its tagged mentions.
        alike: how far its mentions come from the same months and channels as the chosen brand's,
            `overlap`. Below `ALIKE` the two were collected too differently to be compared.
        against: net sentiment and complaint rate minus the chosen brand's; empty where the two
            are not compared.
        p: of each, how likely so large a difference is by chance, corrected for all of them;
            nothing where either brand has too few mentions.
        first, last: the months of its first and last mention; None where nothing is dated.
        behind, behind_complaints: its mentions, and those that complain.
    """

    brand: str
    share: Value
    without_copies: Value
    net_sentiment: Value
    complaint_rate: Value
    alike: float
    against: Mapping[str, Value]
    p: Mapping[str, float]
    first: date | None
    last: date | None
    channels: tuple[str, ...]
    behind: Filter
    behind_complaints: Filter


@dataclass(frozen=True, slots=True)
class Profile:
    """A touchpoint's part in a brand's complaints.

    Attributes:
        share: of the brand's complaints, those that speak badly of it.
        against: that minus the chosen brand's; no data where the two are not compared.
        p: how likely so large a difference is by chance, corrected for all brands and
            touchpoints; None where too few complain.
        behind: the mentions of `share`.
    """

    brand: str
    touchpoint: str
    share: Value
    against: Value
    p: float | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class Month:
    """A brand in a month; values as in `BrandVoice`, `behind` its mentions."""

    month: date
    brand: str
    share: Value
    net_sentiment: Value
    complaint_rate: Value
    behind: Filter


def balances_differ(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the two-sided p-value that two net sentiments are equal.

    The difference over its standard error, √(v₁ / n₁ + v₂ / n₂) with v = p + q − (p − q)², is
    standard normal in large samples: Welch's test of values +1, 0 and −1.

    Args:
        one, other: positive, negative, all.

    Example:
        (0.2 − 0) / √(0.76 / 100 + 0.8 / 100) = 1.601
        >>> round(balances_differ((50, 30, 100), (40, 40, 100)), 3)
        0.109
    """
    (p, q, n), (r, s, m) = one, other
    if min(n, m) == 0:
        return 1.0
    up, down, up_of_other, down_of_other = p / n, q / n, r / m, s / m
    apart = (up - down) - (up_of_other - down_of_other)
    spread = (up + down - (up - down) ** 2) / n
    spread += (up_of_other + down_of_other - (up_of_other - down_of_other) ** 2) / m
    if spread <= 0:
        return float(apart == 0)
    return float(2 * norm.sf(abs(apart) / math.sqrt(spread)))


def overlap(one: Said, other: Said) -> float:
    """Return how far two brands' mentions come from the same months and channels, 0 to 1.

    The sum, over months × channels, of the smaller of both brands' shares there: one half and one
    half against all in the first is 0.5. Source: Weitzman (1970), US Bureau of the Census,
    Technical Paper 22.

    Args:
        one, other: with the columns `month` and `channel`.
    """
    if not one.count() or not other.count():
        return 0.0
    shares = [
        said.cells.groupby(["month", "channel"], dropna=False)["n"].sum() / said.count()
        for said in (one, other)
    ]
    return float(pd.concat(shares, axis=1).fillna(0.0).min(axis=1).sum())


def voices(
    mentions: Said, without_copies: Mapping[str, int], filter: Filter, brands: Sequence[str]
) -> tuple[BrandVoice, ...]:
    """Return the brands, the chosen one first, then by volume.

    Args:
        mentions: by `brand`, `month` and `channel`.
        without_copies: brand → mentions but repeats.
        brands: the chosen one first.
    """
    total, sole = mentions.count(), sum(without_copies.values())
    of = {brand: mentions.where((mentions.cells["brand"] == brand).to_numpy()) for brand in brands}
    sums = _summed(mentions, ("brand",))
    base = sums.get(brands[0], _Sums())
    rows = []
    for brand in brands:
        own, counted = of[brand], sums.get(brand, _Sums())
        alike = overlap(own, of[brands[0]])
        against: dict[str, Value] = {}
        p: dict[str, float] = {}
        if brand != brands[0] and alike >= ALIKE:
            rate, other = counted.complaint_rate, base.complaint_rate
            against = {
                "net_sentiment": intervals.difference(counted.net_sentiment, base.net_sentiment),
                "complaint_rate": intervals.difference(rate, other),
            }
            if rate.enough and other.enough:
                p = {
                    "net_sentiment": balances_differ(counted.balance, base.balance),
                    "complaint_rate": shares_differ(rate.k or 0, rate.n, other.k or 0, other.n),
                }
        months = sorted(own.cells["month"].dropna())
        behind = filter.but(brands=(brand,))
        rows.append(
            BrandVoice(
                brand,
                intervals.share(counted.n, total),
                intervals.share(without_copies.get(brand, 0), sole),
                counted.net_sentiment,
                counted.complaint_rate,
                alike,
                against,
                p,
                months[0] if months else None,
                months[-1] if months else None,
                tuple(sorted(set(own.cells["channel"]))),
                behind,
                behind.but(complaint=True),
            )
        )
    ps = iter(benjamini_hochberg([p for row in rows for p in row.p.values()]))
    return tuple(replace(row, p={name: float(next(ps)) for name in row.p}) for row in rows)


def profiles(
    mentions: Said, taxonomy: Taxonomy, filter: Filter, rows: Sequence[BrandVoice]
) -> tuple[Profile, ...]:
    """Return every brand's touchpoints, in the taxonomy's order, those nobody complains of not."""
    chosen = rows[0].brand
    brand, complaint = mentions.cells["brand"].to_numpy(), mentions.complaint
    compared = {row.brand for row in rows if row.against}
    found: list[Profile] = []
    for touchpoint in taxonomy.ids:
        blamed = complaint & mentions.speaks((touchpoint,), "negative")
        shares = {
            row.brand: intervals.share(
                mentions.count(blamed & (brand == row.brand)),
                mentions.count(complaint & (brand == row.brand)),
            )
            for row in rows
        }
        if not any(share.k for share in shares.values()):
            continue
        base = shares[chosen]
        for name, share in shares.items():
            against = intervals.difference(share, base) if name in compared else NO_DATA
            told = name in compared and share.enough and base.enough
            p = shares_differ(share.k or 0, share.n, base.k or 0, base.n) if told else None
            behind = filter.but(
                brands=(name,), touchpoints=(touchpoint,), polarity="negative", complaint=True
            )
            found.append(Profile(name, touchpoint, share, against, p, behind))
    ps = iter(benjamini_hochberg([row.p for row in found if row.p is not None]))
    return tuple(row if row.p is None else replace(row, p=float(next(ps))) for row in found)


def trend(mentions: Said, filter: Filter, brands: Sequence[str]) -> tuple[Month, ...]:
    """Return each month of each brand, oldest first; months without any mention are left out."""
    sums = _summed(mentions, ("brand", "month"))
    rows = []
    for month in sorted({month for _, month in sums}):
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        days = filter.but(
            since=max(filter.since or month, month), until=min(filter.until or last, last)
        )
        of = {brand: sums.get((brand, month), _Sums()) for brand in brands}
        total = sum(one.n for one in of.values())
        rows += [
            Month(
                month,
                brand,
                intervals.share(one.n, total),
                one.net_sentiment,
                one.complaint_rate,
                days.but(brands=(brand,)),
            )
            for brand, one in of.items()
        ]
    return tuple(rows)


class _Sums(NamedTuple):
    """How many mentions there are, and how many of them are tagged, positive, …"""

    n: int = 0
    tagged: int = 0
    positive: int = 0
    negative: int = 0
    complaints: int = 0

    @property
    def balance(self) -> tuple[int, int, int]:
        return self.positive, self.negative, self.tagged

    @property
    def net_sentiment(self) -> Value:
        return intervals.balance(*self.balance)

    @property
    def complaint_rate(self) -> Value:
        return intervals.share(self.complaints, self.tagged)


def _summed(mentions: Said, by: Sequence[str]) -> dict[Any, _Sums]:
    """Return the sums of each brand, or of each brand's months."""
    cells = mentions.cells
    n, sentiment = cells["n"], cells["sentiment"]
    parts = (
        n,
        n * mentions.tagged,
        n * (sentiment == "positive"),
        n * (sentiment == "negative"),
        n * mentions.complaint,
    )
    frame = pd.DataFrame(dict(zip(_Sums._fields, parts, strict=True)))
    sums = frame.groupby([cells[name] for name in by]).sum()
    return {
        key: _Sums(*map(int, row))
        for key, row in zip(sums.index, sums.itertuples(index=False), strict=True)
    }
