from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.checkpoint import load_tagger
from simak.errors import ConfigurationError
from simak.label_map import LabelMap, parse_meaning
from simak.tags import Tags
from simak.taxonomy import load_taxonomy
from tests.models.checkpoints import TOKEN, checkpoint

LABELS = ["O", "B-LATE", "I-LATE", "B-COURIER", "I-COURIER", "PRICE"]
MAP = {"LATE": "delivery:negative", "COURIER": "place_staff:positive", "PRICE": "price"}
SPEAKS = {
    "pengirim": "B-LATE",
    "lam": "I-LATE",
    "kurir": "B-COURIER",
    "ramah": "I-COURIER",
    "harga": "PRICE",
    "##an": "PRICE",  # within a word nothing follows from it
}


def label_map(labels: dict[str, str]) -> LabelMap:
    return {label: parse_meaning(value, load_taxonomy().ids) for label, value in labels.items()}


def evidence(text: str, tags: Tags) -> dict[str, tuple[str, str]]:
    """Touchpoint to its polarity and the words that speak for it."""
    return {
        name: (tag.polarity, text[slice(*tag.span)] if tag.span else "")
        for name, tag in tags.touchpoints.items()
    }


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A checkpoint in which each word of `SPEAKS` has its label and all others have none."""
    speaks = dict.fromkeys(("sekali", "barang", "bagus", "dan", "kecewa", "[UNK]", ",", "."), "O")
    return checkpoint(tmp_path_factory.mktemp("wired"), TOKEN, LABELS, speaks=speaks | SPEAKS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pengiriman lambat", {"delivery": ("negative", "pengiriman lambat")}),
        ("Barang bagus, PENGIRIMAN  lambat!", {"delivery": ("negative", "PENGIRIMAN  lambat")}),
        (
            "🚚🏽 kurir ramah dan pengiriman",
            {"delivery": ("negative", "pengiriman"), "place_staff": ("positive", "kurir ramah")},
        ),
        ("kurir\ud800ramah", {"place_staff": ("positive", "kurir\ud800ramah")}),
        ("kurir\n\n kurir ramah", {"place_staff": ("positive", "kurir")}),
        ("lambat dan lambat", {"delivery": ("negative", "lambat")}),
        ("barang bagus", {}),
        ("…", {}),
    ],
)
def test_spans_hold_the_words_as_they_were_written(
    wired: str, text: str, expected: dict[str, tuple[str, str]]
) -> None:
    (tags,) = load_tagger(wired, labels=label_map(MAP)).predict([text])
    assert evidence(text, tags) == expected


def test_without_a_polarity_the_sentiment_of_the_text_is_taken(wired: str) -> None:
    tagger = load_tagger(wired, labels=label_map(MAP))
    alone, bad, good = tagger.predict(["harga", "harga dan lambat", "harga dan ramah"])
    assert alone.touchpoints["price"].polarity == alone.sentiment == "neutral"
    assert bad.touchpoints["price"].polarity == bad.sentiment == "negative"
    assert good.touchpoints["price"].polarity == good.sentiment == "positive"
    assert (alone.complaint, bad.complaint, good.complaint) == (False, True, False)


def test_without_any_polarity_all_is_neutral(wired: str) -> None:
    labels = label_map({"LATE": "delivery", "COURIER": "ignore", "PRICE": "price"})
    (tags,) = load_tagger(wired, labels=labels).predict(["pengiriman lambat, kurir ramah"])
    assert {name: tag.polarity for name, tag in tags.touchpoints.items()} == {"delivery": "neutral"}
    assert (tags.sentiment, tags.complaint, set(tags.scores)) == (
        "neutral",
        False,
        {"delivery", "price"},
    )


def test_words_can_speak_for_sentiments_complaints_and_signals(wired: str) -> None:
    labels = {"LATE": "negative", "COURIER": "positive", "PRICE": "no_reply"}
    tagger = load_tagger(wired, labels=label_map(labels))
    low, high, both, none = tagger.predict(
        ["lambat sekali", "kurir ramah", "lambat, kurir ramah, harga", "barang"]
    )
    assert [one.sentiment for one in (low, high, both, none)] == [
        "negative", "positive", "neutral", "neutral"
    ]  # fmt: skip
    assert (low.complaint, high.complaint) == (True, False)
    assert (both.signals, none.signals) == (("no_reply",), ())
    complaining = load_tagger(wired, labels=label_map(labels | {"PRICE": "complaint"}))
    assert [one.complaint for one in complaining.predict(["ramah, harga", "lambat"])] == [
        True,
        False,
    ]


def test_the_surest_of_several_places_is_the_evidence(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, TOKEN, ["O", "B-D", "I-D"], seed=3)
    text = "kurir ramah barang bagus dan harga mahal kecewa puas tidak sekali lambat"
    spans = grouped(model, text)
    assert len(spans) > 1
    best = max(spans, key=lambda one: one["score"])
    (tags,) = load_tagger(model, labels=label_map({"D": "delivery"})).predict([text])
    assert tags.touchpoints["delivery"].span == (best["start"], best["end"])


def grouped(model: str, text: str) -> list[dict[str, Any]]:
    """The spans of transformers' own pipeline."""
    from transformers import pipeline

    spans = pipeline("token-classification", model=model, aggregation_strategy="first")(text)
    return [one for one in spans if one["entity_group"] != "O"]


@pytest.mark.parametrize("seed", range(4))
def test_spans_are_those_of_the_pipeline(tmp_path: Path, seed: int) -> None:
    ids = ("delivery", "price", "payment")
    labels = ["O", "B-delivery", "I-delivery", "B-price", "I-price", "payment"]
    model = checkpoint(tmp_path, TOKEN, labels, seed=seed)
    texts = [
        "pengiriman lambat sekali, harga mahal!",
        "Kurir tidak ramah. Kecewa sekali dan kecewa.",
        "kkee barang bagus puas harga 100 rb lambat",
    ]
    said = load_tagger(model, labels=label_map({id: id for id in ids})).predict(texts)
    for text, tags in zip(texts, said, strict=True):
        spans = grouped(model, text)
        assert set(tags.touchpoints) == {one["entity_group"] for one in spans}
        for name, tag in tags.touchpoints.items():
            own = [one for one in spans if one["entity_group"] == name]
            best = max(own, key=lambda one: one["score"])
            assert tag.span == (best["start"], best["end"])
            assert tag.score >= round(float(best["score"]), 4)
    assert any(tags.touchpoints for tags in said)


def test_a_tokenizer_that_does_not_split_at_spaces_still_gives_words(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    model = checkpoint(tmp_path, TOKEN, ["O", "B-D"], speaks={})
    pieces = ["[PAD]", "[UNK]", " kurir", "kurir", " la", "m", " k", "k"]
    scores = [0.0, -20.0, *(-1.0 for _ in pieces[2:])]
    plain = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=1))
    PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(tmp_path)
    _speak(model, pieces.index(" la"))
    text = "kurir  lam k"
    (tags,) = load_tagger(model, labels=label_map({"D": "delivery:negative"})).predict([text])
    assert evidence(text, tags) == {"delivery": ("negative", "lam")}


def _speak(model: str, token: int) -> None:
    """Let one token of a wired checkpoint speak for its second column, all others for the first."""
    from transformers import AutoModelForTokenClassification

    network = AutoModelForTokenClassification.from_pretrained(model)
    weights = network.bert.embeddings.word_embeddings.weight.data
    weights.zero_()
    weights[:, 0] = 1.0
    weights[token, 0], weights[token, 1] = 0.0, 1.0
    network.save_pretrained(model)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, 'does not know: "LATE", "COURIER", "PRICE"'),
        (MAP | {"B-LATE": "delivery"}, 'names "B-LATE", which'),
        (MAP | {"LATE": "negative"}, "no label for positive: "),
        (dict.fromkeys(MAP, "ignore"), "are ignored"),
    ],
)
def test_labels_that_do_not_tell_are_refused(
    wired: str, given: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_tagger(wired, labels=label_map(given))
