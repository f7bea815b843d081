"""Rows into padded tensors, in batches of similar length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer as Vocabulary
from torch import Tensor

from models.encoding import encode
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.training.rows import UNLABELLED, Row

_POOL = 50
"""Batches sorted by length at a time: little padding, yet mixed data sets in a batch."""


class Batch(NamedTuple):
    """B rows of T tokens; `UNLABELLED` stands where a label is not known.

    Attributes:
        input_ids, attention_mask: (B, T).
        weight: (B,).
        sentiment, complaint: (B,).
        presence, polarity: (B, 19).
        signals: (B, 6).
    """

    input_ids: Tensor
    attention_mask: Tensor
    weight: Tensor
    sentiment: Tensor
    complaint: Tensor
    presence: Tensor
    polarity: Tensor
    signals: Tensor


def batches(
    rows: Sequence[Row],
    vocabulary: Vocabulary,
    pad_id: int,
    size: int,
    max_length: int,
) -> list[Batch]:
    """Return the rows as batches, in an order that depends on the rows alone."""
    encoded = encode(vocabulary, [row.text for row in rows], max_length)
    result: list[Batch] = []
    generator = random.Random(len(rows))
    for pool in range(0, len(rows), _POOL * size):
        indices = list(range(pool, min(pool + _POOL * size, len(rows))))
        indices.sort(key=lambda index: len(encoded[index].ids))
        groups = [indices[at : at + size] for at in range(0, len(indices), size)]
        generator.shuffle(groups)
        result += [
            collate([rows[i] for i in group], [encoded[i].ids for i in group], pad_id)
            for group in groups
        ]
    return result


def collate(
    rows: Sequence[Row],
    ids: Sequence[Sequence[int]],
    pad_id: int,
) -> Batch:
    """Pad token ids to the longest and set the labels beside them."""
    input_ids, attention_mask = pad(ids, pad_id)
    return Batch(
        input_ids,
        attention_mask,
        torch.tensor([row.weight for row in rows]),
        torch.tensor([row.sentiment for row in rows]),
        torch.tensor([row.complaint for row in rows]),
        torch.tensor([list(_presence(row)) for row in rows]),
        torch.tensor([list(_polarity(row)) for row in rows]),
        torch.tensor([_signals(row) for row in rows]),
    )


def pad(ids: Sequence[Sequence[int]], pad_id: int) -> tuple[Tensor, Tensor]:
    """Return token ids and attention mask, both (B, T)."""
    width = max(len(one) for one in ids)
    return (
        torch.tensor([[*one, *[pad_id] * (width - len(one))] for one in ids]),
        torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in ids]),
    )


def _presence(row: Row) -> Iterator[int]:
    present = {name for name, _polarity in row.touchpoints}
    for name in TOUCHPOINTS:
        yield int(name in present) if name in row.known else UNLABELLED


def _polarity(row: Row) -> Iterator[int]:
    polarities = dict(row.touchpoints)
    for name in TOUCHPOINTS:
        polarity = polarities.get(name)
        yield SENTIMENTS.index(polarity) if polarity is not None else UNLABELLED


def _signals(row: Row) -> list[int]:
    if row.signals is None:
        return [UNLABELLED] * len(SIGNALS)
    return [int(name in row.signals) for name in SIGNALS]
