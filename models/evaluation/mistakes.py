"""The decisions a model was surest of and wrong about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from models.evaluation.breakdown import Answer
from models.labels import SENTIMENTS, TOUCHPOINTS
from models.training.rows import UNLABELLED

WORST = 20

ABSENT = "absent"
"""What is true of, or said of, a touchpoint that is not there."""


def worst_mistakes(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Return the worst wrong decision of each of the twenty texts where it is worst.

    A decision is the worse the more probable the model held what is wrong: a sentiment that is
    not the text's, a touchpoint that is not there; or the less probable a touchpoint that is.

    Returns:
        Of each `set`, `text`, `head` (`sentiment` or `touchpoints`), `label` (the touchpoint's
        id, or `sentiment`), `truth` and `said` (a sentiment or polarity, or `absent`), and
        `score`, the probability given to the sentiment said, or to the touchpoint.
    """
    ranked = sorted(
        (mistake for answer in answers for mistake in _mistakes(answer)),
        key=lambda mistake: -mistake[0],
    )
    first: dict[str, dict[str, Any]] = {}
    for _wrongness, mistake in ranked:
        first.setdefault(mistake["text"], mistake)
    return list(first.values())[:WORST]


def _mistakes(answer: Answer) -> Iterator[tuple[float, dict[str, Any]]]:
    row, tags = answer.row, answer.tags
    about = {"set": answer.set, "text": row.text}
    score = tags.scores.get(tags.sentiment)
    if score is not None and row.sentiment not in (UNLABELLED, SENTIMENTS.index(tags.sentiment)):
        wrong = {
            "label": "sentiment",
            "truth": SENTIMENTS[row.sentiment],
            "said": tags.sentiment,
            "score": score,
        }
        yield score, about | {"head": "sentiment"} | wrong
    true = dict(row.touchpoints)
    for name in TOUCHPOINTS:
        score = tags.scores.get(name) if name in row.known else None
        if score is None or (name in true) == (name in tags.touchpoints):
            continue
        wrong = {
            "label": name,
            "truth": true.get(name) or ABSENT,
            "said": tags.touchpoints[name].polarity if name in tags.touchpoints else ABSENT,
            "score": score,
        }
        yield (1 - score if name in true else score), about | {"head": "touchpoints"} | wrong
