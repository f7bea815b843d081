"""What a model says of labelled sets, and the figures that come of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from models.evaluation.metrics import METRICS, count, f1, interval, labelled
from models.evaluation.sets import LabelledSet
from models.labels import SIGNALS, TOUCHPOINTS
from models.tagger import Tagger
from simak.tags import Tags


def predict(tagger: Tagger, sets: Sequence[LabelledSet]) -> tuple[list[list[Tags]], float]:
    """Return the tags of each set's rows, and how many distinct texts were tagged a second.

    Args:
        tagger: any.
        sets: at least one, each with rows.
    """
    texts = list(dict.fromkeys(row.text for one in sets for row in one.rows))
    tagger.predict(texts[:1])  # what is loaded at the first text is not speed
    start = time.perf_counter()
    tags = dict(zip(texts, tagger.predict(texts), strict=True))
    seconds = time.perf_counter() - start
    return [[tags[row.text] for row in one.rows] for one in sets], len(texts) / seconds


def heads_of(said: Sequence[Sequence[Tags]]) -> list[str]:
    """Return the heads a model has: those it gives scores for, all where it gives none.

    Args:
        said: the tags of each set, as `predict` returns them.
    """
    scored = {name for told in said for tags in told for name in tags.scores}
    lacking = {
        head
        for head, names in (
            ("touchpoints", TOUCHPOINTS),
            ("touchpoints_polarity", TOUCHPOINTS),
            ("signals", SIGNALS),
        )
        if scored and scored.isdisjoint(names)
    }
    return [head for head in METRICS if head not in lacking]


def figures_of(
    sets: Sequence[LabelledSet], said: Sequence[Sequence[Tags]], heads: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the figure of each head of each set that is labelled for it, with its interval.

    Args:
        sets, said: as in and out of `predict`.
        heads: those of the model.

    Returns:
        Of each `set`, `head`, `metric`, `value`, `low`, `high` and `n`.
    """
    result = []
    for one, told in zip(sets, said, strict=True):
        for head in heads:
            known = [
                (row, tags) for row, tags in zip(one.rows, told, strict=True) if labelled(head, row)
            ]
            if not known:
                continue
            counts = count(head, [row for row, _ in known], [tags for _, tags in known])
            low, high = interval(counts)
            result.append(
                {
                    "set": one.name,
                    "head": head,
                    "metric": METRICS[head],
                    "value": float(f1(counts.sum(0))),
                    "low": low,
                    "high": high,
                    "n": len(known),
                }
            )
    return result
