"""One theme closely, and the themes of one segment: every number opens what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from insights.themes.closely import closely
from insights.themes.of_segment import themes_of_segment
from insights.themes.reading import themes
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from store.themes import Polarity, meant
from tests.dashboard import themed
from tests.dashboard.themed import BRAND, HOSTILE

ALL = Filter(brands=(BRAND,))
FILTERS = (
    ALL,
    ALL.but(since=date(2026, 4, 15), until=date(2026, 5, 20)),
    ALL.but(channels=("x",), languages=("id",)),
    ALL.but(facets=(("region", HOSTILE),)),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    url = f"sqlite:///{Path(tmp_path_factory.mktemp('closely')) / 'simak.db'}"
    themed.build(url)
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.mark.parametrize("polarity", ["negative", "positive"])
@pytest.mark.parametrize("every", ["week", "month"])
@pytest.mark.parametrize("filter", FILTERS)
def test_periods_and_channels_add_up_to_the_theme(
    store: Store, filter: Filter, every: str, polarity: Polarity
) -> None:
    for wanted in (filter, filter.but(touchpoints=("delivery",), polarity=polarity)):
        result = themes(store, wanted, polarity=polarity)
        for row in result.rows:
            found = closely(store, result, row.id, every=every)  # type: ignore[arg-type]
            assert found is not None
            assert found.every == every
            for parts in (found.points, found.channels):
                assert sum(part.share.k or 0 for part in parts) == row.share.k
                for part in parts:
                    assert count(store, part.behind).n == part.share.k
            assert {part.share.n for part in found.channels} == {row.share.k}
            for point in found.points:
                days = wanted.but(since=point.start, until=point.end)
                assert count(store, meant(days, polarity)).n == point.share.n


def test_a_theme_that_nobody_speaks_of_has_nothing_to_look_at(store: Store) -> None:
    assert closely(store, themes(store, ALL), 99_999) is None


@pytest.mark.parametrize("filter", FILTERS[:3])
@pytest.mark.parametrize(("facet", "value"), [("version", "2.10.0"), ("region", HOSTILE)])
def test_a_segments_themes_are_those_of_its_complaints(
    store: Store, filter: Filter, facet: str, value: str
) -> None:
    found = themes_of_segment(store, filter, facet, value)
    own = filter.but(facets=((facet, value),))
    alone = {row.id: row for row in themes(store, own).rows}
    assert {row.id: row.share for row in found.rows} == {id: row.share for id, row in alone.items()}
    assert found.complaints == count(store, own.but(complaint=True)).n
    for row in found.rows:
        assert count(store, row.behind).n == row.share.k
        everywhere = sum(
            count(store, row.behind.but(facets=((facet, other),))).n
            for other in ("2.9.0", "2.10.0", HOSTILE, "Jawa", "Aceh")
        )
        assert (row.others.k or 0) == everywhere - (row.share.k or 0)
        assert row.others.n == found.others


def test_a_segments_days_are_its_own_whatever_the_period(store: Store) -> None:
    late = ALL.but(since=date(2026, 5, 20), until=date(2026, 5, 31))
    found = themes_of_segment(store, late, "version", "2.9.0")
    assert found.first == date(2026, 4, 10)
    assert found.complaints == 0
    assert found.rows == ()
    assert not found.told_before
    assert themes_of_segment(store, late, "version", "2.10.0").told_before
