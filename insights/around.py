"""What a week of a brand is read against: the weeks before it, its rivals, what measured it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from insights.reputation import by, reputation
from insights.spikes import Event, spikes
from insights.touchpoints import Touchpoints, touchpoints
from insights.values import Value
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.models import Model, latest_model

WEEKS = 13
"""Weeks of the trend, the last one among them."""


@dataclass(frozen=True)
class Around:
    """What stands around a week.

    Attributes:
        ranking: what is behind the week's complaints, and where, against the week before.
        places: the same over the last `WEEKS` weeks: in one there is too little of a channel.
        weeks: `Reputation.trend` by week over the last `WEEKS` weeks.
        events: what stood out in these weeks, but for neutral words; the strongest first.
        brands: the metrics of every brand with mentions in the week, most mentions first.
        model: the model that tagged last; None where none has.
    """

    ranking: Touchpoints
    places: Touchpoints
    weeks: pd.DataFrame
    events: tuple[Event, ...]
    brands: Mapping[str, Mapping[str, Value]]
    model: Model | None


def around(store: Store, taxonomy: Taxonomy, week: Filter) -> Around:
    """Gather what a week is read against.

    Args:
        week: one brand, and the first and last day of a week.
    """
    assert week.until is not None
    recent = week.but(since=week.until - timedelta(days=7 * WEEKS - 1))
    return Around(
        touchpoints(store, taxonomy, week),
        touchpoints(store, taxonomy, recent),
        reputation(store, recent, every="week").trend,
        tuple(e for e in spikes(store, recent).events if e.head.polarity != "neutral"),
        by(store, week.but(brands=()), "brand"),
        latest_model(store),
    )
