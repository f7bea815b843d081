"""Class-based TF-IDF: how telling a term is of a group of texts, against the other groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def class_weights(counts: Floats) -> Floats:
    """Return how telling each term is of each group.

    tf(t, c) · ln(1 + A / f(t)), with tf the term's share of the group's terms, f its occurrences
    in all groups and A the mean number of terms of a group. Source: Grootendorst (2022),
    "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", arXiv:2203.05794,
    equation 1; tf as a share, as its implementation has it.

    Args:
        counts: (groups, terms), occurrences.

    Returns:
        (groups, terms); 0 for a group or a term without occurrences.

    Example:
        Two groups of 4 and 2 terms (A = 3), the first term 3 times in the first group, once in
        the second: 3/4 · ln(1 + 3/4) and 1/2 · ln(1 + 3/4).

        >>> class_weights(np.array([[3.0, 1.0], [1.0, 1.0]])).round(3).tolist()
        [[0.42, 0.229], [0.28, 0.458]]
    """
    sizes = counts.sum(axis=1, keepdims=True)
    found = counts.sum(axis=0)
    share = counts / np.maximum(sizes, 1.0)
    rarity = np.log1p(sizes.mean() / np.maximum(found, 1.0))
    weights: Floats = share * rarity
    return weights
