"""What a checkpoint says of one text, in Simak's terms, and the tags that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.labels import TOUCHPOINTS
from models.language import detect
from simak.label_map import COMPLAINT, IGNORE, SENTIMENT, SIGNAL, TOUCHPOINT, Meaning
from simak.tags import SENTIMENTS, SIGNALS, Tags, TouchpointTag

SAID_FROM = 0.5
"""The probability from which a label that stands for itself is said."""

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """A label that a text was given.

    Attributes:
        meaning: what it stands for.
        score: its probability.
        span: [start, end) in characters of the text, or None.
    """

    meaning: Meaning
    score: float
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a checkpoint says of one text.

    Attributes:
        said: the labels it was given.
        scores: probability of `complaint`, each touchpoint and signal that a label stands for,
            and of each sentiment where labels speak for one.
    """

    said: Sequence[Said]
    scores: Mapping[str, float]


class Reader(Protocol):
    """Reads texts with one kind of checkpoint."""

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading per text, in order; no text is blank."""
        ...


def deciding(meanings: Iterable[Meaning]) -> list[Meaning]:
    """Return those that tell the sentiment of a text whose labels do not exclude each other.

    They are the sentiments; where there are none, all that have a polarity.
    """
    polar = [one for one in meanings if one.polarity is not None]
    return [one for one in polar if one.kind == SENTIMENT] or polar


def exclusive_sentiment(labels: Iterable[tuple[Meaning, float]]) -> dict[str, float]:
    """Return the probability of each sentiment from labels of which a text has exactly one.

    Args:
        labels: each label and its probability, which add up to 1. A label without a polarity
            counts as neutral.

    Returns:
        Nothing where no label has a polarity.

    Example:
        >>> exclusive_sentiment([(Meaning("sentiment", "negative", "negative"), 0.25),
        ...                      (Meaning("ignore", "ignore"), 0.75)])
        {'negative': 0.25, 'neutral': 0.75, 'positive': 0.0}
    """
    labels = list(labels)
    if all(meaning.polarity is None for meaning, _value in labels):
        return {}
    result = dict.fromkeys(SENTIMENTS, 0.0)
    for meaning, value in labels:
        result[meaning.polarity or "neutral"] += value
    return result


def independent_sentiment(labels: Iterable[tuple[Meaning, float]]) -> dict[str, float]:
    """Return the probability of each sentiment from labels that each stand for themselves.

    With n and p the highest probability of a negative and of a positive label, taken to be
    independent: negative is n (1 - p), positive p (1 - n), and neutral, which is both or
    neither, the rest; or the highest of a neutral label, where that is more. They are then
    scaled to add up to 1.

    Args:
        labels: each label and its probability; those of `deciding` count.

    Returns:
        Nothing where no label has a polarity.

    Example:
        >>> independent_sentiment([(Meaning("touchpoint", "price", "negative"), 0.75)])
        {'negative': 0.75, 'neutral': 0.25, 'positive': 0.0}
    """
    labels = list(labels)
    counting = deciding(meaning for meaning, _value in labels)
    if not counting:
        return {}
    highest = dict.fromkeys(SENTIMENTS, 0.0)
    for meaning, value in labels:
        if meaning.polarity is not None and meaning in counting:
            highest[meaning.polarity] = max(highest[meaning.polarity], value)
    n, p = highest["negative"], highest["positive"]
    neutral = max(highest["neutral"], n * p + (1.0 - n) * (1.0 - p))
    parts = {"negative": n * (1.0 - p), "neutral": neutral, "positive": p * (1.0 - n)}
    total = sum(parts.values())
    return {name: part / total for name, part in parts.items()}


def flag_scores(
    labels: Iterable[tuple[Meaning, float]], merge: Callable[[float, float], float]
) -> dict[str, float]:
    """Return the probability of `complaint` and of each touchpoint and signal.

    Args:
        labels: each label and its probability.
        merge: makes one of the probabilities of two labels that stand for the same.

    Example:
        >>> flag_scores([(Meaning("signal", "anxiety"), 0.25)] * 2, max)
        {'anxiety': 0.25}
    """
    scores: dict[str, float] = {}
    for meaning, value in labels:
        if meaning.kind not in (SENTIMENT, IGNORE):
            known = scores.get(meaning.name)
            scores[meaning.name] = value if known is None else merge(known, value)
    return scores


def is_said(probability: float) -> bool:
    """Return whether a label is said: what is shown, rounded, is what is compared."""
    return round(probability, _DECIMALS) >= SAID_FROM


def tags_of(text: str, reading: Reading) -> Tags:
    """Return the tags that a reading comes to.

    A text without a sentiment is neutral. A touchpoint whose labels name no polarity takes that
    of the text's sentiment. A complaint is what a label calls one, a negative touchpoint, and,
    where no label stands for a complaint, a negative sentiment.
    """
    scores = {name: round(value, _DECIMALS) for name, value in reading.scores.items()}
    sentiment = max(SENTIMENTS, key=lambda name: scores.get(name, float(name == "neutral")))
    touchpoints = {}
    for name in _touchpoints(reading.said):
        labels = [
            one
            for one in reading.said
            if one.meaning.kind == TOUCHPOINT and one.meaning.name == name
        ]
        best = max(labels, key=lambda one: (one.meaning.polarity is not None, one.score))
        touchpoints[name] = TouchpointTag(
            best.meaning.polarity or sentiment, scores[name], best.span
        )
    complaint = (
        any(one.meaning.kind == COMPLAINT for one in reading.said)
        or any(tag.polarity == "negative" for tag in touchpoints.values())
        or (COMPLAINT not in scores and sentiment == "negative")
    )
    signals = {one.meaning.name for one in reading.said if one.meaning.kind == SIGNAL}
    return Tags(
        sentiment,
        complaint,
        touchpoints,
        tuple(name for name in SIGNALS if name in signals),
        detect(text),
        scores,
    )


def _touchpoints(said: Iterable[Said]) -> list[str]:
    """Return the ids of the touchpoints said: in the taxonomy's order, others after them."""
    names = dict.fromkeys(one.meaning.name for one in said if one.meaning.kind == TOUCHPOINT)
    place = {name: at for at, name in enumerate(TOUCHPOINTS)}
    return sorted(names, key=lambda name: place.get(name, len(place)))
