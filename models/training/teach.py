"""What a trained network says of every training row, for a student to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from models.encoding import encode
from models.training.batches import Teaching, flat, pad
from models.training.rows import Row
from models.training.train import Prepared

_BATCH = 64


@torch.no_grad()
def teach(prepared: Prepared, rows: Sequence[Row], max_length: int) -> Teaching:
    """Return the logits that the network gives each text, all heads of every row.

    A row that was labelled for one head alone so teaches the student all of them.

    Args:
        prepared: the trained network.
        rows: of the training.
        max_length: tokens read of a text.
    """
    network = prepared.network.eval()
    texts = list(dict.fromkeys(row.text for row in rows))
    encoded = encode(prepared.vocabulary, texts, max_length)
    order = sorted(range(len(texts)), key=lambda index: len(encoded[index].ids))
    teaching: dict[str, torch.Tensor] = {}
    for at in range(0, len(order), _BATCH):
        group = order[at : at + _BATCH]
        ids, mask = pad([encoded[index].ids for index in group], prepared.pad_id)
        logits = flat(network(ids, mask))
        teaching.update((texts[index], one) for index, one in zip(group, logits, strict=True))
    return teaching
