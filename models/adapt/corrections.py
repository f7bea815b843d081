"""Fits what is added to the shipped logits, so that the model learns from people's corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, expit, softmax

from models.adapt.background import Background
from models.adapt.features import Features, Reading
from models.adapt.fitting import fit
from models.adapt.heads import HEADS
from models.adapt.linear import Floats, Linear, Singles
from models.labels import SENTIMENTS, TOUCHPOINTS
from models.package import Calibration, Package
from models.training.rows import Row

_L2 = 1e-3
_FOLDS = 4


@dataclass(frozen=True)
class Lesson:
    """What corrected texts say of one head.

    Attributes:
        contradicted: in how many of them people say something else than the shipped head.
        head: what is to be added to its logits; None where nobody contradicts it.
        chance: how often as many would be better told, of those told otherwise, were better and
            worse equally likely (sign test). By cross-validation: each text is told by what was
            learned from others. 1 where nobody contradicts the head.
    """

    contradicted: int
    head: Linear | None
    chance: float


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
    every = [*readings, *background.readings]
    matrix = features.matrix(every)
    texts = [*rows, *background.rows]
    lessons = {}
    for name in HEADS:
        cases = _Cases(name, texts, every, len(rows), package)
        if not cases.contradicted:
            lessons[name] = Lesson(0, None, 1.0)
            continue
        weights, bias = cases.fit(matrix)
        # The tagger adds it to logits that are not calibrated yet.
        head = features.head(weights / cases.scale, bias / cases.scale)
        lessons[name] = Lesson(cases.contradicted, head, cases.chance(matrix))
    return lessons


class _Cases:
    """All that one head has to judge: each text, or for the polarity each of its touchpoints.

    Args:
        name: of the head.
        rows, readings: of the texts, the corrected ones first.
        corrected: how many they are.
        package: the model.
    """

    def __init__(
        self,
        name: str,
        rows: Sequence[Row],
        readings: Sequence[Reading],
        corrected: int,
        package: Package,
    ) -> None:
        self._head = HEADS[name]
        # The largest of exclusive ones is given: they have no thresholds.
        labels = () if self._head.exclusive else self._head.labels
        self._thresholds = [package.thresholds[label] for label in labels]
        calibration = package.calibration.get(name, Calibration())
        self.scale = calibration.scale
        cases = list(_cases(name, rows, readings))
        self._places = np.array([place for place, _logits, _truth in cases], int)
        said = np.array([logits for _place, logits, _truth in cases], float)
        self._said: Floats = said * calibration.scale + calibration.shift
        self._truth = np.array([truth for _place, _logits, truth in cases])
        self._corrected = self._places < corrected
        wrong = (self._truth != self._given(self._said)) & self._corrected[:, None]
        self.contradicted = len(set(self._places[wrong.any(1)]))
        if self._head.exclusive:
            wrong = wrong.any(1, keepdims=True)
        now = softmax(self._said, axis=1) if self._head.exclusive else expit(self._said)
        self._targets: Floats = np.where(wrong, self._truth, now)

    def fit(self, matrix: Singles, fold: int | None = None) -> tuple[Floats, Floats]:
        """Return weights and biases of what is added to the calibrated logits.

        Args:
            matrix: the features of the texts.
            fold: of the corrected texts that are not learned from; None for none.
        """
        used = ~self._corrected | (self._places % _FOLDS != fold)
        corrected = self._corrected[used]
        return fit(
            matrix[self._places[used]],
            self._targets[used],
            np.where(corrected, 1 / max(corrected.sum(), 1), 1 / max((~corrected).sum(), 1)),
            l2=_L2,
            offsets=self._said[used],
            exclusive=self._head.exclusive,
        )

    def chance(self, matrix: Singles) -> float:
        """Return `Lesson.chance`."""
        better = worse = 0
        for fold in range(_FOLDS):
            judged = self._corrected & (self._places % _FOLDS == fold)
            weights, bias = self.fit(matrix, fold)
            said = self._said[judged]
            now = said + matrix[self._places[judged]] @ weights + bias
            truth = self._truth[judged]
            fewer = (self._given(said) != truth).sum(1) - (self._given(now) != truth).sum(1)
            better += int((fewer > 0).sum())
            worse += int((fewer < 0).sum())
        return float(bdtrc(better - 1, better + worse, 0.5))

    def _given(self, logits: Floats) -> NDArray[np.bool_]:
        """Return what the model gives at calibrated logits, (N, K)."""
        given: NDArray[np.bool_]
        if self._head.exclusive:
            given = np.arange(logits.shape[1]) == logits.argmax(1)[:, None]
        else:
            given = expit(logits) >= self._thresholds
        return given


def _cases(
    name: str, rows: Sequence[Row], readings: Sequence[Reading]
) -> Iterator[tuple[int, Floats, list[bool]]]:
    """Yield the place of the text, the K shipped logits and the truth of each case."""
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
