"""The space that texts are grouped in: what the encoder makes of them, and which words they use.

The encoder was trained on sentiment and touchpoints, so that its states alone also group by how
angry a text is; words alone know no synonym, and a fifth to a third of the texts ends up in one
heap. Half and half the groups are of even size and stay what they are as texts are added, and
their words hold together about as well as those of groups by words alone, which the measure of
it favours (`benchmarks/themes.py`). More weight on the words was better on some sets and worse
on others.
"""

from __future__ import annotations

import io
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.decomposition import PCA, TruncatedSVD

from insights.themes.words import is_name, terms, words_of

Singles = NDArray[np.float32]

AXES = 50
"""Directions of the encoder's states that are kept; all weigh the same then (whitened)."""

WORD_AXES = 100
"""Directions of the words that are kept."""

_VOCABULARY = 4_000
_RARE = 4
"""A term that is in fewer texts is no feature."""

_FREQUENT = 0.2
"""Nor is one that is in a larger part of them."""


@dataclass(frozen=True)
class Space:
    """Where texts lie, D = A + B dimensions.

    Attributes:
        centre: (H,), the mean state.
        axes: (H, A), turns states into as many numbers of equal spread.
        vocabulary: V terms of one or two words.
        word_axes: (V, B), what a term adds, its inverse document frequency included.
    """

    centre: Singles
    axes: Singles
    vocabulary: tuple[str, ...]
    word_axes: Singles

    def features(self, texts: Sequence[str], vectors: Singles) -> Singles:
        """Return where texts lie, (N, D), each at most 1 from the middle.

        Args:
            texts: N texts.
            vectors: (N, H), their mean states.
        """
        states = _unit((vectors - self.centre) @ self.axes)
        return (np.hstack([states, self.words(texts)]) / math.sqrt(2)).astype(np.float32)

    def words(self, texts: Sequence[str]) -> Singles:
        """Return where texts lie by their words alone, (N, B): of length 1, or 0 without any."""
        places = {term: place for place, term in enumerate(self.vocabulary)}
        return _unit(_counted(texts, places) @ self.word_axes).astype(np.float32)

    def to_bytes(self) -> bytes:
        """Return it as it is stored: NumPy arrays, compressed, half as exact."""
        file = io.BytesIO()
        arrays = {
            field.name: getattr(self, field.name).astype(np.float16)
            for field in fields(self)
            if field.name != "vocabulary"
        }
        words = np.frombuffer(json.dumps(self.vocabulary).encode(), np.uint8)
        np.savez_compressed(file, vocabulary=words, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Space:
        """Return what `to_bytes` has stored."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            words = tuple(json.loads(arrays["vocabulary"].tobytes()))
            centre, axes, word_axes = (
                arrays[name].astype(np.float32) for name in ("centre", "axes", "word_axes")
            )
        return cls(centre, axes, words, word_axes)


def fit(texts: Sequence[str], vectors: Singles, brand: str) -> Space:
    """Return the space of these texts.

    Words: TF-IDF with 1 + ln(tf) and smoothed inverse document frequency (Salton and Buckley
    1988), then truncated singular value decomposition (Deerwester et al. 1990, latent semantic
    analysis). States: principal components, whitened.

    Args:
        texts: at least 20.
        vectors: (N, H), their mean states.
        brand: whose name is no word of theirs.
    """
    n = len(texts)
    found = Counter(
        term
        for text in texts
        for term in set(terms(words_of(text), longest=2))
        if not any(is_name(word, brand) for word in term.split())
    )
    least = min(_RARE, max(2, n // 100))
    usual = {term: k for term, k in found.items() if least <= k <= _FREQUENT * n}
    chosen = sorted(sorted(usual, key=lambda term: (-usual[term], term))[:_VOCABULARY])
    rarity = np.array([math.log((1 + n) / (1 + usual[term])) + 1 for term in chosen])
    weighed = _unit_rows(
        _counted(texts, {term: place for place, term in enumerate(chosen)}) * rarity
    )
    kept = min(WORD_AXES, len(chosen) - 1)
    components = (
        TruncatedSVD(kept, random_state=0).fit(weighed).components_
        if kept > 0
        else np.zeros((0, len(chosen)))
    )
    centre = vectors.mean(axis=0)
    pca = PCA(min(AXES, n // 10, vectors.shape[1]), svd_solver="covariance_eigh")
    pca.fit(vectors - centre)
    axes = pca.components_.T / np.sqrt(np.maximum(pca.explained_variance_, 1e-9))
    return Space(
        centre.astype(np.float32),
        axes.astype(np.float32),
        tuple(chosen),
        (rarity[:, None] * components.T).astype(np.float32),
    )


def _counted(texts: Sequence[str], places: dict[str, int]) -> csr_array:
    """Return 1 + ln of how often each term is in each text, (N, V)."""
    data, columns, ends = [], [], [0]
    for text in texts:
        counts = Counter(term for term in terms(words_of(text), longest=2) if term in places)
        data += [1 + math.log(k) for k in counts.values()]
        columns += [places[term] for term in counts]
        ends.append(len(columns))
    shape = (len(texts), len(places))
    return csr_array((np.array(data, float), np.array(columns, int), np.array(ends)), shape=shape)


def _unit_rows(matrix: csr_array) -> csr_array:
    lengths = np.sqrt((matrix * matrix).sum(axis=1))
    return csr_array(matrix / np.maximum(lengths, 1e-9)[:, None])


def _unit(rows: NDArray[np.floating]) -> Singles:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Singles = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
