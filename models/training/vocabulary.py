"""Trims a multilingual vocabulary to the pieces that Indonesian and English texts use.

Two thirds of a multilingual encoder's weights are embeddings of pieces that never occur in its
texts here. An encoder that is small already is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from tokenizers import Tokenizer as Vocabulary
from torch import nn

from models.encoding import encode

if TYPE_CHECKING:
    from models.training.train import Prepared

PIECES = 32_000
"""The size of a trimmed vocabulary."""

_SMALL_ENOUGH = 40_000


def trim(prepared: Prepared, texts: Sequence[str]) -> None:
    """Cut a Unigram vocabulary to `PIECES`: special ones, those the texts use, then the likeliest.

    Token ids and embedding rows are renumbered together, so that a text whose pieces are all
    kept has the same states as before.

    Args:
        prepared: changed in place.
        texts: texts of the kind the model is for.
    """
    model = json.loads(prepared.vocabulary.to_str())
    if model["model"]["type"] != "Unigram" or len(model["model"]["vocab"]) <= _SMALL_ENOUGH:
        return
    kept = _kept(prepared.vocabulary, model, texts)
    pad_id = kept.index(prepared.pad_id)
    prepared.vocabulary = Vocabulary.from_str(json.dumps(_renumbered(model, kept)))
    prepared.pad_id = pad_id
    encoder = prepared.network.encoder
    table = encoder.get_input_embeddings().weight.detach()
    embedding = nn.Embedding(len(kept), table.shape[1], padding_idx=pad_id)
    embedding.weight.data.copy_(table[torch.tensor(kept)])
    encoder.set_input_embeddings(embedding)
    encoder.config.vocab_size = len(kept)
    encoder.config.pad_token_id = prepared.pad_id


def _kept(vocabulary: Vocabulary, model: dict[str, Any], texts: Sequence[str]) -> list[int]:
    """Return the ids to keep, in their order."""
    pieces: list[tuple[str, float]] = model["model"]["vocab"]
    kept = {token["id"] for token in model["added_tokens"]} | {model["model"]["unk_id"]}
    for encoded in encode(vocabulary, texts, max_length=512):
        kept.update(encoded.ids)
    likeliest = sorted(range(len(pieces)), key=lambda index: -pieces[index][1])
    for index in likeliest:
        if len(kept) >= PIECES:
            break
        kept.add(index)
    return sorted(kept)


def _renumbered(model: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Return a tokenizer's description with the kept pieces alone."""
    new_id = {old: new for new, old in enumerate(kept)}
    pieces = model["model"]["vocab"]
    unigram = {
        **model["model"],
        "vocab": [pieces[index] for index in kept],
        "unk_id": new_id[model["model"]["unk_id"]],
    }
    added = [{**token, "id": new_id[token["id"]]} for token in model["added_tokens"]]
    processor = model["post_processor"]
    if processor is not None:
        processor = dict(processor)
        for name in ("sep", "cls"):
            if name in processor:
                token, old = processor[name]
                processor[name] = [token, new_id[old]]
        if "special_tokens" in processor:
            processor["special_tokens"] = {
                token: {**one, "ids": [new_id[old] for old in one["ids"]]}
                for token, one in processor["special_tokens"].items()
            }
    return {**model, "model": unigram, "added_tokens": added, "post_processor": processor}
