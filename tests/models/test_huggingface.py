from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.checkpoint import load_tagger
from simak.errors import ConfigurationError
from simak.tags import SENTIMENTS
from tests.models.conftest import save_tokenizer

TEXTS = ["barang bagus", "kecewa berat dengan pengiriman", "mantap", "great", "jam berapa"]


def checkpoint(directory: Path, labels: list[str]) -> str:
    """A random two-layer classifier with the labels given, as Hugging Face saves it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=save_tokenizer(directory, TEXTS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        pad_token_id=1,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(directory)
    return str(directory)


def test_checkpoint_gives_sentiment_alone(tmp_path: Path) -> None:
    tagger = load_tagger(checkpoint(tmp_path, ["Positive", "NEUTRAL", "neg"]))
    texts = [*TEXTS, "", "  ", "mantap", "\ud800\x00", "x" * 1_000_000]
    tags = tagger.predict(texts)
    assert len(tags) == len(texts)
    for tag in tags:
        assert tag.sentiment in SENTIMENTS
        assert tag.complaint == (tag.sentiment == "negative")
        assert (dict(tag.touchpoints), tag.signals) == ({}, ())
    assert set(tags[0].scores) == set(SENTIMENTS)
    assert (tags[5].sentiment, tags[6].sentiment) == ("neutral", "neutral")
    assert tags[2] == tags[7]
    assert tags[2].language == "id"


def test_columns_follow_the_labels(tmp_path: Path) -> None:
    forward = load_tagger(checkpoint(tmp_path, ["negative", "neutral", "positive"]))
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {"0": "positive", "1": "neutral", "2": "negative"}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    backward = load_tagger(str(tmp_path))
    for one, other in zip(forward.predict(TEXTS), backward.predict(TEXTS), strict=True):
        assert one.scores["negative"] == pytest.approx(other.scores["positive"], abs=1e-4)
        assert one.scores["neutral"] == pytest.approx(other.scores["neutral"], abs=1e-4)


def test_stars_are_read_as_sentiments(tmp_path: Path) -> None:
    labels = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
    tags = load_tagger(checkpoint(tmp_path, labels)).predict(TEXTS)
    assert all(sum(tag.scores.values()) == pytest.approx(1.0, abs=1e-3) for tag in tags)


def test_version_names_the_weights(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    model = checkpoint(tmp_path / "one", ["negative", "positive"])
    assert load_tagger(model).version == load_tagger(model).version
    assert load_tagger(model).version.startswith("one-")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["LABEL_0", "LABEL_1", "LABEL_2"], "a label 'LABEL_0', which is not known"),
        (["joy", "anger"], "a label 'joy', which is not known"),
        (["neutral", "positive"], "no label for negative"),
    ],
)
def test_labels_that_are_no_sentiments_are_refused(
    tmp_path: Path, labels: list[str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_tagger(checkpoint(tmp_path, labels))
