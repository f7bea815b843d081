from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models.adapt.features import Features, Reading, read
from models.adapt.fitting import fit
from models.adapt.linear import Linear, read_linear
from models.adapt.signs import signs_of
from models.package import read_package
from models.runtime import Runtime

TEXTS = [
    "barang bagus sekali, awet dipakai",
    "pengiriman lama banget lama banget",
    "the box was crushed 🥲",
    "kecewa",
    "besok toko buka jam berapa",
]


@pytest.fixture(scope="module")
def runtime(tiny_model: Path) -> Runtime:
    return Runtime(tiny_model, read_package(tiny_model).max_length)


@pytest.fixture(scope="module")
def readings(runtime: Runtime) -> list[Reading]:
    return [one for one in read(runtime, TEXTS) if one is not None]


@pytest.fixture(scope="module")
def head(readings: list[Reading]) -> Linear:
    features = Features(readings, readings[:3])
    random = np.random.default_rng(1)
    size = features.matrix(readings).shape[1]
    return features.head(random.normal(size=(size, 2)), random.normal(size=2))


def test_a_head_says_what_its_features_say(readings: list[Reading]) -> None:
    features = Features(readings, readings[:3])
    matrix = features.matrix(readings)
    random = np.random.default_rng(2)
    weights, bias = random.normal(size=(matrix.shape[1], 3)), random.normal(size=3)
    made = features.head(weights, bias)
    for row, one in zip(matrix, readings, strict=True):
        assert made.logits(one.pieces, one.grams, one.mean) == pytest.approx(
            row @ weights + bias, abs=1e-5
        )


def test_the_tokens_of_a_text_add_up_to_its_logits(
    runtime: Runtime, readings: list[Reading], head: Linear
) -> None:
    for (encoded, logits), one in zip(runtime.run(TEXTS, states=True), readings, strict=True):
        assert logits is not None
        parts = head.parts(signs_of(encoded), logits.states)
        assert parts.shape == (2, len(encoded.ids))
        assert parts.sum(1) + head.bias == pytest.approx(
            head.logits(one.pieces, one.grams, one.mean), abs=1e-5
        )


def test_a_head_comes_back_from_json(readings: list[Reading], head: Linear) -> None:
    back = read_linear(head.record())
    for one in readings:
        assert back.logits(one.pieces, one.grams, one.mean) == pytest.approx(
            head.logits(one.pieces, one.grams, one.mean), rel=1e-4, abs=1e-4
        )


@pytest.mark.parametrize("part", ["states", "centre", "bias"])
def test_a_head_with_a_part_missing_is_refused(head: Linear, part: str) -> None:
    record = head.record()
    record[part] = record[part][:1]
    with pytest.raises(ValueError):
        read_linear(record)
    del record[part]
    with pytest.raises(KeyError):
        read_linear(record)


def test_a_piece_of_no_taught_text_is_no_feature(readings: list[Reading]) -> None:
    few = Features(readings, readings[3:4]).matrix(readings)
    states = len(readings[0].mean)
    assert few.shape[1] == states + len(readings[3].pieces)
    assert (few[2, states:] > 0).sum() == len(readings[2].pieces & readings[3].pieces)
    assert (few[3, states:] > 0).all()


def test_an_n_gram_is_a_feature_where_two_taught_texts_have_it(readings: list[Reading]) -> None:
    taught = readings[:3]
    pieces = set().union(*(one.pieces for one in taught))
    shared = _in_two([one.grams for one in taught])
    assert shared
    size = Features(readings, taught).matrix(readings).shape[1]
    assert size == len(readings[0].mean) + len(pieces) + len(shared)


def test_of_many_texts_what_two_have_is_a_feature_and_no_n_gram(readings: list[Reading]) -> None:
    taught = readings[:3]
    shared = _in_two([one.pieces for one in taught])
    assert shared
    size = Features(readings, taught, many=True).matrix(readings).shape[1]
    assert size == len(readings[0].mean) + len(shared)


def _in_two(texts: list[frozenset[object]]) -> set[object]:
    return {sign for a, b in combinations(texts, 2) for sign in a & b}


def test_signs_lie_on_the_tokens_of_their_words(runtime: Runtime) -> None:
    ((encoded, _),) = runtime.run(["kameranya bagus, KAMERA depan"])
    signs = signs_of(encoded)
    text = encoded.normalised.text
    assert all(
        encoded.offsets[token][0] < encoded.offsets[token][1]
        for tokens in signs.pieces.values()
        for token in tokens
    )

    def said(gram: str) -> list[str]:
        return [text[slice(*encoded.offsets[token])].strip() for token in signs.grams[gram]]

    assert "".join(said(" kame")) == "kameranyakamera"
    assert "".join(said("nya ")) == "kameranya"
    assert "".join(said("epan ")) == "depan"


def _problem(outputs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    features = random.normal(size=(80, 6)).astype(np.float32)
    scores = features @ random.normal(size=(6, outputs)) + random.normal(size=(80, outputs))
    return features, scores, random.uniform(0.5, 2.0, size=80)


def test_flags_are_fitted_as_by_logistic_regression() -> None:
    features, scores, weights = _problem(1)
    truth = (scores > 0.3).astype(float)
    w, b = fit(features, truth, weights, l2=0.5)
    same = LogisticRegression(C=2.0, tol=1e-8).fit(features, truth[:, 0], weights)
    assert w[:, 0] == pytest.approx(same.coef_[0], abs=2e-3)
    assert b == pytest.approx(same.intercept_, abs=2e-3)


def test_choices_are_fitted_as_by_multinomial_regression() -> None:
    features, scores, weights = _problem(3)
    chosen = scores.argmax(1)
    w, b = fit(features, np.eye(3)[chosen], weights, l2=0.5, exclusive=True)
    same = LogisticRegression(C=2.0, tol=1e-8).fit(features, chosen, weights)
    said = features @ w + b
    assert said - said.mean(1, keepdims=True) == pytest.approx(
        same.decision_function(features) - same.decision_function(features).mean(1, keepdims=True),
        abs=5e-3,
    )


def test_what_is_right_already_is_left_alone() -> None:
    features, scores, weights = _problem(2)
    sure = 20 * np.sign(scores)
    w, b = fit(features, (scores > 0).astype(float), weights, l2=0.1, offsets=sure)
    assert np.abs(w).max() < 1e-3
    assert np.abs(b).max() < 1e-3
