"""Chooses thresholds and calibration on validation rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.labels import SIGNALS, TOUCHPOINTS
from models.package import Calibration
from models.probabilities import sigmoid
from models.runtime import Logits
from models.training.rows import Row

_GRID = np.round(np.arange(0.1, 0.91, 0.02), 2)

Flags = NDArray[np.float64]


def calibrate(
    rows: Sequence[Row], logits: Sequence[Logits]
) -> tuple[dict[str, float], dict[str, Calibration]]:
    """Return the thresholds and the calibration of each head, as `models.package` has them.

    Args:
        rows: fully labelled; none of them trained on.
        logits: of each row, from the very graph that ships.
    """
    sentiment = np.stack([one.sentiment for one in logits])
    heads = {
        "complaint": (np.stack([np.atleast_1d(one.complaint) for one in logits]), ("complaint",)),
        "touchpoints": (np.stack([one.presence for one in logits]), TOUCHPOINTS),
        "signals": (np.stack([one.signals for one in logits]), SIGNALS),
    }
    labels = np.array([row.sentiment for row in rows])
    calibration = {"sentiment": Calibration(1.0 / temperature(sentiment, labels))}
    thresholds: dict[str, float] = {}
    for head, (values, names) in heads.items():
        truth = np.array([[float(name in _given(row)) for name in names] for row in rows])
        calibration[head] = platt(values, truth)
        scores = np.array([sigmoid(row, calibration[head]) for row in values])
        thresholds.update(dict.fromkeys(names, best_threshold(scores, truth)))
    return thresholds, calibration


def temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017).

    Args:
        logits: (N, 3).
        labels: (N,).
    """

    def loss(value: float) -> float:
        scaled = logits.astype(np.float64) / value
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(labels)), labels]
        return float((np.log(np.exp(scaled).sum(axis=1)) - chosen).mean())

    return float(min(np.round(np.arange(0.4, 3.01, 0.02), 2), key=loss))


def platt(logits: NDArray[np.floating], truth: Flags) -> Calibration:
    """Return the scale and shift that fit all labels of a head at once (Platt 1999)."""
    if len(np.unique(truth)) < 2:
        return Calibration()
    fit = LogisticRegression(C=1e3).fit(logits.reshape(-1, 1), truth.ravel())
    scale, shift = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    return Calibration(round(scale, 4), round(shift, 4)) if scale > 0 else Calibration()


def best_threshold(scores: Flags, truth: Flags) -> float:
    """Return the threshold of best F1 over all decisions of a head.

    One for the whole head: a label has some ten positives among the validation rows, and
    thresholds of its own fitted to those did worse on rows that did not choose them (touchpoints
    78.2 against 79.9 by five-fold cross-validation of the validation rows).

    Args:
        scores, truth: (N, L).

    Example:
        >>> best_threshold(np.array([[0.2], [0.6], [0.7]]), np.array([[0.0], [1.0], [1.0]]))
        0.42
    """
    hits = np.array([((scores >= at) & (truth == 1)).sum() for at in _GRID], dtype=float)
    false = np.array([((scores >= at) & (truth == 0)).sum() for at in _GRID], dtype=float)
    f1 = 2 * hits / np.maximum(hits + false + truth.sum(), 1e-9)
    top = _GRID[f1 >= f1.max() - 1e-9]
    return float(top[len(top) // 2])  # the middle of a plateau


def _given(row: Row) -> set[str]:
    given = {name for name, _polarity in row.touchpoints} | set(row.signals or ())
    return given | {"complaint"} if row.complaint == 1 else given
