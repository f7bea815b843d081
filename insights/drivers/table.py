"""What each cell of `insights.said` says of each touchpoint, all of them in one pass."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from insights.drivers.regression import Floats
from insights.said import SUMS, Said
from store.tables import UNPLACED

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """Who speaks how of what: C cells by K touchpoints, or groups of touchpoints.

    Attributes:
        sums: (C, 4), `insights.said.SUMS`.
        tagged, complaint: (C,), as of `Said`.
        spoken, blamed, praised: (C, K), of any of the group: at all, badly, well.
        elsewhere: (C,), whether badly of a touchpoint that is in no group.
        unplaced: (C,), whether it complains and speaks badly of none.
    """

    sums: Floats
    tagged: Bools
    complaint: Bools
    spoken: Bools
    blamed: Bools
    praised: Bools
    elsewhere: Bools
    unplaced: Bools

    def where(self, which: Bools) -> Table:
        """Return the cells that `which` marks."""
        return Table(*(getattr(self, field.name)[which] for field in fields(self)))

    def count(self, which: Bools) -> int:
        """Return how many mentions are in the cells that `which` marks."""
        return int(self.sums[which, 0].sum())


def table(said: Said, groups: Sequence[Collection[str]]) -> Table:
    """Return what the cells say of each group of touchpoints.

    `Said.speaks` asks all profiles again for each of them, of which there may be tens of thousands.
    """
    groups_of: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        for id in group:
            groups_of.setdefault(id, []).append(number)
    n, k = len(said.profiles), len(groups)
    spoken, blamed, praised = (np.zeros((n, k), bool) for _ in range(3))
    elsewhere, unplaced = np.zeros(n, bool), np.zeros(n, bool)
    for place, profile in enumerate(said.profiles.values()):
        for id, polarity in profile.touchpoints.items():
            for number in groups_of.get(id, ()):
                spoken[place, number] = True
                blamed[place, number] |= polarity == "negative"
                praised[place, number] |= polarity == "positive"
            if id == UNPLACED:
                unplaced[place] = True
            elif id not in groups_of:
                elsewhere[place] |= polarity == "negative"
    return Table(
        said.cells[list(SUMS)].to_numpy(dtype=float),
        said.tagged,
        said.complaint,
        *(told[said.places] for told in (spoken, blamed, praised, elsewhere, unplaced)),
    )
