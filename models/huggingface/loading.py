"""Loads a checkpoint through transformers, and says which kind it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from simak.errors import ConfigurationError
from simak.label_map import LabelMap

SEQUENCE, TOKEN = "ForSequenceClassification", "ForTokenClassification"
"""How the architectures that can be read end, as a checkpoint's own config names them."""

_MAX_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint in memory.

    Attributes:
        name: the directory or id it was loaded by.
        kind: `SEQUENCE` or `TOKEN`.
        labels: of its columns, in order.
        tokenizer, network: as transformers gives them.
        max_length: the most tokens it is given of a text.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    tokenizer: Any
    network: Any
    max_length: int

    def encode(self, *texts: Sequence[str], **options: Any) -> Any:
        """Return the tokens of one or two lists of texts, padded to the longest; the first cut."""
        return self.tokenizer(
            *texts,
            padding=True,
            truncation="only_first",
            max_length=self.max_length,
            return_tensors="pt",
            **options,
        )

    def logits(self, inputs: Any) -> torch.Tensor:
        """Return what the network makes of tokens, (B, L); (B, T, L) of a token checkpoint."""
        with torch.inference_mode():
            logits: torch.Tensor = self.network(**inputs.to(self.network.device)).logits
        return logits.cpu()


def load_checkpoint(model: str) -> Checkpoint:
    """Return a checkpoint, ready to be read with: on a GPU where this process has one.

    Args:
        model: a directory, or an id that transformers can find.

    Raises:
        ConfigurationError: it cannot be loaded, or is of a kind that gives no labels.
    """
    from transformers import (
        AutoConfig,
        AutoModelForSequenceClassification,
        AutoModelForTokenClassification,
        AutoTokenizer,
    )

    loaders = {SEQUENCE: AutoModelForSequenceClassification, TOKEN: AutoModelForTokenClassification}
    try:
        config = AutoConfig.from_pretrained(model)
        names = config.architectures or []
        kind = next((kind for kind in loaders if any(name.endswith(kind) for name in names)), None)
        if kind is None:
            raise ConfigurationError(
                f"the model {model!r} is a {', '.join(names) or 'checkpoint of no named kind'}, "
                f"which gives no labels; one that ends in {SEQUENCE} or {TOKEN} is needed"
            )
        tokenizer = AutoTokenizer.from_pretrained(model)
        network = loaders[kind].from_pretrained(model, dtype=torch.float32).eval()
        network.to("cuda" if torch.cuda.is_available() else "cpu")
    except (OSError, ValueError, ImportError, RuntimeError, SafetensorError) as error:
        raise ConfigurationError(
            f"no model {model!r}: neither a directory of Simak's format nor a Hugging Face "
            f"checkpoint that can be loaded ({' '.join(str(error).split())})"
        ) from error
    if tokenizer.pad_token is None:
        raise ConfigurationError(
            f"the tokenizer of the model {model!r} names no pad_token, without which texts cannot "
            "be put side by side; set one in its tokenizer_config.json"
        )
    labels = tuple(config.id2label[index] for index in range(len(config.id2label)))
    length = min(_MAX_LENGTH, tokenizer.model_max_length)
    return Checkpoint(model, kind, labels, tokenizer, network, length)


def version_of(checkpoint: Checkpoint, labels: LabelMap) -> str:
    """Name the weights and what their labels stand for.

    The weights go by the hub's commit where there is one, else by the files' sizes and times.
    """
    from transformers.utils.hub import cached_file, extract_commit_hash

    weights = extract_commit_hash(cached_file(checkpoint.name, "config.json"), None)
    if weights is None:
        files = [(path.name, path.stat()) for path in sorted(Path(checkpoint.name).glob("*.*"))]
        weights = _digest([(name, stat.st_size, stat.st_mtime_ns) for name, stat in files])
    name = os.path.basename(checkpoint.name.rstrip("/"))  # noqa: PTH119
    version = f"{name}-{weights[:12]}"
    return f"{version}+{_digest(sorted(labels.items(), key=str))[:8]}" if labels else version


def _digest(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()
