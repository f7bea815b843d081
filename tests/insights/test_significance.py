from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_chisquare

from insights.significance import benjamini_hochberg, heterogeneity, shares_differ


def test_shares_by_hand() -> None:
    # 30 of 100 and 50 of 100: pooled 0.4, z² = 0.2² / (0.24 × 2 / 100) = 8.333.
    assert shares_differ(30, 100, 50, 100) == pytest.approx(stats.chi2.sf(8.3333333, 1))


def test_few_cases_are_tested_exactly() -> None:
    # Fisher's tea: 3 of 4 against 1 of 4, p = 34 / 70.
    assert shares_differ(3, 4, 1, 4) == pytest.approx(34 / 70)


@given(data=st.data())
def test_few_cases_are_as_scipy_has_them(data: st.DataObject) -> None:
    ns = data.draw(st.tuples(st.integers(5, 300), st.integers(5, 200_000)))
    few = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    ks = few if data.draw(st.booleans()) else (ns[0] - few[0], ns[1] - few[1])
    if sum(ks) in (0, sum(ns)):
        return
    table = [ks, (ns[0] - ks[0], ns[1] - ks[1])]
    assert heterogeneity(ks, ns) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_many_shares_are_those_of_statsmodels() -> None:
    ks, ns = [30, 44, 61, 20], [100, 120, 90, 80]
    assert heterogeneity(ks, ns) == pytest.approx(proportions_chisquare(ks, ns)[1])


def test_samples_too_small_to_tell_are_left_out() -> None:
    assert heterogeneity([30, 50, 1], [100, 100, 1]) == heterogeneity([30, 50], [100, 100])


def test_two_that_are_left_of_many_are_tested_exactly() -> None:
    # Of the first a cell is expected to hold 0.4; of 6 of 14 and 1 of 16 it is 3.3.
    left = stats.fisher_exact([(6, 1), (8, 15)]).pvalue
    assert heterogeneity((1, 6, 1), (2, 14, 16)) == pytest.approx(left)


@pytest.mark.parametrize(
    ("ks", "ns"), [((), ()), ((3,), (9,)), ((0, 0), (10, 9)), ((4, 4), (4, 4)), ((0, 2), (0, 5))]
)
def test_nothing_to_compare_is_no_difference(ks: tuple[int, ...], ns: tuple[int, ...]) -> None:
    assert heterogeneity(ks, ns) == 1.0


def test_equal_shares_are_called_different_one_time_in_twenty() -> None:
    draws = np.random.default_rng(5).binomial(400, 0.3, size=(2_000, 3))
    alarms = np.mean([heterogeneity(row, (400, 400, 400)) < 0.05 for row in draws.tolist()])
    assert 0.035 < alarms < 0.065


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_as_statsmodels_does(ps: list[float]) -> None:
    adjusted = benjamini_hochberg(ps)
    if ps:
        assert np.allclose(adjusted, multipletests(ps, method="fdr_bh")[1])
    in_order = [p for _, p in sorted(zip(ps, adjusted, strict=True))]
    assert all(a <= b + 1e-12 for a, b in pairwise(in_order))
