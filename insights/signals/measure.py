"""The signals of a period, over time and with what they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from insights.drivers.weights import ASSOCIATION
from insights.said import SUMS, Said, said
from insights.signals.links import Link, links
from insights.signals.over_time import Every, SignalRow, over_time
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.rollups import span

WEEKS = 120
"""Up to so many days a signal is counted by the week."""


@dataclass(frozen=True)
class Signals:
    """What people say they will do, and what troubles them.

    Attributes:
        every: what the points of a row are.
        rows: one of each signal, in the order of `simak.tags.SIGNALS`.
        links: what goes with which signal, `insights.signals.links`.
        meaning: what the links say and what not.
    """

    filter: Filter
    every: Every
    rows: tuple[SignalRow, ...]
    links: tuple[Link, ...]
    meaning: str = ASSOCIATION


def signals(
    store: Store, taxonomy: Taxonomy, filter: Filter, *, every: Every | None = None
) -> Signals:
    """Count the signals, over time and against the touchpoints.

    Args:
        filter: which mentions; not by touchpoint, polarity or signal.
        every: None chooses by the length of the period. Weeks of years take long.
    """
    every = every or _every(store, filter)
    dated = said(store, filter, by=("day" if every == "week" else "month",))
    now, earlier = _whole(dated), filter.previous()
    before = said(store, earlier) if earlier else None
    rows = over_time(now, before, dated, filter, every)
    return Signals(filter, every, tuple(rows), tuple(links(now, taxonomy, filter)))


def _whole(dated: Said) -> Said:
    """Return the same mentions, the undated ones too, without their days."""
    by = ["profile", "sentiment", "complaint"]
    return Said(dated.cells.groupby(by, as_index=False)[list(SUMS)].sum(), dated.profiles)


def _every(store: Store, filter: Filter) -> Every:
    first, last = span(store, filter.brands)
    start, end = filter.since or first, filter.until or last
    if start is None or end is None:
        return "month"
    return "week" if end - start < timedelta(days=WEEKS) else "month"
