"""A Hugging Face checkpoint behind the tagger's contract, through transformers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from models.huggingface.loading import TOKEN, Checkpoint, load_checkpoint, version_of
from models.huggingface.reading import Reader, tags_of
from models.huggingface.sequence import SequenceReader
from models.huggingface.tokens import TokenReader
from models.huggingface.zero_shot import ZeroShotReader, entailment_column
from models.normalise import MAX_CHARACTERS
from simak.label_map import LabelMap
from simak.tags import Tags

_BATCH = 32
_UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")


class HuggingFaceTagger:
    """Tags with a checkpoint of any kind that gives labels; its own config says which.

    A classifier of tokens is read by `TokenReader`, one of sequences by `ZeroShotReader` where it
    has a label for entailment, else by `SequenceReader`.

    Args:
        model: a directory, or an id that `transformers` can find.
        labels: what its labels stand for, as far as `KNOWN_LABELS` does not say it; of a model
            for zero-shot classification, the sentences it is asked about.
        threads: of torch; None leaves torch's own.

    Raises:
        ConfigurationError: it cannot be loaded, or what it says cannot be told in Simak's terms.
    """

    def __init__(self, model: str, labels: LabelMap, *, threads: int | None = None) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        checkpoint = load_checkpoint(model)
        self._reader = _reader(checkpoint, labels)
        self.version = version_of(checkpoint, labels)
        self.quality: Mapping[str, Any] = {}

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return one `Tags` per text, in order; equal texts are tagged once."""
        # One character for one, so that spans point into the text as it was given.
        clean = {text: _UNREADABLE.sub(" ", text[:MAX_CHARACTERS]) for text in texts}
        tags = {text: Tags("neutral", False) for text in clean}
        readable = sorted((text for text in clean if clean[text].strip()), key=len)
        for at in range(0, len(readable), _BATCH):
            batch = readable[at : at + _BATCH]
            readings = self._reader.read([clean[text] for text in batch])
            for text, reading in zip(batch, readings, strict=True):
                tags[text] = tags_of(text, reading)
        return [tags[text] for text in texts]


def _reader(checkpoint: Checkpoint, labels: LabelMap) -> Reader:
    if checkpoint.kind == TOKEN:
        return TokenReader(checkpoint, labels)
    if entailment_column(checkpoint.labels) is not None:
        return ZeroShotReader(checkpoint, labels)
    return SequenceReader(checkpoint, labels)
