"""The loss of a batch: one term a head, rows without a label left out of it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.network import Outputs
from models.training.batches import Batch, flat

SMOOTHING = 0.05
SHARES = {"sentiment": 1.0, "complaint": 0.6, "presence": 0.5, "polarity": 0.8, "signals": 0.3}
"""How much each head's mean loss counts; those of multi-label heads are sums over labels."""

LABELS_SHARE = 0.5
"""How much the labels count where there is a teacher, who counts 1."""


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
    if batch.teaching.shape[1]:
        taught = _taught(flat(outputs), batch.teaching)
        terms = {name: LABELS_SHARE * term + taught[name] for name, term in terms.items()}
    return torch.stack([SHARES[name] * term for name, term in terms.items()]).sum()


def positive_weights(labels: Tensor, most: float) -> Tensor:
    """Return sqrt(absent / present) of each column of (N, L) labels, in [1, most]."""
    present = (labels == 1).sum(0).clamp(min=1)
    absent = (labels == 0).sum(0)
    return (absent / present).sqrt().clamp(1.0, most)


def _taught(student: Tensor, teacher: Tensor) -> dict[str, Tensor]:
    """Return each head's distance from the teacher (Hinton et al. 2015, at temperature 1).

    A polarity counts as far as the teacher holds its touchpoint to be there.

    Args:
        student, teacher: (B, 86), as `batches.flat` lays them.
    """
    sizes = [3, 1, len(TOUCHPOINTS), 3 * len(TOUCHPOINTS), len(SIGNALS)]
    mine, theirs = torch.split(student, sizes, dim=1), torch.split(teacher, sizes, dim=1)
    there = theirs[2].sigmoid()
    soft = theirs[3].reshape(-1, len(SENTIMENTS)).softmax(-1)
    each = functional.cross_entropy(mine[3].reshape(-1, len(SENTIMENTS)), soft, reduction="none")

    def flags(head: int) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(
            mine[head], theirs[head].sigmoid(), reduction="none"
        )
        return losses.sum(1).mean()

    return {
        "sentiment": functional.cross_entropy(mine[0], theirs[0].softmax(-1)),
        "complaint": flags(1),
        "presence": flags(2),
        "polarity": (each * there.flatten()).sum() / there.sum().clamp(min=1.0),
        "signals": flags(4),
    }


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
