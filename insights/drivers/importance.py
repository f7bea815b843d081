"""How much of what stars differ by each touchpoint explains, where touchpoints go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import factorial

import numpy as np

from insights.drivers.regression import Floats, Grouped

EXACT = 12
"""Up to so many players every order is counted: 4,096 regressions."""

ORDERS = 500
"""Orders that are drawn where there are more players; each is counted backwards as well."""


@dataclass(frozen=True)
class Importance:
    """Shares of R².

    Attributes:
        shares: (K,), of each player; their sum is R².
        error: the largest standard error of a share from drawing orders; 0 where all are counted.
    """

    shares: Floats
    error: float


def importance(grouped: Grouped, players: Sequence[Sequence[int]]) -> Importance:
    """Share R² among groups of columns: what each adds, on average over all orders of adding them.

    The LMG measure, which is Shapley's value of R². Source: Lindeman, Merenda and Gold (1980),
    "Introduction to Bivariate and Multivariate Analysis", p. 119 ff.; Grömping (2007), Am. Stat.
    61, 139–147. A touchpoint's two columns, blame and praise, are one player, so the sharing is
    among touchpoints. All orders are counted for up to `EXACT` players; beyond, `ORDERS` orders
    are drawn (Castro et al. 2009, Comput. Oper. Res. 36, 1726–1730), always the same ones.

    Args:
        grouped: columns that are `separable`.
        players: the columns of each; all columns, each once.

    Example:
        Two columns that say the same but for one group share what they explain.

        >>> x = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
        >>> n = np.array([40.0, 20.0, 2.0, 2.0])
        >>> stars = np.array([5.0, 1.0, 3.0, 3.0])
        >>> found = importance(Grouped(x, n, n * stars, n * stars**2), [[0], [1]])
        >>> [round(float(share), 3) for share in found.shares]
        [0.5, 0.5]
    """
    products, covariances, total = grouped.moments()
    if not players or total <= 0:
        return Importance(np.zeros(len(players)), 0.0)
    order = [column for player in players for column in player]
    scale = np.sqrt(np.diag(products)[order])
    correlations = products[np.ix_(order, order)] / np.outer(scale, scale)
    with_stars = covariances[order] / (scale * np.sqrt(total))
    sizes = [len(player) for player in players]
    if len(players) <= EXACT:
        return Importance(_all_orders(correlations, with_stars, sizes), 0.0)
    return _some_orders(correlations, with_stars, sizes)


def _all_orders(correlations: Floats, with_stars: Floats, sizes: Sequence[int]) -> Floats:
    """Weigh what a player adds to each set of others: |S|! (K − |S| − 1)! / K!."""
    k = len(sizes)
    sets = np.arange(2**k)
    member = (sets[:, None] >> np.arange(k)) & 1
    mask = np.repeat(member, sizes, axis=1).astype(float)
    # What is not in a set stands alone and explains nothing.
    inside = correlations * mask[:, :, None] * mask[:, None, :]
    places = np.arange(mask.shape[1])
    inside[:, places, places] = 1.0
    right = mask * with_stars
    r2 = np.einsum("sp,sp->s", right, np.linalg.solve(inside, right[:, :, None])[:, :, 0])
    weights = np.array([factorial(s) * factorial(k - s - 1) / factorial(k) for s in range(k)])
    size = member.sum(axis=1)
    shares = []
    for player in range(k):
        without = sets[member[:, player] == 0]
        added = r2[without | (1 << player)] - r2[without]
        shares.append(float(weights[size[without]] @ added))
    return np.array(shares)


def _some_orders(correlations: Floats, with_stars: Floats, sizes: Sequence[int]) -> Importance:
    """Draw orders: one Cholesky decomposition gives what each column adds in an order.

    The last line of the factor, of the correlations with the stars below them, holds the roots of
    what each column adds to R².
    """
    k, columns = len(sizes), len(correlations)
    starts = [0, *accumulate(sizes)]
    own = [np.arange(start, end) for start, end in pairwise(starts)]
    generator = np.random.default_rng(0)
    drawn = [generator.permutation(k) for _ in range(ORDERS)]
    orders = np.array([o for order in drawn for o in (order, order[::-1])])
    places = np.array([np.concatenate([own[player] for player in order]) for order in orders])
    matrix = np.empty((len(orders), columns + 1, columns + 1))
    matrix[:, :columns, :columns] = correlations[places[:, :, None], places[:, None, :]]
    matrix[:, columns, :columns] = matrix[:, :columns, columns] = with_stars[places]
    matrix[:, columns, columns] = 1.0 + 1e-9  # R² may be 1
    added = np.linalg.cholesky(matrix)[:, columns, :columns] ** 2
    by_column = np.empty_like(added)
    np.put_along_axis(by_column, places, added, axis=1)
    by_player = np.add.reduceat(by_column, starts[:-1], axis=1)
    pairs = by_player.reshape(ORDERS, 2, k).mean(axis=1)  # an order and its reverse are one draw
    error = float((pairs.std(axis=0, ddof=1) / np.sqrt(ORDERS)).max())
    return Importance(pairs.mean(axis=0), error)


def inflation(grouped: Grouped, players: Sequence[Sequence[int]]) -> list[float]:
    """Return how many times each player's variance is blown up by what goes along with it.

    1 where it occurs apart from all others; for one column the variance inflation factor
    1 / (1 − R²) of the column on the others, for several its generalisation per column. Source:
    Fox and Monette (1992), J. Am. Stat. Assoc. 87, 178–183 (GVIF, here to the power 1 / df).

    Example:
        >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
        >>> ones = np.ones(4)
        >>> inflation(Grouped(x, ones, ones, ones), [[0], [1]])  # they occur independently
        [1.0, 1.0]
    """
    products = grouped.moments()[0]
    scale = np.sqrt(np.diag(products))
    correlations = products / np.outer(scale, scale)
    everything = list(range(len(correlations)))
    whole = float(np.linalg.det(correlations))
    found = []
    for player in players:
        others = [column for column in everything if column not in player]
        parts = [
            float(np.linalg.det(correlations[np.ix_(part, part)])) for part in (player, others)
        ]
        found.append(float((parts[0] * parts[1] / whole) ** (1 / len(player))))
    return found
