"""Where a model is good and where it is not: by language, source and length."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.evaluation.metrics import head_metrics, labelled
from models.language import detect
from models.training.rows import Row
from simak.tags import LANGUAGES, Tags

LENGTHS = ((5, "<= 5"), (20, "6-20"), (60, "21-60"), (math.inf, "> 60"))
"""The most words of a text of each class of lengths."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tagger said of one labelled text.

    Attributes:
        set: the name of the text's set.
        language: the text's true language, "" where nobody said.
    """

    set: str
    row: Row
    language: str
    tags: Tags


def breakdown(answers: Sequence[Answer], heads: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return sentiment macro-F1 and touchpoint micro-F1 of each language, source and length.

    Args:
        answers: of all sets.
        heads: those of the model.

    Returns:
        `language`, `source` and `length`, each a list of `group`, `sentiment`, `sentiment_n`,
        `touchpoints`, `touchpoints_n`; a figure is None where no row is labelled for it or the
        model lacks the head. A text's language is the true one where known, else the one
        detected; its length is in words.
    """
    groups = {
        "language": _groups(answers, lambda one: one.language or one.tags.language, LANGUAGES),
        "source": _groups(answers, lambda one: one.row.source, _frequent(answers)),
        "length": _groups(answers, _length, [name for _most, name in LENGTHS]),
    }
    return {
        name: [_figures(group, members, heads) for group, members in found.items()]
        for name, found in groups.items()
    }


def languages_detected(answers: Iterable[Answer]) -> dict[str, dict[str, Any]]:
    """Return, for each language that rows are known to be in, what was detected.

    Returns:
        True language to `n` and `detected`: language to its share, the largest first.
    """
    found: dict[str, Counter[str]] = {}
    for answer in answers:
        if answer.language:
            found.setdefault(answer.language, Counter())[detect(answer.row.text)] += 1
    return {
        language: {
            "n": counts.total(),
            "detected": {name: n / counts.total() for name, n in counts.most_common()},
        }
        for language, counts in found.items()
    }


def _groups(
    answers: Sequence[Answer], group: Callable[[Answer], str], order: Iterable[str]
) -> dict[str, list[Answer]]:
    members: dict[str, list[Answer]] = {}
    for answer in answers:
        members.setdefault(group(answer), []).append(answer)
    return {name: members[name] for name in order if name in members}


def _figures(group: str, answers: Sequence[Answer], heads: Sequence[str]) -> dict[str, Any]:
    rows = [answer.row for answer in answers]
    figures = head_metrics(rows, [answer.tags for answer in answers])
    result: dict[str, Any] = {"group": group}
    for head in ("sentiment", "touchpoints"):
        value = figures.get(head, math.nan) if head in heads else math.nan
        result[head] = None if math.isnan(value) else value
        result[f"{head}_n"] = sum(labelled(head, row) for row in rows)
    return result


def _length(answer: Answer) -> str:
    words = len(answer.row.text.split())
    return next(name for most, name in LENGTHS if words <= most)


def _frequent(answers: Sequence[Answer]) -> list[str]:
    return [name for name, _n in Counter(answer.row.source for answer in answers).most_common()]
