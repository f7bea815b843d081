"""What a place and a channel explain of a share, and which cells they do not explain.

The share k / n of each cell of a table (touchpoints by channels) is held against what its row
and its column have elsewhere: logit of the share = level of the row + level of the column, the
logistic regression without interaction (Agresti 2013, Categorical Data Analysis, 3rd ed.,
section 5.3). A channel that people only complain in is then no finding; a touchpoint that does
worse there than the channel's other touchpoints lead to expect is.

The interval and the tests take every cell's cases as independent. A mention that speaks of two
touchpoints stands in two rows, so what is said of a column's level is a little surer than it
should be; the cells of one row never share a mention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, xlogy
from scipy.stats import chi2

from insights.intervals import Z
from insights.values import Value

Floats = NDArray[np.float64]

_PENALTY = 1e-3
"""Of the squared levels: next to nothing, but a row without a single case stays finite, and a
cell that nothing else speaks for gets an interval from 0 to 1."""

_STEPS = 50


@dataclass(frozen=True)
class MainEffects:
    """The levels of rows and columns that fit a table best.

    Attributes:
        levels: (1 + R + C,), of all, of each row and of each column, in logits.
        covariance: (1 + R + C, 1 + R + C), of the levels.
        deviance: how far the table is from what they lead to expect.
        n: how many cases they rest on.
        shape: (R, C).
    """

    levels: Floats
    covariance: Floats
    deviance: float
    n: int
    shape: tuple[int, int]

    def expected(self, row: int, column: int) -> Value:
        """Return the share that a cell should have, with the interval of that expectation."""
        rows, _ = self.shape
        picked = np.array([0, 1 + row, 1 + rows + column])
        middle = float(self.levels[picked].sum())
        half = Z * float(np.sqrt(self.covariance[np.ix_(picked, picked)].sum()))
        return Value(
            float(expit(middle)), float(expit(middle - half)), float(expit(middle + half)), self.n
        )


def fit(k: Floats, n: Floats, near: MainEffects | None = None) -> MainEffects:
    """Fit the levels by Newton's method.

    Args:
        k, n: (R, C), cases and all of each cell; a cell with n = 0 says nothing.
        near: of a table that is almost the same: to begin there saves half the steps.

    Raises:
        ValueError: no cell has any.

    Example:
        Odds of 1 to 4, 1, 1 and 4 are explained in full: the row and the column make 4 each.

        >>> k = np.array([[20.0, 50], [50, 80]])
        >>> model = fit(k, np.full((2, 2), 100.0))
        >>> round(model.expected(0, 0).value, 3), round(model.deviance, 3)
        (0.2, 0.0)
    """
    total = n.sum()
    if not total:
        raise ValueError("the table is empty")
    rows, columns = n.shape
    start = logit((k.sum() + 0.5) / (total + 1))
    levels = np.zeros(1 + rows + columns)
    if near is not None:
        levels += near.levels
        levels[0] -= start
    for _ in range(_STEPS):
        share = _shares(levels, start, rows)
        missing, weight = k - n * share, n * share * (1 - share)
        slope = _sums(missing) - _PENALTY * levels
        step = np.linalg.solve(_curvature(weight), slope)
        levels += step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    share = _shares(levels, start, rows)
    covariance: Floats = np.linalg.inv(_curvature(n * share * (1 - share))).astype(np.float64)
    deviance = 2 * (
        xlogy(k, k) - xlogy(k, n * share) + xlogy(n - k, n - k) - xlogy(n - k, n * (1 - share))
    )
    levels[0] += start
    return MainEffects(levels, covariance, float(deviance.sum()), int(total), (rows, columns))


def row_differs(k: Floats, n: Floats, row: int, tested: NDArray[np.bool_]) -> float:
    """Return the p-value of a row that follows its columns' levels as the other rows do.

    Likelihood ratio of the row's own share in each tested column against none (Agresti 2013,
    section 5.4.3), with one degree of freedom less than there are columns.

    Args:
        tested: (C,), the columns with enough cases; the others of this row are left out.

    Returns:
        1 where fewer than two columns are tested, or the other rows have none of them.
    """
    others = n.copy()
    others[row] = 0
    tested = tested & (n[row] > 0) & (others.sum(axis=0) > 0)
    free = int(tested.sum()) - 1
    if free < 1:
        return 1.0
    both = others.copy()
    both[row, tested] = n[row, tested]
    whole = fit(_where(k, both), both)
    more = whole.deviance - fit(_where(k, others), others, whole).deviance
    return float(chi2.sf(max(0.0, more), free))


def cell_differs(
    k: Floats, n: Floats, row: int, column: int, whole: MainEffects
) -> tuple[Value, float]:
    """Return what the rest of the table leads to expect of a cell, and how unlikely it is.

    The levels are fitted without the cell, so that it does not speak for itself: the deleted
    residual of an outlying cell. Source: Fuchs and Kenett (1980), JASA 75, 395–398; Simonoff
    (1988), Technometrics 30, 339–345.

    Args:
        whole: the levels fitted with the cell.

    Returns:
        The expected share, and the p-value of the likelihood ratio, one degree of freedom.

    Example:
        Odds of 1, 1 and 4 elsewhere lead to 1 · 1 / 4, a share of 1 / 5; it is 1 / 2.

        >>> k = np.array([[50.0, 50], [50, 80]])
        >>> n = np.full((2, 2), 100.0)
        >>> expected, p = cell_differs(k, n, 0, 0, fit(k, n))
        >>> round(expected.value, 3), p < 0.01
        (0.2, True)
    """
    others = n.copy()
    others[row, column] = 0
    rest = fit(_where(k, others), others, whole)
    more = whole.deviance - rest.deviance
    return rest.expected(row, column), float(chi2.sf(max(0.0, more), 1))


def _where(k: Floats, n: Floats) -> Floats:
    kept: Floats = np.where(n > 0, k, 0.0)
    return kept


def _shares(levels: Floats, start: float, rows: int) -> Floats:
    logits = start + levels[0] + levels[1 : 1 + rows, None] + levels[None, 1 + rows :]
    shares: Floats = np.clip(expit(logits), 1e-12, 1 - 1e-12)
    return shares


def _sums(table: Floats) -> Floats:
    return np.concatenate([[table.sum()], table.sum(axis=1), table.sum(axis=0)])


def _curvature(weight: Floats) -> Floats:
    """Return minus the second derivatives of the likelihood, from each cell's n p (1 − p)."""
    rows, columns = weight.shape
    full = np.diag(_sums(weight))
    row, column = slice(1, 1 + rows), slice(1 + rows, 1 + rows + columns)
    full[0, 1:] = full[1:, 0] = _sums(weight)[1:]
    full[row, column], full[column, row] = weight, weight.T
    full += _PENALTY * np.eye(len(full))
    return full
