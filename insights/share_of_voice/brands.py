"""How much each brand is spoken of, how, and about what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scipy.stats import norm

from insights import intervals
from insights.share_of_voice.cells import Place, Sums, added, overlap, within
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


def voices(
    cells: Mapping[str, Mapping[Place, Sums]],
    without_copies: Mapping[str, int],
    filter: Filter,
    brands: Sequence[str],
) -> tuple[BrandVoice, ...]:
    """Return the brands.

    Args:
        cells: what each brand's mentions are.
        without_copies: brand → mentions but repeats.
        brands: the chosen one first.
    """
    sums = {brand: added(cells.get(brand, {}).values()) for brand in brands}
    total, sole = sum(one.n for one in sums.values()), sum(without_copies.values())
    base = sums[brands[0]]
    rows = []
    for brand, own in sums.items():
        places = cells.get(brand, {})
        alike = overlap(places, cells.get(brands[0], {}))
        against: dict[str, Value] = {}
        p: dict[str, float] = {}
        if brand != brands[0] and alike >= ALIKE:
            rate, other = own.complaint_rate, base.complaint_rate
            against = {
                "net_sentiment": intervals.difference(own.net_sentiment, base.net_sentiment),
                "complaint_rate": intervals.difference(rate, other),
            }
            if rate.enough and other.enough:
                p = {
                    "net_sentiment": balances_differ(own.balance, base.balance),
                    "complaint_rate": shares_differ(rate.k or 0, rate.n, other.k or 0, other.n),
                }
        months = sorted({month for month, _ in places if month})
        behind = filter.but(brands=(brand,))
        rows.append(
            BrandVoice(
                brand,
                intervals.share(own.n, total),
                intervals.share(without_copies.get(brand, 0), sole),
                own.net_sentiment,
                own.complaint_rate,
                alike,
                against,
                p,
                months[0] if months else None,
                months[-1] if months else None,
                tuple(sorted({channel for _, channel in places})),
                behind,
                behind.but(complaint=True),
            )
        )
    ps = iter(benjamini_hochberg([p for row in rows for p in row.p.values()]))
    return tuple(replace(row, p={name: float(next(ps)) for name in row.p}) for row in rows)


def profiles(
    blamed: Mapping[tuple[str, str], int],
    taxonomy: Taxonomy,
    rows: Sequence[BrandVoice],
) -> tuple[Profile, ...]:
    """Return every brand's touchpoints, in the taxonomy's order, those nobody complains of not.

    Args:
        blamed: brand, touchpoint → complaints that speak badly of it.
        rows: the chosen brand first.
    """
    found: list[Profile] = []
    for touchpoint in taxonomy.ids:
        shares = [
            intervals.share(blamed.get((row.brand, touchpoint), 0), row.complaint_rate.k or 0)
            for row in rows
        ]
        if not any(share.k for share in shares):
            continue
        base = shares[0]
        for row, share in zip(rows, shares, strict=True):
            against = intervals.difference(share, base) if row.against else NO_DATA
            told = row.against and share.enough and base.enough
            p = shares_differ(share.k or 0, share.n, base.k or 0, base.n) if told else None
            behind = row.behind_complaints.but(touchpoints=(touchpoint,), polarity="negative")
            found.append(Profile(row.brand, touchpoint, share, against, p, behind))
    ps = iter(benjamini_hochberg([row.p for row in found if row.p is not None]))
    return tuple(row if row.p is None else replace(row, p=float(next(ps))) for row in found)


def trend(
    cells: Mapping[str, Mapping[Place, Sums]], filter: Filter, brands: Sequence[str]
) -> tuple[Month, ...]:
    """Return each month of each brand, oldest first; months without any mention are left out."""
    rows = []
    for month in sorted({month for places in cells.values() for month, _ in places if month}):
        of = {
            brand: added(cell for at, cell in cells.get(brand, {}).items() if at[0] == month)
            for brand in brands
        }
        total, days = sum(one.n for one in of.values()), within(filter, month)
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
