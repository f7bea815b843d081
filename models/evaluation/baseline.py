"""What the model has to beat: TF-IDF and linear classifiers on the same training rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.normalise import normalise
from models.package import Calibration
from models.probabilities import sigmoid
from models.training.calibrate import best_threshold
from models.training.rows import Row
from simak.tags import Tags, TouchpointTag

_FLAGS = ("complaint", *TOUCHPOINTS, *SIGNALS)
_FEWEST = 5


class Baseline:
    """Words (1-2) and characters (2-5) weighed by TF-IDF, a linear SVM a label.

    Row weights, the rows each label is known of and the choice of thresholds are those of the
    model. A touchpoint's polarity has a classifier of its own; where it was seen with one
    polarity alone, the text's sentiment stands in.

    Args:
        train: the rows that the model is trained on.
        validation: the rows its thresholds are chosen on.
    """

    version = "tf-idf-linear"
    quality: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, train: Sequence[Row], validation: Sequence[Row]) -> None:
        self._features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
        )
        matrix = self._features.fit_transform([normalise(row.text).text for row in train])
        weight = np.array([row.weight for row in train])
        self._sentiment = _fit(matrix, np.array([row.sentiment for row in train]), weight)
        self._flags = {
            name: _fit(matrix, np.array([_flag(row, name) for row in train]), weight)
            for name in _FLAGS
        }
        self._polarity = {
            name: _fit(matrix, np.array([_polarity(row, name) for row in train]), weight)
            for name in TOUCHPOINTS
        }
        scores = self._scores([row.text for row in validation])
        truth = np.array([[_flag(row, name) for name in _FLAGS] for row in validation], float)
        self._thresholds: dict[str, float] = {}
        for head in (("complaint",), TOUCHPOINTS, SIGNALS):
            columns = [_FLAGS.index(name) for name in head]
            best = best_threshold(scores[:, columns], truth[:, columns])
            self._thresholds.update(dict.fromkeys(head, best))

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return one `Tags` per text, in order."""
        matrix = self._matrix(texts)
        sentiment = self._sentiment.predict(matrix)
        scores = self._scores(texts)
        polarity = {
            name: classifier.predict(matrix) if classifier is not None else sentiment
            for name, classifier in self._polarity.items()
        }
        result = []
        for row in range(len(texts)):
            given = {
                name: float(score)
                for name, score in zip(_FLAGS, scores[row], strict=True)
                if score >= self._thresholds[name]
            }
            touchpoints = {
                name: TouchpointTag(SENTIMENTS[polarity[name][row]], given[name])
                for name in TOUCHPOINTS
                if name in given
            }
            signals = tuple(name for name in SIGNALS if name in given)
            result.append(
                Tags(SENTIMENTS[sentiment[row]], "complaint" in given, touchpoints, signals)
            )
        return result

    def _matrix(self, texts: Sequence[str]) -> csr_matrix:
        return self._features.transform([normalise(text).text for text in texts])

    def _scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        matrix = self._matrix(texts)
        columns = [
            np.zeros(len(texts))  # a label too rare to learn is never given
            if classifier is None
            else sigmoid(classifier.decision_function(matrix), Calibration(2.0))
            for classifier in self._flags.values()
        ]
        return np.array(columns).T


def _fit(matrix: csr_matrix, labels: NDArray[np.integer], weight: NDArray[np.floating]) -> Any:
    """Return a classifier fitted to the labelled rows, None where one label alone is common."""
    rows = np.flatnonzero(labels >= 0)
    counts = np.unique(labels[rows], return_counts=True)[1]
    if (counts >= _FEWEST).sum() < 2:
        return None
    return LinearSVC(C=0.5).fit(matrix[rows], labels[rows], sample_weight=weight[rows])


def _flag(row: Row, name: str) -> int:
    if name == "complaint":
        return row.complaint
    if name in SIGNALS:
        return -1 if row.signals is None else int(name in row.signals)
    return int(name in dict(row.touchpoints)) if name in row.known else -1


def _polarity(row: Row, name: str) -> int:
    polarity = dict(row.touchpoints).get(name)
    return SENTIMENTS.index(polarity) if polarity is not None else -1
