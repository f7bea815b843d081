"""The loss of a batch: one term a head, rows without a label left out of it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.network import Outputs
from models.training.batches import Batch

SMOOTHING = 0.05
SHARES = {"sentiment": 1.0, "complaint": 0.6, "presence": 0.5, "polarity": 0.8, "signals": 0.3}
"""How much each head's mean loss counts; those of multi-label heads are sums over labels."""


def loss_of(
    outputs: Outputs, batch: Batch, presence_weight: Tensor, signal_weight: Tensor
) -> Tensor:
    """Return the weighted sum of the heads' losses.

    Args:
        outputs: of the network.
        batch: the labels.
        presence_weight: (19,), the weight of a touchpoint that is there.
        signal_weight: (6,), the weight of a signal that is there.
    """
    weight = batch.weight
    terms = {
        "sentiment": _choice(outputs.sentiment, batch.sentiment, weight),
        "complaint": _flags(
            outputs.complaint.unsqueeze(-1), batch.complaint.unsqueeze(-1), weight, torch.ones(1)
        ),
        "presence": _flags(outputs.presence, batch.presence, weight, presence_weight),
        "polarity": _choice(
            outputs.polarity.flatten(0, 1),
            batch.polarity.flatten(),
            weight.unsqueeze(1).expand_as(batch.polarity).flatten(),
        ),
        "signals": _flags(outputs.signals, batch.signals, weight, signal_weight),
    }
    return torch.stack([SHARES[name] * term for name, term in terms.items()]).sum()


def positive_weights(labels: Tensor, most: float) -> Tensor:
    """Return sqrt(absent / present) of each column of (N, L) labels, in [1, most]."""
    present = (labels == 1).sum(0).clamp(min=1)
    absent = (labels == 0).sum(0)
    return (absent / present).sqrt().clamp(1.0, most)


def _choice(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    known = labels >= 0
    losses = functional.cross_entropy(
        logits, labels.clamp(min=0), reduction="none", label_smoothing=SMOOTHING
    )
    weight = weight * known
    return (losses * weight).sum() / weight.sum().clamp(min=1.0)


def _flags(logits: Tensor, labels: Tensor, weight: Tensor, positive: Tensor) -> Tensor:
    known = (labels >= 0).float()
    losses = functional.binary_cross_entropy_with_logits(
        logits, labels.clamp(min=0).float(), reduction="none", pos_weight=positive
    )
    rows = weight * known.amax(-1)
    return (losses * known * weight.unsqueeze(-1)).sum() / rows.sum().clamp(min=1.0)
