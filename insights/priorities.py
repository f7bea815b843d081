"""Which touchpoint to mend first, and whether it is sure that it comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insights import intervals
from insights.drivers.table import Bools, table
from insights.journey.overlap import Pair
from insights.said import said
from insights.themes.reading import ThemeRow
from insights.values import MIN_N, NO_DATA, Value
from simak.errors import ConfigurationError
from simak.taxonomy import FUNCTIONS, Taxonomy
from store.engine import Store
from store.filter import Filter

Measure = Literal["share", "impact"]
"""What touchpoints are ranked by: the share of the complaints that speak badly of it, or by how
much the complaint rate would fall without those that speak badly of nothing else."""


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One touchpoint.

    Attributes:
        id: of the touchpoint.
        value: by which it is ranked: of all complaints, or of all tagged mentions.
        lead: by how much the first is ahead of it, of the same mentions; no data for the first.
        enough: whether there are enough cases, and enough mentions of it for its impact.
        behind: the complaints of the numerator.
    """

    id: str
    value: Value
    lead: Value
    enough: bool
    behind: Filter

    @property
    def tied(self) -> bool:
        """Whether it may come first as well, for all that these mentions can tell."""
        return self.lead.low is not None and self.lead.low <= 0


@dataclass(frozen=True)
class Priorities:
    """The touchpoints of one function, or of all, as they should be looked at.

    Attributes:
        by: what they are ranked by.
        owner: whose they are; None for all.
        complaints: how many there are; `behind` opens them.
        rows: those that complaints speak badly of; those with too few cases last.
    """

    filter: Filter
    by: Measure
    owner: str | None
    complaints: Value
    rows: tuple[PriorityRow, ...]
    behind: Filter

    @property
    def first(self) -> PriorityRow | None:
        """The one that weighs most; None where there are too few cases to rank."""
        return self.rows[0] if self.rows and self.rows[0].enough else None

    @property
    def tied(self) -> tuple[PriorityRow, ...]:
        """Those that cannot be told from the first."""
        return tuple(row for row in self.rows[1:] if row.enough and row.tied)


def priorities(
    store: Store,
    taxonomy: Taxonomy,
    filter: Filter,
    *,
    by: Measure = "share",
    owner: str | None = None,
) -> Priorities:
    """Rank the touchpoints, and hold each against the first.

    One complaint may speak badly of two touchpoints, so their shares are not independent: the
    interval of a difference takes the complaints of both into account (`journey.overlap.Pair`).
    That the first is ahead of the second needs no correction for having looked for the first:
    Hung and Fithian (2019), Ann. Stat. 47, 758–782.

    Args:
        filter: which mentions; not by touchpoint, polarity or signal.
        by: what to rank by.
        owner: one of `simak.taxonomy.FUNCTIONS`: only its touchpoints. Shares stay those of all
            complaints.

    Raises:
        ConfigurationError: the owner is none of them.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> priorities(open_store("sqlite://"), load_taxonomy(), Filter()).first is None
        True
    """
    if owner is not None and owner not in FUNCTIONS:
        raise ConfigurationError(f"no function {owner!r}: it is one of {', '.join(FUNCTIONS)}")
    found = said(store, filter)
    says = table(found, [(id,) for id in taxonomy.ids])
    whole = says.complaint if by == "share" else says.tagged
    things = says.blamed.sum(axis=1) + says.elsewhere
    cases = says.count(whole)
    measured = []
    for number, touchpoint in enumerate(taxonomy):
        hits = says.complaint & says.blamed[:, number]
        if by == "impact":
            hits &= things == 1
        k = says.count(hits)
        if not k or owner not in (None, touchpoint.owner):
            continue
        enough = cases >= MIN_N
        if by == "impact":
            enough &= says.count(says.spoken[:, number]) >= MIN_N
        measured.append((touchpoint.id, k, enough, hits))
    measured.sort(key=lambda one: (not one[2], -one[1]))
    n = says.sums[:, 0].astype(np.int64)
    rows = tuple(
        PriorityRow(
            id,
            intervals.share(k, cases),
            NO_DATA if place == 0 else _lead(n, whole, measured[0][3], hits),
            enough,
            filter.but(
                touchpoints=(id,), polarity="negative", complaint=True, alone=by == "impact"
            ),
        )
        for place, (id, k, enough, hits) in enumerate(measured)
    )
    complaints = says.count(says.complaint)
    return Priorities(
        filter,
        by,
        owner,
        Value(complaints, n=complaints, k=complaints),
        rows,
        filter.but(complaint=True),
    )


def _lead(n: np.ndarray, whole: Bools, first: Bools, other: Bools) -> Value:
    return Pair.of(n, (whole, whole), (first, other)).difference


def theme_lead(rows: Sequence[ThemeRow]) -> Value:
    """Return by how much the first theme's share is ahead of the second's.

    A mention is of one theme alone, so that what one gains the other loses.

    Args:
        rows: of one brand and polarity, most mentions first.

    Returns:
        No data where there are fewer than two themes.
    """
    if len(rows) < 2:
        return NO_DATA
    n, one, two = rows[0].share.n, rows[0].share.k or 0, rows[1].share.k or 0
    return Pair(n, one, n, two, both=n, both_k1=one, both_k2=two, both_k=0).difference
