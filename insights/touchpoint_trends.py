"""How the share of each touchpoint in the complaints moves, by week or month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from insights.trend_points import WEEKS, Every, TrendPoint, points
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.rollups import counts, touchpoint_counts


@dataclass(frozen=True, slots=True)
class TouchpointTrend:
    """A touchpoint over time.

    Attributes:
        id: of the touchpoint.
        points: every week or month with complaints, the first first.
    """

    id: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True)
class TouchpointTrends:
    """The touchpoints over time.

    Attributes:
        every: what the points are.
        rows: those that complaints speak badly of; most complaints first.
    """

    filter: Filter
    every: Every
    rows: tuple[TouchpointTrend, ...]


def touchpoint_trends(
    store: Store, taxonomy: Taxonomy, filter: Filter, *, every: Every | None = None
) -> TouchpointTrends:
    """Count the complaints about each touchpoint, week by week or month by month.

    Args:
        filter: brands, days, channels, sources and languages. Undated mentions are left out.
        every: None takes weeks up to `WEEKS` days, else months.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> touchpoint_trends(open_store("sqlite://"), load_taxonomy(), Filter()).rows
        ()
    """
    complaints = {
        cell["day"]: cell["complaints"]
        for cell in counts(store, filter, by=("day",))
        if cell["day"]
    }
    if not complaints:
        return TouchpointTrends(filter, every or "week", ())
    first, last = filter.since or min(complaints), filter.until or max(complaints)
    every = every or ("week" if (last - first).days < WEEKS else "month")
    blamed: dict[str, dict[date, int]] = defaultdict(dict)
    negative = filter.but(polarity="negative", touchpoints=taxonomy.ids)
    for cell in touchpoint_counts(store, negative, by=("touchpoint", "day")):
        if cell["day"] and cell["complaints"]:
            blamed[cell["touchpoint"]][cell["day"]] = cell["complaints"]
    rows = [
        TouchpointTrend(id, tuple(points(_behind(filter, id), every, complaints, blamed[id])))
        for id in sorted(blamed, key=lambda id: -sum(blamed[id].values()))
    ]
    return TouchpointTrends(filter, every, tuple(rows))


def _behind(filter: Filter, id: str) -> Filter:
    return filter.but(touchpoints=(id,), polarity="negative", complaint=True)
