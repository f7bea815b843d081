"""Satisfaction, recommendation and effort by hand, against statsmodels and scipy, and simulated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from insights.surveys import Question, rank_correlation

CSAT = Question("Senandika", "csat", 1, 5, True)
NPS = Question("Senandika", "nps", 0, 10, True)
CES = Question("Senandika", "ces", 1, 7, True)


@pytest.mark.parametrize(
    ("low", "high", "higher", "good"),
    [
        (1, 5, True, {4, 5}),
        (1, 5, False, {1, 2}),
        (1, 7, True, {6, 7}),
        (0, 10, True, {8, 9, 10}),
        (1, 3, True, {3}),
        (0, 1, True, {1}),
    ],
)
def test_the_satisfied_are_the_upper_quarter_of_the_scale(
    low: int, high: int, higher: bool, good: set[int]
) -> None:
    question = Question("Senandika", "csat", low, high, higher)
    for score in range(low, high + 1):
        value = question.measure({float(score): 1})
        assert value.value == (score in good)


def test_a_net_promoter_score_is_asked_up_to_ten() -> None:
    assert Question("Senandika", "nps", 1, 10, True).measure({10: 3, 1: 1}).value == 0.5
    for other in (Question("Senandika", "nps", 1, 5, True), Question("x", "nps", 0, 10, False)):
        assert other.measure({5: 10}).value is None
        assert other.standard_error({5: 10}) is None
        assert other.unhappy({5: 10}).value is None
        assert other.differ({5: 100}, {4: 100}) is None


def test_satisfaction_has_wilsons_interval() -> None:
    value = CSAT.measure({5: 20, 4: 30, 2: 40})
    assert (value.k, value.n) == (50, 90)
    assert (value.low, value.high) == pytest.approx(proportion_confint(50, 90, method="wilson"))


def test_the_error_of_a_net_promoter_score_is_that_of_a_mean() -> None:
    values = np.repeat([1.0, 0.0, -1.0], [50, 20, 30])
    error = NPS.standard_error({9: 50, 8: 20, 3: 30})
    assert error == pytest.approx(values.std() / np.sqrt(100))


def test_effort_has_students_interval_on_its_own_scale() -> None:
    answers = [5, 6, 6, 7, 7, 7, 2]
    value = CES.measure({5: 1, 6: 2, 7: 3, 2: 1})
    low, high = stats.t.interval(0.95, 6, loc=np.mean(answers), scale=stats.sem(answers))
    expected = (np.mean(answers), low, min(high, 7))
    assert (value.value, value.low, value.high) == pytest.approx(expected)


def test_differences_are_welchs_and_pearsons() -> None:
    one, other = {7.0: 20, 6.0: 15, 2.0: 5}, {7.0: 10, 5.0: 20, 1.0: 12}
    spread = [np.repeat(list(counts), list(counts.values())) for counts in (one, other)]
    welch = stats.ttest_ind(*spread, equal_var=False).pvalue
    assert CES.differ(one, other) == pytest.approx(welch)
    ranked = np.repeat([1, -1], [40, 20]), np.repeat([1, 0], [30, 30])
    welch = stats.ttest_ind(*ranked, equal_var=False).pvalue
    assert NPS.differ({9: 40, 3: 20}, {9: 30, 7: 30}) == pytest.approx(welch)
    p = CSAT.differ({5: 30, 1: 30}, {4: 45, 1: 15})
    table = [[30, 30], [45, 15]]
    assert p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_few_answers_are_not_compared() -> None:
    assert CES.differ({7: 29}, {1: 100}) is None
    assert CES.differ({7: 30}, {7: 30}) == 1.0
    assert CES.differ({7: 30}, {1: 30}) == 0.0


@given(st.dictionaries(st.integers(0, 10).map(float), st.integers(1, 50), min_size=1))
def test_turned_round_a_scale_tells_the_opposite(counts: dict[float, int]) -> None:
    turned = {10 - score: n for score, n in counts.items()}
    csat = Question("Senandika", "csat", 0, 10, True)
    assert csat.measure(counts) == Question("Senandika", "csat", 0, 10, False).measure(turned)
    worse = csat.unhappy(counts)
    assert worse == Question("Senandika", "csat", 0, 10, False).unhappy(turned)
    assert (worse.k or 0) + (csat.measure(counts).k or 0) <= worse.n


def test_intervals_of_a_net_promoter_score_hold_what_they_promise() -> None:
    random, held, runs = np.random.default_rng(5), 0, 4000
    shares = (0.45, 0.30, 0.25)
    for promoters, passive, detractors in random.multinomial(80, shares, runs):
        value = NPS.measure({9: int(promoters), 8: int(passive), 2: int(detractors)})
        held += value.low <= 0.20 <= value.high  # type: ignore[operator]
    print(f"coverage of NPS: {held / runs:.3f}")
    assert 0.94 <= held / runs <= 0.96


def test_intervals_of_a_rank_correlation_hold_what_they_promise() -> None:
    random, held, runs, pearson = np.random.default_rng(6), 0, 1000, 0.5
    true = 6 / np.pi * np.arcsin(pearson / 2)  # of two normal variables
    for _ in range(runs):
        one = random.standard_normal(20)
        other = pearson * one + np.sqrt(1 - pearson**2) * random.standard_normal(20)
        value = rank_correlation(one.tolist(), other.tolist())
        held += value.low <= true <= value.high  # type: ignore[operator]
    print(f"coverage of the rank correlation: {held / runs:.3f}")
    assert 0.94 <= held / runs <= 0.96


def test_a_rank_correlation_needs_pairs_that_differ() -> None:
    assert rank_correlation([1, 2, 3], [1, 2, 3]).value is None
    assert rank_correlation([1.0] * 12, list(range(12))).value is None
    perfect = rank_correlation(list(range(12)), list(range(0, -12, -1)))
    assert (perfect.value, perfect.low, perfect.n) == (-1.0, None, 12)
