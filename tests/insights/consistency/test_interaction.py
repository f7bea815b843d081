import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2

from insights.consistency.interaction import cell_differs, fit, row_differs

Floats = NDArray[np.float64]

ALL = np.ones(4, dtype=bool)


def table(seed: int, odd: float = 0.0, rows: int = 6) -> tuple[Floats, Floats]:
    """Levels of touchpoints and of four channels; the first cell lies `odd` logits above them."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 0.7, (rows, 1)) + np.array([-0.5, 0.0, 0.4, 1.0])
    logits[0, 0] += odd
    n = generator.integers(30, 300, (rows, 4)).astype(float)
    return generator.binomial(n.astype(int), expit(logits)).astype(float), n


def by_statsmodels(k: Floats, n: Floats, own: list[tuple[int, int]]) -> tuple[float, float]:
    """Deviance, and the first cell's expected share, with a parameter for each cell in `own`."""
    rows, columns = n.shape
    row, column = np.divmod(np.arange(n.size), columns)
    design = np.column_stack(
        [np.ones(n.size)]
        + [row == i for i in range(1, rows)]
        + [column == i for i in range(1, columns)]
        + [(row == i) & (column == j) for i, j in own]
    ).astype(float)
    model = sm.GLM(np.column_stack([k.ravel(), (n - k).ravel()]), design, sm.families.Binomial())
    result = model.fit(tol=1e-12)
    without_own = design[0].copy()
    without_own[rows + columns - 1 :] = 0
    return float(result.deviance), float(result.predict(without_own[None])[0])


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_logistic_regression_of_statsmodels(seed: int) -> None:
    k, n = table(seed, odd=0.6)
    whole, share = by_statsmodels(k, n, [])
    model = fit(k, n)
    assert model.deviance == pytest.approx(whole, rel=1e-4)
    assert model.expected(0, 0).value == pytest.approx(share, abs=1e-3)
    without, expected = by_statsmodels(k, n, [(0, 0)])
    found, p = cell_differs(k, n, 0, 0, model)
    assert found.value == pytest.approx(expected, abs=1e-3)
    assert p == pytest.approx(chi2.sf(whole - without, 1), rel=1e-2)
    row, _ = by_statsmodels(k, n, [(0, 1), (0, 2), (0, 3)])
    assert row_differs(k, n, 0, ALL) == pytest.approx(chi2.sf(whole - row, 3), rel=1e-2)


def test_tests_are_right_as_often_as_they_say() -> None:
    cells, rows, inside = [], [], []
    for seed in range(400):
        k, n = table(seed)
        expected, p = cell_differs(k, n, 0, 0, fit(k, n))
        cells.append(p < 0.05)
        rows.append(row_differs(k, n, 0, ALL) < 0.05)
        truth = expit(np.random.default_rng(seed).normal(0, 0.7, (6, 1))[0, 0] - 0.5)
        assert expected.low is not None
        assert expected.high is not None
        inside.append(expected.low <= truth <= expected.high)
    print(np.mean(cells), np.mean(rows), np.mean(inside))
    # Two standard errors of 400 tries at 5 % are 2.2 points.
    assert 0.028 < np.mean(cells) < 0.072
    assert 0.028 < np.mean(rows) < 0.072
    assert 0.928 < np.mean(inside) < 0.972


def test_an_odd_cell_is_found_and_a_bad_channel_is_none() -> None:
    odd = [table(seed, odd=1.5) for seed in range(50)]
    found = [cell_differs(*one, 0, 0, fit(*one))[1] < 0.01 for one in odd]
    assert np.mean(found) > 0.9
    k, n = table(7)
    worse = k.copy()
    worse[:, 3] = np.round(n[:, 3] * expit(np.log((k[:, 3] + 0.5) / (n[:, 3] - k[:, 3] + 0.5)) + 2))
    assert row_differs(worse, n, 0, ALL) > 0.05


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_expected_lies_between_0_and_1_whatever_the_table(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    n = np.array(data.draw(st.lists(st.lists(st.integers(0, 40), min_size=shape[1],
        max_size=shape[1]), min_size=shape[0], max_size=shape[0])), dtype=float)  # fmt: skip
    if not n.sum():
        with pytest.raises(ValueError, match="empty"):
            fit(n, n)
        return
    k = np.array([[data.draw(st.integers(0, int(cell))) for cell in row] for row in n], dtype=float)
    model = fit(k, n)
    assert fit(k, n, model).levels == pytest.approx(model.levels, abs=1e-4)
    value = model.expected(0, 0)
    assert value.value is not None
    assert value.low is not None
    assert value.high is not None
    assert 0 <= value.low <= value.value <= value.high <= 1
    assert model.deviance > -1e-9
    # The levels add up to what was counted, in each row and column, but for the penalty.
    expected = np.array(
        [[model.expected(i, j).value for j in range(shape[1])] for i in range(shape[0])]
    )
    assert (n * expected).sum(axis=0) == pytest.approx(k.sum(axis=0), abs=0.05)
    assert (n * expected).sum(axis=1) == pytest.approx(k.sum(axis=1), abs=0.05)
    assert 0 <= row_differs(k, n, 0, np.ones(shape[1], dtype=bool)) <= 1


def test_a_row_that_stands_alone_is_not_judged() -> None:
    k, n = np.array([[5.0, 30.0]]), np.array([[40.0, 40.0]])
    assert row_differs(k, n, 0, np.ones(2, dtype=bool)) == 1.0
    n = np.array([[40.0, 0.0], [0.0, 40.0]])
    assert row_differs(n / 2, n, 0, np.ones(2, dtype=bool)) == 1.0
