"""A Hugging Face sentiment checkpoint behind the tagger's contract, through transformers."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from models.language import detect
from models.normalise import MAX_CHARACTERS
from simak.errors import ConfigurationError
from simak.tags import SENTIMENTS, Tags

_BATCH = 32
_MAX_LENGTH = 128
_UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")

KNOWN_LABELS: Mapping[str, str] = {
    "negative": "negative",
    "neg": "negative",
    "negatif": "negative",
    "very negative": "negative",
    "1 star": "negative",
    "2 stars": "negative",
    "neutral": "neutral",
    "neu": "neutral",
    "netral": "neutral",
    "3 stars": "neutral",
    "positive": "positive",
    "pos": "positive",
    "positif": "positive",
    "very positive": "positive",
    "4 stars": "positive",
    "5 stars": "positive",
}
"""What published checkpoints call their labels, in lower case, and which sentiment that is."""


class HuggingFaceTagger:
    """Tags with a sequence classifier: sentiment alone, and a complaint where it is negative.

    Args:
        model: a directory, or an id that `transformers` can find.
        threads: of torch; None leaves torch's own.

    Raises:
        ConfigurationError: it cannot be loaded, or a label is none of `KNOWN_LABELS`.
    """

    def __init__(self, model: str, *, threads: int | None = None) -> None:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(model)
            self._model = AutoModelForSequenceClassification.from_pretrained(
                model, dtype=torch.float32
            ).eval()
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(
                f"no model {model!r}: neither a directory of Simak's format nor a Hugging Face "
                f"checkpoint that can be loaded ({' '.join(str(error).split())})"
            ) from error
        self._columns = _columns(self._model.config.id2label, model)
        self.version = _version(model, self._model.config)
        self.quality: Mapping[str, Any] = {}

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return one `Tags` per text, in order; equal texts are tagged once."""
        distinct = list(dict.fromkeys(texts))
        readable = [text for text in distinct if text.strip()]
        readable.sort(key=len)
        tags = {text: Tags("neutral", False) for text in distinct}
        for at in range(0, len(readable), _BATCH):
            batch = readable[at : at + _BATCH]
            tags.update(zip(batch, self._predict(batch), strict=True))
        return [tags[text] for text in texts]

    def _predict(self, texts: Sequence[str]) -> list[Tags]:
        clean = [_UNREADABLE.sub(" ", text[:MAX_CHARACTERS]) for text in texts]
        inputs = self._tokenizer(
            clean, padding=True, truncation=True, max_length=_MAX_LENGTH, return_tensors="pt"
        )
        with torch.inference_mode():
            probabilities = self._model(**inputs).logits.softmax(-1)
        return [
            self._tags(text, row) for text, row in zip(texts, probabilities.tolist(), strict=True)
        ]

    def _tags(self, text: str, probabilities: Sequence[float]) -> Tags:
        scores = dict.fromkeys(SENTIMENTS, 0.0)
        for sentiment, value in zip(self._columns, probabilities, strict=True):
            scores[sentiment] += value
        scores = {name: round(value, 4) for name, value in scores.items()}
        sentiment = max(scores, key=lambda name: scores[name])
        return Tags(sentiment, sentiment == "negative", language=detect(text), scores=scores)


def _columns(labels: Mapping[int, str], model: str) -> list[str]:
    """Return the sentiment of each column of the classifier."""
    columns = []
    for index in range(len(labels)):
        name = re.sub(r"[\s_-]+", " ", labels[index]).strip().lower()
        if name not in KNOWN_LABELS:
            raise ConfigurationError(
                f"the model {model!r} has a label {labels[index]!r}, which is not known as a "
                f"sentiment; set id2label in its config.json to {', '.join(SENTIMENTS)}"
            )
        columns.append(KNOWN_LABELS[name])
    if not {"negative", "positive"} <= set(columns):
        raise ConfigurationError(f"the model {model!r} has no label for negative or for positive")
    return columns


def _version(model: str, config: object) -> str:
    """Name the weights: the hub's commit where there is one, else the files' sizes and times."""
    commit = getattr(config, "_commit_hash", None)
    if commit is None:
        stats = [(path.name, path.stat()) for path in sorted(Path(model).glob("*.*"))]
        seen = repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
        commit = hashlib.sha256(seen.encode()).hexdigest()
    return f"{os.path.basename(model.rstrip('/'))}-{commit[:12]}"  # noqa: PTH119
