"""The estimates behind actions: against statsmodels, and their intervals by simulation."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit
from statsmodels.stats.proportion import proportion_confint

from insights import intervals
from insights.actions.counterfactual import Candidate, alone, along, choose, effect
from insights.actions.interrupted import fit, interrupted, lines
from insights.actions.power import PLAUSIBLE, needed
from insights.actions.weeks import Spread, Weeks, log_odds, share, spread

WEEKS = 8
Counts = NDArray[np.int64]


def drawn(
    runs: int, share: float, a_week: float, *, change: float = 0.0, sway: float = 0.4, seed: int = 1
) -> tuple[Counts, Counts]:
    """Return k and n, (runs, 2 · WEEKS): weeks that differ by more than chance, and a change."""
    generator = np.random.default_rng(seed)
    n = generator.poisson(a_week, (runs, 2 * WEEKS)) + 1
    odds = logit(share) + sway * generator.standard_normal(n.shape)
    odds[:, WEEKS:] += change
    return generator.binomial(n, expit(odds)), n


def marginal(share: float, change: float = 0.0, sway: float = 0.4) -> float:
    """Return the mean share of weeks that differ so."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    means = expit(logit(share) + change + sway * nodes)
    return float(weights @ means / weights.sum())


def test_dispersion_and_two_sides_as_statsmodels_has_them() -> None:
    (k,), (n,) = drawn(1, 0.4, 30, change=-0.5)
    weeks = Weeks(k, n, WEEKS)
    after = (np.arange(2 * WEEKS) >= WEEKS).astype(float)
    model = sm.GLM(
        k / n, sm.add_constant(after), family=sm.families.Binomial(), var_weights=n
    ).fit(scale="X2")  # fmt: skip
    found = spread(weeks)
    assert found is not None
    assert found.ratio == pytest.approx(model.scale)
    assert found.degrees == model.df_resid
    (before, v1), (then, v2) = (log_odds(*weeks.side(side)) for side in (False, True))
    # Half a case on each side of some hundreds.
    assert then - before == pytest.approx(model.params[1], abs=0.01)
    assert v1 + v2 == pytest.approx(model.cov_params()[1, 1] / model.scale, rel=0.01)


def test_difference_in_differences_as_statsmodels_has_it() -> None:
    (k, j), (n, m) = drawn(2, 0.4, 400, sway=0.0)
    own, other = Weeks(k, n, WEEKS), Weeks(j, m, WEEKS)
    after = np.tile((np.arange(2 * WEEKS) >= WEEKS).astype(float), 2)
    treated = np.repeat([1.0, 0.0], 2 * WEEKS)
    design = np.stack([np.ones_like(after), after, treated, after * treated], axis=1)
    hits = np.concatenate([k, j])
    model = sm.GLM(
        np.stack([hits, np.concatenate([n, m]) - hits], axis=1), design,
        family=sm.families.Binomial(),
    ).fit()  # fmt: skip
    found = effect(own, other)
    assert found is not None
    assert found.expected.value is not None
    assert found.effect.value is not None
    seen = own.side(True)[0] / own.side(True)[1]
    assert found.effect.value == pytest.approx(seen - found.expected.value)
    assert logit(seen) - logit(found.expected.value) == pytest.approx(model.params[3], abs=1e-3)


def test_a_regression_as_statsmodels_has_it() -> None:
    (k,), (n,) = drawn(1, 0.3, 40, change=0.4)
    design = lines(np.arange(2 * WEEKS) - WEEKS + 0.5)
    beta, covariance, ratio, residual = fit(k.astype(float), n.astype(float), design)
    model = sm.GLM(
        k / n, design, family=sm.families.Binomial(), var_weights=n
    ).fit(scale="X2", tol=1e-12)  # fmt: skip
    np.testing.assert_allclose(beta, model.params, rtol=1e-6)
    np.testing.assert_allclose(covariance * ratio, model.cov_params(), rtol=1e-5)
    np.testing.assert_allclose(residual, model.resid_pearson, rtol=1e-5)
    found = interrupted(Weeks(k, n, WEEKS))
    assert found is not None
    assert found.level.value == pytest.approx(np.exp(model.params[2]))
    half = stdtrit(2 * WEEKS - 4, 0.975) * model.bse[2]
    assert found.level.high == pytest.approx(np.exp(model.params[2] + half))
    joint = model.f_test(np.eye(4)[2:])
    assert found.p == pytest.approx(float(joint.pvalue), rel=1e-4)


def test_by_chance_alone_a_share_is_wilsons() -> None:
    found = share(17, 60, Spread(1.0, 10**9))
    low, high = proportion_confint(17, 60, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4),
    st.integers(2, 5),
)
def test_weeks_without_a_case_change_nothing(cells: list[tuple[int, int]], empty: int) -> None:
    k = np.array([a for a, _ in cells])
    n = np.array([a + b for a, b in cells])
    zeros = np.zeros(empty, dtype=int)
    plain = Weeks(k, n, 2)
    padded = Weeks(np.concatenate([zeros, k, zeros]), np.concatenate([zeros, n, zeros]), 2 + empty)
    assert spread(plain) == spread(padded)
    assert alone(plain) == alone(padded)
    assert padded.cut(2, 2).side(True) == plain.side(True)


def test_a_side_all_alike_does_not_narrow_the_other() -> None:
    bad, calm = [3, 1, 0, 2, 1, 1, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1]
    weeks = Weeks(np.array([*bad, *calm]), np.array([*bad, *[2] * 8]), WEEKS)
    # The weeks after are calmer than chance; those before say nothing of it.
    found = spread(weeks)
    assert found is not None
    assert (found.ratio, found.degrees) == (1.0, 7)
    k, n = weeks.side(False)
    low, high = proportion_confint(k, n, method="wilson")
    before = share(k, n, found)
    assert before.low is not None
    assert before.low < low
    assert before.high == pytest.approx(high)
    wild = Weeks(np.array([*bad, *[4, 0] * 4]), np.array([*bad, *[4] * 8]), WEEKS)
    assert spread(wild) == Spread(pytest.approx(32 / 7), 7)


@pytest.mark.parametrize("bad", [0.97, 0.9])
def test_the_interval_covers_where_a_side_may_be_all_alike(bad: float) -> None:
    generator = np.random.default_rng(5)
    covered = []
    for _ in range(3_000):
        n = generator.poisson(2, 2 * WEEKS)
        k = generator.binomial(n, np.repeat([bad, 0.5], WEEKS))
        weeks = Weeks(k, n, WEEKS)
        scatter = spread(weeks)
        assert scatter is not None
        for side, truth in ((False, bad), (True, 0.5)):
            found = share(*weeks.side(side), scatter)
            assert found.low is not None
            assert found.high is not None
            covered.append(found.low <= truth <= found.high)
    assert np.mean(covered) >= 0.95


@pytest.mark.parametrize("change", [0.0, -0.6])
def test_the_interval_of_before_against_after_covers(change: float) -> None:
    truth = marginal(0.4, change) - marginal(0.4)
    covered = []
    for k, n in zip(*drawn(4_000, 0.4, 20, change=change), strict=True):
        weeks = Weeks(k, n, WEEKS)
        scatter = spread(weeks)
        assert scatter is not None
        before, after = (share(*weeks.side(side), scatter) for side in (False, True))
        found = intervals.difference(after, before)
        assert found.low is not None
        assert found.high is not None
        covered.append(found.low <= truth <= found.high)
    assert 0.94 <= np.mean(covered) <= 0.96


@pytest.mark.parametrize("change", [0.0, -0.6])
def test_the_interval_of_an_effect_covers_where_everything_moves(change: float) -> None:
    moved = 0.4
    rest = logit(marginal(0.7, moved)) - logit(marginal(0.7))
    truth = marginal(0.4, change + moved) - expit(logit(marginal(0.4)) + rest)
    own = drawn(4_000, 0.4, 20, change=change + moved)
    other = drawn(4_000, 0.7, 60, change=moved, seed=2)
    covered, seen = [], []
    for k, n, j, m in zip(*own, *other, strict=True):
        found = effect(Weeks(k, n, WEEKS), Weeks(j, m, WEEKS))
        assert found is not None
        assert found.effect.low is not None
        assert found.effect.high is not None
        covered.append(found.effect.low <= truth <= found.effect.high)
        seen.append(found.p < 0.05)
    assert 0.94 <= np.mean(covered) <= 0.96
    if change == 0:
        assert 0.04 <= np.mean(seen) <= 0.06
    else:
        assert np.mean(seen) > 0.25


@pytest.mark.parametrize("change", [0.0, -0.6])
def test_the_intervals_of_level_and_slope_cover(change: float) -> None:
    k, n = drawn(6_000, 0.4, 20, change=change, sway=0.0)
    design = lines(np.arange(2 * WEEKS) - WEEKS + 0.5)
    beta, covariance, ratio, _ = fit(k.astype(float), n.astype(float), design)
    quantile = stdtrit(2 * WEEKS - 4, 0.975)
    along_middle = np.array([0.0, 0.0, 1.0, WEEKS / 2])
    for direction, truth in ((np.eye(4)[2], change), (np.eye(4)[3], 0.0), (along_middle, change)):
        variance = np.einsum("rij,i,j->r", covariance, direction, direction) * ratio
        covered = np.abs(beta @ direction - truth) <= quantile * np.sqrt(variance)
        assert 0.94 <= covered.mean() <= 0.96


def test_as_many_as_needed_find_a_plausible_effect_four_times_in_five() -> None:
    n = needed(0.4)
    generator = np.random.default_rng(3)
    runs = 4_000
    before = generator.binomial(n, 0.4, runs) / n
    after = generator.binomial(n, 0.4 * (1 - PLAUSIBLE), runs) / n
    pooled = (before + after) / 2
    found = before - after > 1.96 * np.sqrt(2 * pooled * (1 - pooled) / n)
    assert found.mean() == pytest.approx(0.8, abs=0.025)
    assert needed(0.4, 3.0) == pytest.approx(3 * n, rel=0.01)
    assert needed(0.4, 0.3) == n
    assert needed(0.0) == 0


def series(*shares: float, n: int = 200) -> Weeks:
    counts = np.full(len(shares), n)
    return Weeks(np.round(np.array(shares) * n).astype(int), counts, len(shares) // 2)


def test_what_went_along_before_is_chosen_whatever_came_after() -> None:
    own = series(0.30, 0.35, 0.28, 0.33, 0.31, 0.34, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2)
    steady = series(0.50, 0.56, 0.48, 0.54, 0.51, 0.55, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9)
    wild = series(0.2, 0.7, 0.3, 0.6, 0.2, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
    rising = series(0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8)
    few = series(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, n=2)
    named = {"wild": wild, "rising": rising, "steady": steady, "few": few}
    candidates = [Candidate("touchpoint", name, weeks) for name, weeks in named.items()]
    found = choose(own, candidates, 6)
    assert found is not None
    assert found[0].name == "steady"
    drifting = along(own, rising)
    assert drifting is not None
    assert drifting.p < 0.01
    assert choose(own, [Candidate("rival", "rising", rising)], 6) is None


def test_too_short_a_series_says_nothing() -> None:
    short = series(0.5, 0.4)
    assert spread(short) is None
    assert alone(short) is None
    assert effect(short, short) is None
    assert along(short, short) is None
    assert interrupted(series(*[0.5, 0.4] * 3)) is None
    assert interrupted(series(*[1.0] * 16)) is None
