"""The statistics alone: tails, the regression, levels and words."""

from __future__ import annotations

import numpy as np
import pytest
import ruptures
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from insights.spikes import baseline, tail
from insights.spikes.memory import Memory, pooled
from insights.spikes.segments import LEAST_DAYS, PENALTY, Levels
from insights.spikes.watch import SPIKE_CHANCES, spike_chance
from insights.spikes.words import PRIOR, overused, score


@given(st.integers(0, 300), st.floats(0.2, 200), st.floats(1.01, 8))
def test_the_tail_is_scipys(count: int, mean: float, dispersion: float) -> None:
    law = nbinom(mean / (dispersion - 1), 1 / dispersion)
    expected = law.sf(count) + law.pmf(count) / 2
    assert float(tail.upper(count, mean, dispersion)) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    poisson_p = poisson(mean).sf(count) + poisson(mean).pmf(count) / 2
    assert float(tail.upper(count, mean, 1)) == pytest.approx(poisson_p, rel=1e-6, abs=1e-9)


def test_the_ratio_covers_the_truth() -> None:
    generator = np.random.default_rng(5)
    times, mean, factor, dispersion, error = 20_000, 20.0, 2.5, 1.5, 0.1
    size = factor * mean / (dispersion - 1)
    seen = generator.negative_binomial(size, 1 / dispersion, times)
    expected = mean * np.exp(generator.normal(0, error, times))
    inside = 0
    for k, e in zip(seen.tolist(), expected.tolist(), strict=True):
        _, low, high = tail.ratio(k, e, dispersion, error)
        inside += low <= factor <= high
    assert 0.94 <= inside / times <= 0.96


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_nothing_seen_has_an_interval(dispersion: float) -> None:
    value, low, high = tail.ratio(0, 10, dispersion, 0)
    assert (value, low) == (0, 0)
    law = poisson(10 * high) if dispersion == 1 else nbinom(10 * high, 0.5)
    assert law.pmf(0) == pytest.approx(0.025, rel=1e-6)


WEEKDAYS = np.array([1.2, 1.0, 0.9, 1.0, 1.1, 1.2, 0.67])


def _series(seed: int = 2) -> np.ndarray:
    generator = np.random.default_rng(seed)
    mean = np.exp(baseline.WINDOW @ np.array([2.0, 0.4])) * np.tile(WEEKDAYS, baseline.WEEKS)
    return generator.negative_binomial(mean / 0.5, 1 / 1.5, (3, baseline.DAYS)).astype(float)


def test_the_regression_is_statsmodels() -> None:
    counts = _series()
    stepped = np.zeros_like(counts)
    stepped[1, :100] = 1
    weights = np.broadcast_to(baseline.RECENCY, counts.shape)
    weekdays = np.tile(WEEKDAYS, (3, 1))
    offset = np.log(np.tile(WEEKDAYS, baseline.WEEKS))
    fitted = baseline.fit(counts, weekdays, weights, stepped, far=np.inf, priors=False, rounds=20)
    for place, series in enumerate(counts):
        columns = baseline.WINDOW
        if place == 1:
            columns = np.column_stack([columns, stepped[1]])
        theirs = sm.GLM(
            series, columns, family=sm.families.Poisson(), offset=offset,
            var_weights=baseline.RECENCY,
        ).fit()  # fmt: skip
        ours = fitted.effects[place, : columns.shape[1]]
        assert ours == pytest.approx(theirs.params, abs=1e-6)
        robust = sm.GLM(series, columns, family=sm.families.Poisson(), offset=offset).fit()
        flat = baseline.fit(
            series[None], weekdays[:1], np.ones((1, len(series))), stepped[place, None],
            far=np.inf, priors=False, rounds=20,
        )  # fmt: skip
        pearson = robust.pearson_chi2 / robust.df_resid
        assert flat.dispersion[0] == pytest.approx(max(1, pearson), rel=1e-6)
        scaled = robust.cov_params(scale=max(1, pearson))
        size = columns.shape[1]
        assert flat.covariance[0, :size, :size] == pytest.approx(scaled, rel=1e-4, abs=1e-7)


def test_past_bursts_do_not_lift_what_is_expected() -> None:
    counts = _series()
    weights, none = np.broadcast_to(baseline.RECENCY, counts.shape), np.zeros_like(counts)
    even = np.tile(WEEKDAYS, (3, 1))
    calm = baseline.fit(counts, even, weights, none)
    burst = counts.copy()
    burst[:, [120, 140, 160]] *= 5
    loud = baseline.fit(burst, even, weights, none)
    naive = baseline.fit(burst, even, weights, none, far=np.inf)
    lifted = [np.abs(one.effects[:, 0] - calm.effects[:, 0]).mean() for one in (loud, naive)]
    assert lifted[0] < lifted[1] / 2
    assert (naive.dispersion > 1.5 * loud.dispersion).all()


def _remembered(mean: np.ndarray, dispersion: float, years: int = 2) -> Memory:
    """Series with the weekdays of `WEEKDAYS`, followed for so long."""
    generator = np.random.default_rng(6)
    weeks = 52 * years
    means = np.tile(mean[:, None] * WEEKDAYS, weeks)
    counts = (
        generator.poisson(means)
        if dispersion == 1
        else generator.negative_binomial(means / (dispersion - 1), 1 / dispersion)
    ).astype(float)
    memory = Memory(len(counts))
    weights = np.broadcast_to(baseline.RECENCY, (len(counts), baseline.DAYS))
    for end in range(baseline.DAYS, counts.shape[1] + 1, 7):
        window = counts[:, end - baseline.DAYS : end]
        fitted = baseline.fit(window, memory.weekdays, weights, np.zeros_like(window))
        (memory.begin if end == baseline.DAYS else memory.learn)(window, fitted)
    return memory


def test_weekdays_are_learned_and_known_as_well_as_is_said() -> None:
    memory = _remembered(np.full(60, 8.0), 1)
    # Against what they are to each other, which is all that can be known of them.
    away = np.log(memory.weekdays) - np.log(WEEKDAYS) + np.log(WEEKDAYS).mean()
    assert np.abs(away.mean(0)).max() < 0.03
    assert (np.abs(away) < 1.96 * np.sqrt(memory.unsure)).mean() > 0.93
    assert away.std() < 0.06
    assert np.log(memory.weekdays).sum(1) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 2.0])
def test_the_dispersion_is_learned(dispersion: float) -> None:
    learned = _remembered(np.full(60, 8.0), dispersion).dispersion
    # Raised on purpose: see `WIDER`.
    assert 0.95 * dispersion < learned.mean() < 1.15 * dispersion
    assert learned.min() >= 1


def test_estimates_are_drawn_towards_each_other_as_far_as_they_are_alike() -> None:
    generator = np.random.default_rng(3)
    for differ in (0.0, 0.1, 0.5):
        truth = 1.5 + generator.normal(0, differ, 2_000)
        unsure = generator.uniform(0.01, 0.04, 2_000)
        own = generator.normal(truth, np.sqrt(unsure))
        drawn = pooled(own, unsure)
        errors = [np.square(one - truth).mean() for one in (drawn, own)]
        # The least error there can be: that of the posterior mean under the true spread.
        best = (differ**2 * unsure / (differ**2 + unsure)).mean()
        assert errors[0] < errors[1]
        assert errors[0] == pytest.approx(best, rel=0.1, abs=2e-4)
    assert pooled(np.array([1.7]), np.array([0.3])).tolist() == [1.7]


@given(st.floats(1, 30), st.floats(1, 30))
def test_the_chance_of_a_spike_follows_the_dispersion(one: float, other: float) -> None:
    at, chances = SPIKE_CHANCES
    found = spike_chance(np.array([one, other]))
    assert (found >= min(chances) - 1e-12).all()
    assert (found <= max(chances) + 1e-12).all()
    assert spike_chance(np.array(at)) == pytest.approx(chances)


@given(st.floats(0.1, 500), st.floats(1, 9), st.integers(0, 900), st.integers(0, 900))
def test_a_count_further_away_is_stronger(
    mean: float, dispersion: float, one: int, other: int
) -> None:
    near, far = sorted(
        (one, other), key=lambda count: abs(np.sqrt(count + 0.375) - np.sqrt(mean + 0.375))
    )
    assert tail.distance(near, mean, dispersion) <= tail.distance(far, mean, dispersion) + 1e-9
    assert tail.distance(one, mean, dispersion) >= tail.distance(one, mean, dispersion + 1)


class _Cost(ruptures.base.BaseCost):
    model = "levels"
    min_size = LEAST_DAYS

    def fit(self, signal: np.ndarray) -> _Cost:
        self.signal = signal
        self.sums = np.concatenate([[0.0], np.cumsum(signal[:, 0])])
        return self

    def error(self, start: int, end: int) -> float:
        y = self.sums[end] - self.sums[start]
        return float(-2 * y * np.log(max(y, 1e-300) / (end - start)))


@pytest.mark.parametrize("seed", range(4))
def test_levels_are_those_of_ruptures(seed: int) -> None:
    generator = np.random.default_rng(seed)
    mean = np.repeat(generator.choice([2.0, 5.0, 9.0, 16.0], 5), 24)
    counts = generator.poisson(mean).astype(float)
    levels, last = Levels(1, len(counts)), np.zeros(1, int)
    for count in counts:
        last = levels.add(np.array([count]), np.ones(1))
    pelt = ruptures.Pelt(custom_cost=_Cost(), min_size=LEAST_DAYS, jump=1)
    theirs = [0, *pelt.fit(counts[:, None]).predict(pen=PENALTY)]
    assert int(last[0]) == theirs[-2]


def test_a_series_does_not_touch_another() -> None:
    generator = np.random.default_rng(1)
    counts = generator.poisson(np.where(np.arange(120) < 70, 4, 9), (3, 120)).astype(float)
    together, alone = Levels(3, 120), Levels(1, 120)
    for day in range(120):
        both = together.add(counts[:, day], np.ones(3))
        assert alone.add(counts[1:2, day], np.ones(1))[0] == both[1]


def test_the_score_is_that_of_monroe() -> None:
    here, all_here, there, all_there = 12, 400, 9, 2_000
    prior = PRIOR * (here + there) / (all_here + all_there)
    delta = np.log((here + prior) / (all_here + PRIOR - here - prior)) - np.log(
        (there + prior) / (all_there + PRIOR - there - prior)
    )
    variance = 1 / (here + prior) + 1 / (there + prior)
    assert score(here, all_here, there, all_there) == pytest.approx(delta / variance**0.5)
    assert score(5, 100, 5, 100) == 0


def test_words_that_rose_come_first_and_stop_words_never() -> None:
    now = ["kurir jne hilang dan saya kecewa"] * 12 + ["kecewa sekali"] * 6
    before = ["kecewa sekali dan saya marah"] * 60 + ["kurir lambat"] * 20
    found = overused(now, before)
    assert {word.word for word in found} == {"jne", "hilang"}
    assert all((word.n, word.of, word.before, word.of_before) == (12, 18, 0, 80) for word in found)
