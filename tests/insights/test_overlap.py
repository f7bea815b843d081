import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtr
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportions_ztest

from insights import intervals
from insights.journey.overlap import Pair


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[np.int64], list[NDArray[np.bool_]]]:
    """Cells with counts, and which of them are cases and hits of two shares."""
    size = draw(st.integers(1, 12))
    n = np.array(draw(st.lists(st.integers(0, 50), min_size=size, max_size=size)))
    flags = st.lists(st.booleans(), min_size=size, max_size=size)
    a, b, x, y = (np.array(draw(flags)) for _ in range(4))
    return n, [a, b, a & x, b & y]


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_without_shared_cases_it_is_the_usual_test_and_interval(
    n1: int, n2: int, data: st.DataObject
) -> None:
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    pair = Pair(n1, k1, n2, k2)
    usual = intervals.difference(intervals.share(k1, n1), intervals.share(k2, n2))
    assert (pair.difference.low, pair.difference.high) == pytest.approx((usual.low, usual.high))
    if 0 < k1 + k2 < n1 + n2:
        assert pair.p == pytest.approx(proportions_ztest([k1, k2], [n1, n2])[1], abs=1e-9)


@given(*[st.integers(0, 40)] * 4)
def test_with_all_cases_shared_it_is_mcnemars(a: int, b: int, c: int, d: int) -> None:
    n = a + b + c + d
    pair = Pair(n, a + b, n, a + c, both=n, both_k1=a + b, both_k2=a + c, both_k=a)
    if b + c:
        theirs = mcnemar([[a, b], [c, d]], exact=False, correction=False)
        assert pair.p == pytest.approx(theirs.pvalue, abs=1e-9)
    else:
        assert pair.p == 1


@given(tables())
def test_it_turns_round_with_its_sides_and_knows_no_cases_beside_them(
    table: tuple[NDArray[np.int64], list[NDArray[np.bool_]]],
) -> None:
    n, (a, b, x, y) = table
    there, back = Pair.of(n, (a, b), (x, y)), Pair.of(n, (b, a), (y, x))
    assert there.p == pytest.approx(back.p)
    assert 0 <= there.p <= 1
    one, other = there.difference, back.difference
    if one.value is None or other.value is None:
        assert not (there.n1 and there.n2)
        return
    assert one.value == pytest.approx(-other.value)
    assert (one.low, one.high) == pytest.approx((-(other.high or 0), -(other.low or 0)))
    assert (one.low or 0) - 1e-9 <= one.value <= (one.high or 0) + 1e-9
    none = np.zeros(1, dtype=bool)
    more = Pair.of(
        np.append(n, 9),
        (np.append(a, none), np.append(b, none)),
        (np.append(x, none), np.append(y, none)),
    )
    assert more == there


def test_the_interval_covers_and_the_test_is_wrong_as_often_as_it_says() -> None:
    """Who speaks of both sides speaks badly more often, and of both at once."""
    generator = np.random.default_rng(7)
    covered = wrong = 0
    runs = 4000
    # Cells: of one side alone (good, bad), of the other alone, of both (each way).
    chances = np.array([0.16, 0.14, 0.22, 0.18, 0.06, 0.05, 0.04, 0.15])
    p1 = (0.14 + 0.05 + 0.15) / (0.16 + 0.14 + 0.3)
    p2 = (0.18 + 0.04 + 0.15) / (0.22 + 0.18 + 0.3)
    for cells in generator.multinomial(300, chances, size=runs):
        interval = _pair(cells).difference
        assert interval.low is not None
        assert interval.high is not None
        covered += interval.low <= p1 - p2 <= interval.high
    equal = np.array([0.18, 0.12, 0.4 * 17 / 30, 0.4 * 13 / 30, 0.05, 0.05, 0.05, 0.15])  # 8 / 15
    for cells in generator.multinomial(300, equal, size=runs):
        wrong += _pair(cells).p < 0.05
    assert 0.94 <= covered / runs <= 0.96
    assert 0.04 <= wrong / runs <= 0.06


def _pair(cells: NDArray[np.int64]) -> Pair:
    one, bad1, two, bad2, good, first, second, bad = (int(n) for n in cells)
    both = good + first + second + bad
    return Pair(
        one + bad1 + both, bad1 + first + bad, two + bad2 + both, bad2 + second + bad,
        both, first + bad, second + bad, bad,
    )  # fmt: skip


def test_by_hand() -> None:
    """70 and 80 cases, 56 and 48 hits, 10 shared of which 7 hit both."""
    pair = Pair(70, 56, 80, 48, both=10, both_k1=7, both_k2=7, both_k=7)
    mean = 104 / 150
    covariance = (7 - mean * 14 + 10 * mean**2) / (70 * 80)
    z = 0.2 / (mean * (1 - mean) * (1 / 70 + 1 / 80) - 2 * covariance) ** 0.5
    assert pair.p == pytest.approx(2 * ndtr(-z))
    assert Pair(0, 0, 10, 5).difference.value is None
