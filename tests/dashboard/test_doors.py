"""Every mark of every chart and every link of every page opens as many mentions as it says.

Of two brands and of one with copied texts, counted and left out, over several periods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import PAGES
from dashboard.parts import cards
from simak.taxonomy import load_taxonomy
from store.copies import copy_groups, repeats
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from tests.dashboard.conftest import COPIED, add_copied, build
from tests.dashboard.walk import Door, doors, listed

Show = Callable[..., AppTest]

VIEWS: dict[str, dict[str, str | list[str]]] = {
    "90 days": {"brand": "Senandika"},
    "all": {"brand": "Senandika", "days": "all"},
    "channels": {"brand": "Senandika", "days": "30", "channel": ["instagram", "google_play"]},
    "rival": {"brand": "Griyakita", "days": "365", "language": "id"},
    "own days": {"brand": "Senandika", "since": "2026-08-01", "until": "2026-09-15"},
    "copied": {"brand": COPIED, "days": "all"},
    "not copied": {"brand": COPIED, "days": "all", "copies": "no"},
    "copied on X": {"brand": COPIED, "days": "365", "channel": "x", "copies": "no"},
}


COUNTING = ("reputation", "rivals", "touchpoints", "journey")
"""Pages that always have something to open, whatever is recorded beside the mentions."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('doors') / 'simak.db'}"
    build(found)
    add_copied(found)
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Lists that were counted already: many pages open the same."""
    return set()


def assert_true(store: Store, seen: set[str], found: list[Door]) -> None:
    taxonomy = load_taxonomy()
    for door in found:
        said = f"{door.to} {door.count}"
        if said in seen:
            continue
        n, notes = listed(store, taxonomy, door.to)
        assert notes == [], door
        assert door.count is None or n == door.count, door
        seen.add(said)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES)
def test_every_door_opens_what_it_says(
    show: Show, url: str, store: Store, seen: set[str], page: str, view: str
) -> None:
    app = show(url, page, lang="en", **VIEWS[view])
    assert not app.exception
    found = doors(app)
    if page in COUNTING:
        assert sum(door.count is not None for door in found) > 0
    assert_true(store, seen, found)


@pytest.mark.parametrize("metric", ["net_sentiment", "stars"])
@pytest.mark.parametrize("every", ["day", "month"])
def test_every_point_of_the_other_figures(
    show: Show, url: str, store: Store, seen: set[str], metric: str, every: str
) -> None:
    view = {"brand": "Senandika", "days": "all", "metric": metric, "every": every}
    found = doors(show(url, "reputation", lang="en", **view))
    assert len(found) > 5
    assert_true(store, seen, found)


def test_the_groups_of_copies_are_the_repeats_and_their_firsts(store: Store) -> None:
    everything = Filter(brands=(COPIED,))
    found = repeats(store, everything)
    groups = copy_groups(store, everything)
    assert found.n
    assert count(store, everything).n - count(store, everything.but(copies=False)).n == found.n
    assert sum(group.n for group in groups) == found.n + len(groups)
    for row in list_mentions(store, everything, limit=1_000):
        if row.copy_group is None:
            assert row.copied == 0
        else:
            assert count(store, cards.copied(row)).n == row.copied > 1
