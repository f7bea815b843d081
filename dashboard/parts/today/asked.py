"""What the first page asks of a brand, to be asked before anybody opens it too."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.queries import Queries
from insights.brief import Happened
from insights.spikes import Spikes, spikes
from insights.today import Today, strongest, today, told
from simak.taxonomy import Taxonomy
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class News:
    """What is new of a brand.

    Attributes:
        events: what stood out most, explained; the others are in `spikes`.
    """

    today: Today
    spikes: Spikes
    events: tuple[Happened, ...]


def ask(queries: Queries, taxonomy: Taxonomy, filter: Filter) -> News:
    """Ask what is new.

    Args:
        filter: one brand, and the new days.
    """
    assert filter.since is not None
    # A day is held against all before it, whatever the first of the new days: asked once for all.
    found = queries.ask(spikes, filter.but(since=None)).within(filter.since)
    return News(
        queries.ask(today, taxonomy, filter),
        found,
        tuple(queries.ask(told, event) for event in strongest(found)),
    )
