"""The stars that go with speaking badly or well of each touchpoint, all else that is said equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from insights.drivers.importance import importance, inflation
from insights.drivers.regression import Floats, Grouped, fit, separable
from insights.drivers.table import Bools, Table
from insights.values import MIN_N, NO_DATA, Value
from store.tables import UNPLACED

ASSOCIATION = (
    "Association, not cause: what goes together in the mentions that were made. Whether mending a "
    "touchpoint changes it is shown by doing so and comparing."
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What goes with a touchpoint in the stars, among mentions that are alike in all else said.

    Attributes:
        blamed, praised: stars more or less where it is spoken of badly, or well, than where it is
            not or neutrally; `n` mentions with stars speak so. No data below 30 of them.
        explained: share of the differences between stars that it explains, its part of R².
        inflation: how many times less sure this is for touchpoints being spoken of together: 1 is
            not at all; above 5 it is hard to tell from the others.
    """

    blamed: Value
    praised: Value
    explained: float
    inflation: float


@dataclass(frozen=True)
class Regression:
    """Stars regressed on what is said.

    Attributes:
        n: mentions with stars.
        constant: stars of a mention that neither blames nor praises anything, nor complains.
        r2: share of the differences between stars that all of this explains.
        effects: by touchpoint or function.
        unplaced: of complaints that blame no touchpoint; None where there are too few.
        error: the largest standard error of `explained` from drawing orders; 0 where all were
            counted.
        together: ids whose blame or praise hardly occurs without another's, and is left out.
    """

    n: int
    constant: Value
    r2: float
    effects: Mapping[str, Effect]
    unplaced: Effect | None
    error: float
    together: tuple[str, ...]


def regression(ids: Sequence[str], says: Table) -> Regression | None:
    """Regress stars on touchpoints.

    Each touchpoint has two columns, blamed and praised, not one of −1, 0 and +1: that would take
    for granted that praise lifts as much as blame lowers, and that neutral words are silence with
    the same stars. Blame costs more than praise brings: Mittal, Ross and Baldasare (1998), J.
    Marketing 62, 33–47. Complaints that blame no touchpoint have a column of their own, since the
    rest would otherwise be compared with them as if they were content.

    Args:
        ids: (K,), of the touchpoints or functions.
        says: what C cells say of them.

    Returns:
        None where fewer than 30 mentions have stars, or none says anything often enough, or all
        stars are equal.
    """
    stars = says.sums[:, 1:] * says.tagged[:, None]
    sides = [
        (id, place, said[:, number])
        for number, id in enumerate(ids)
        for place, said in enumerate((says.blamed, says.praised))
    ]
    sides.append((UNPLACED, 0, says.unplaced))
    counted = [(int(stars[said, 0].sum()), id, place, said) for id, place, said in sides]
    # The more often it is said, the sooner: of two that go together the rarer is left out.
    columns = sorted((c for c in counted if c[0] >= MIN_N), key=lambda column: -column[0])
    if not columns:
        return None
    whole = _grouped(np.column_stack([said for *_, said in columns]), stars)
    if whole.moments()[2] <= 0:
        return None
    kept = separable(whole)
    grouped = whole.only(kept)
    if not kept or grouped.n.sum() < MIN_N + len(kept):
        return None
    found = fit(grouped)
    places: dict[str, dict[int, int]] = {}
    for number, column in enumerate(kept):
        _, id, place, _ = columns[column]
        places.setdefault(id, {})[place] = number
    players = [list(own.values()) for own in places.values()]
    shares = importance(grouped, players)
    inflations = inflation(grouped, players)
    effects = {}
    for (id, own), share, inflated in zip(places.items(), shares.shares, inflations, strict=True):
        blamed, praised = (found.slopes[own[side]] if side in own else NO_DATA for side in (0, 1))
        effects[id] = Effect(blamed, praised, float(share), inflated)
    left_out = {column[1] for number, column in enumerate(columns) if number not in kept}
    return Regression(
        int(grouped.n.sum()),
        found.constant,
        found.r2,
        {id: effect for id, effect in effects.items() if id != UNPLACED},
        effects.get(UNPLACED),
        shares.error,
        tuple(sorted(left_out)),
    )


def _grouped(said: Bools, stars: Floats) -> Grouped:
    """Put together what says the same; groups without stars are left out."""
    rated = stars[:, 0] > 0
    x, group = np.unique(said[rated], axis=0, return_inverse=True)
    n, total, squares = (
        np.bincount(group.ravel(), weights=column, minlength=len(x)).astype(float)
        for column in stars[rated].T
    )
    return Grouped(x.astype(float), n, total, squares)
