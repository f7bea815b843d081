"""The figures of each head, from what was said and what is true.

Every figure is a function of sums over rows, so that a bootstrap only has to weigh the rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.training.rows import UNLABELLED, Row
from simak.tags import Tags

METRICS = {
    "sentiment": "macro_f1",
    "complaint": "f1",
    "touchpoints": "micro_f1",
    "touchpoints_polarity": "micro_f1",
    "signals": "micro_f1",
}
"""Each head and what it is measured by."""

RESAMPLES = 200

Counts = NDArray[np.float64]


def labelled(head: str, row: Row) -> bool:
    """Return whether the truth of a head is known of a row."""
    if head == "sentiment":
        return row.sentiment != UNLABELLED
    if head == "complaint":
        return row.complaint != UNLABELLED
    return row.signals is not None if head == "signals" else bool(row.known)


def count(head: str, rows: Sequence[Row], tags: Sequence[Tags]) -> Counts:
    """Return what was right, said and not so, and so and not said, in each row.

    Args:
        head: one of `METRICS`. `touchpoints` counts a touchpoint as right where it is named,
            `touchpoints_polarity` where its polarity is right too; both, like `signals`, count
            all decisions together.
        rows: N, each labelled for the head.
        tags: of the same texts, in order.

    Returns:
        (N, C, 3) of hits, false and missed; C is 3 for `sentiment`, the classes, else 1.
    """
    pairs = [(_true(head, row), _said(head, row, tag)) for row, tag in zip(rows, tags, strict=True)]
    classes = [{name} for name in SENTIMENTS] if head == "sentiment" else [None]
    counts = [
        [_hits(true, said) if only is None else _hits(true & only, said & only) for only in classes]
        for true, said in pairs
    ]
    return np.array(counts, dtype=float).reshape(len(rows), len(classes), 3)


def f1(sums: Counts) -> NDArray[np.float64]:
    """Return 2 TP / (2 TP + FP + FN), the mean over classes where there are several.

    A class that is neither there nor said is left out of the mean; where that is so of all,
    the figure is not a number.

    Args:
        sums: (..., C, 3), of `count` over rows.

    Example:
        >>> float(f1(np.array([[3.0, 1.0, 1.0]])))
        0.75
    """
    hits, all_said_and_so = 2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1] + sums[..., 2]
    occurs = all_said_and_so > 0
    each = hits / np.where(occurs, all_said_and_so, 1.0)
    classes = occurs.sum(-1)
    mean: NDArray[np.float64] = np.where(
        classes > 0, each.sum(-1) / np.maximum(classes, 1), math.nan
    )
    return mean


def interval(counts: Counts, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % percentile interval of `f1` over rows drawn with replacement.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.

    Args:
        counts: (N, C, 3) of `count`, N at least 1.
        seed: of the `RESAMPLES` draws.
    """
    generator = np.random.default_rng(seed)
    n = len(counts)
    draws = [
        f1(np.tensordot(np.bincount(generator.integers(n, size=n), minlength=n), counts, axes=1))
        for _ in range(RESAMPLES)
    ]
    if np.isnan(draws).all():
        return math.nan, math.nan
    low, high = np.nanpercentile(draws, (2.5, 97.5))
    return float(low), float(high)


def head_metrics(rows: Sequence[Row], tags: Sequence[Tags]) -> dict[str, float]:
    """Return the figure of every head that is labelled, each over the rows where it is.

    Args:
        rows: any.
        tags: of the same texts, in order.
    """
    result: dict[str, float] = {}
    for head in METRICS:
        known = [index for index, row in enumerate(rows) if labelled(head, row)]
        if known:
            counts = count(head, [rows[index] for index in known], [tags[index] for index in known])
            result[head] = float(f1(counts.sum(0)))
    return result


def label_metrics(rows: Sequence[Row], tags: Sequence[Tags]) -> dict[str, dict[str, float | None]]:
    """Return precision, recall, F1 and the number of true cases of each touchpoint and signal.

    A figure is None where there is nothing to divide by: precision of what was never said,
    recall of what is never there. A label that no row is labelled for is left out.
    """
    result: dict[str, dict[str, float | None]] = {}
    for name in (*TOUCHPOINTS, *SIGNALS):
        decisions = [
            (name in dict(row.touchpoints) or name in (row.signals or ()), _given(name, tag))
            for row, tag in zip(rows, tags, strict=True)
            if (name in row.known if name in TOUCHPOINTS else row.signals is not None)
        ]
        if not decisions:
            continue
        true, said = sum(t for t, _ in decisions), sum(s for _, s in decisions)
        both = sum(t and s for t, s in decisions)
        result[name] = {
            "precision": both / said if said else None,
            "recall": both / true if true else None,
            "f1": 2 * both / (true + said) if true + said else None,
            "n": true,
        }
    return result


def confusion(rows: Sequence[Row], tags: Sequence[Tags]) -> list[list[int]]:
    """Return of how many rows of each true sentiment (line) each was said (column)."""
    table = [[0, 0, 0] for _ in SENTIMENTS]
    for row, tag in zip(rows, tags, strict=True):
        if row.sentiment != UNLABELLED:
            table[row.sentiment][SENTIMENTS.index(tag.sentiment)] += 1
    return table


def complaint_confusion(rows: Sequence[Row], tags: Sequence[Tags]) -> list[list[int]]:
    """Return the same of complaints: line and column 0 none, 1 a complaint."""
    table = [[0, 0], [0, 0]]
    for row, tag in zip(rows, tags, strict=True):
        if row.complaint != UNLABELLED:
            table[row.complaint][int(tag.complaint)] += 1
    return table


def _hits(true: set[str], said: set[str]) -> tuple[int, int, int]:
    return len(true & said), len(said - true), len(true - said)


def _true(head: str, row: Row) -> set[str]:
    if head == "sentiment":
        return {SENTIMENTS[row.sentiment]}
    if head == "complaint":
        return {head} if row.complaint == 1 else set()
    if head == "signals":
        return set(row.signals or ())
    if head == "touchpoints":
        return {name for name, _polarity in row.touchpoints}
    return {f"{name}/{polarity}" for name, polarity in row.touchpoints}


def _said(head: str, row: Row, tags: Tags) -> set[str]:
    if head == "sentiment":
        return {tags.sentiment}
    if head == "complaint":
        return {head} if tags.complaint else set()
    if head == "signals":
        return set(tags.signals)
    given = {name: tag for name, tag in tags.touchpoints.items() if name in row.known}
    if head == "touchpoints":
        return set(given)
    return {f"{name}/{tag.polarity}" for name, tag in given.items()}


def _given(name: str, tags: Tags) -> bool:
    return name in tags.touchpoints or name in tags.signals
