"""Reads with a classifier of whole texts: one label a text, or several."""

from __future__ import annotations

import operator
from collections.abc import Sequence

from models.huggingface.labels import check_sentiment, meanings_of
from models.huggingface.loading import Checkpoint
from models.huggingface.reading import (
    Reading,
    Said,
    deciding,
    exclusive_sentiment,
    flag_scores,
    independent_sentiment,
    is_said,
)
from simak.errors import ConfigurationError
from simak.label_map import LabelMap

_SEVERAL = "multi_label_classification"


class SequenceReader:
    """Reads texts by the label that is likeliest, or by all that are likely.

    The checkpoint's own config says which: `problem_type` is `multi_label_classification` where
    each label has a probability of its own (sigmoid) and is said from `SAID_FROM`. Else they
    share one (softmax) and the likeliest is said.

    Args:
        checkpoint: a classifier of sequences.
        given: what its labels stand for, as far as they are not known.

    Raises:
        ConfigurationError: a label is not known, no label is negative or positive, or it gives a
            number instead of labels.
    """

    def __init__(self, checkpoint: Checkpoint, given: LabelMap) -> None:
        problem = checkpoint.network.config.problem_type
        self._several = problem == _SEVERAL
        if problem == "regression" or (len(checkpoint.labels) == 1 and not self._several):
            raise ConfigurationError(
                f"the model {checkpoint.name!r} gives a number, not labels (problem_type in its "
                "config.json)"
            )
        self._checkpoint = checkpoint
        self._meanings = meanings_of(checkpoint.labels, given, checkpoint.name)
        voices = deciding(self._meanings) if self._several else self._meanings
        check_sentiment(self._meanings, voices, checkpoint.name)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading per text, in order."""
        logits = self._checkpoint.logits(self._checkpoint.encode(texts))
        if self._several:
            return [self._several_said(row) for row in logits.sigmoid().tolist()]
        return [self._one_said(row) for row in logits.softmax(-1).tolist()]

    def _one_said(self, probabilities: Sequence[float]) -> Reading:
        labels = list(zip(self._meanings, probabilities, strict=True))
        likeliest = max(labels, key=lambda label: label[1])
        scores = exclusive_sentiment(labels) | flag_scores(labels, operator.add)
        return Reading([Said(*likeliest)], scores)

    def _several_said(self, probabilities: Sequence[float]) -> Reading:
        labels = list(zip(self._meanings, probabilities, strict=True))
        scores = independent_sentiment(labels) | flag_scores(labels, max)
        return Reading([Said(*label) for label in labels if is_said(label[1])], scores)
