"""What holds for every insight, whatever it measures."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from insights.actions import actions
from insights.causes import causes
from insights.consistency import consistency
from insights.drivers import drivers
from insights.journey import journey
from insights.journey.compare import compare
from insights.lifts import channel_cells
from insights.one_touchpoint import one_touchpoint
from insights.priorities import priorities
from insights.promises import promises
from insights.reputation import reputation
from insights.response import response
from insights.segments import segments
from insights.signals import signals
from insights.spikes import spikes
from insights.touchpoint_trends import touchpoint_trends
from insights.touchpoints import touchpoints
from insights.values import Value, plain
from simak.access import Access
from simak.causes import load_causes
from simak.taxonomy import DEFAULT_PATH
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.members import brand_ids
from store.restricted import restrict
from tests.insights import world
from tests.insights.world import LAST, TAXONOMY
from tests.stores import empty_store

Insight = Callable[[Store, Filter], Any]

INSIGHTS: dict[str, Insight] = {
    "reputation": reputation,
    "touchpoints": lambda store, filter: touchpoints(store, TAXONOMY, filter),
    "journey": lambda store, filter: journey(store, TAXONOMY, filter),
    "journey of two brands": lambda store, filter: compare(
        store, TAXONOMY, filter, filter.but(brands=("Griyakita",))
    ),
    "priorities": lambda store, filter: priorities(store, TAXONOMY, filter),
    "priorities by impact": lambda store, filter: priorities(
        store, TAXONOMY, filter, by="impact", owner="logistics"
    ),
    "one touchpoint": lambda store, filter: one_touchpoint(store, TAXONOMY, "delivery", filter),
    "trends of touchpoints": lambda store, filter: touchpoint_trends(store, TAXONOMY, filter),
    "touchpoints in channels": lambda store, filter: channel_cells(
        touchpoints(store, TAXONOMY, filter)
    ),
    "drivers": lambda store, filter: drivers(store, TAXONOMY, filter),
    "drivers by channel": lambda store, filter: drivers(store, TAXONOMY, filter, by="channel"),
    "drivers by owner": lambda store, filter: drivers(store, TAXONOMY, filter, by="owner"),
    "signals": lambda store, filter: signals(store, TAXONOMY, filter),
    "segments": lambda store, filter: segments(store, TAXONOMY, filter, "region"),
    "causes": lambda store, filter: causes(
        store, TAXONOMY, load_causes(TAXONOMY, DEFAULT_PATH), filter
    ),
    "consistency": lambda store, filter: consistency(store, TAXONOMY, filter),
    "response": response,
    "promises": promises,
    "actions": actions,
    "spikes": spikes,
}

OWN = Filter(brands=("Senandika",))
QUARTER = OWN.but(since=LAST - timedelta(days=90), until=LAST)


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two brands' half year; only read from."""
    store = empty_store(Path(tmp_path_factory.mktemp("world")) / "simak.db")
    world.fill(store, "Senandika", 1_500, seed=1)
    world.fill(store, "Griyakita", 600, seed=2)
    world.record(store, "Senandika")
    yield store
    store.close()


@pytest.mark.parametrize("name", INSIGHTS)
@pytest.mark.parametrize("filter", [OWN, QUARTER, QUARTER.but(channels=("whatsapp",))])
def test_numbers_are_possible_and_open_their_mentions(
    half_year: Store, name: str, filter: Filter
) -> None:
    result = INSIGHTS[name](half_year, filter)
    values = list(_values(result))
    assert values
    for value in values:
        if value.value is None:
            assert (value.low, value.high) == (None, None)
            continue
        if value.low is not None and value.high is not None:
            assert value.low <= value.value <= value.high
        if value.k is not None:
            assert 0 <= value.k <= value.n
    opened = list(_opened(result))
    for ks, behind in opened:
        assert count(half_year, behind).n in ks
    if name not in ("reputation", "touchpoints", "spikes"):
        assert any(max(ks) for ks, _ in opened)
    json.dumps(plain(result), allow_nan=False)


@pytest.mark.parametrize("name", INSIGHTS)
def test_nothing_is_no_data_and_never_zero(sqlite_store: Store, name: str) -> None:
    for filter in (OWN, QUARTER):
        result = INSIGHTS[name](sqlite_store, filter)
        for value in _values(result):
            is_count = value.value == value.k == 0 and value.low is None
            assert value.value is None or value.n or is_count
        json.dumps(plain(result), allow_nan=False)


@pytest.mark.parametrize("name", INSIGHTS)
def test_another_brand_changes_nothing(tmp_path: Path, name: str) -> None:
    results = []
    for brands in (("Senandika",), ("Senandika", "Lain")):
        store = empty_store(tmp_path / f"{len(brands)}.db")
        for seed, brand in enumerate(brands):
            world.fill(store, brand, 250, seed=seed)
        results.append(json.dumps(plain(INSIGHTS[name](store, OWN)), sort_keys=True))
        store.close()
    assert results[0] == results[1]


def test_a_member_of_a_brand_sees_what_a_store_of_that_brand_alone_shows(
    half_year: Store, sqlite_store: Store
) -> None:
    world.fill(sqlite_store, "Senandika", 1_500, seed=1)
    world.record(sqlite_store, "Senandika")
    (own,) = brand_ids(half_year, ("Senandika",))
    with closing(restrict(half_year, Access("ana", brands={own: "viewer"}))) as theirs:
        for name, insight in INSIGHTS.items():
            for filter in (Filter(), QUARTER, QUARTER.but(channels=("whatsapp",))):
                seen = [plain(insight(store, filter)) for store in (theirs, sqlite_store)]
                assert seen[0] == seen[1], name


@pytest.mark.parametrize("name", INSIGHTS)
def test_one_mention_is_too_few_for_anything(sqlite_store: Store, name: str) -> None:
    world.fill(sqlite_store, "Senandika", 2, seed=3)
    result = INSIGHTS[name](sqlite_store, OWN)
    json.dumps(plain(result), allow_nan=False)
    assert all(not value.enough for value in _values(result))


def test_a_day_of_the_future_is_empty(half_year: Store) -> None:
    later = OWN.but(since=date(2027, 1, 1), until=date(2027, 1, 31))
    for name, insight in INSIGHTS.items():
        for value in _values(insight(half_year, later)):
            assert not value.k, name


def _values(result: Any) -> Iterator[Value]:
    """Yield every value within a result."""
    if isinstance(result, Value):
        yield result
    elif isinstance(result, pd.DataFrame | str):
        return
    elif dataclasses.is_dataclass(result) and not isinstance(result, Filter | type):
        for field in dataclasses.fields(result):
            yield from _values(getattr(result, field.name))
    elif isinstance(result, Mapping):
        for value in result.values():
            yield from _values(value)
    elif isinstance(result, list | tuple):
        for value in result:
            yield from _values(value)


def _opened(result: Any) -> Iterator[tuple[list[int], Filter]]:
    """Yield each `behind` with the numerators beside it, of which it opens one."""
    if isinstance(result, Value | Filter | pd.DataFrame | str | type):
        return
    if dataclasses.is_dataclass(result):
        fields = {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
        ks = [v.k for v in fields.values() if isinstance(v, Value) and v.k is not None]
        for name, behind in fields.items():
            if name.startswith("behind") and isinstance(behind, Filter) and ks:
                yield ks, behind
        yield from _opened(list(fields.values()))
    elif isinstance(result, Mapping):
        yield from _opened(list(result.values()))
    elif isinstance(result, list | tuple):
        for value in result:
            yield from _opened(value)
