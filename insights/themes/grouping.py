"""Groups texts that lie near each other, and leaves out those that lie near none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, kmeans_plusplus
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from insights.themes.space import Singles

MIN_TEXTS = 80
"""No themes are made of fewer texts."""

MOST_GROUPS = 40

LEFT_OUT = 0.15
"""The part of the texts that lies too far from every group to be of it."""

SMALLEST = 8
"""A group of fewer texts is none."""

_STARTS = 4

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Groups:
    """K groups.

    Attributes:
        centroids: (K, D), of length 1.
        cut: the least cosine of a text with its group.
    """

    centroids: Singles
    cut: float

    def assign(self, features: Singles) -> Places:
        """Return the group of each text, (N,); -1 where it lies near none."""
        near = features @ self.centroids.T
        return np.where(near.max(axis=1) >= self.cut, near.argmax(axis=1), -1)


def number_of_groups(n: int) -> int:
    """Return how many groups n texts are split into: more texts, more groups, not so many more.

    Example:
        >>> [number_of_groups(n) for n in (80, 600, 5_000, 50_000)]
        [4, 10, 29, 40]
    """
    return min(MOST_GROUPS, round(math.sqrt(n / 6)))


def group(features: Singles, start: Singles | None = None) -> Groups:
    """Group texts by k-means; the same texts are grouped the same way every time.

    Args:
        features: (N, D), at least `MIN_TEXTS`.
        start: (J, D), where the groups of the last time lie by now; as many more as are due
            begin among the texts that are far from them.

    Returns:
        Fewer groups than were begun with where some came out too small.
    """
    k = number_of_groups(len(features))
    # Sums over threads come in no fixed order, and a different last digit makes other groups.
    with threadpool_limits(1):
        if start is None or not len(start):
            means = KMeans(k, n_init=_STARTS, random_state=0).fit(features)
        else:
            begin = start
            if k > len(start):
                near = (features @ _unit(start).T).max(axis=1)
                far = features[near <= np.quantile(near, 0.5)]
                begin = np.vstack([start, kmeans_plusplus(far, k - len(start), random_state=0)[0]])
            means = KMeans(len(begin), init=begin, n_init=1, random_state=0).fit(features)
        centroids = _unit(means.cluster_centers_)
        groups = _cut(features, centroids)
        sizes = np.bincount(groups.assign(features) + 1, minlength=len(centroids) + 1)[1:]
        large = sizes >= SMALLEST
        return groups if large.all() else _cut(features, centroids[large])


def _cut(features: Singles, centroids: Singles) -> Groups:
    near = (features @ centroids.T).max(axis=1)
    return Groups(centroids, float(np.quantile(near, LEFT_OUT)))


def _unit(rows: Singles) -> Singles:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    unit: Singles = (rows / lengths).astype(np.float32)
    return unit
