"""Fits linear heads: logistic regression, also on top of logits that are there already."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_softmax

from models.adapt.linear import Floats, Singles

_ITERATIONS = 300


def fit(
    features: Singles,
    targets: Floats,
    weights: Floats,
    *,
    l2: float,
    offsets: Floats | None = None,
    exclusive: bool = False,
) -> tuple[Floats, Floats]:
    """Return the weights (D, K) and the biases (K,) of least penalised log-loss.

    Logistic regression on soft targets; with offsets, what is fitted is added to logits that
    are there already. L-BFGS: the loss is convex, so that the answer is one and the same.

    Args:
        features: (N, D).
        targets: (N, K) in [0, 1].
        weights: (N,), of each row's loss.
        l2: of the weights; the biases are free.
        offsets: (N, K), logits to start from; none are 0.
        exclusive: whether the K are the choices of one softmax, not K flags.
    """
    dimensions, outputs = features.shape[1], targets.shape[1]
    start = np.zeros(targets.shape) if offsets is None else offsets

    def loss(flat: Floats) -> tuple[float, Floats]:
        values = flat.reshape(dimensions + 1, outputs)
        logits = start + features @ values[:-1].astype(np.float32) + values[-1]
        if exclusive:
            said = log_softmax(logits, axis=1)
            losses, gradient = -(targets * said).sum(1), np.exp(said) - targets
        else:
            losses = (np.logaddexp(0.0, logits) - targets * logits).sum(1)
            gradient = expit(logits) - targets
        gradient = gradient * weights[:, None]
        slope = features.T @ gradient.astype(np.float32) + l2 * values[:-1]
        total = float(weights @ losses) + l2 / 2 * float((values[:-1] ** 2).sum())
        return total, np.vstack([slope, gradient.sum(0)]).ravel()

    found = minimize(
        loss,
        np.zeros((dimensions + 1) * outputs),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ITERATIONS},
    )
    values = found.x.reshape(dimensions + 1, outputs)
    return values[:-1], values[-1]
