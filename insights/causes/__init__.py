"""What is behind an inconsistent experience, and which functions own it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from insights import intervals
from insights.causes.channels import Side, uneven
from insights.causes.rows import CauseRow, Causes, FunctionRow, TopCause, Worsened
from insights.causes.rules import Complaints
from insights.journey.counts import Counts
from insights.journey.overlap import Pair
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, NO_DATA, Value
from simak.causes import Cause
from simak.taxonomy import FUNCTIONS, Taxonomy
from store.engine import Store
from store.filter import Filter

ALPHA = 0.05
"""The share of false alarms among what is said to have grown."""

TOP_SHARE = 0.1
"""A cause that holds for fewer of a function's complaints is not called its top cause."""

Row = TypeVar("Row", CauseRow, FunctionRow)

__all__ = ["ALPHA", "CauseRow", "Causes", "FunctionRow", "TopCause", "Worsened", "causes"]


def causes(store: Store, taxonomy: Taxonomy, rules: Sequence[Cause], filter: Filter) -> Causes:
    """Roll up the complaints that `filter` selects to causes and to functions.

    A rule finds what customers say, which is a sign of the cause and no proof.

    Args:
        rules: as of `simak.causes.load_causes`.
        filter: brands, days, channels, sources, languages, segments and the like.

    Raises:
        ValueError: the filter has touchpoints or signals, which the rules set.
    """
    if filter.touchpoints or filter.signals:
        raise ValueError("the rules set touchpoints and signals")
    now = Complaints(store, filter, rules)
    found = {
        rule.id: uneven_channels(now.counts, taxonomy.ids, rule.touchpoints)
        for rule in rules
        if rule.uneven_channels
    }
    now.uneven = {id: names or () for id, names in found.items()}
    earlier = filter.previous()
    before = None if earlier is None else Complaints(store, earlier, rules, by=())
    if before is not None and not before.n:
        before = None
    rows = [
        _no_data(rule.id) if found.get(rule.id, ()) is None else _cause(now, before, rule)
        for rule in rules
    ]
    explained = [now.holds(rule) for rule in rules]
    functions = [
        _function(now, before, function, owned, rules)
        for function in FUNCTIONS
        if (owned := taxonomy.owned_by(function))
    ]
    return Causes(
        filter,
        Value(now.n, n=now.n, k=now.n),
        now.share(np.any(explained, axis=0)) if explained else NO_DATA,
        tuple(sorted(_adjusted(rows), key=_most)),
        tuple(sorted(_worst(now, before, taxonomy, _adjusted(functions)), key=_most)),
    )


def uneven_channels(
    counts: Counts, whole: Sequence[str], ids: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the channels that treat some touchpoints worse; None where they cannot be compared.

    Of several brands each has channels of its own, and what differs may be the brand.
    """
    if counts.cells["brand"].nunique() != 1:
        return None
    rest = [id for id in whole if id not in ids]
    about = counts.speaks(ids)
    masks = (counts.blames(ids), about, counts.blames(rest) & ~about, counts.speaks(rest) & ~about)
    channel = counts.cells["channel"].to_numpy()
    sides = {
        str(name): Side(*(int(counts.n[mask & (channel == name)].sum()) for mask in masks))
        for name in sorted(set(channel))
    }
    compared = uneven(sides)
    return None if compared is None else compared[1]


def _no_data(id: str) -> CauseRow:
    return CauseRow(id, NO_DATA, None, None, (), None)


def _cause(now: Complaints, before: Complaints | None, rule: Cause) -> CauseRow:
    share = now.share(now.holds(rule))
    change = p = None
    # Which channels are uneven was found in this period: that they were before is not asked.
    if before is not None and not rule.uneven_channels:
        old = before.share(before.holds(rule))
        change, p = intervals.difference(share, old), _p(share, old)
    channels = tuple(now.uneven.get(rule.id, ()))
    return CauseRow(
        rule.id,
        share,
        change,
        p,
        channels,
        # No channels would be all channels to a filter.
        None if rule.uneven_channels and not channels else now.behind(rule),
    )


def _function(
    now: Complaints,
    before: Complaints | None,
    function: str,
    owned: Sequence[str],
    rules: Sequence[Cause],
) -> FunctionRow:
    share = now.share(now.blaming(owned))
    change = p = None
    if before is not None:
        old = before.share(before.blaming(owned))
        change, p = intervals.difference(share, old), _p(share, old)
    behind = now.filter.but(touchpoints=tuple(owned), polarity="negative", complaint=True)
    return FunctionRow(function, share, change, p, None, _top_cause(now, owned, rules), behind)


def _top_cause(now: Complaints, owned: Sequence[str], rules: Sequence[Cause]) -> TopCause | None:
    blaming = now.blaming(owned)
    n = now.said.count(blaming)
    holding = [
        (now.said.count(mask), mask, rule)
        for rule in rules
        if not rule.touchpoints or set(rule.touchpoints) & set(owned)
        for mask in [now.holds(rule, owned)]
    ]
    holding.sort(key=lambda one: -one[0])
    if n < MIN_N or not holding or holding[0][0] < TOP_SHARE * n:
        return None
    k, mask, rule = holding[0]
    second, clear = None, True
    if len(holding) > 1 and holding[1][0]:
        second = holding[1][2].id
        cells = now.said.cells["n"].to_numpy(np.int64)
        lead = Pair.of(cells, (blaming, blaming), (mask, holding[1][1])).difference
        clear = lead.low is not None and lead.low > 0
    return TopCause(rule.id, intervals.share(k, n), second, clear, now.behind(rule, owned))


def _worst(
    now: Complaints, before: Complaints | None, taxonomy: Taxonomy, rows: Sequence[FunctionRow]
) -> list[FunctionRow]:
    """Find the touchpoint of each function whose share has grown most."""
    if before is None:
        return list(rows)
    tested = []
    for one in taxonomy:
        share, old = (side.share(side.blaming((one.id,))) for side in (now, before))
        if (p := _p(share, old)) is not None:
            behind = now.filter.but(touchpoints=(one.id,), polarity="negative", complaint=True)
            change = intervals.difference(share, old)
            tested.append((one.owner, Worsened(one.id, share, old, change, p, behind)))
    adjusted = benjamini_hochberg([worsened.p for _, worsened in tested])
    grown: dict[str, Worsened] = {}
    for (owner, worsened), p in zip(tested, adjusted, strict=True):
        most = grown.get(owner)
        if p < ALPHA and _growth(worsened) > (_growth(most) if most else 0.0):
            grown[owner] = replace(worsened, p=float(p))
    return [replace(row, worst=grown.get(row.id)) for row in rows]


def _growth(one: Worsened) -> float:
    return one.change.value or 0.0


def _p(now: Value, before: Value) -> float | None:
    if not (now.enough and before.enough):
        return None
    return shares_differ(now.k or 0, now.n, before.k or 0, before.n)


def _adjusted(rows: Sequence[Row]) -> list[Row]:
    made = iter(benjamini_hochberg([row.change_p for row in rows if row.change_p is not None]))
    return [
        row if row.change_p is None else replace(row, change_p=float(next(made))) for row in rows
    ]


def _most(row: CauseRow | FunctionRow) -> int:
    return -(row.complaint_share.k or 0)
