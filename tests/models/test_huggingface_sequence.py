from __future__ import annotations

from pathlib import Path

import pytest

from models.checkpoint import load_tagger
from simak.errors import ConfigurationError
from simak.label_map import LabelMap, parse_meaning
from simak.taxonomy import load_taxonomy
from tests.models.checkpoints import SEQUENCE, checkpoint

TEXTS = ["barang bagus", "kecewa dan pengiriman lambat", "puas", "harga mahal, kurir ramah", "k"]
SEVERAL = "multi_label_classification"


def label_map(**labels: str) -> LabelMap:
    return {label: parse_meaning(value, load_taxonomy().ids) for label, value in labels.items()}


def shares(model: str, texts: list[str]) -> list[dict[str, float]]:
    """The probability of each label, as transformers' own pipeline gives it."""
    from transformers import pipeline

    told = pipeline("text-classification", model=model, top_k=None)(texts)
    return [{one["label"]: one["score"] for one in row} for row in told]


def test_known_labels_need_no_map_and_follow_their_columns(tmp_path: Path) -> None:
    labels = ["Positive", "netral", "NEG"]
    model = checkpoint(tmp_path, SEQUENCE, labels)
    for tags, share in zip(load_tagger(model).predict(TEXTS), shares(model, TEXTS), strict=True):
        for name, label in (("negative", "NEG"), ("neutral", "netral"), ("positive", "Positive")):
            assert tags.scores[name] == pytest.approx(share[label], abs=1e-4)
        assert tags.sentiment == max(tags.scores, key=lambda name: tags.scores[name])


def test_stars_are_read_as_sentiments(tmp_path: Path) -> None:
    labels = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
    model = checkpoint(tmp_path, SEQUENCE, labels)
    for tags, share in zip(load_tagger(model).predict(TEXTS), shares(model, TEXTS), strict=True):
        low = share["1 star"] + share["2 stars"]
        assert tags.scores["negative"] == pytest.approx(low, abs=1e-4)
        assert sum(tags.scores.values()) == pytest.approx(1.0, abs=1e-3)


def test_labels_without_a_name_are_read_through_the_map(tmp_path: Path) -> None:
    speaks = {"kecewa": "LABEL_1", "puas": "LABEL_0"}
    model = checkpoint(tmp_path, SEQUENCE, ["LABEL_0", "LABEL_1"], speaks=speaks)
    with pytest.raises(ConfigurationError, match='does not know: "LABEL_0", "LABEL_1"'):
        load_tagger(model)
    given = label_map(LABEL_0="positive", LABEL_1="negative")
    said = load_tagger(model, labels=given).predict(["kecewa sekali", "puas sekali"])
    assert [tags.sentiment for tags in said] == ["negative", "positive"]
    turned = label_map(LABEL_0="negative", LABEL_1="positive")
    said = load_tagger(model, labels=turned).predict(["kecewa sekali", "puas sekali"])
    assert [tags.sentiment for tags in said] == ["positive", "negative"]


def test_one_of_several_subjects_is_said(tmp_path: Path) -> None:
    labels = ["late", "rude", "fine", "asks", "other"]
    speaks = {"lam": "late", "kurir": "rude", "puas": "fine", "harga": "asks", "dan": "other"}
    model = checkpoint(tmp_path, SEQUENCE, labels, speaks=speaks)
    given = label_map(
        late="delivery:negative", rude="complaint", fine="positive", asks="price", other="ignore"
    )
    late, rude, fine, asks, other = load_tagger(model, labels=given).predict(
        ["lambat", "kurir", "puas", "harga", "dan"]
    )
    assert {name: tag.polarity for name, tag in late.touchpoints.items()} == {
        "delivery": "negative"
    }
    assert (late.sentiment, late.complaint) == ("negative", True)
    assert (rude.sentiment, rude.complaint, dict(rude.touchpoints)) == ("negative", True, {})
    assert (fine.sentiment, fine.complaint) == ("positive", False)
    assert {name: tag.polarity for name, tag in asks.touchpoints.items()} == {"price": "neutral"}
    assert (other.sentiment, other.complaint, dict(other.touchpoints)) == ("neutral", False, {})
    assert set(late.scores) == {"negative", "neutral", "positive", "delivery", "complaint", "price"}


def test_two_labels_of_one_touchpoint_share_its_probability(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, ["late", "prompt", "x"])
    given = label_map(late="delivery:negative", prompt="delivery:positive", x="ignore")
    said = load_tagger(model, labels=given).predict(TEXTS)
    for tags, share in zip(said, shares(model, TEXTS), strict=True):
        assert tags.scores["delivery"] == pytest.approx(share["late"] + share["prompt"], abs=1e-4)


def test_labels_with_a_probability_each_are_said_together(tmp_path: Path) -> None:
    labels = ["late", "quality", "noreply", "neg", "pos"]
    speaks = {"lam": "late", "bagus": "quality", "tidak": "noreply", "kecewa": "neg", "puas": "pos"}
    model = checkpoint(tmp_path, SEQUENCE, labels, speaks=speaks, problem_type=SEVERAL)
    given = label_map(late="delivery:negative", quality="product_quality", noreply="no_reply")
    both, none = load_tagger(model, labels=given).predict(
        ["barang bagus, lambat, tidak puas", "harga mahal"]
    )
    assert {name: tag.polarity for name, tag in both.touchpoints.items()} == {
        "delivery": "negative",
        "product_quality": "positive",
    }
    assert (both.sentiment, both.complaint, both.signals) == ("positive", True, ("no_reply",))
    assert (none.sentiment, none.complaint, none.signals) == ("neutral", False, ())
    assert dict(none.touchpoints) == {}


def test_several_labels_are_said_from_a_half_of_their_own_probability(tmp_path: Path) -> None:
    labels = ["a", "b", "c", "d"]
    model = checkpoint(tmp_path, SEQUENCE, labels, problem_type=SEVERAL)
    ids = ("delivery", "price", "payment")
    given = label_map(a="delivery", b="price", c="payment", d="anxiety")
    said = load_tagger(model, labels=given).predict(TEXTS)
    told = shares(model, TEXTS)
    for tags, share in zip(said, told, strict=True):
        for id, label in zip(ids, labels, strict=False):
            assert tags.scores[id] == pytest.approx(share[label], abs=1e-4)
        assert set(tags.touchpoints) == {
            id for id, label in zip(ids, labels, strict=False) if share[label] >= 0.5
        }
        assert tags.signals == (("anxiety",) if share["d"] >= 0.5 else ())
    assert len({tuple(tags.touchpoints) for tags in said}) > 1  # else this shows nothing


@pytest.mark.parametrize(
    ("labels", "given", "message"),
    [
        (["joy", "anger"], {}, 'does not know: "joy", "anger"'),
        (["neutral", "positive"], {}, "no label for negative: "),
        (["joy", "late"], {"joy": "positive", "late": "delivery"}, "no label for negative: "),
        (["neg", "pos"], {"Neg": "negative"}, 'names "Neg", which the model'),
    ],
)
def test_labels_that_do_not_tell_are_refused(
    tmp_path: Path, labels: list[str], given: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_tagger(checkpoint(tmp_path, SEQUENCE, labels), labels=label_map(**given))


def test_a_negative_touchpoint_is_a_side_only_where_one_label_is_said(tmp_path: Path) -> None:
    given = label_map(joy="positive", late="delivery:negative")
    labels = ["joy", "late"]
    load_tagger(checkpoint(tmp_path / "one", SEQUENCE, labels), labels=given)
    several = checkpoint(tmp_path / "several", SEQUENCE, labels, problem_type=SEVERAL)
    with pytest.raises(ConfigurationError, match="no label for negative"):
        load_tagger(several, labels=given)
