"""Ranks touchpoints, or the functions that own them, by what they weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from insights import intervals
from insights.drivers.left_out import Stars, stars_without
from insights.drivers.table import Bools, Table, table
from insights.drivers.weights import ASSOCIATION, Effect, Regression, regression
from insights.said import said
from insights.values import MIN_N, Value
from simak.errors import ConfigurationError
from simak.taxonomy import FUNCTIONS, Taxonomy
from store.engine import Store
from store.filter import Filter
from store.profiles import FACET
from store.tables import UNPLACED

OWNER = "owner"
"""By which the rows are functions."""

_FIELDS = {"brand": "brands", "channel": "channels", "source": "sources", "language": "languages"}


@dataclass(frozen=True, slots=True)
class DriverRow:
    """What one touchpoint weighs, or all touchpoints of one function.

    Attributes:
        id: of the touchpoint or the function.
        complaints: of all complaints, those that speak badly of it; `behind` opens them.
        impact: by how much the complaint share (complaints of all tagged mentions) would fall had
            those complaints not been made that speak badly of it and of nothing else. A complaint
            that speaks badly of others too stays one. `behind_impact` opens its `k`.
        stars: by how much the mean stars would rise without the mentions of `behind_impact`.
        effect: what the regression says of it; None where too few mentions with stars do.
        enough: whether at least 30 mentions speak of it; else it is not ranked.
    """

    id: str
    complaints: Value
    impact: Value
    stars: Value
    effect: Effect | None
    enough: bool
    behind: Filter
    behind_impact: Filter


@dataclass(frozen=True)
class Part:
    """What weighs in one part of the mentions.

    Its complaint share is the sum of the rows' impacts, of `shared` and of `unplaced`, and of what
    is complained of touchpoints alone that the taxonomy does not have any more.

    Attributes:
        name: the channel, product, …; empty where everything is one part.
        complaint_share: of the tagged mentions, those that complain.
        shared: of the tagged mentions, complaints that speak badly of several rows, so that none
            alone would take them away. No filter selects them: there is nothing to open.
        unplaced: of the tagged mentions, complaints that speak badly of no touchpoint;
            `behind_unplaced` opens them.
        stars: the mean.
        rows: highest impact first; those that too few mentions speak of at the end.
        regression: stars on what is said; None where there are too few stars.
    """

    name: str
    filter: Filter
    complaint_share: Value
    shared: Value
    unplaced: Value
    stars: Value
    rows: tuple[DriverRow, ...]
    regression: Regression | None
    behind_unplaced: Filter


@dataclass(frozen=True)
class Drivers:
    """What weighs on complaints and stars.

    Attributes:
        by: what the parts, or the rows, are.
        parts: most complaints first; one without a name where `by` is None or "owner".
        meaning: what the numbers say and what not.
    """

    filter: Filter
    by: str | None
    parts: tuple[Part, ...]
    meaning: str = ASSOCIATION


def drivers(store: Store, taxonomy: Taxonomy, filter: Filter, *, by: str | None = None) -> Drivers:
    """Rank the touchpoints by what they weigh.

    Args:
        filter: which mentions; not by touchpoint, polarity or signal.
        by: `brand`, `channel`, `source`, `language` or a facet such as `facet:product` ranks
            within each; `owner` ranks functions, each with all its touchpoints as one.

    Raises:
        ConfigurationError: `by` is none of these.

    Example:
        Of 10 mentions 4 complain: two of the price alone, one of price and delivery, one of
        delivery alone. Without the price the complaint share falls from 4/10 to 2/10: its impact
        is 0.2, that of delivery 0.1, and 0.1 is shared.
    """
    if not (by in (None, OWNER, *_FIELDS) or str(by).startswith(FACET)):
        names = ", ".join((*_FIELDS, OWNER))
        raise ConfigurationError(f"no rows by {by!r}: it is one of {names} or {FACET}product")
    players = _players(taxonomy, by)
    found = said(store, filter, by=() if by in (None, OWNER) else (by,))
    says = table(found, list(players.values()))
    if by is None or by == OWNER:
        return Drivers(filter, by, (_part("", filter, says, players),))
    of = found.cells["facet" if by.startswith(FACET) else by].to_numpy(dtype=object)
    parts = []
    for name in dict.fromkeys(of):
        here = np.asarray(of == name)
        within = _within(filter, by, name)
        parts.append(_part(name, within, says.where(here), players))
    parts.sort(key=lambda part: (-(part.complaint_share.k or 0), part.name))
    return Drivers(filter, by, tuple(parts))


def _within(filter: Filter, by: str, name: str) -> Filter:
    if by in _FIELDS:
        return filter.but(**{_FIELDS[by]: (name,)})
    return filter.but(facets=(*filter.facets, (by.removeprefix(FACET), name)))


def _players(taxonomy: Taxonomy, by: str | None) -> dict[str, tuple[str, ...]]:
    """Return what the rows are, each with its touchpoints."""
    if by != OWNER:
        return {touchpoint.id: (touchpoint.id,) for touchpoint in taxonomy}
    owned = {owner: tuple(t.id for t in taxonomy if t.owner == owner) for owner in FUNCTIONS}
    return {owner: touchpoints for owner, touchpoints in owned.items() if touchpoints}


def _part(name: str, filter: Filter, says: Table, players: Mapping[str, tuple[str, ...]]) -> Part:
    def stars_of(which: Bools) -> Stars:
        n, total, squares = says.sums[which, 1:].sum(axis=0)
        return Stars(int(n), float(total), float(squares))

    complaint, count = says.complaint, says.count
    # What the taxonomy does not know any more is still something else that is blamed.
    things = says.blamed.sum(axis=1) + says.elsewhere
    tagged, complaints = count(says.tagged), count(complaint)
    all_stars = stars_of(says.tagged)
    model = regression(list(players), says)
    rows = []
    for number, (id, touchpoints) in enumerate(players.items()):
        mentions = count(says.spoken[:, number])
        if not mentions:
            continue
        blames = complaint & says.blamed[:, number]
        alone = blames & (things == 1)
        behind = filter.but(touchpoints=touchpoints, polarity="negative", complaint=True)
        rows.append(
            DriverRow(
                id,
                intervals.share(count(blames), complaints),
                intervals.share(count(alone), tagged),
                stars_without(all_stars, stars_of(alone)),
                model.effects.get(id) if model else None,
                mentions >= MIN_N,
                behind,
                behind.but(alone=True),
            )
        )
    rows.sort(key=lambda row: (not row.enough, -(row.impact.k or 0)))
    return Part(
        name,
        filter,
        intervals.share(complaints, tagged),
        replace(intervals.share(count(complaint & (things > 1)), tagged), k=None),
        intervals.share(count(complaint & (things == 0)), tagged),
        all_stars.mean(),
        tuple(rows),
        model,
        filter.but(touchpoints=(UNPLACED,), polarity="negative", complaint=True),
    )
