"""What the model, or a person, says about one text.

The vocabulary is that of the annotation guidelines: a sentiment, whether there is a complaint,
the touchpoints with their polarity, and signals. Both a tag and a correction are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SENTIMENTS = ("negative", "neutral", "positive")
"""The values of a sentiment and of a touchpoint's polarity, in the order of every array."""

SIGNALS = ("switching", "advocacy", "broken_promise", "high_effort", "no_reply", "anxiety")

LANGUAGES = ("id", "en", "jv", "su", "ms", "mixed", "unknown")


@dataclass(frozen=True, slots=True)
class TouchpointTag:
    """One touchpoint a text speaks of.

    Attributes:
        polarity: one of `SENTIMENTS`.
        score: probability in [0, 1] that the touchpoint is mentioned.
        span: [start, end) in characters of the text that speak for it, or None.
    """

    polarity: str
    score: float = 1.0
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """All labels of one text.

    Attributes:
        sentiment: one of `SENTIMENTS`.
        complaint: whether any dissatisfaction is expressed.
        touchpoints: touchpoint id to `TouchpointTag`, in the order of the taxonomy.
        signals: a subset of `SIGNALS`, in its order.
        language: one of `LANGUAGES`.
        scores: probability of each sentiment, of `complaint`, of each touchpoint id and signal.

    Example:
        >>> tags = Tags("negative", True, {"delivery": TouchpointTag("negative")})
        >>> tags.record("r1")["touchpoints"]
        {'delivery': 'negative'}
    """

    sentiment: str
    complaint: bool
    touchpoints: Mapping[str, TouchpointTag] = field(default_factory=dict)
    signals: tuple[str, ...] = ()
    language: str = "unknown"
    scores: Mapping[str, float] = field(default_factory=dict)

    def record(self, id: str) -> dict[str, Any]:
        """Return the record of the annotation guidelines plus language, scores and evidence."""
        return {
            "id": id,
            "sentiment": self.sentiment,
            "complaint": self.complaint,
            "touchpoints": {name: tag.polarity for name, tag in self.touchpoints.items()},
            "signals": list(self.signals),
            "language": self.language,
            "scores": {name: round(float(score), 4) for name, score in self.scores.items()},
            "evidence": {
                name: list(tag.span)
                for name, tag in self.touchpoints.items()
                if tag.span is not None
            },
        }
