"""Every mark of every chart stands for exactly the mentions that a click on it lists.

Of two brands: one without copied texts, and one with them, counted and left out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard import i18n, labels
from dashboard.charts import bars, heatmap, trend
from dashboard.parts import cards, causes, compared, copied, figures, reputation
from dashboard.state import State
from insights.reputation import METRICS, Every, by
from insights.reputation import reputation as measure
from insights.touchpoints import touchpoints
from simak.taxonomy import load_taxonomy
from store.copies import copy_groups, repeats
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.rollups import facets
from tests.dashboard.conftest import COPIED, add_copied, build

LAST = date(2026, 10, 31)
STATES = [
    State(lang="en", brand="Senandika"),
    State(lang="en", brand="Senandika", period="all"),
    State(lang="en", brand="Senandika", period="30", channels=("instagram", "google_play")),
    State(lang="en", brand="Griyakita", period="365", languages=("id",)),
    State(lang="en", brand=COPIED, period="all"),
    State(lang="en", brand=COPIED, period="all", copies=False),
    State(lang="en", brand=COPIED, period="30", copies=False),
    State(lang="en", brand=COPIED, period="365", channels=("x",), copies=False),
]


@pytest.fixture(scope="session")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of the small store, with a brand whose mentions many have copied."""
    url = f"sqlite:///{tmp_path_factory.mktemp('counts') / 'simak.db'}"
    build(url)
    add_copied(url)
    return url


@pytest.fixture(params=STATES, ids=lambda state: f"{state.brand}-{state.period}-{state.copies}")
def state(request: pytest.FixtureRequest) -> State:
    found: State = request.param
    return found


def marks(chart: Any) -> list[dict[str, Any]]:
    """The rows behind the layer of a chart that can be picked."""
    datasets: dict[str, list[dict[str, Any]]] = chart.to_dict()["datasets"]
    return next(rows for rows in datasets.values() if "zero" not in rows[0])


def listed(store: Store, state: State) -> int:
    """How many mentions the list of a state holds."""
    last = facets(store, (state.brand or "",)).last
    assert last == LAST
    return count(store, state.list_filter(last)).n


def filter_of(state: State) -> Filter:
    return state.filter(LAST)


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_bars_of_the_volume(filled: Store, state: State, every: Every) -> None:
    result = measure(filled, filter_of(state), every=every)
    rows = marks(trend.bars(result.trend, dark=False))
    assert rows
    for mark in rows:
        assert listed(filled, reputation.bar(state, mark)) == mark["top"] - mark["bottom"]
    assert sum(mark["top"] - mark["bottom"] for mark in rows) == result.trend["volume"].sum()


@pytest.mark.parametrize("metric", ["complaint_rate", "net_sentiment", "stars"])
def test_points_of_the_trend(filled: Store, state: State, metric: str) -> None:
    result = measure(filled, filter_of(state), every="week")
    state = state.but(metric=metric)
    rows = result.trend.to_dict("records")
    for mark, row in zip(marks(trend.line(result.trend, metric, dark=False)), rows, strict=True):
        expected = row["complaints"] if metric == "complaint_rate" else row[f"{metric}_n"]
        assert listed(filled, reputation.point(state, mark)) == expected


def test_bars_of_the_touchpoints_and_the_complaints_that_name_none(
    filled: Store, state: State
) -> None:
    result = touchpoints(filled, load_taxonomy(), filter_of(state))
    assert any(row.complaint_share.k for row in result.rows)
    for row in result.rows:
        there = causes.blamed(state, row.id)
        assert listed(filled, there) == row.complaint_share.k
        about = state.shared().but(touchpoint=row.id)
        assert listed(filled, about) == row.mentions
        assert listed(filled, about.but(polarity="negative")) == row.negative_rate.k
    assert listed(filled, causes.blamed(state, "unplaced")) == (result.unplaced.k or 0)


def test_cells_of_the_map(filled: Store, state: State) -> None:
    result = touchpoints(filled, load_taxonomy(), filter_of(state))
    order = [row.id for row in result.rows if row.complaint_share.k]
    names = {id: id for id in order}
    chart = heatmap.heatmap(
        result.by_channel, touchpoints=names, channels={}, order=order, dark=False
    )
    rows = marks(chart)
    assert rows
    for mark in rows:
        assert i18n.number(listed(filled, causes.cell(state, mark))) == mark["k"]


def test_brands_channels_and_figures(filled: Store, state: State) -> None:
    for name, values in by(filled, filter_of(state).but(brands=()), "brand").items():
        there = compared.rival(state, name)
        assert listed(filled, there) == values["volume"].n
        assert listed(filled, there.but(complaint=True)) == values["complaint_rate"].k
    for name, values in by(filled, filter_of(state), "channel").items():
        assert listed(filled, state.shared().but(channels=(name,))) == values["volume"].n
    now = measure(filled, filter_of(state)).now
    for metric in METRICS:
        value = now[metric]
        wanted = value.k if metric == "complaint_rate" else value.n
        assert listed(filled, figures.behind(state, metric)) == wanted


def test_copied_texts(filled: Store, state: State) -> None:
    everything = filter_of(state).but(copies=True)
    found = repeats(filled, everything)
    assert bool(found.n) == (state.brand == COPIED)
    both = [listed(filled, state.but(copies=copies)) for copies in (True, False)]
    assert both[0] - both[1] == found.n
    groups = copy_groups(filled, everything)
    for group in groups:
        assert listed(filled, copied.behind(state, group)) == group.n
    firsts = {row.id for row in list_mentions(filled, everything, limit=1_000)}
    kept = sum(group.id in firsts for group in groups)
    assert sum(group.n for group in groups) == found.n + kept
    for row in list_mentions(filled, filter_of(state), limit=1_000):
        if row.copy_group is None:
            assert row.copied == 0
        else:
            assert listed(filled, cards.copied(state, row)) == row.copied > 1


def test_ranked_bars_keep_their_order_and_grey_what_is_too_few() -> None:
    from insights.intervals import share

    i18n.use("id")
    rows = [bars.Bar("b", "Sama", share(20, 40)), bars.Bar("a", "Sama", share(2, 4))]
    chart = bars.ranked(rows, title="t", about="", counted="k", dark=True)
    found = marks(chart)
    assert [row["key"] for row in found] == ["b", "a"]
    assert [row["tone"] for row in found] == ["strong", "few"]
    assert found[1]["n"] == "4: terlalu sedikit"


def test_shares_are_drawn_from_zero(filled: Store) -> None:
    result = measure(filled, Filter(brands=("Senandika",)), every="month")
    spec = trend.line(result.trend, "complaint_rate", dark=False).to_dict()
    domains = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"]["y"]
    ]
    assert domains
    assert all(domain[0] == 0 for domain in domains)


def test_names_of_channels() -> None:
    i18n.use("id")
    assert labels.channel("google_play") == "Google Play"
    assert labels.channel("email") == "Surel"
    assert labels.channel("toko_kami") == "Toko Kami"
    assert labels.channel("TokoX") == "TokoX"
