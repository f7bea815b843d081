"""Learns a touchpoint of an installation's own from a few examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.adapt.features import Features, Reading
from models.adapt.fitting import fit
from models.adapt.linear import Floats, Linear, Singles
from simak.own_touchpoints import FEWEST_EXAMPLES

FEWEST = FEWEST_EXAMPLES

SHARE = 0.05
"""The share of texts that speak of a touchpoint, as far as nobody knows.

That of the taxonomy's touchpoint in the middle, in the texts written for the project.
"""

FEWEST_OWN = 100
"""Texts of the house below which they are left out: too few to say what is usual."""

_L2 = 1e-3
_FOLDS = 5

_Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Learned:
    """A head for one touchpoint, and what is to be expected of it.

    Attributes:
        head: of one logit, above 0 where the touchpoint is given.
        f1: on texts of which `SHARE` speak of the touchpoint. By cross-validation: every text is
            judged by a head and a threshold that have not seen it.
        found: of the `examples`, how many were found in that way.
        examples: how many there were.
        by_own: whether the house's texts were counted, not those of the background.
        marked: the places of the texts, of those counted, that the head marks, strongest first.
    """

    head: Linear
    f1: float
    found: int
    examples: int
    by_own: bool
    marked: tuple[int, ...]


def learn(
    present: Sequence[Reading],
    absent: Sequence[Reading],
    background: Sequence[Reading],
    own: Sequence[Reading] = (),
) -> Learned:
    """Learn to tell the texts that speak of a touchpoint from others.

    Logistic regression in which the examples weigh as much as all other texts, and an example of
    what is not meant as much as one of what is. The house's own texts and the background weigh
    the same. Nobody has said which of them speak of the touchpoint; few do, and they are taken
    for texts that do not, which makes the threshold a little strict. It is that of best F1 in
    cross-validation, against the house's texts where there are enough: what is rare among texts
    of all kinds can be common in one trade.

    Args:
        present: examples, at least `FEWEST`.
        absent: examples of what is not meant; may be empty.
        background: texts of all kinds.
        own: texts of the house; left out where they are fewer than `FEWEST_OWN`.
    """
    by_own = len(own) >= FEWEST_OWN
    own = own if by_own else ()
    groups = (present, absent, background, own)
    sizes = [len(group) for group in groups]
    features = Features([*background, *own], [*present, *absent])
    matrix = features.matrix([one for group in groups for one in group])
    share = 0.5 if by_own else 1.0
    masses = (1.0, min(len(absent) / len(present), 1.0), share, 1.0 - share)
    weights = np.repeat([m / max(n, 1) for m, n in zip(masses, sizes, strict=True)], sizes)
    kind = np.repeat(range(len(groups)), sizes)
    folds = np.concatenate([np.arange(size) % _FOLDS for size in sizes])
    truth = kind == 0
    others = kind == (3 if by_own else 2)
    scores = np.zeros(len(kind))
    for fold in range(_FOLDS):
        rest = folds != fold
        w, b = _fit(matrix[rest], truth[rest], weights[rest])
        scores[~rest] = matrix[~rest] @ w[:, 0] + b[0]
    given = np.zeros(len(kind), bool)
    for fold in range(_FOLDS):
        rest = folds != fold
        given[~rest] = scores[~rest] >= threshold_at_share(
            scores[rest & truth], scores[rest & others]
        )
    threshold = threshold_at_share(scores[truth], scores[others])
    w, b = _fit(matrix, truth, weights)
    of_others = scores[others]
    order = np.argsort(-of_others)
    return Learned(
        features.head(w, b - threshold),
        float(_f1(given[truth].mean(), given[others].mean())),
        int(given[truth].sum()),
        len(present),
        by_own,
        tuple(int(place) for place in order[of_others[order] >= threshold]),
    )


def threshold_at_share(present: Floats, absent: Floats) -> float:
    """Return the threshold of best F1 where `SHARE` of the texts are like `present`.

    Args:
        present, absent: scores of texts of either kind.

    Example:
        >>> threshold_at_share(np.array([2.0, 3.0]), np.array([-1.0, 0.0]))
        1.0
    """
    values = np.unique(np.concatenate([present, absent]))
    between = (values[:-1] + values[1:]) / 2 if len(values) > 1 else values
    recall = 1 - np.searchsorted(np.sort(present), between) / len(present)
    alarms = 1 - np.searchsorted(np.sort(absent), between) / len(absent)
    figures = _f1(recall, alarms)
    best = between[figures >= figures.max() - 1e-9]
    return float(best[len(best) // 2])  # the middle of a plateau


def _f1(recall: Floats, alarms: Floats) -> Floats:
    hits = recall * SHARE
    figures: Floats = np.asarray(2 * hits / (hits + SHARE + alarms * (1 - SHARE)))
    return figures


def _fit(matrix: Singles, truth: _Flags, weights: Floats) -> tuple[Floats, Floats]:
    return fit(matrix, truth[:, None].astype(float), weights, l2=_L2)
