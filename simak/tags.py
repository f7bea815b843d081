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


def least_sure(scores: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the label that a model is least sure of and its margin; None without scores.

    The margin is P(first) − P(second) of the two likeliest answers: of the three sentiments, and
    of yes and no for everything else. The probabilities are the calibrated ones, so the margin is
    smallest where either answer is as likely as the other, whatever threshold the tag was given by.

    Args:
        scores: `Tags.scores`.

    Returns:
        `sentiment` or another key of `scores`, and a margin in [0, 1].

    Example:
        >>> least_sure({"negative": 0.2, "neutral": 0.1, "positive": 0.7, "delivery": 0.625})
        ('delivery', 0.25)
    """
    margins = {name: abs(2 * score - 1) for name, score in scores.items() if name not in SENTIMENTS}
    second, first = sorted(scores.get(name, 0.0) for name in SENTIMENTS)[1:]
    if first:
        margins["sentiment"] = first - second
    return min(margins.items(), key=lambda item: item[1]) if margins else None


def uncertainty(scores: Mapping[str, float]) -> float:
    """Return how unsure a model is of a text: one minus the margin of its least sure label.

    Margin sampling (Scheffer et al. 2001; Settles 2009, "Active Learning Literature Survey",
    section 3.1), over many labels by the least sure of them (BinMin: Brinker 2006, "On Active
    Learning in Multi-label Classification").

    Returns:
        0 (sure of everything) to 1, to four decimals; 0 without scores, which doubt nothing.

    Example:
        >>> uncertainty({"negative": 0.2, "neutral": 0.1, "positive": 0.7, "delivery": 0.625})
        0.75
    """
    found = least_sure(scores)
    return 0.0 if found is None else round(1 - found[1], 4)


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
