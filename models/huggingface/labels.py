"""What the labels of a checkpoint stand for: those that are known, and those a person has named."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from simak.errors import ConfigurationError
from simak.label_map import IGNORE, SENTIMENT, LabelMap, Meaning

KNOWN_LABELS: Mapping[str, str] = {
    "negative": "negative",
    "neg": "negative",
    "negatif": "negative",
    "very negative": "negative",
    "1 star": "negative",
    "2 stars": "negative",
    "neutral": "neutral",
    "neu": "neutral",
    "netral": "neutral",
    "3 stars": "neutral",
    "positive": "positive",
    "pos": "positive",
    "positif": "positive",
    "very positive": "positive",
    "4 stars": "positive",
    "5 stars": "positive",
}
"""What published checkpoints call their sentiments, in lower case, and which that is.

Touchpoints and signals are not among them: `trust` of an emotion model is no touchpoint.
"""


def meanings_of(labels: Sequence[str], given: LabelMap, model: str) -> tuple[Meaning, ...]:
    """Return what each label stands for: what was given, else what is known.

    Args:
        labels: of the checkpoint, in the order of its columns.
        given: what a person says of them.
        model: for the error.

    Raises:
        ConfigurationError: a label is neither given nor known, or what is given is no label of
            the checkpoint's; names them all.

    Example:
        >>> [one.name for one in meanings_of(["NEG", "4 stars"], {}, "mine")]
        ['negative', 'positive']
    """
    strange = [label for label in given if label not in labels]
    if strange:
        raise ConfigurationError(
            f"[model.labels] names {_listed(strange)}, which the model {model!r} does not have; "
            f"its labels are {_listed(labels)}"
        )
    meanings = [given.get(label) or _known(label) for label in labels]
    unknown = [label for label, one in zip(labels, meanings, strict=True) if one is None]
    if unknown:
        raise ConfigurationError(
            f"the model {model!r} has labels that Simak does not know: {_listed(unknown)}; say in "
            f"simak.toml, under [model.labels], what each stands for: {_quoted(unknown[0])} = "
            '"negative", or another sentiment, "complaint", a touchpoint such as "delivery" or '
            '"delivery:negative", a signal such as "no_reply", or "ignore"'
        )
    return tuple(one for one in meanings if one is not None)


def check_sentiment(meanings: Sequence[Meaning], deciding: Sequence[Meaning], model: str) -> None:
    """Make sure that a checkpoint with a sentiment can say negative and positive.

    Args:
        meanings: of all labels.
        deciding: those that the sentiment is taken from.
        model: for the error.

    Raises:
        ConfigurationError: one of the two is missing, or all labels are ignored.
    """
    if all(one.kind == IGNORE for one in meanings):
        raise ConfigurationError(
            f"all labels of the model {model!r} are ignored: nothing is left that it could say"
        )
    missing = {"negative", "positive"} - {one.polarity for one in deciding}
    if missing and any(one.kind == SENTIMENT for one in meanings):
        raise ConfigurationError(
            f"the model {model!r} has no label for {' or for '.join(sorted(missing))}: a "
            "sentiment needs both negative and positive"
        )


def _known(label: str) -> Meaning | None:
    sentiment = KNOWN_LABELS.get(re.sub(r"[\s_-]+", " ", label).strip().lower())
    return None if sentiment is None else Meaning(SENTIMENT, sentiment, sentiment)


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(_quoted(label) for label in labels)


def _quoted(label: str) -> str:
    return json.dumps(label, ensure_ascii=False)
