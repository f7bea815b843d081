"""All data sets together: what is trained on, what decides thresholds, what only measures."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from models.evaluation.reserved import reserved_keys
from models.training import sources
from models.training.rows import Row, fingerprint, key

HELD_BACK = 400
"""Annotated and authored rows that only ever measure."""

VALIDATION = 500
"""Annotated and authored rows on which thresholds and temperature are chosen."""

SHARES = {"smsa": 0.6, "prdect-id-stars": 0.15, "absa": 0.1, "banking77-intents": 0.06}
"""The share of a data set seen in one epoch; annotated, authored and NusaX rows all are."""

_FREQUENT = 0.05
_MOST_REPEATS = 3.0


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows, dealt out.

    Attributes:
        train: to learn from.
        validation: annotated and authored rows for thresholds and temperature.
        held_back: annotated and authored rows to report on, never to choose by.
        sentiment_sets: name of a public validation set to its rows.
    """

    train: tuple[Row, ...]
    validation: tuple[Row, ...]
    held_back: tuple[Row, ...]
    sentiment_sets: dict[str, tuple[Row, ...]]


def load_corpus(data: Path) -> Corpus:
    """Read every data set and deal the rows to splits by a hash of their text.

    Equal texts, and translations of one text, stand on one side; of equal texts in training
    the one with the better labels is kept. The texts that only ever measure are in none of the
    splits that a model is made from.

    Raises:
        ConfigurationError: a file is missing.
    """
    labelled = sorted(_distinct(sources.annotated(data)), key=lambda row: key(row.text))
    never = reserved_keys()
    held_back = labelled[:HELD_BACK]
    validation = [
        row for row in labelled[HELD_BACK : HELD_BACK + VALIDATION] if key(row.text) not in never
    ]
    sentiment_sets = {
        name: tuple(sources.sentiment(data, f"{name}_valid")) for name in sources.SENTIMENT_SETS
    }
    reserved = [*held_back, *validation, *chain.from_iterable(sentiment_sets.values())]
    texts = {fingerprint(row.text) for row in reserved}
    groups = {row.group for row in reserved if row.group}
    candidates = chain(
        labelled[HELD_BACK + VALIDATION :],
        sources.own_annotated(data),
        sources.own_authored(),
        sources.translated(data),
        *(sources.sentiment(data, f"{name}_train") for name in sources.SENTIMENT_SETS),
        sources.prdect(data),
        sources.absa(data),
        sources.banking(data),
    )
    train = tuple(
        row
        for row in _distinct(candidates)
        if fingerprint(row.text) not in texts
        and row.group not in groups
        and key(row.text) not in never
    )
    return Corpus(train, tuple(validation), tuple(held_back), sentiment_sets)


def epoch_rows(rows: Sequence[Row], seed: int) -> list[Row]:
    """Draw the rows of one epoch: shares of the large sets, rare labels repeated.

    A row is repeated sqrt(0.05 / f) times, at most 3, f being the frequency of its rarest
    touchpoint or signal among fully labelled rows (repeat-factor sampling, Gupta et al. 2019).

    Args:
        rows: of all data sets.
        seed: of the draw.
    """
    generator = random.Random(seed)
    labelled = [row for row in rows if row.signals is not None]
    counts = Counter(label for row in labelled for label in _labels(row))
    drawn: list[Row] = []
    for row in rows:
        if row.signals is not None:
            rarest = min((counts[label] for label in _labels(row)), default=len(labelled))
            repeats = (_FREQUENT * len(labelled) / rarest) ** 0.5
            times = min(max(repeats, 1.0), _MOST_REPEATS)
        else:
            times = _share(row)
        drawn += [row] * (int(times) + (generator.random() < times % 1))
    generator.shuffle(drawn)
    return drawn


def _share(row: Row) -> float:
    if row.source == "smsa":
        return SHARES["smsa"]
    if row.source == "prdect-id":
        return SHARES["prdect-id-stars"]
    if row.source.startswith("absa-"):
        return SHARES["absa"]
    return SHARES["banking77-intents"] if row.source == "banking77" else 1.0


def _labels(row: Row) -> list[str]:
    return [name for name, _polarity in row.touchpoints] + list(row.signals or ())


def _distinct(rows: Iterable[Row]) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(fingerprint(row.text), row)
    return list(first.values())
