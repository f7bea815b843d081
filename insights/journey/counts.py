"""What was said, added up by touchpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from insights import intervals
from insights.journey.overlap import Pair
from insights.said import Said
from insights.values import Value


class Counts:
    """The cells of what was said, to be added up under masks.

    Attributes:
        said: the cells.
        n: (C,), mentions of each cell.
    """

    def __init__(self, said: Said) -> None:
        self.said = said
        self.n: NDArray[np.int64] = said.cells["n"].to_numpy(np.int64)
        self._speaking: dict[tuple[tuple[str, ...], str | None], NDArray[np.bool_]] = {}

    def speaks(self, ids: Sequence[str], polarity: str | None = None) -> NDArray[np.bool_]:
        """Return (C,), which cells speak of any of some touchpoints, so or at all."""
        key = tuple(ids), polarity
        if key not in self._speaking:
            self._speaking[key] = self.said.speaks(ids, polarity)
        return self._speaking[key]

    @property
    def mentions(self) -> int:
        """All of them, of whatever they speak."""
        return int(self.n.sum())

    @property
    def complaints(self) -> int:
        """How many complain."""
        return int(self.n[self.said.complaint].sum())

    def speaking(self, ids: Sequence[str]) -> Value:
        """Return how many mentions speak of any of some touchpoints."""
        n = int(self.n[self.speaks(ids)].sum())
        return Value(n, n=n, k=n)

    def negative_rate(self, ids: Sequence[str]) -> Value:
        """Return the share that speaks badly of any, of those that speak of any."""
        bad = int(self.n[self.speaks(ids, "negative")].sum())
        return intervals.share(bad, self.speaking(ids).n)

    def complaint_share(self, ids: Sequence[str]) -> Value:
        """Return the share that speaks badly of any, of all complaints."""
        blamed = self.n[self.speaks(ids, "negative") & self.said.complaint].sum()
        return intervals.share(int(blamed), self.complaints)

    def pair(self, one: Sequence[str], other: Sequence[str]) -> Pair:
        """Return the negative rates of two groups of touchpoints, to be compared."""
        return Pair.of(
            self.n,
            (self.speaks(one), self.speaks(other)),
            (self.speaks(one, "negative"), self.speaks(other, "negative")),
        )

    def months(self, ids: Sequence[str]) -> Iterator[tuple[date, Value, int, int]]:
        """Yield each month in which any is spoken of.

        Returns:
            Its first day, the negative rate, the complaints among the bad, and all complaints.
        """
        speaks, bad = self.speaks(ids), self.speaks(ids, "negative")
        masks = {
            "spoken": speaks,
            "bad": bad,
            "blamed": bad & self.said.complaint,
            "complaints": self.said.complaint,
        }
        cells = self.said.cells[["month"]].assign(**{name: self.n * m for name, m in masks.items()})
        sums = cells.groupby("month").sum()
        for month, row in zip(sums.index, sums.to_dict("records"), strict=True):
            if row["spoken"]:
                rate = intervals.share(int(row["bad"]), int(row["spoken"]))
                yield month, rate, int(row["blamed"]), int(row["complaints"])
