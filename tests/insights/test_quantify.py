import numpy as np
import pytest
from scipy.optimize import nnls

from insights.quantify import _solve, corrected

ERRORS = [[90, 8, 2], [15, 70, 15], [3, 7, 190]]


@pytest.mark.parametrize("truth", [(0.6, 0.1, 0.3), (0.1, 0.1, 0.8), (0.2, 0.6, 0.2)])
def test_true_shares_come_back_from_what_the_errors_made_of_them(truth: tuple[float, ...]) -> None:
    rates = np.array(ERRORS) / np.sum(ERRORS, axis=1, keepdims=True)
    counted = np.rint(np.array(truth) @ rates * 100_000).astype(int)
    shares = corrected(counted.tolist(), ERRORS)
    assert shares.point == pytest.approx(truth, abs=1e-3)
    assert np.abs(counted / 100_000 - truth).max() > 0.02  # which counting alone gets wrong


def test_a_model_without_errors_is_believed() -> None:
    value = corrected([40, 60], [[10_000, 0], [0, 10_000]]).value((0, 1))
    assert value.value == pytest.approx(0.6)
    assert value.n == 100
    assert value.low is not None
    assert value.high is not None
    assert 0.48 < value.low < 0.53  # Wilson: 0.50 to 0.69
    assert 0.67 < value.high < 0.71


def test_shares_stay_shares_where_the_counts_are_impossible() -> None:
    shares = corrected([100, 0, 0], [[60, 20, 20], [20, 60, 20], [20, 20, 60]])
    assert shares.point.tolist() == pytest.approx([1, 0, 0])
    assert (shares.draws >= 0).all()
    assert shares.draws.sum(axis=1) == pytest.approx(1)


def test_few_rows_behind_the_errors_widen_the_interval() -> None:
    def width(rows: int) -> float:
        value = corrected([300, 700], [[8 * rows, 2 * rows], [rows, 9 * rows]]).value((0, 1))
        assert value.low is not None
        assert value.high is not None
        return value.high - value.low

    assert width(2) > 2 * width(200)


def test_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(5)
    truth, rates = np.array([0.3, 0.7]), np.array([[0.8, 0.2], [0.05, 0.95]])
    held = 0
    for seed in range(120):
        counted = generator.multinomial(400, truth @ rates)
        errors = [generator.multinomial(150, rate).tolist() for rate in rates]
        value = corrected(counted.tolist(), errors, seed).value((1, 0))
        assert value.low is not None
        assert value.high is not None
        held += value.low <= truth[0] <= value.high
    assert 106 <= held <= 120  # 95 % of 120 is 114, with three standard errors


def test_nothing_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was counted"):
        corrected([0, 0], [[1, 0], [0, 1]])


@pytest.mark.parametrize("classes", [2, 3])
def test_all_draws_at_once_are_what_a_search_finds_for_each(classes: int) -> None:
    generator = np.random.default_rng(classes)
    said = generator.dirichlet([0.3] * classes, size=300)
    rates = np.stack(
        [
            generator.dirichlet(np.where(np.arange(classes) == i, 6, 0.7), 300)
            for i in range(classes)
        ],
        axis=1,
    )
    found = _solve(said, rates)
    assert (found >= 0).all()
    assert (found == 0).any()  # some counts no shares can meet
    heavy = 1e4
    for draw in range(300):
        conditions = np.vstack([rates[draw].T, np.full((1, classes), heavy)])
        wanted = nnls(conditions, np.append(said[draw], heavy))[0]
        assert found[draw] == pytest.approx(wanted, abs=1e-5)


def test_classes_that_are_not_told_apart_get_equal_parts() -> None:
    shares = corrected([40, 60], [[50, 50], [50, 50]])
    assert shares.point.tolist() == pytest.approx([0.5, 0.5])
