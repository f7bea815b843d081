import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import quantile_test
from statsmodels.duration.survfunc import SurvfuncRight

from insights.response.waits import quantile, waiting
from insights.values import NO_DATA

WAITS = st.lists(st.integers(0, 5_000), max_size=60)


def array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize("q", [0.5, 0.9])
@pytest.mark.parametrize("n", [5, 12, 60, 400])
def test_the_interval_is_scipys(n: int, q: float) -> None:
    waits = np.random.default_rng(n).integers(0, 1_000_000, n)
    found = quantile(waits, q)
    theirs = quantile_test(waits, p=q).confidence_interval(0.95)
    assert found.value == np.quantile(waits, q, method="inverted_cdf")
    assert found.low == (0.0 if np.isnan(theirs.low) else theirs.low)
    assert found.high == (None if np.isnan(theirs.high) else theirs.high)


def test_nothing_waited_for_is_no_data() -> None:
    none = array([])
    assert quantile(none, 0.5) == NO_DATA
    assert waiting(none, none).quantile(0.5) == NO_DATA
    assert waiting(none, array([5, 9])).quantile(0.5).value is None
    assert waiting(none, array([5, 9])).quantile(0.5).n == 2
    assert waiting(none, array([5, 9])).after(7).value == 1.0
    assert waiting(none, array([5, 9])).after(10) == NO_DATA
    assert waiting(none, none).after(0) == NO_DATA


@pytest.mark.parametrize("seed", range(4))
def test_who_still_waits_is_as_statsmodels_says(seed: int) -> None:
    generator = np.random.default_rng(seed)
    # Whole hours: many wait equally long.
    waits = generator.gamma(1.2, 30, 300).astype(np.int64)
    seen = generator.integers(10, 90, 300)
    over = waits <= seen
    found = waiting(waits[over], seen[~over])
    theirs = SurvfuncRight(np.minimum(waits, seen), over.astype(int))
    assert found.at.tolist() == theirs.surv_times.tolist()
    assert found.share == pytest.approx(theirs.surv_prob)
    for q in (0.241, 0.503, 0.707):  # where exactly so many are left, statsmodels takes the next
        value = found.quantile(q)
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = theirs.quantile_ci(q, method="cloglog")
        assert value.value == theirs.quantile(q)
        assert value.low == low
        assert value.high == (None if np.isinf(high) or np.isnan(high) else high)
    last = int(np.flatnonzero(found.at <= 30)[-1])
    assert found.after(30).value == pytest.approx(theirs.surv_prob[last])


@given(WAITS, st.sampled_from([0.5, 0.9]))
def test_without_the_unanswered_both_ways_agree(waits: list[int], q: float) -> None:
    alone, all = quantile(array(waits), q), waiting(array(waits), array([])).quantile(q)
    assert alone.value == all.value
    assert alone.n == all.n


@given(WAITS.filter(bool), WAITS)
def test_who_still_waits_only_makes_it_longer(answered: list[int], still: list[int]) -> None:
    alone = quantile(array(answered), 0.5).value
    all = waiting(array(answered), array(still)).quantile(0.5).value
    assert alone is not None
    assert all is None or all >= alone
    doubled = waiting(array(answered), array(still), np.full(len(still), 2))
    listed = waiting(array(answered), array(still * 2))
    assert doubled.share.tolist() == listed.share.tolist()
    assert doubled.n == listed.n


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    generator = np.random.default_rng(11)
    rounds, n = 600, 150
    waits = generator.exponential(1_000_000, (rounds, n)).astype(np.int64)
    seen = generator.integers(0, 4_000_000, (rounds, n))
    truth = {q: -1_000_000 * np.log(1 - q) for q in (0.5, 0.9)}

    def held(values: list) -> float:  # type: ignore[type-arg]
        return float(
            np.mean(
                [
                    (value.low or 0) <= truth[q] <= (np.inf if value.high is None else value.high)
                    for value, q in values
                ]
            )
        )

    order = {q: held([(quantile(row, q), q) for row in waits]) for q in truth}
    survival = {
        q: held(
            [
                (waiting(w[w <= s], s[w > s]).quantile(q), q)
                for w, s in zip(waits, seen, strict=True)
            ]
        )
        for q in truth
    }
    print(order, survival)
    # Two standard errors of 600 rounds are 1.8 points. Ranks are whole: at least 95 %.
    assert all(0.935 < share < 0.985 for share in order.values())
    assert all(0.93 < share < 0.97 for share in survival.values())
