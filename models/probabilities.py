"""Logits into calibrated probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.package import Calibration

_DECIMALS = 4
"""Probabilities are rounded before a threshold is applied: what is shown is what was compared."""


def softmax(logits: NDArray[np.floating], calibration: Calibration) -> list[float]:
    """Return the probability of each choice; the scale is one over the temperature.

    Example:
        >>> softmax(np.array([0.0, 0.0]), Calibration())
        [0.5, 0.5]
    """
    scaled = logits.astype(np.float64) * calibration.scale
    weights = np.exp(scaled - scaled.max())
    return [round(float(value), _DECIMALS) for value in weights / weights.sum()]


def sigmoid(logits: NDArray[np.floating], calibration: Calibration) -> list[float]:
    """Return the probability of each flag (Platt scaling: sigmoid of scale * z + shift).

    Example:
        >>> sigmoid(np.array(0.0), Calibration())
        [0.5]
    """
    scaled = np.atleast_1d(logits).astype(np.float64) * calibration.scale + calibration.shift
    values = 1.0 / (1.0 + np.exp(-scaled.clip(-60.0, 60.0)))
    return [round(float(value), _DECIMALS) for value in values]
