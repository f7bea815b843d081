"""Fits what is added to the shipped logits, so that the model learns from people's corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, softmax

from models.adapt.background import Background
from models.adapt.features import Features, Reading
from models.adapt.fitting import fit
from models.adapt.heads import HEADS
from models.adapt.linear import Floats, Linear
from models.labels import SENTIMENTS, TOUCHPOINTS
from models.package import Calibration, Package
from models.training.rows import Row

_L2 = 1e-3


@dataclass(frozen=True)
class Lesson:
    """What corrected texts say of one head.

    Attributes:
        contradicted: in how many of them people say something else than the shipped head.
        head: what is to be added to its logits; None where nobody contradicts it.
    """

    contradicted: int
    head: Linear | None


def fit_heads(
    rows: Sequence[Row], readings: Sequence[Reading], background: Background, package: Package
) -> dict[str, Lesson]:
    """Return what corrected texts teach each of `HEADS`.

    Logistic regression that starts from the shipped logits. Where people contradict the model,
    what they say is to be learned. Wherever they agree with it, and on the texts written for the
    project, which weigh as much as all corrections together, what the model says now is to stay
    (Li and Hoiem 2017, Learning without Forgetting). An L2 penalty draws the rest to nothing.

    Args:
        rows: corrected texts, labelled for every head.
        readings: of the same texts.
        background: less the corrected texts.
        package: the model.
    """
    features = Features(background.readings, readings, many=True)
    texts = [*rows, *background.rows]
    every = [*readings, *background.readings]
    matrix = features.matrix(every)
    lessons = {}
    for name, head in HEADS.items():
        cases = list(_cases(name, texts, every))
        places = np.array([place for place, _logits, _truth in cases], int)
        truth = np.array([truth for _place, _logits, truth in cases])
        calibration = package.calibration.get(name, Calibration())
        said = np.array([logits for _place, logits, _truth in cases], float)
        said = said * calibration.scale + calibration.shift
        now = softmax(said, axis=1) if head.exclusive else expit(said)
        taught = places < len(rows)
        differs = (truth != _given(name, now, package)) & taught[:, None]
        contradicted = len(set(places[differs.any(1)]))
        if not contradicted:
            lessons[name] = Lesson(0, None)
            continue
        if head.exclusive:
            differs = differs.any(1, keepdims=True)
        weights = np.where(taught, 1 / taught.sum(), 1 / max((~taught).sum(), 1))
        targets = np.where(differs, truth, now)
        found, bias = fit(
            matrix[places], targets, weights, l2=_L2, offsets=said, exclusive=head.exclusive
        )
        # The tagger adds it to logits that are not calibrated yet.
        added = features.head(found / calibration.scale, bias / calibration.scale)
        lessons[name] = Lesson(contradicted, added)
    return lessons


def _cases(
    name: str, rows: Sequence[Row], readings: Sequence[Reading]
) -> Iterator[tuple[int, Floats, list[bool]]]:
    """Yield the place of a text, the K shipped logits and the truth of all there is to judge.

    That is each text, or for the polarity each of its touchpoints.
    """
    head = HEADS[name]
    for place, (row, reading) in enumerate(zip(rows, readings, strict=True)):
        logits = np.atleast_1d(getattr(reading.logits, head.field))
        if name == "touchpoints_polarity":
            for touchpoint, polarity in row.touchpoints:
                truth = [polarity == label for label in SENTIMENTS]
                yield place, logits[TOUCHPOINTS.index(touchpoint)], truth
            continue
        given = {
            "sentiment": (SENTIMENTS[row.sentiment],),
            "complaint": ("complaint",) if row.complaint == 1 else (),
            "touchpoints": dict(row.touchpoints),
            "signals": row.signals or (),
        }[name]
        yield place, logits, [label in given for label in head.labels]


def _given(name: str, now: Floats, package: Package) -> Floats:
    """Return what the model gives at probabilities, (N, K) of 0 and 1."""
    head = HEADS[name]
    if head.exclusive:
        chosen: Floats = np.eye(len(head.labels))[now.argmax(1)]
        return chosen
    thresholds = np.array([package.thresholds[label] for label in head.labels])
    return (now >= thresholds).astype(float)
