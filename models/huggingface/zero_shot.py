"""Reads with a model of natural language inference: does the text entail a sentence?"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from models.huggingface.labels import check_sentiment
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
from simak.label_map import SENTIMENT, LabelMap


def entailment_column(labels: Sequence[str]) -> int | None:
    """Return the column of entailment; None where the checkpoint is no model of inference.

    Example:
        >>> entailment_column(["contradiction", "neutral", "ENTAILMENT"])
        2
    """
    return _column(labels, "entail")


class ZeroShotReader:
    """Reads texts by the sentences they entail.

    A sentence counts by its probability of entailment against contradiction and is said from
    `SAID_FROM`. Those that stand for a sentiment are compared with each other instead: a softmax
    over their entailment. Source: Yin et al. (2019), "Benchmarking Zero-shot Text
    Classification", as `zero-shot-classification` of transformers computes it.

    Args:
        checkpoint: a classifier of sequences with a column of `entailment_column`.
        given: sentences to what they stand for.

    Raises:
        ConfigurationError: no sentence is given, one is too long, or the sentiments lack negative
            or positive; or the checkpoint has no column of contradiction.
    """

    def __init__(self, checkpoint: Checkpoint, given: LabelMap) -> None:
        if not given:
            raise ConfigurationError(
                f"the model {checkpoint.name!r} tells whether a text entails a sentence, and none "
                "is given; write some under [model.labels] in simak.toml, each with what it "
                'stands for: "Pengiriman lambat." = "delivery:negative", "Pelanggan puas." = '
                '"positive", "Pelanggan kecewa." = "negative"'
            )
        check_sentiment(list(given.values()), deciding(given.values()), checkpoint.name)
        for sentence in given:
            # The text is cut, never the sentence: room for a token of it must be left.
            if len(checkpoint.tokenizer("a", sentence)["input_ids"]) > checkpoint.max_length:
                raise ConfigurationError(
                    f"[model.labels]: {sentence!r} leaves no room for a text; shorten it"
                )
        self._checkpoint = checkpoint
        self._sentences, self._meanings = list(given), list(given.values())
        self._sentiments = [at for at, one in enumerate(self._meanings) if one.kind == SENTIMENT]
        self._columns = _columns(checkpoint)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading per text, in order."""
        # (B, sentences, 2): contradiction and entailment.
        logits = torch.stack([self._judged(texts, one) for one in self._sentences], 1)
        entailed = logits.softmax(-1)[..., 1].tolist()
        sentiments = logits[:, self._sentiments, 1].softmax(-1).tolist()
        return [self._reading(*row) for row in zip(entailed, sentiments, strict=True)]

    def _judged(self, texts: Sequence[str], sentence: str) -> torch.Tensor:
        inputs = self._checkpoint.encode(texts, [sentence] * len(texts))
        return self._checkpoint.logits(inputs)[:, self._columns]

    def _reading(self, entailed: Sequence[float], sentiments: Sequence[float]) -> Reading:
        labels = list(zip(self._meanings, entailed, strict=True))
        compared = [
            (self._meanings[at], value)
            for at, value in zip(self._sentiments, sentiments, strict=True)
        ]
        scores = exclusive_sentiment(compared) if compared else independent_sentiment(labels)
        said = [Said(*label) for label in labels if is_said(label[1])]
        return Reading(said, scores | flag_scores(labels, max))


def _columns(checkpoint: Checkpoint) -> list[int]:
    """Return the columns of contradiction and of entailment."""
    labels = checkpoint.labels
    entailment = _column(labels, "entail")
    contradiction = _column(labels, "contra")
    if contradiction is None and len(labels) == 2 and entailment is not None:
        contradiction = 1 - entailment  # "not_entailment"
    if entailment is None or contradiction is None:
        raise ConfigurationError(
            f"the model {checkpoint.name!r} has no label for contradiction among "
            f"{', '.join(labels)}; name it so in id2label of its config.json"
        )
    return [contradiction, entailment]


def _column(labels: Sequence[str], beginning: str) -> int | None:
    found = (at for at, label in enumerate(labels) if label.lower().startswith(beginning))
    return next(found, None)
