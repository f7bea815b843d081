"""Whether a probability means what it says: expected calibration error and its bins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.labels import SENTIMENTS
from models.onnx_tagger import NOTHING_SAID
from models.package import Calibration, read_package
from models.probabilities import softmax
from models.runtime import Runtime
from models.training.rows import Row
from simak.tags import Tags

BINS = 15

Bin = dict[str, float | int | None]


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> tuple[float, list[Bin]]:
    """Return the expected calibration error and its bins.

    ECE is the mean, over all rows, of how far the mean probability of a row's bin is from the
    share of its rows that are right. The 15 bins are of equal width, each open below and closed
    above. Source: Guo et al. (2017), On Calibration of Modern Neural Networks, eq. 3.

    Args:
        confidence: (N,), the probability of what was said; N at least 1.
        right: (N,), whether it is so.

    Returns:
        The error, in [0, 1], and for each bin `low`, `high`, `n`, and, None where n is 0,
        `confidence` (the mean probability) and `accuracy` (the share right).

    Example:
        >>> error, bins = reliability([0.9, 0.9, 0.5], [True, False, True])
        >>> round(error, 4), bins[13]["n"], bins[13]["accuracy"]
        (0.4333, 2, 0.5)
    """
    probability, so = np.asarray(confidence, float), np.asarray(right, float)
    # Rounded, so that 0.2 * 15 is 3 and 0.2 the upper end of the third bin.
    place = np.clip(np.ceil(np.round(probability * BINS, 9)).astype(int) - 1, 0, BINS - 1)
    error = 0.0
    bins: list[Bin] = []
    for index in range(BINS):
        inside = place == index
        n = int(inside.sum())
        mean = float(probability[inside].mean()) if n else None
        share = float(so[inside].mean()) if n else None
        if mean is not None and share is not None:
            error += n / len(probability) * abs(share - mean)
        low, high = index / BINS, (index + 1) / BINS
        bins.append({"low": low, "high": high, "n": n, "confidence": mean, "accuracy": share})
    return error, bins


def certainty(
    rows: Sequence[Row], probabilities: Sequence[NDArray[np.float64]]
) -> tuple[list[float], list[bool]]:
    """Return the highest of a row's three probabilities, and whether it is the true sentiment's.

    Args:
        rows: N, labelled with a sentiment.
        probabilities: N of (3,), in the order of `SENTIMENTS`.
    """
    top = [float(one.max()) for one in probabilities]
    right = [
        int(one.argmax()) == row.sentiment for row, one in zip(rows, probabilities, strict=True)
    ]
    return top, right


def probabilities_of(tags: Sequence[Tags]) -> list[NDArray[np.float64]]:
    """Return the three probabilities of each text, as the tagger gives them."""
    return [np.array([tag.scores[name] for name in SENTIMENTS]) for tag in tags]


def untempered(directory: Path, texts: Sequence[str]) -> list[NDArray[np.float64]]:
    """Return the three probabilities of each text before temperature scaling.

    Args:
        directory: of a model in the project's format.
        texts: any.

    Raises:
        ModelError: the model cannot be loaded.
    """
    package = read_package(directory)
    answers = Runtime(directory, package.max_length).run(texts)
    nothing = [NOTHING_SAID[name] for name in SENTIMENTS]
    return [
        np.array(nothing if logits is None else softmax(logits.sentiment, Calibration()))
        for _encoded, logits in answers
    ]
