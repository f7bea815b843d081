from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statsmodels.stats.outliers_influence import variance_inflation_factor

from insights.drivers import importance as importances
from insights.drivers.importance import importance, inflation
from insights.drivers.regression import Grouped, fit, separable

Floats = NDArray[np.float64]


def mentions(n: int, columns: int, seed: int) -> tuple[Floats, Floats]:
    """Single mentions: columns that go together, and stars whose spread differs among them."""
    rng = np.random.default_rng(seed)
    shared = rng.random((n, 1)) < 0.4
    x = ((rng.random((n, columns)) < 0.25) | (shared & (rng.random((n, columns)) < 0.4))) * 1.0
    noise = rng.normal(0, 0.6 + 0.8 * x[:, :1])[:, 0]
    stars = np.clip(np.round(4.3 - x @ np.linspace(1.5, 0, columns) + noise), 1, 5)
    return x, stars


def grouped(x: Floats, stars: Floats) -> Grouped:
    said, group = np.unique(x, axis=0, return_inverse=True)
    n, total, squares = (
        np.bincount(group.ravel(), weights=w, minlength=len(said))
        for w in (np.ones(len(x)), stars, stars**2)
    )
    return Grouped(said, n, total, squares)


@pytest.mark.parametrize("columns", [1, 4, 9])
def test_the_fit_on_groups_is_that_of_statsmodels_on_every_mention(columns: int) -> None:
    x, stars = mentions(700, columns, seed=columns)
    found = fit(grouped(x, stars))
    theirs = sm.OLS(stars, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    assert [v.value for v in (found.constant, *found.slopes)] == pytest.approx(theirs.params)
    ranges = [(v.low, v.high) for v in (found.constant, *found.slopes)]
    assert np.array(ranges) == pytest.approx(theirs.conf_int())
    assert found.r2 == pytest.approx(theirs.rsquared)
    assert [v.n for v in found.slopes] == x.sum(axis=0).tolist()
    assert found.constant.n == 700


def test_a_mention_that_decides_a_coefficient_alone_breaks_nothing() -> None:
    x, stars = mentions(200, 2, seed=1)
    x = np.column_stack([x, np.zeros(200)])
    x[0, 2] = 1.0
    alone, others = fit(grouped(x, stars)), fit(grouped(x[1:, :2], stars[1:]))
    assert alone.slopes[0].value == pytest.approx(others.slopes[0].value)
    assert all(np.isfinite([v.value, v.low, v.high]).all() for v in alone.slopes)


def test_what_cannot_be_told_apart_is_left_out_the_later_ones() -> None:
    x, stars = mentions(300, 3, seed=2)
    whole = np.column_stack([x, x[:, 0], np.zeros(300), x.sum(axis=1)])
    assert separable(grouped(whole, stars)) == [0, 1, 2]


def by_hand(x: Floats, stars: Floats, players: list[list[int]]) -> list[float]:
    """Add the players in every order, with a regression of statsmodels at each step."""

    def r2(columns: list[int]) -> float:
        return float(sm.OLS(stars, sm.add_constant(x[:, columns])).fit().rsquared) if columns else 0

    added = np.zeros(len(players))
    orders = list(permutations(range(len(players))))
    for order in orders:
        inside: list[int] = []
        for player in order:
            more = inside + players[player]
            added[player] += r2(more) - r2(inside)
            inside = more
    return (added / len(orders)).tolist()


@pytest.mark.parametrize("players", [[[0], [1], [2]], [[0, 1], [2], [3]], [[3, 0], [2, 1]]])
def test_shares_of_r2_are_the_mean_over_all_orders(players: list[list[int]]) -> None:
    columns = sum(len(player) for player in players)
    x, stars = mentions(400, columns, seed=5)
    found = importance(grouped(x, stars), players)
    assert found.shares.tolist() == pytest.approx(by_hand(x, stars, players))
    assert found.error == 0


def test_drawn_orders_come_near_all_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    x, stars = mentions(600, 7, seed=6)
    players = [[0, 1], [2], [3, 4], [5], [6]]
    exact = importance(grouped(x, stars), players)
    monkeypatch.setattr(importances, "EXACT", 4)
    drawn = importance(grouped(x, stars), players)
    assert 0 < drawn.error < 0.002
    assert drawn.shares == pytest.approx(exact.shares, abs=5 * drawn.error)
    assert drawn.shares.sum() == pytest.approx(fit(grouped(x, stars)).r2)


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_shares_of_r2_add_up_and_follow_their_players(seed: int, columns: int) -> None:
    x, stars = mentions(150, columns, seed)
    whole = grouped(x, stars)
    kept = separable(whole)
    whole = whole.only(kept)
    players = [[place] for place in range(len(kept))]
    found = importance(whole, players)
    assert found.shares.sum() == pytest.approx(fit(whole).r2, abs=1e-9)
    assert (found.shares > -1e-12).all()
    turned = importance(whole, players[::-1])
    assert turned.shares[::-1] == pytest.approx(found.shares)


def test_inflation_is_that_of_statsmodels() -> None:
    x, stars = mentions(500, 4, seed=8)
    with_constant = sm.add_constant(x)
    theirs = [variance_inflation_factor(with_constant, place) for place in range(1, 5)]
    found = inflation(grouped(x, stars), [[0], [1], [2], [3]])
    assert found == pytest.approx(theirs)
    # Of two columns as one: a rotation of them changes nothing, as Fox and Monette ask.
    turned = x.copy()
    turned[:, 1] += x[:, 0]
    pair = [[0, 1], [2], [3]]
    once, again = inflation(grouped(x, stars), pair), inflation(grouped(turned, stars), pair)
    assert once == pytest.approx(again)


def test_slopes_cover_about_95_percent() -> None:
    """Whole mentions drawn anew from a world whose slopes are known: HC3 where spreads differ."""
    rng = np.random.default_rng(9)
    said = np.array([[0, 0], [1, 0], [0, 1], [1, 1.0]])
    weights = np.array([0.6, 0.2, 0.12, 0.08])
    stars = np.arange(1, 6)
    chances = np.array(
        [
            [0.02, 0.03, 0.05, 0.2, 0.7],
            [0.4, 0.2, 0.2, 0.1, 0.1],
            [0.2, 0.1, 0.1, 0.2, 0.4],
            [0.6, 0.2, 0.1, 0.05, 0.05],
        ]
    )
    means = chances @ stars
    truth = fit(Grouped(said, weights * 1e6, weights * 1e6 * means, weights * 1e6 * 20)).slopes
    drawn = rng.multinomial(250, (weights[:, None] * chances).ravel(), size=1_500)
    covered = np.zeros(2)
    for counts in drawn.reshape(-1, 4, 5):
        found = fit(Grouped(said, counts.sum(axis=1), counts @ stars, counts @ stars**2)).slopes
        covered += [v.low <= t.value <= v.high for v, t in zip(found, truth, strict=True)]
    share = covered / len(drawn)
    print("slopes cover", share)
    assert share == pytest.approx(0.95, abs=0.015)
