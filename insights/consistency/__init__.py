"""Where a touchpoint is another experience on one channel than on the others of the same brand.

Two questions are kept apart. Do the negative rates differ between channels at all? And do they
differ beyond what the channels are like: an app store, where people come to complain, is worse in
everything, which says nothing of any touchpoint (`insights.consistency.interaction`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from insights import intervals
from insights.consistency.answers import LEVEL, MIN_DIFFERENCE, AnswerRow, answers_by_channel
from insights.consistency.interaction import MainEffects, cell_differs, fit, row_differs
from insights.said import Said, said
from insights.significance import benjamini_hochberg, heterogeneity, shares_differ
from insights.values import MIN_N, NO_DATA, Value
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter

MIN_CELL = 10
"""A channel with fewer mentions of a touchpoint is left out of its tests."""

Verdict = Literal["own", "level", "none", "too few"]
"""Of a touchpoint: it differs beyond the channels' own levels; it differs as the channels do in
everything; no difference is to be seen; there are too few mentions to say."""


@dataclass(frozen=True, slots=True)
class ChannelCell:
    """One touchpoint on one channel.

    Attributes:
        negative_rate: of the mentions there that speak of it, those that speak badly.
        against_rest: that rate minus the rate on all other channels together.
        rest_p: that the two are equal, adjusted for all the cells that were tested.
        expected: what the touchpoint elsewhere and the channel otherwise lead to expect.
        beyond: the rate minus what is expected.
        outlying: "worse" or "better" where that is a finding, else None: than expected where it
            is `own`, else than the rest.
        own: whether it is a finding beyond what is expected; else it may be the channel's level.
        behind: selects the numerator of `negative_rate`.
    """

    channel: str
    negative_rate: Value
    against_rest: Value
    rest_p: float | None
    expected: Value
    beyond: Value
    outlying: Literal["worse", "better"] | None
    own: bool
    behind: Filter


@dataclass(frozen=True, slots=True)
class TouchpointRow:
    """One touchpoint of one brand over its channels.

    Attributes:
        negative_rate: on all channels together.
        differs_p: that all channels have one rate, adjusted for all touchpoints.
        beyond_p: that they differ as the channels do in everything, adjusted likewise.
        cells: every channel where it is spoken of, most mentions first.
        behind: selects the numerator of `negative_rate`.
    """

    brand: str
    touchpoint: str
    verdict: Verdict
    negative_rate: Value
    differs_p: float | None
    beyond_p: float | None
    cells: tuple[ChannelCell, ...]
    behind: Filter


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel of one brand.

    Attributes:
        complaint_rate: of the tagged mentions there.
        behind: selects the numerator of `complaint_rate`.
    """

    brand: str
    channel: str
    complaint_rate: Value
    behind: Filter


@dataclass(frozen=True)
class Consistency:
    """How alike the channels of each brand are.

    Attributes:
        rows: findings first: own before level, the largest difference first.
        channels: what each channel is like overall.
        answers: how each channel is answered.
        single: brands with one channel alone, where nothing can be compared.
    """

    filter: Filter
    rows: tuple[TouchpointRow, ...]
    channels: tuple[ChannelRow, ...]
    answers: tuple[AnswerRow, ...]
    single: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """Negative and all mentions of a brand's touchpoints (rows) by channel (columns)."""

    brand: str
    touchpoints: tuple[str, ...]
    channels: tuple[str, ...]
    k: NDArray[np.float64]
    n: NDArray[np.float64]

    @cached_property
    def whole(self) -> MainEffects:
        return fit(self.k, self.n)

    def tested(self, row: int) -> NDArray[np.bool_]:
        enough: NDArray[np.bool_] = self.n[row] >= MIN_CELL
        return enough


def consistency(store: Store, taxonomy: Taxonomy, filter: Filter) -> Consistency:
    """Compare the channels of each brand, touchpoint by touchpoint.

    Brands are never mixed: a rival's app store is no other channel of ours. A touchpoint is
    tested over its channels with `MIN_CELL` mentions or more, once for equal rates and once for
    interaction; both are corrected over all touchpoints of all brands. Only where one of them
    is found are channels named, those with `MIN_N` mentions and a difference of
    `MIN_DIFFERENCE` at least.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> consistency(open_store("sqlite://"), load_taxonomy(), Filter()).rows
        ()
    """
    asked = filter.touchpoints or taxonomy.ids
    spoken = said(store, filter, by=("brand", "source", "channel"))
    brands = sorted(set(spoken.cells["brand"]))
    tables = [
        _table(brand, tuple(name for name in taxonomy.ids if name in asked), own)
        for brand in brands
        for own in [spoken.where((spoken.cells["brand"] == brand).to_numpy())]
    ]
    places = [
        (table, row)
        for table in tables
        for row in range(len(table.touchpoints))
        if table.n[row].sum()
    ]
    testable = [place for place in places if place[0].tested(place[1]).sum() > 1]
    differs = dict(
        zip(
            ((table.brand, row) for table, row in testable),
            zip(
                benjamini_hochberg([_differs(*place) for place in testable]),
                benjamini_hochberg(
                    [row_differs(t.k, t.n, row, t.tested(row)) for t, row in testable]
                ),
                strict=True,
            ),
            strict=True,
        )
    )
    rest = _against_rest(testable)
    rows = [
        _row(table, row, differs.get((table.brand, row)), rest, filter) for table, row in places
    ]
    return Consistency(
        filter,
        tuple(sorted(rows, key=_rank)),
        _channels(spoken, filter),
        answers_by_channel(store, filter, spoken),
        tuple(table.brand for table in tables if len(table.channels) == 1),
    )


def _table(brand: str, touchpoints: tuple[str, ...], own: Said) -> _Table:
    channels, channel = np.unique(own.cells["channel"].to_numpy(dtype=str), return_inverse=True)
    profiles, profile = np.unique(own.cells["profile"].to_numpy(), return_inverse=True)
    n = np.zeros((len(profiles), len(channels)))
    np.add.at(n, (profile, channel), own.cells["n"].to_numpy(dtype=float))
    # What each profile speaks of, once: there are far fewer profiles than cells.
    said = [own.profiles[id].touchpoints for id in profiles.tolist()]
    speaks = np.array([[name in one for name in touchpoints] for one in said], dtype=float)
    badly = np.array(
        [[one.get(name) == "negative" for name in touchpoints] for one in said], dtype=float
    )
    return _Table(brand, touchpoints, tuple(channels.tolist()), badly.T @ n, speaks.T @ n)


def _differs(table: _Table, row: int) -> float:
    tested = table.tested(row)
    return heterogeneity(
        table.k[row, tested].astype(int).tolist(), table.n[row, tested].astype(int).tolist()
    )


def _against_rest(places: Sequence[tuple[_Table, int]]) -> dict[tuple[str, int, int], float]:
    """Return the adjusted p-value of each cell with enough mentions against its row's others."""
    cells = [
        (table, row, column)
        for table, row in places
        for column in np.flatnonzero(table.n[row] >= MIN_N)
    ]
    ps = []
    for table, row, column in cells:
        k, n = int(table.k[row, column]), int(table.n[row, column])
        all_k, all_n = int(table.k[row].sum()), int(table.n[row].sum())
        ps.append(shares_differ(k, n, all_k - k, all_n - n))
    return {
        (table.brand, row, int(column)): float(p)
        for (table, row, column), p in zip(cells, benjamini_hochberg(ps), strict=True)
    }


def _row(
    table: _Table,
    row: int,
    ps: tuple[float, float] | None,
    rest: dict[tuple[str, int, int], float],
    filter: Filter,
) -> TouchpointRow:
    touchpoint = table.touchpoints[row]
    behind = filter.but(brands=(table.brand,), touchpoints=(touchpoint,), polarity="negative")
    expected: dict[int, Value] = {}
    own: set[int] = set()
    if ps is not None and ps[1] <= LEVEL:
        own, expected = _odd(table, row)
    cells = []
    for column in np.argsort(-table.n[row], kind="stable"):
        if not table.n[row, column]:
            break
        k, n = int(table.k[row, column]), int(table.n[row, column])
        rate = intervals.share(k, n)
        others = intervals.share(int(table.k[row].sum()) - k, int(table.n[row].sum()) - n)
        against = intervals.difference(rate, others)
        p = rest.get((table.brand, row, int(column)))
        foreseen = expected.get(int(column), NO_DATA)
        if n >= MIN_CELL and not foreseen.n:
            foreseen = cell_differs(table.k, table.n, row, int(column), table.whole)[0]
        beyond = intervals.difference(rate, foreseen)
        named = beyond if column in own else NO_DATA
        if named.value is None and ps is not None and ps[0] <= LEVEL and _sure(against, p):
            named = against
        channel = table.channels[column]
        cells.append(
            ChannelCell(
                channel,
                rate,
                against,
                p,
                foreseen,
                beyond,
                None if named.value is None else "worse" if named.value > 0 else "better",
                int(column) in own,
                behind.but(channels=(channel,)),
            )
        )
    verdict: Verdict = "none"
    if ps is None:
        verdict = "too few"
    elif own:
        verdict = "own"
    elif any(cell.outlying for cell in cells):
        verdict = "level"
    return TouchpointRow(
        table.brand,
        touchpoint,
        verdict,
        intervals.share(int(table.k[row].sum()), int(table.n[row].sum())),
        None if ps is None else float(ps[0]),
        None if ps is None else float(ps[1]),
        tuple(cells),
        behind,
    )


def _sure(difference: Value, p: float | None) -> bool:
    return (
        p is not None
        and p <= LEVEL
        and difference.value is not None
        and abs(difference.value) >= MIN_DIFFERENCE
    )


def _odd(table: _Table, row: int) -> tuple[set[int], dict[int, Value]]:
    """Return the channels that make a touchpoint differ, and what was expected of each.

    One at a time, the most unlikely first, and the next is held against the table without it:
    one bad channel makes the others look good by raising what is expected of them. Stops where
    the most unlikely of those left is likely enough for so many tries (Bonferroni). Source:
    Simonoff (1988), Technometrics 30, 339–345.
    """
    n = table.n.copy()
    found: dict[int, Value] = {}
    left = [int(column) for column in np.flatnonzero(n[row] >= MIN_N)]
    while left and (n[row] >= MIN_CELL).sum() > 1:
        k = np.where(n > 0, table.k, 0.0)
        whole = fit(k, n, table.whole)
        tried = {column: cell_differs(k, n, row, column, whole) for column in left}
        above = {
            column: intervals.difference(_rate(table, row, column), expected)
            for column, (expected, _) in tried.items()
        }
        # Of two channels alone each is as unlikely as the other: the worse one is named.
        column = min(left, key=lambda one: (float(f"{tried[one][1]:.3g}"), -_size(above[one])))
        expected, p = tried[column]
        if not _sure(above[column], min(1.0, p * len(left))):
            break
        found[column] = expected
        left.remove(column)
        n[row, column] = 0
    return set(found), found


def _size(difference: Value) -> float:
    return difference.value or 0.0


def _rate(table: _Table, row: int, column: int) -> Value:
    return intervals.share(int(table.k[row, column]), int(table.n[row, column]))


def _rank(row: TouchpointRow) -> tuple[int, float]:
    order = ("own", "level", "none", "too few")
    named = [
        abs(_size(cell.beyond if cell.own else cell.against_rest))
        for cell in row.cells
        if cell.outlying
    ]
    return order.index(row.verdict), -max(named, default=0.0) or -float(row.negative_rate.n)


def _channels(spoken: Said, filter: Filter) -> tuple[ChannelRow, ...]:
    rows = []
    keys = spoken.cells[["brand", "channel"]].drop_duplicates().itertuples(index=False)
    for brand, channel in sorted(keys):
        at = (spoken.cells["brand"] == brand) & (spoken.cells["channel"] == channel)
        here = at.to_numpy() & spoken.tagged
        rows.append(
            ChannelRow(
                brand,
                channel,
                intervals.share(spoken.count(here & spoken.complaint), spoken.count(here)),
                filter.but(brands=(brand,), channels=(channel,), complaint=True),
            )
        )
    return tuple(rows)
