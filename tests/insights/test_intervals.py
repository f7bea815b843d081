"""Each formula against a published value, another implementation, or simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from insights import intervals
from insights.values import NO_DATA, Value

counts = st.integers(0, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_wilson_is_that_of_scipy(pair: tuple[int, int]) -> None:
    k, n = pair
    value = intervals.share(k, n)
    if n == 0:
        assert value == NO_DATA
        return
    theirs = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert (value.low, value.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0 <= value.low <= value.value <= value.high <= 1


def test_newcombe_method_10_as_published() -> None:
    # Newcombe (1998), table II, rows (a), (b) and (h).
    for k1, n1, k2, n2, low, high in (
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ):
        value = intervals.difference(intervals.share(k1, n1), intervals.share(k2, n2))
        assert (value.low, value.high) == pytest.approx((low, high), abs=6e-5)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=60))
def test_the_mean_is_that_of_scipy(stars: list[int]) -> None:
    value = intervals.mean(len(stars), sum(stars), sum(s * s for s in stars))
    assert value.value == pytest.approx(np.mean(stars))
    if len(set(stars)) > 1:
        theirs = stats.ttest_1samp(stars, 3).confidence_interval(0.95)
        assert value.low == pytest.approx(max(1, theirs.low))
        assert value.high == pytest.approx(min(5, theirs.high))


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_net_sentiment_stays_in_its_bounds(positive: int, negative: int, neutral: int) -> None:
    n = positive + negative + neutral
    value = intervals.balance(positive, negative, n)
    if n == 0:
        assert value == NO_DATA
        return
    mirrored = intervals.balance(negative, positive, n)
    assert -1 <= value.low <= value.value <= value.high <= 1
    assert (value.low, value.high) == pytest.approx((-mirrored.high, -mirrored.low))


def test_growth_is_the_exact_ratio_and_turns_around() -> None:
    up, down = intervals.growth(150, 100), intervals.growth(100, 150)
    assert up.value == 0.5
    assert 1 + up.low == pytest.approx(1 / (1 + down.high))
    assert intervals.growth(5, 0) == NO_DATA
    assert intervals.growth(0, 50).value == -1


def test_no_data_stays_no_data() -> None:
    assert intervals.share(0, 0) == NO_DATA
    assert intervals.difference(NO_DATA, intervals.share(1, 2)) == NO_DATA
    assert intervals.mean(1, 4, 16) == Value(4, 1, 5, 1)


@pytest.mark.parametrize("p", [0.05, 0.3, 0.5])
def test_share_and_difference_cover_about_95_percent(p: float) -> None:
    rng = np.random.default_rng(7)
    covered = differences = 0
    for k1, k2 in rng.binomial([120, 90], [p, p + 0.1], size=(4_000, 2)):
        one, two = intervals.share(int(k1), 120), intervals.share(int(k2), 90)
        covered += one.low <= p <= one.high
        change = intervals.difference(two, one)
        differences += change.low <= 0.1 <= change.high
    assert covered / 4_000 == pytest.approx(0.95, abs=0.02)
    assert differences / 4_000 == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("shares", [(0.3, 0.5), (0.05, 0.9), (0.2, 0.2)])
def test_net_sentiment_covers_about_95_percent(shares: tuple[float, float]) -> None:
    rng = np.random.default_rng(11)
    positive, negative = shares
    covered = 0
    for p, q, _ in rng.multinomial(150, [positive, negative, 1 - positive - negative], size=4_000):
        value = intervals.balance(int(p), int(q), 150)
        covered += value.low <= positive - negative <= value.high
    assert covered / 4_000 == pytest.approx(0.95, abs=0.02)
    assert not math.isnan(value.low)
