"""The network: one shared encoder, one attention pool a label, linear heads.

Torch lives here and in `models.training`; tagging runs the exported ONNX file without it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS


class Outputs(NamedTuple):
    """Logits of a batch of B texts of T tokens.

    Attributes:
        sentiment: (B, 3).
        complaint: (B,).
        presence: (B, 19), of each touchpoint.
        polarity: (B, 19, 3), of each touchpoint, were it there.
        signals: (B, 6).
        evidence: (B, 19, T), the part of `presence` that each token's state brings.
        states: (B, T, H), the encoder's token states.
    """

    sentiment: Tensor
    complaint: Tensor
    presence: Tensor
    polarity: Tensor
    signals: Tensor
    evidence: Tensor
    states: Tensor


class Network(nn.Module):
    """Encoder and heads.

    Each touchpoint, each signal, the complaint and the sentiment has a learned query of its own
    that pools the token states by attention; what it finds is joined by the mean of all states.
    A touchpoint's logit is linear in the pooled state, so that the contribution of each token
    is exact and names the evidence.

    Args:
        encoder: a transformers encoder whose output has `last_hidden_state` (B, T, H).
        hidden: H.
        dropout: on the token states, in training.
    """

    encoder: Any

    def __init__(self, encoder: nn.Module, hidden: int, dropout: float = 0.1) -> None:
        super().__init__()
        touchpoints, signals = len(TOUCHPOINTS), len(SIGNALS)
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        # Queries in the order sentiment, complaint, touchpoints, signals.
        self.queries = nn.Linear(hidden, 2 + touchpoints + signals, bias=False)
        nn.init.normal_(self.queries.weight, std=0.02)
        self.sentiment = nn.Linear(2 * hidden, len(SENTIMENTS))
        self.complaint = nn.Linear(2 * hidden, 1)
        self.presence = nn.Parameter(torch.zeros(touchpoints, hidden))
        self.presence_mean = nn.Linear(hidden, touchpoints)
        self.polarity = nn.Linear(2 * hidden, len(SENTIMENTS))
        self.polarity_own = nn.Parameter(torch.zeros(touchpoints, len(SENTIMENTS), hidden))
        self.signal = nn.Parameter(torch.zeros(signals, hidden))
        self.signal_mean = nn.Linear(hidden, signals)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Outputs:
        """Return the logits of a padded batch; both arguments are (B, T) integers."""
        return self.read(self.states(input_ids, attention_mask), attention_mask)

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the encoder's token states, (B, T, H)."""
        output = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        states: Tensor = output.last_hidden_state
        return states

    def read(self, states: Tensor, attention_mask: Tensor) -> Outputs:
        """Return what the heads read from token states (B, T, H)."""
        states = self.dropout(states)
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        scores = self.queries(states).masked_fill(mask == 0, -1e4)
        weights = scores.softmax(1).transpose(1, 2)  # (B, queries, T)
        pooled = weights @ states  # (B, queries, H)
        touchpoints = len(TOUCHPOINTS)
        found = pooled[:, 2 : 2 + touchpoints]
        signals = pooled[:, 2 + touchpoints :]
        with_mean = torch.cat([found, mean.unsqueeze(1).expand_as(found)], dim=-1)
        values = self.presence @ states.transpose(1, 2)  # (B, touchpoints, T)
        evidence = weights[:, 2 : 2 + touchpoints] * values
        return Outputs(
            self.sentiment(torch.cat([pooled[:, 0], mean], dim=-1)),
            self.complaint(torch.cat([pooled[:, 1], mean], dim=-1)).squeeze(-1),
            evidence.sum(-1) + self.presence_mean(mean),
            self.polarity(with_mean) + torch.einsum("bth,tph->btp", found, self.polarity_own),
            (signals * self.signal).sum(-1) + self.signal_mean(mean),
            evidence,
            states,
        )
