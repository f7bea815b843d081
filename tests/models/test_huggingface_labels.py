from __future__ import annotations

from pathlib import Path

import pytest

from models.checkpoint import load_tagger
from models.huggingface.labels import check_sentiment, meanings_of
from models.huggingface.reading import (
    Reading,
    Said,
    exclusive_sentiment,
    independent_sentiment,
    is_said,
    tags_of,
)
from simak.errors import ConfigurationError
from simak.label_map import LabelMap, Meaning, parse_meaning
from simak.taxonomy import load_taxonomy
from tests.models.checkpoints import SEQUENCE, checkpoint


def meaning(value: str) -> Meaning:
    return parse_meaning(value, load_taxonomy().ids)


def label_map(**labels: str) -> LabelMap:
    return {label: meaning(value) for label, value in labels.items()}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("negative", ("sentiment", "negative", "negative")),
        ("neutral", ("sentiment", "neutral", "neutral")),
        ("complaint", ("complaint", "complaint", "negative")),
        ("delivery", ("touchpoint", "delivery", None)),
        ("delivery:positive", ("touchpoint", "delivery", "positive")),
        ("no_reply", ("signal", "no_reply", None)),
        ("ignore", ("ignore", "ignore", None)),
    ],
)
def test_what_a_label_can_stand_for(value: str, expected: tuple[str, ...]) -> None:
    assert meaning(value) == Meaning(*expected)


@pytest.mark.parametrize(
    "value",
    ["", "Negative", "delivery:", "delivery:bad", "deliveri", ":negative", "no_reply:negative", 1,
     None, ["negative"], {"b": "negative"}],
)  # fmt: skip
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ConfigurationError, match="is nothing that a label can stand for"):
        parse_meaning(value, load_taxonomy().ids)


def test_touchpoints_of_ones_own_file_can_be_named() -> None:
    assert parse_meaning("wallet:neutral", ("wallet",)).name == "wallet"


def test_what_is_given_goes_before_what_is_known() -> None:
    given = label_map(positive="ignore", LABEL_1="complaint")
    found = meanings_of(["negative", "positive", "LABEL_1"], given, "m")
    assert [one.name for one in found] == ["negative", "ignore", "complaint"]


def test_every_unknown_label_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        meanings_of(["joy", "negative", "trust", 'so "said"'], {}, "mine")
    assert r'does not know: "joy", "trust", "so \"said\""; say in simak.toml' in str(caught.value)
    assert '"joy" = "negative"' in str(caught.value)


def test_a_name_that_is_no_label_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='names "LABEL_9", which the model') as caught:
        meanings_of(["LABEL_0", "LABEL_1"], label_map(LABEL_0="negative", LABEL_9="positive"), "m")
    assert 'its labels are "LABEL_0", "LABEL_1"' in str(caught.value)


@pytest.mark.parametrize("label", ["trust", "anxiety", "delivery", "complaint", "entailment"])
def test_only_sentiments_are_known_by_their_names(label: str) -> None:
    with pytest.raises(ConfigurationError, match="does not know"):
        meanings_of([label], {}, "m")


def test_a_sentiment_needs_both_sides() -> None:
    with pytest.raises(ConfigurationError, match="no label for negative: a sentiment"):
        check_sentiment([meaning("positive")], [meaning("positive")], "m")
    with pytest.raises(ConfigurationError, match="no label for negative or for positive"):
        check_sentiment([meaning("neutral")], [meaning("neutral")], "m")
    check_sentiment([meaning("delivery")], [], "m")


def test_a_model_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, ["a", "b"])
    with pytest.raises(ConfigurationError, match=r"all labels of the model .* are ignored"):
        load_tagger(model, labels=label_map(a="ignore", b="ignore"))


def test_labels_that_exclude_each_other_add_up() -> None:
    shares = [("negative", 0.2), ("complaint", 0.1), ("delivery:positive", 0.3), ("delivery", 0.4)]
    said = exclusive_sentiment((meaning(name), value) for name, value in shares)
    assert said == pytest.approx({"negative": 0.3, "neutral": 0.4, "positive": 0.3})
    assert exclusive_sentiment([(meaning("delivery"), 1.0)]) == {}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        # Neither; one; both: neutral is both or neither.
        ([("negative", 0.1), ("positive", 0.1)], (0.09, 0.82, 0.09)),
        ([("negative", 0.9), ("positive", 0.1)], (0.81, 0.18, 0.01)),
        ([("negative", 1.0), ("positive", 1.0)], (0.0, 1.0, 0.0)),
        # The highest of several, not their sum.
        ([("negative", 0.9), ("negative", 0.9), ("positive", 0.0)], (0.9, 0.1, 0.0)),
        # A neutral label that is surer than the two others make it.
        ([("negative", 0.5), ("positive", 0.0), ("neutral", 1.0)], (1 / 3, 2 / 3, 0.0)),
        # Sentiments go before touchpoints and complaints, which count where there are none.
        ([("positive", 1.0), ("delivery:negative", 1.0), ("complaint", 1.0)], (0.0, 0.0, 1.0)),
        ([("delivery:negative", 0.75), ("price", 1.0)], (0.75, 0.25, 0.0)),
    ],
)
def test_labels_that_stand_for_themselves(
    shares: list[tuple[str, float]], expected: tuple[float, float, float]
) -> None:
    said = independent_sentiment((meaning(name), value) for name, value in shares)
    assert tuple(said.values()) == pytest.approx(expected)


def test_labels_without_a_polarity_tell_no_sentiment() -> None:
    assert independent_sentiment([(meaning("price"), 1.0), (meaning("anxiety"), 1.0)]) == {}


def test_what_is_shown_is_what_was_compared() -> None:
    assert is_said(0.49996)
    assert not is_said(0.4999)


def tags(scores: dict[str, float], *said: tuple[str, float, tuple[int, int] | None]):  # type: ignore[no-untyped-def]
    return tags_of("apa", Reading([Said(meaning(name), *rest) for name, *rest in said], scores))


def test_a_touchpoint_takes_the_polarity_that_a_label_names() -> None:
    found = tags(
        {"negative": 0.1, "neutral": 0.1, "positive": 0.8, "delivery": 0.9},
        ("delivery", 0.9, (0, 1)),
        ("delivery:neutral", 0.5, (1, 2)),
        ("delivery:negative", 0.6, (2, 3)),
    )
    tag = found.touchpoints["delivery"]
    assert (tag.polarity, tag.score, tag.span) == ("negative", 0.9, (2, 3))
    assert (found.sentiment, found.complaint) == ("positive", True)


def test_a_touchpoint_without_a_polarity_takes_the_sentiments_else_is_neutral() -> None:
    bad = {"negative": 0.8, "neutral": 0.1, "positive": 0.1}
    assert (
        tags({**bad, "price": 1.0}, ("price", 1.0, None)).touchpoints["price"].polarity
        == "negative"
    )
    alone = tags({"price": 1.0}, ("price", 1.0, None))
    assert (alone.touchpoints["price"].polarity, alone.sentiment) == ("neutral", "neutral")
    assert not alone.complaint


def test_touchpoints_and_signals_stand_in_the_order_of_their_lists() -> None:
    ids = load_taxonomy().ids
    own = Said(Meaning("touchpoint", "wallet"), 1.0)
    said = [own, *(Said(meaning(name), 1.0) for name in (ids[5], "anxiety", ids[2], "switching"))]
    found = tags_of("apa", Reading(said, dict.fromkeys((ids[2], ids[5], "wallet"), 1.0)))
    assert list(found.touchpoints) == [ids[2], ids[5], "wallet"]
    assert found.signals == ("switching", "anxiety")


def test_a_complaint_is_the_labels_where_one_stands_for_it() -> None:
    bad = {"negative": 0.8, "neutral": 0.1, "positive": 0.1}
    assert tags(bad).complaint
    assert not tags({**bad, "complaint": 0.2}).complaint
    assert tags({"complaint": 0.7}, ("complaint", 0.7, None)).complaint
