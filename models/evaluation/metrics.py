"""The figures of each head, from what was said and what is true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.training.rows import Row
from simak.tags import Tags


def sentiment_macro_f1(rows: Sequence[Row], tags: Sequence[Tags]) -> float:
    """Return the mean of the F1 of the three sentiments.

    Args:
        rows: with a sentiment.
        tags: of the same texts, in order.
    """
    truth = [SENTIMENTS[row.sentiment] for row in rows]
    said = [tag.sentiment for tag in tags]
    return float(f1_score(truth, said, labels=list(SENTIMENTS), average="macro", zero_division=0))


def head_metrics(rows: Sequence[Row], tags: Sequence[Tags]) -> dict[str, float]:
    """Return the figures of every head on fully labelled rows.

    `touchpoints` counts a touchpoint as right where it is named, `touchpoints_polarity` where
    its polarity is right too; both, like `signals`, are F1 over all decisions at once (micro).

    Args:
        rows: fully labelled.
        tags: of the same texts, in order.
    """
    complaints = [row.complaint for row in rows], [int(tag.complaint) for tag in tags]
    pairs = [f"{name}/{polarity}" for name in TOUCHPOINTS for polarity in SENTIMENTS]
    true_pairs = [{f"{name}/{polarity}" for name, polarity in row.touchpoints} for row in rows]
    said_pairs = [
        {f"{name}/{one.polarity}" for name, one in tag.touchpoints.items()} for tag in tags
    ]
    true_names = [{name for name, _polarity in row.touchpoints} for row in rows]
    return {
        "sentiment": sentiment_macro_f1(rows, tags),
        "complaint": float(f1_score(*complaints, zero_division=0)),
        "touchpoints": micro_f1(true_names, [set(tag.touchpoints) for tag in tags], TOUCHPOINTS),
        "touchpoints_polarity": micro_f1(true_pairs, said_pairs, pairs),
        "signals": micro_f1(
            [set(row.signals or ()) for row in rows], [set(tag.signals) for tag in tags], SIGNALS
        ),
    }


def label_metrics(rows: Sequence[Row], tags: Sequence[Tags]) -> dict[str, dict[str, float]]:
    """Return F1 and the number of true cases of each touchpoint and signal."""
    result: dict[str, dict[str, float]] = {}
    for name in (*TOUCHPOINTS, *SIGNALS):
        truth = [name in dict(row.touchpoints) or name in (row.signals or ()) for row in rows]
        said = [name in tag.touchpoints or name in tag.signals for tag in tags]
        result[name] = {"f1": float(f1_score(truth, said, zero_division=0)), "n": sum(truth)}
    return result


def micro_f1(truth: Sequence[set[str]], said: Sequence[set[str]], labels: Sequence[str]) -> float:
    """Return 2 TP / (2 TP + FP + FN) over all labels of all rows.

    Example:
        >>> micro_f1([{"a"}, {"b"}], [{"a", "b"}, set()], ["a", "b"])
        0.5
    """
    true_flags = np.array([[label in one for label in labels] for one in truth])
    said_flags = np.array([[label in one for label in labels] for one in said])
    return float(f1_score(true_flags, said_flags, average="micro", zero_division=0))
