"""What was said, added up by touchpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insights import intervals
from insights.journey.overlap import Pair
from insights.said import Said
from insights.values import Value


class Counts:
    """The cells of what was said, to be added up under masks.

    Args:
        said: what was said.

    Attributes:
        cells: a row for each cell.
        n: (C,), mentions of each cell.
        complaint: (C,), whether they are complaints.
    """

    def __init__(self, said: Said) -> None:
        self.cells, self.complaint = said.cells, said.complaint
        self.n: NDArray[np.int64] = said.cells["n"].to_numpy(np.int64)
        names = sorted({name for one in said.profiles.values() for name in one.touchpoints})
        self._column = {name: place for place, name in enumerate(names)}
        # What each profile says, once for all masks: a mask then costs no look at any of them.
        self._spoken = np.zeros((len(said.profiles), len(names)), dtype=np.int8)
        for row, profile in enumerate(said.profiles.values()):
            for name, polarity in profile.touchpoints.items():
                self._spoken[row, self._column[name]] = 1 + (polarity == "negative")
        self._row = said.places

    def within(self, cells: NDArray[np.intp]) -> Counts:
        """Return some of the cells, by their places."""
        part = copy(self)
        part.cells, part.complaint = self.cells.iloc[cells], self.complaint[cells]
        part.n, part._row = self.n[cells], self._row[cells]
        part.__dict__.pop("_months", None)  # those of all the cells
        return part

    def speaks(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """Return (C,), which cells speak of any of some touchpoints."""
        return self._said(ids, 1)

    def blames(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """Return (C,), which cells speak badly of any of some touchpoints."""
        return self._said(ids, 2)

    def _said(self, ids: Sequence[str], least: int) -> NDArray[np.bool_]:
        columns = [self._column[id] for id in ids if id in self._column]
        by_profile = np.any(self._spoken[:, columns] >= least, axis=1)
        return np.asarray(np.take(by_profile, self._row), dtype=np.bool_)

    @property
    def mentions(self) -> int:
        """All of them, of whatever they speak."""
        return int(self.n.sum())

    @property
    def complaints(self) -> int:
        """How many complain."""
        return int(self.n[self.complaint].sum())

    def speaking(self, ids: Sequence[str]) -> Value:
        """Return how many mentions speak of any of some touchpoints."""
        n = int(self.n[self.speaks(ids)].sum())
        return Value(n, n=n, k=n)

    def negative_rate(self, ids: Sequence[str]) -> Value:
        """Return the share that speaks badly of any, of those that speak of any."""
        bad = int(self.n[self.blames(ids)].sum())
        return intervals.share(bad, self.speaking(ids).n)

    def complaint_share(self, ids: Sequence[str]) -> Value:
        """Return the share that speaks badly of any, of all complaints."""
        blamed = self.n[self.blames(ids) & self.complaint].sum()
        return intervals.share(int(blamed), self.complaints)

    def pair(self, one: Sequence[str], other: Sequence[str]) -> Pair:
        """Return the negative rates of two groups of touchpoints, to be compared."""
        return Pair.of(
            self.n,
            (self.speaks(one), self.speaks(other)),
            (self.blames(one), self.blames(other)),
        )

    def months(self, ids: Sequence[str]) -> Iterator[tuple[date, Value, int, int]]:
        """Yield each month in which any is spoken of.

        Returns:
            Its first day, the negative rate, the complaints among the bad, and all complaints.
        """
        speaks, blames = self.speaks(ids), self.blames(ids)
        masks = {
            "spoken": speaks,
            "bad": blames,
            "blamed": blames & self.complaint,
            "complaints": self.complaint,
        }
        codes, names = self._months
        dated = codes >= 0
        sums = {
            name: np.bincount(codes[dated], (self.n * mask)[dated], len(names)).astype(int)
            for name, mask in masks.items()
        }
        for place, month in enumerate(names):
            spoken, bad, blamed, complaints = (int(column[place]) for column in sums.values())
            if spoken:
                yield month, intervals.share(bad, spoken), blamed, complaints

    @cached_property
    def _months(self) -> tuple[NDArray[np.intp], list[date]]:
        """(C,), which month each cell is of, -1 where it has none; and the months."""
        codes, names = pd.factorize(self.cells["month"], sort=True)
        return codes, list(names)
