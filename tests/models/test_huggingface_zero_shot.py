from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import load_tagger
from simak.errors import ConfigurationError
from simak.label_map import LabelMap, parse_meaning
from simak.tags import SENTIMENTS
from simak.taxonomy import load_taxonomy
from tests.models.checkpoints import SEQUENCE, checkpoint

TEXTS = [
    "barang bagus",
    "kecewa dan pengiriman lambat sekali",
    "puas",
    "harga mahal, kurir ramah!",
    "kurir tidak ramah. kecewa sekali",
    "barang tidak bagus",
]
SENTENCES = {
    "pengiriman lambat": "delivery:negative",
    "harga mahal": "price:negative",
    "kurir ramah": "place_staff:positive",
    "tidak sekali": "no_reply",
    "barang": "product_quality",
}
FEELINGS = {"kecewa": "negative", "kecewa sekali": "negative", "puas": "positive", "dan": "neutral"}
ORDERS = [
    ["contradiction", "neutral", "entailment"],
    ["ENTAILMENT", "NEUTRAL", "CONTRADICTION"],
    ["entailment", "not_entailment"],
]


def label_map(sentences: dict[str, str]) -> LabelMap:
    return {one: parse_meaning(value, load_taxonomy().ids) for one, value in sentences.items()}


def entailed(model: str, sentences: dict[str, str], *, alone: bool) -> list[dict[str, float]]:
    """The probability of each sentence, as transformers' own pipeline gives it."""
    from transformers import pipeline

    told = pipeline("zero-shot-classification", model=model)(
        TEXTS, list(sentences), hypothesis_template="{}", multi_label=alone
    )
    return [dict(zip(one["labels"], one["scores"], strict=True)) for one in told]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_sentences_are_said_as_the_pipeline_says_them(tmp_path: Path, order: list[str]) -> None:
    model = checkpoint(tmp_path, SEQUENCE, order, seed=5)
    said = load_tagger(model, labels=label_map(SENTENCES | FEELINGS)).predict(TEXTS)
    given = set()
    for tags, share in zip(said, entailed(model, SENTENCES, alone=True), strict=True):
        for sentence, value in SENTENCES.items():
            name, _, polarity = value.partition(":")
            assert tags.scores[name] == pytest.approx(share[sentence], abs=1e-4)
            here = name in tags.touchpoints or name in tags.signals
            assert here == (share[sentence] >= 0.5)
            if name in tags.touchpoints:
                assert tags.touchpoints[name].polarity == (polarity or tags.sentiment)
                assert tags.touchpoints[name].span is None
            given.add(here)
    assert given == {True, False}  # else this shows nothing


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_sentiments_are_compared_with_each_other_alone(tmp_path: Path, order: list[str]) -> None:
    model = checkpoint(tmp_path, SEQUENCE, order, seed=5)
    said = load_tagger(model, labels=label_map(SENTENCES | FEELINGS)).predict(TEXTS)
    for tags, share in zip(said, entailed(model, FEELINGS, alone=False), strict=True):
        expected = {
            name: sum(share[one] for one, value in FEELINGS.items() if value == name)
            for name in SENTIMENTS
        }
        assert {name: tags.scores[name] for name in SENTIMENTS} == pytest.approx(expected, abs=1e-4)
        assert tags.sentiment == max(expected, key=lambda name: expected[name])
    assert len({tags.sentiment for tags in said}) > 1


def test_contradiction_is_found_by_its_name(tmp_path: Path) -> None:
    order = ["neutral", "entailment", "contradiction"]
    model = checkpoint(tmp_path, SEQUENCE, order, seed=5)
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    network = AutoModelForSequenceClassification.from_pretrained(model).eval()
    logits = network(**tokenizer(["puas"], ["harga mahal"], return_tensors="pt")).logits[0]
    _, entailment, contradiction = logits.double().tolist()
    (tags,) = load_tagger(model, labels=label_map({"harga mahal": "price"})).predict(["puas"])
    expected = 1.0 / (1.0 + np.exp(contradiction - entailment))
    assert tags.scores["price"] == pytest.approx(expected, abs=1e-4)


def test_without_sentiments_the_polarities_decide(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, ORDERS[0], seed=5)
    labels = label_map({"harga mahal": "price:negative", "puas": "delivery:positive"})
    for tags in load_tagger(model, labels=labels).predict(TEXTS):
        n, p = tags.scores["price"], tags.scores["delivery"]
        assert tags.scores["negative"] == pytest.approx(n * (1 - p), abs=2e-4)
        assert tags.scores["positive"] == pytest.approx(p * (1 - n), abs=2e-4)


def test_a_long_text_is_cut_and_never_the_sentence(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, ORDERS[0], speaks={"puas": "entailment"})
    long = "kurir " * 99
    labels = label_map({f"{long}puas": "price", f"{long}mahal": "delivery"})
    (tags,) = load_tagger(model, labels=labels).predict(["kecewa " * 500])
    assert tags.scores["delivery"] == 0.5
    assert tags.scores["price"] > 0.8


@pytest.mark.parametrize(
    ("labels", "sentences", "message"),
    [
        (ORDERS[0], {}, 'write some under .* "Pengiriman lambat." = "delivery:negative"'),
        (ORDERS[0], {"puas": "positive"}, "no label for negative: "),
        (ORDERS[0], {"puas": "positive", "lambat": "delivery:negative"}, "no label for negative: "),
        (ORDERS[0], {"puas": "ignore"}, "are ignored"),
        (ORDERS[0], {"puas " * 130: "price"}, "leaves no room for a text; shorten it"),
        (["entailment", "neutral", "other"], {"puas": "price"}, "no label for contradiction"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, labels: list[str], sentences: dict[str, str], message: str
) -> None:
    model = checkpoint(tmp_path, SEQUENCE, labels)
    with pytest.raises(ConfigurationError, match=message):
        load_tagger(model, labels=label_map(sentences))
