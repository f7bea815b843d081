"""Stars explained by what mentions say: least squares on counts, exact to the single mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from insights.values import Value

Floats = NDArray[np.float64]

_APART = 1e-3
"""A column of which the others explain all but this share cannot be told apart from them."""


@dataclass(frozen=True)
class Grouped:
    """Mentions that say the same, as one row: all that least squares needs of them.

    Attributes:
        x: (G, P), what the mentions of each group say, without the constant.
        n: (G,), how many mentions.
        total, squares: (G,), the sum of their stars and of the squares of these.
    """

    x: Floats
    n: Floats
    total: Floats
    squares: Floats

    def moments(self) -> tuple[Floats, Floats, float]:
        """Return the sums of squares and products about the means: (P, P), (P,) and a number."""
        n = self.n.sum()
        mean_x, mean_y = self.n @ self.x / n, self.total.sum() / n
        centred = self.x - mean_x
        return (
            (centred * self.n[:, None]).T @ centred,
            centred.T @ (self.total - self.n * mean_y),
            float(self.squares.sum() - n * mean_y * mean_y),
        )

    def only(self, columns: Sequence[int]) -> Grouped:
        """Return it with some of the columns."""
        return Grouped(self.x[:, list(columns)], self.n, self.total, self.squares)


@dataclass(frozen=True)
class Fit:
    """A straight line through stars.

    Attributes:
        constant: the stars of a mention whose columns are all 0.
        slopes: of each column; `n` is how many mentions have it (are not 0 there).
        r2: share of the stars' variance that the columns explain.
    """

    constant: Value
    slopes: tuple[Value, ...]
    r2: float


def separable(grouped: Grouped) -> list[int]:
    """Return the columns that those before them do not all but replace.

    Pivots of the Cholesky decomposition of the correlations: what is left of a column's variance
    once those before it have explained theirs.

    Example:
        >>> x = np.array([[0, 0, 1], [1, 1, 0], [1, 1, 1.0]])
        >>> ones = np.ones(3)
        >>> separable(Grouped(x, ones, ones, ones))  # the second is the first
        [0, 2]
    """
    products = grouped.moments()[0]
    scale = np.sqrt(np.diag(products))
    # A column that is the same everywhere has no correlation, and is never asked for one.
    correlations = products / np.outer(scale, scale).clip(1e-300)
    kept: list[int] = []
    for column in np.flatnonzero(scale > 0):
        others = correlations[np.ix_(kept, kept)]
        shared = correlations[kept, column]
        left = 1 - (shared @ np.linalg.solve(others, shared) if kept else 0.0)
        if left > _APART:
            kept.append(int(column))
    return kept


def fit(grouped: Grouped) -> Fit:
    """Fit stars by least squares, with intervals that hold where the spread differs.

    The coefficients are those of every single mention, since mentions with equal columns enter
    only through their number and their sum. So are the standard errors, HC3 of MacKinnon and
    White (1985), J. Econometrics 29, 305–325: mentions of a group share their leverage, and the
    sum of their squared residuals follows from the sum of their squares. Student's t with n − P − 1
    degrees of freedom.

    Args:
        grouped: with more mentions than columns, and columns that are `separable`.

    Example:
        Three mentions of 5, 5 and 4 stars that blame nothing, two of 1 and 2 that blame delivery:
        14/3 stars, and 3/2 − 14/3 = −3.17 with it.

        >>> found = fit(Grouped(
        ...     x=np.array([[0.0], [1.0]]), n=np.array([3.0, 2.0]),
        ...     total=np.array([14.0, 3.0]), squares=np.array([66.0, 5.0]),
        ... ))
        >>> round(found.constant.value, 2), round(found.slopes[0].value, 2)
        (4.67, -3.17)
    """
    x = np.column_stack([np.ones(len(grouped.n)), grouped.x])
    weighted = x * grouped.n[:, None]
    inverse = np.linalg.inv(x.T @ weighted)
    slopes = inverse @ (x.T @ grouped.total)
    said = x @ slopes
    residuals = grouped.squares - 2 * said * grouped.total + grouped.n * said * said
    leverage = np.einsum("gp,pq,gq->g", x, inverse, x)
    # A mention that alone decides a coefficient lies on the line: its residual is 0.
    free = leverage < 1 - 1e-9
    spread = np.where(free, residuals.clip(0) / np.where(free, 1 - leverage, 1) ** 2, 0)
    variances = np.diag(inverse @ (x.T @ (x * spread[:, None])) @ inverse)
    n = int(grouped.n.sum())
    half = float(stdtrit(n - x.shape[1], 0.975)) * np.sqrt(variances.clip(0))
    counts = [n, *(int(k) for k in grouped.n @ (grouped.x != 0))]
    values = [
        Value(float(slope), float(slope - reach), float(slope + reach), count)
        for slope, reach, count in zip(slopes, half, counts, strict=True)
    ]
    spread_of_all = grouped.moments()[2]
    r2 = 1 - float(residuals.sum()) / spread_of_all if spread_of_all > 0 else 0.0
    return Fit(values[0], tuple(values[1:]), r2)
