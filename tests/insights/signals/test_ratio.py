import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from insights.signals.ratio import ratio
from insights.values import NO_DATA

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS)
def test_its_ends_lie_around_it(one: tuple[int, int], two: tuple[int, int]) -> None:
    found = ratio(*one, *two)
    assert found.n == one[1]
    assert found.low is not None
    assert found.low >= 0
    if two[0] == 0:
        assert (found.value, found.high) == (None, None)
        return
    assert found.value == pytest.approx(one[0] / one[1] / (two[0] / two[1]))
    assert found.high is not None
    assert found.low <= found.value + 1e-9
    assert found.value <= found.high + 1e-9


def test_nothing_to_compare_is_no_data() -> None:
    assert ratio(0, 0, 1, 2) == NO_DATA
    assert ratio(1, 2, 0, 0) == NO_DATA


@pytest.mark.parametrize("counts", [(12, 60, 30, 600), (50, 500, 90, 3000), (40, 50, 100, 400)])
def test_it_is_near_the_score_interval_of_statsmodels(counts: tuple[int, int, int, int]) -> None:
    found = ratio(*counts)
    theirs = confint_proportions_2indep(*counts, compare="ratio", method="score")
    assert (found.low, found.high) == pytest.approx(theirs, rel=0.01)


@pytest.mark.parametrize(
    ("n1", "p1", "n2", "p2"),
    [(30, 0.3, 3000, 0.03), (60, 0.1, 500, 0.02), (1000, 0.2, 3000, 0.1), (40, 0.8, 400, 0.2)],
)
def test_it_covers_about_95_percent(n1: int, p1: float, n2: int, p2: float) -> None:
    rng = np.random.default_rng(5)
    ones, twos = rng.binomial(n1, p1, 4_000), rng.binomial(n2, p2, 4_000)
    covered = 0
    for k1, k2 in zip(ones, twos, strict=True):
        found = ratio(int(k1), n1, int(k2), n2)
        covered += found.low <= p1 / p2 and (found.high is None or p1 / p2 <= found.high)
    print("ratio covers", covered / 4_000)
    assert covered / 4_000 == pytest.approx(0.95, abs=0.012)
