"""One journey beside another: of the period before, or of another brand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights import intervals
from insights.journey.counts import Counts
from insights.journey.overlap import Pair
from insights.said import said
from insights.significance import benjamini_hochberg
from insights.values import NO_DATA, Value
from simak.taxonomy import PHASES, Taxonomy
from store.engine import Store
from store.filter import Filter

ALPHA = 0.05
"""The share of false alarms among what is said to differ."""

WORTH_SAYING = 0.05
"""A difference of fewer than five points is not told, however sure it is."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        rate: of the mentions that speak of the part, those that speak badly of it.
        behind: the mentions of the numerator.
    """

    rate: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """A stage, a phase or a touchpoint on both sides.

    Attributes:
        id: of the stage, phase or touchpoint.
        here, there: this journey and the one it is held to.
        difference: the negative rate here minus there; no data where either has too few mentions.
        p: of no difference, adjusted for all parts of the same sort; None where not tested.
    """

    id: str
    here: Side
    there: Side
    difference: Value
    p: float | None

    @property
    def clear(self) -> bool:
        """Whether they differ beyond chance."""
        return self.p is not None and self.p < ALPHA


@dataclass(frozen=True)
class Comparison:
    """Two journeys.

    Attributes:
        filter, other: whose they are.
        whole: of all touchpoints together.
        stages, phases: every one that has touchpoints.
        touchpoints: those spoken of on either side.
    """

    filter: Filter
    other: Filter
    whole: ComparedPart
    stages: tuple[ComparedPart, ...]
    phases: tuple[ComparedPart, ...]
    touchpoints: tuple[ComparedPart, ...]

    @property
    def told(self) -> tuple[ComparedPart, ...]:
        """The phases that differ clearly and by enough, the largest difference first."""
        clear = [
            part
            for part in self.phases
            if part.clear and abs(part.difference.value or 0.0) >= WORTH_SAYING
        ]
        return tuple(sorted(clear, key=lambda part: -abs(part.difference.value or 0.0)))


def compare(store: Store, taxonomy: Taxonomy, filter: Filter, other: Filter) -> Comparison:
    """Hold the journey of one selection of mentions against that of another.

    Args:
        filter, other: selections without a mention in common, such as two periods or two brands;
            neither by touchpoint.

    Raises:
        ValueError: either has touchpoints; a journey is of all.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> one, two = Filter(brands=("Senandika",)), Filter(brands=("Griyakita",))
        >>> compare(open_store("sqlite://"), load_taxonomy(), one, two).told
        ()
    """
    if filter.touchpoints or other.touchpoints:
        raise ValueError("a journey is of all touchpoints")
    sides = (Counts(said(store, filter)), filter), (Counts(said(store, other)), other)

    def part(id: str, ids: Sequence[str]) -> ComparedPart:
        here, there = (
            Side(
                counts.negative_rate(ids),
                meant.but(touchpoints=tuple(ids), polarity="negative"),
            )
            for counts, meant in sides
        )
        one, two = here.rate, there.rate
        if not (one.enough and two.enough):
            return ComparedPart(id, here, there, NO_DATA, None)
        p = Pair(one.n, one.k or 0, two.n, two.k or 0).p
        return ComparedPart(id, here, there, intervals.difference(one, two), p)

    stages = {
        stage: ids for stage, own in taxonomy.stages.items() if (ids := taxonomy.in_phases(*own))
    }
    phases = {phase: ids for phase in PHASES if (ids := taxonomy.in_phases(phase))}
    touchpoints = [part(id, (id,)) for id in taxonomy.ids]
    return Comparison(
        filter,
        other,
        part("", taxonomy.ids),
        _adjusted([part(*one) for one in stages.items()]),
        _adjusted([part(*one) for one in phases.items()]),
        _adjusted([one for one in touchpoints if one.here.rate.n or one.there.rate.n]),
    )


def _adjusted(parts: Sequence[ComparedPart]) -> tuple[ComparedPart, ...]:
    """Correct the p-values for as many tests as were made."""
    made = iter(benjamini_hochberg([part.p for part in parts if part.p is not None]))
    return tuple(part if part.p is None else replace(part, p=float(next(made))) for part in parts)
