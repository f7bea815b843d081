"""The texts of all kinds that every head of an installation's own is fitted against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.adapt.features import Reading, read
from models.runtime import Runtime
from models.training.rows import Row, key
from models.training.sources import own_authored


@dataclass(frozen=True)
class Background:
    """The texts written for the project, which ship with it.

    Attributes:
        rows: with their labels.
        readings: of the same texts.
    """

    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]

    def without(self, texts: Iterable[str]) -> Background:
        """Return it less texts that are learned from otherwise, and their copies."""
        keys = {key(text) for text in texts}
        kept = [
            (row, reading)
            for row, reading in zip(self.rows, self.readings, strict=True)
            if key(row.text) not in keys
        ]
        return Background(tuple(row for row, _ in kept), tuple(one for _, one in kept))


def read_background(runtime: Runtime) -> Background:
    """Return the background as the encoder of a model reads it, which takes some seconds."""
    rows = tuple(own_authored())
    readings = read(runtime, [row.text for row in rows])
    read_ones = [(row, one) for row, one in zip(rows, readings, strict=True) if one is not None]
    return Background(tuple(row for row, _ in read_ones), tuple(one for _, one in read_ones))
