"""Customers by segment: where they fare worse than the others, and at which touchpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insights import intervals
from insights.journey import Weakest, weakest
from insights.journey.counts import Counts
from insights.said import SUMS, Said, said
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count

ALPHA = 0.05
"""The share of false alarms among the differences shown."""

MOST = 50
"""So many segments are shown: the largest, or of versions the newest."""

_VERSION = "version"


@dataclass(frozen=True, slots=True)
class Standout:
    """The touchpoint that sets a segment's complaints apart from the other segments'.

    Of those that differ for sure: what takes most more of the complaints here, or where there is
    none, most less.

    Attributes:
        here: of the segment's complaints, those that speak badly of it.
        others: the same of the other segments' complaints.
        difference: here minus others.
        p: of no difference, adjusted for all touchpoints and segments.
        behind: the complaints of the segment that speak badly of it.
    """

    touchpoint: str
    here: Value
    others: Value
    difference: Value
    p: float
    behind: Filter


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment.

    Attributes:
        value: of the facet.
        volume: all its mentions.
        complaint_rate, net_sentiment: of its tagged mentions.
        stars: of those with stars.
        others: the complaint rate of the other segments together.
        p: of no difference to it, adjusted for all segments; None with too few mentions.
        weakest: the touchpoint spoken badly of most often, among those with enough mentions.
        standout: None where no touchpoint is sure to differ.
        behind: the segment's complaints; without `complaint`, all its mentions.
    """

    value: str
    volume: Value
    complaint_rate: Value
    net_sentiment: Value
    stars: Value
    others: Value
    p: float | None
    weakest: Weakest | None
    standout: Standout | None
    behind: Filter


@dataclass(frozen=True)
class Segments:
    """The segments of a facet.

    Attributes:
        facet: its name, such as `region`.
        rows: the `MOST` largest, most mentions first; of versions the newest, newest first.
        segments: how many there are.
        without: mentions that have no value of it; they are in no row.
    """

    filter: Filter
    facet: str
    rows: tuple[SegmentRow, ...]
    segments: int
    without: Value


def segments(store: Store, taxonomy: Taxonomy, filter: Filter, facet: str) -> Segments:
    """Compare the segments of the mentions that `filter` selects.

    Args:
        filter: brands, days, channels, sources, languages, other segments and the like.
        facet: `product`, `version` or an attribute that an import carried.
    """
    found = said(store, filter, by=(f"facet:{facet}",))
    sums, whole = _sums(found), Counts(found)
    places = found.cells.groupby("facet").indices
    bare = count(store, filter).n - found.count()
    rows = [
        SegmentRow(
            str(value),
            Value(int(one["n"]), n=int(one["n"]), k=int(one["n"])),
            intervals.share(int(one["complaints"]), int(one["tagged"])),
            intervals.balance(int(one["positive"]), int(one["negative"]), int(one["tagged"])),
            intervals.mean(int(one["stars_n"]), one["stars_sum"], one["stars_squares"]),
            _rest(sums, one, "complaints", "tagged"),
            None,
            weakest(whole.within(np.asarray(places[value])), taxonomy.ids),
            None,
            filter.but(facets=(*filter.facets, (facet, str(value))), complaint=True),
        )
        for value, one in _shown(sums, facet).iterrows()
    ]
    return Segments(
        filter,
        facet,
        _standing_out(_compared(rows), whole, taxonomy),
        len(sums),
        Value(bare, n=bare, k=bare),
    )


def _sums(said: Said) -> pd.DataFrame:
    """Add up each segment, most mentions first."""
    cells = said.cells
    n = cells["n"].to_numpy(np.int64)
    masks = {
        "tagged": said.tagged,
        "complaints": said.complaint,
        "positive": (cells["sentiment"] == "positive").to_numpy(dtype=bool),
        "negative": (cells["sentiment"] == "negative").to_numpy(dtype=bool),
    }
    cells = cells.assign(**{name: n * mask for name, mask in masks.items()})
    sums = cells.groupby("facet")[[*SUMS, *masks]].sum()
    return sums.sort_values("n", ascending=False, kind="stable")


def _shown(sums: pd.DataFrame, facet: str) -> pd.DataFrame:
    if facet != _VERSION:
        return sums.head(MOST)
    newest = sorted(sums.index, key=lambda value: version_key(str(value)), reverse=True)
    return sums.loc[newest[:MOST]]


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by: their numbers; one without any comes first.

    Example:
        >>> sorted(["4.10.0", "4.9.2", "beta"], key=version_key)
        ['beta', '4.9.2', '4.10.0']
    """
    return tuple(int(number) for number in re.findall(r"\d+", version, re.ASCII))


def _rest(sums: pd.DataFrame, one: pd.Series[float], hits: str, cases: str) -> Value:
    """Return a share of all segments but one."""
    return intervals.share(
        int(sums[hits].sum() - one[hits]),
        int(sums[cases].sum() - one[cases]),
    )


def _compared(rows: list[SegmentRow]) -> list[SegmentRow]:
    """Test each segment's complaint rate against the others'."""
    tested = [i for i, row in enumerate(rows) if row.complaint_rate.enough and row.others.enough]
    ps = benjamini_hochberg([_p(rows[i].complaint_rate, rows[i].others) for i in tested])
    for i, p in zip(tested, ps, strict=True):
        rows[i] = replace(rows[i], p=float(p))
    return rows


def _standing_out(
    rows: list[SegmentRow], whole: Counts, taxonomy: Taxonomy
) -> tuple[SegmentRow, ...]:
    """Find the touchpoint that sets each segment's complaints apart."""
    codes, names = pd.factorize(whole.cells["facet"])
    place = {str(name): code for code, name in enumerate(names)}
    complains = whole.complaint
    complaints = _added_up(codes, whole.n * complains, len(names))
    total = whole.complaints
    tests: list[tuple[int, Standout]] = []
    for id in taxonomy.ids:
        blamed = whole.n * (complains & whole.blames((id,)))
        everywhere = int(blamed.sum())
        if everywhere < MIN_N:
            continue
        by_segment = _added_up(codes, blamed, len(names))
        for i, row in enumerate(rows):
            k, n = (int(sums[place[row.value]]) for sums in (by_segment, complaints))
            here = intervals.share(k, n)
            others = intervals.share(everywhere - k, total - n)
            if here.enough and others.enough:
                behind = row.behind.but(touchpoints=(id,), polarity="negative")
                difference = intervals.difference(here, others)
                tests.append((i, Standout(id, here, others, difference, _p(here, others), behind)))
    adjusted = benjamini_hochberg([one.p for _, one in tests])
    for (i, one), p in zip(tests, adjusted, strict=True):
        best = rows[i].standout
        if p < ALPHA and (best is None or _telling(one) > _telling(best)):
            rows[i] = replace(rows[i], standout=replace(one, p=float(p)))
    return tuple(rows)


def _added_up(codes: NDArray[np.intp], n: NDArray[np.int64], segments: int) -> NDArray[np.float64]:
    return np.bincount(codes, n, segments).astype(np.float64)


def _p(one: Value, other: Value) -> float:
    return shares_differ(one.k or 0, one.n, other.k or 0, other.n)


def _telling(one: Standout) -> tuple[bool, float]:
    """What more is complained of tells more than what less is."""
    difference = one.difference.value or 0.0
    return difference > 0, abs(difference)
