"""What the labels of another model stand for: the values of `[model.labels]` in the settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from simak.errors import ConfigurationError
from simak.tags import SENTIMENTS, SIGNALS

SENTIMENT, COMPLAINT, TOUCHPOINT, SIGNAL, IGNORE = (
    "sentiment",
    "complaint",
    "touchpoint",
    "signal",
    "ignore",
)
"""The kinds of a meaning."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one label stands for.

    Attributes:
        kind: `SENTIMENT`, `COMPLAINT`, `TOUCHPOINT`, `SIGNAL` or `IGNORE`.
        name: the sentiment, the touchpoint's id or the signal; the kind itself of the other two.
        polarity: the one of `SENTIMENTS` that it speaks for; None where it speaks for none.
    """

    kind: str
    name: str
    polarity: str | None = None


LabelMap = Mapping[str, Meaning]
"""A checkpoint's label, or a hypothesis put to it, to what it stands for."""


def parse_meaning(value: object, touchpoints: Collection[str]) -> Meaning:
    """Return what a value of the label map says.

    Args:
        value: a sentiment, `complaint`, a touchpoint's id with or without `:` and a polarity, a
            signal, or `ignore`.
        touchpoints: the ids there are.

    Raises:
        ConfigurationError: it is none of these.

    Example:
        >>> parse_meaning("delivery:negative", {"delivery"})
        Meaning(kind='touchpoint', name='delivery', polarity='negative')
        >>> parse_meaning("no_reply", ()).kind
        'signal'
    """
    if value in SENTIMENTS:
        return Meaning(SENTIMENT, str(value), str(value))
    if value == COMPLAINT:
        return Meaning(COMPLAINT, COMPLAINT, "negative")
    if value in SIGNALS:
        return Meaning(SIGNAL, str(value))
    if value == IGNORE:
        return Meaning(IGNORE, IGNORE)
    id, colon, polarity = str(value).partition(":")
    if id in touchpoints and (not colon or polarity in SENTIMENTS):
        return Meaning(TOUCHPOINT, id, polarity or None)
    raise ConfigurationError(
        f"{value!r} is nothing that a label can stand for; write a sentiment "
        f"({', '.join(SENTIMENTS)}), complaint, a touchpoint ({', '.join(touchpoints)}) alone or "
        f"with its polarity (delivery:negative), a signal ({', '.join(SIGNALS)}), or ignore"
    )
