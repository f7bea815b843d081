"""Everything a page asks of the store and the insights, cached until the store changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import streamlit as st

from insights import reputation as reputations
from insights import touchpoints as touchpoint_insight
from insights.reputation import Every, Reputation
from insights.touchpoints import Touchpoints
from insights.values import Value
from simak.taxonomy import Taxonomy
from store import copies, lists, mentions, models, rollups, runs
from store import useful as usefulness
from store.copies import CopyGroup, Repeats
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import Count, MentionRow
from store.models import Model
from store.rollups import Facets
from store.runs import Run
from store.selection import Position
from store.tables import UNTAGGED
from store.useful import Useful

TTL_SECONDS = 60
"""What is cached is asked again after this long, whatever the runs say."""

_RUNS_WATCHED = 3

Key = tuple[Any, ...]

_HASH: dict[str | type, Any] = {Filter: repr, Taxonomy: lambda taxonomy: repr(taxonomy.ids)}
_cached = st.cache_data(ttl=TTL_SECONDS, max_entries=500, show_spinner=False, hash_funcs=_HASH)


@st.cache_resource(show_spinner=False, max_entries=4)
def store_at(url: str, zone: str) -> Store:
    """Open a store once per process.

    Raises:
        ConfigurationError, StoreError: as `open_store`; nothing is cached then.
    """
    return open_store(url, zone=zone)


@dataclass(frozen=True)
class Queries:
    """The questions of one run of the script, all of them about one state of the store.

    Attributes:
        store: the open store.
        key: the store's address and how far its runs have come: a new one asks anew.
    """

    store: Store
    key: Key

    @classmethod
    def of(cls, store: Store) -> Queries:
        """Look at the latest runs, which every import, collection and tagging moves on."""
        latest = runs.runs(store, limit=_RUNS_WATCHED)
        return cls(
            store,
            (
                store.url,
                *((r.id, r.status, r.got, r.new, r.edited, r.deleted) for r in latest),
            ),
        )

    def brands(self) -> list[str]:
        """Return every brand, most mentions first."""
        return _brands(self.store, self.key)

    def facets(self, brand: str | None) -> Facets:
        """Return what there is to filter by."""
        return _facets(self.store, self.key, brand)

    def reputation(self, filter: Filter, every: Every | None) -> Reputation:
        """Return how the reputation moves."""
        return _reputation(self.store, self.key, filter, every)

    def by(
        self, filter: Filter, dimension: Literal["brand", "channel"]
    ) -> dict[str, Mapping[str, Value]]:
        """Return the metrics of each brand or channel."""
        return _by(self.store, self.key, filter, dimension)

    def touchpoints(self, taxonomy: Taxonomy, filter: Filter) -> Touchpoints:
        """Return what is behind the complaints."""
        return _touchpoints(self.store, self.key, taxonomy, filter)

    def examples(self, filter: Filter, touchpoint: str) -> list[MentionRow]:
        """Return telling complaints about a touchpoint."""
        return _examples(self.store, self.key, filter, touchpoint)

    def count(self, filter: Filter) -> Count:
        """Return how many mentions there are."""
        return _count(self.store, self.key, filter)

    def mentions(self, filter: Filter, limit: int, after: Position | None) -> list[MentionRow]:
        """Return a page of mentions."""
        return _mentions(self.store, self.key, filter, limit, after)

    def useful(self, filter: Filter, limit: int, after: Position | None) -> Useful:
        """Return a page of what is most useful to correct next."""
        return _useful(self.store, self.key, filter, limit, after)

    def repeats(self, filter: Filter) -> Repeats:
        """Return how much only repeats what others wrote."""
        return _repeats(self.store, self.key, filter)

    def copy_groups(self, filter: Filter, limit: int) -> list[CopyGroup]:
        """Return the texts that were copied most."""
        return _copy_groups(self.store, self.key, filter, limit)

    def versions(self, mention_id: int) -> Sequence[tuple[str, datetime]]:
        """Return the earlier texts of an edited mention."""
        return _versions(self.store, self.key, mention_id)

    def untagged(self) -> int:
        """Return how many mentions carry no tag."""
        return _count(self.store, self.key, Filter(sentiments=(UNTAGGED,))).n

    def model(self) -> Model | None:
        """Return the model that tagged last, with what is known of its quality."""
        return models.latest_model(self.store)

    def latest_runs(self) -> list[tuple[Run, datetime | None]]:
        """Return the latest run of each source with the time of its last success."""
        return runs.latest_runs(self.store)

    def runs(self, limit: int) -> list[Run]:
        """Return the latest runs."""
        return runs.runs(self.store, limit=limit)

    def bad_records(self, run_id: int) -> list[tuple[str, str]]:
        """Return what a run could not read."""
        return runs.bad_records(self.store, run_id)


@_cached
def _brands(_store: Store, key: Key) -> list[str]:
    volumes = {cell["brand"]: cell["n"] for cell in rollups.counts(_store, Filter(), by=("brand",))}
    return sorted(mentions.brand_names(_store), key=lambda name: (-volumes.get(name, 0), name))


@_cached
def _facets(_store: Store, key: Key, brand: str | None) -> Facets:
    return rollups.facets(_store, (brand,) if brand else ())


@_cached
def _reputation(_store: Store, key: Key, filter: Filter, every: Every | None) -> Reputation:
    return reputations.reputation(_store, filter, every=every)


@_cached
def _by(
    _store: Store, key: Key, filter: Filter, dimension: Literal["brand", "channel"]
) -> dict[str, Mapping[str, Value]]:
    return reputations.by(_store, filter, dimension)


@_cached
def _touchpoints(_store: Store, key: Key, taxonomy: Taxonomy, filter: Filter) -> Touchpoints:
    return touchpoint_insight.touchpoints(_store, taxonomy, filter)


@_cached
def _examples(_store: Store, key: Key, filter: Filter, touchpoint: str) -> list[MentionRow]:
    return touchpoint_insight.examples(_store, filter, touchpoint)


@_cached
def _count(_store: Store, key: Key, filter: Filter) -> Count:
    return lists.count(_store, filter)


@_cached
def _mentions(
    _store: Store, key: Key, filter: Filter, limit: int, after: Position | None
) -> list[MentionRow]:
    return lists.list_mentions(_store, filter, limit=limit, after=after)


@_cached
def _useful(_store: Store, key: Key, filter: Filter, limit: int, after: Position | None) -> Useful:
    return usefulness.useful(_store, filter, limit=limit, after=after)


@_cached
def _repeats(_store: Store, key: Key, filter: Filter) -> Repeats:
    return copies.repeats(_store, filter)


@_cached
def _copy_groups(_store: Store, key: Key, filter: Filter, limit: int) -> list[CopyGroup]:
    return copies.copy_groups(_store, filter, limit=limit)


@_cached
def _versions(_store: Store, key: Key, mention_id: int) -> Sequence[tuple[str, datetime]]:
    return mentions.versions(_store, mention_id)
