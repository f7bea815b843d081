from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.checkpoint import load_tagger
from models.evaluation.breakdown import Answer, breakdown, languages_detected
from models.evaluation.calibration import reliability, untempered
from models.evaluation.measure import measure, write_metrics
from models.evaluation.mistakes import worst_mistakes
from models.evaluation.sets import LabelledSet
from models.onnx_tagger import OnnxTagger
from models.package import Calibration, read_package
from models.training.rows import Row
from simak.errors import ConfigurationError
from simak.tags import SENTIMENTS, Tags, TouchpointTag
from tests.models.conftest import row


def test_reliability_of_a_worked_example() -> None:
    # Bin 13, (12/15, 13/15]: 0.82 and 0.86, one of two right, mean 0.84: gap 0.34, half the rows.
    # Bin 8, (7/15, 8/15]: 0.5, right, gap 0.5, a quarter. Bin 15: 1.0, right, no gap.
    error, bins = reliability([0.82, 0.86, 0.5, 1.0], [True, False, True, True])
    assert error == pytest.approx(0.34 * 2 / 4 + 0.5 / 4)
    assert [one["n"] for one in bins] == [0] * 7 + [1] + [0] * 4 + [2, 0, 1]
    assert (bins[12]["confidence"], bins[12]["accuracy"]) == (pytest.approx(0.84), 0.5)
    assert (bins[0]["confidence"], bins[0]["accuracy"]) == (None, None)
    assert (bins[14]["low"], bins[14]["high"]) == (pytest.approx(14 / 15), 1.0)


def test_a_probability_on_an_edge_is_in_the_bin_it_closes() -> None:
    for index in range(15):
        _error, bins = reliability([(index + 1) / 15], [True])
        assert bins[index]["n"] == 1
    assert reliability([0.0], [False])[1][0]["n"] == 1


def test_before_temperature_is_the_same_model_of_scale_one(
    tiny_model: Path, rows: tuple[Row, ...]
) -> None:
    texts = [*(one.text for one in rows), "  "]
    package = read_package(tiny_model)
    plain = OnnxTagger(
        dataclasses.replace(
            package, calibration={**package.calibration, "sentiment": Calibration()}
        )
    )
    expected = [[tags.scores[name] for name in SENTIMENTS] for tags in plain.predict(texts)]
    assert np.array(untempered(tiny_model, texts)).tolist() == expected


def _answer(text: str, truth: int, said: str, score: float, **more: Any) -> Answer:
    rest = (1 - score) / 2
    scores = {name: score if name == said else rest for name in SENTIMENTS}
    tags = Tags(said, False, language=more.get("detected", "id"), scores=scores)
    one = Row(text, more.get("source", "s"), sentiment=truth)
    return Answer("file", one, more.get("language", ""), tags)


def test_groups_are_by_true_language_else_detected_by_source_and_by_words() -> None:
    answers = [
        _answer("satu dua", 0, "negative", 0.9, language="jv", source="a"),
        _answer(" ".join("x" * 6), 0, "positive", 0.9, detected="en", source="b"),
        _answer(" ".join("x" * 61), 2, "positive", 0.9, detected="en", source="b"),
    ]
    found = breakdown(answers, ["sentiment", "touchpoints"])
    nothing = {"touchpoints": None, "touchpoints_n": 0}
    # Of the two in English one is right: positive 2/3, negative 0.
    half = pytest.approx((2 / 3 + 0) / 2)
    assert found["language"] == [
        {"group": "en", "sentiment": half, "sentiment_n": 2} | nothing,
        {"group": "jv", "sentiment": 1.0, "sentiment_n": 1} | nothing,
    ]
    assert [line["group"] for line in found["source"]] == ["b", "a"]
    assert [(line["group"], line["sentiment"]) for line in found["length"]] == [
        ("<= 5", 1.0),
        ("6-20", 0.0),
        ("> 60", 1.0),
    ]


def test_languages_detected_are_shares_of_rows_whose_language_is_known() -> None:
    texts = ["barang bagus sekali", "great service and fast delivery", "kecewa banget"]
    answers = [
        _answer(text, 0, "negative", 0.9, language=language)
        for text, language in zip(texts, ("id", "id", ""), strict=True)
    ]
    assert languages_detected(answers) == {"id": {"n": 2, "detected": {"id": 0.5, "en": 0.5}}}


def test_worst_mistakes_are_the_surest_one_a_text() -> None:
    truth = row("b", 2, {"delivery": "negative"}, [])
    said = Tags(
        "positive",
        False,
        {"trust": TouchpointTag("negative", 0.8)},
        scores={"positive": 0.9, "delivery": 0.05, "trust": 0.8, "price": 0.4},
    )
    answers = [
        _answer("a", 0, "positive", 0.7),
        Answer("check", truth, "", said),
        _answer("right", 0, "negative", 0.99),
        *(_answer(f"{n}", 0, "neutral", 0.5) for n in range(30)),
    ]
    found = worst_mistakes(answers)
    assert len(found) == 20
    assert found[0] == {
        "set": "check",
        "text": "b",
        "head": "touchpoints",
        "label": "delivery",
        "truth": "negative",
        "said": "absent",
        "score": 0.05,
    }
    assert found[1]["text"] == "a"
    assert (found[1]["label"], found[1]["truth"], found[1]["said"]) == (
        "sentiment",
        "negative",
        "positive",
    )
    assert [one["text"] for one in found].count("b") == 1
    assert "right" not in {one["text"] for one in found}


def test_a_touchpoint_given_and_not_there_is_a_mistake_of_its_score() -> None:
    tags = Tags("neutral", False, {"trust": TouchpointTag("negative", 0.8)}, scores={"trust": 0.8})
    (found,) = worst_mistakes([Answer("file", row("x", 1, {}, []), "", tags)])
    assert (found["truth"], found["said"], found["score"]) == ("absent", "negative", 0.8)


class Sentimental:
    """Gives a sentiment and its scores, as a checkpoint of another format does."""

    version = "sentimental"
    quality: Mapping[str, Any] = {}

    def __init__(self) -> None:
        self.asked: list[str] = []

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        self.asked += texts
        scores = {"negative": 0.8, "neutral": 0.1, "positive": 0.1}
        return [Tags("negative", True, language="id", scores=scores) for _ in texts]


def test_a_model_of_sentiment_alone_is_measured_by_what_it_has(rows: tuple[Row, ...]) -> None:
    tagger = Sentimental()
    report = measure(tagger, [LabelledSet("file", rows * 2, ("",) * 24)])
    assert [line["head"] for line in report["figures"]] == ["sentiment", "complaint"]
    assert report["labels"] == {}
    assert all(line["touchpoints"] is None for line in report["by"]["source"])
    assert "before" not in report["calibration"]
    assert report["calibration"]["sets"][0]["before"] is None
    # 6 of 12 are negative and all are said to be, at 0.8.
    assert report["calibration"]["after"]["ece"] == pytest.approx(0.3)
    assert report["errors"]["complaint"] == [[0, 12], [0, 12]]
    assert not {"evidence", "int8", "baseline"} & report.keys()
    assert report["rows"] == {"file": 24}
    assert len(tagger.asked) == 1 + len(rows)  # each text once, after one to warm up


@pytest.fixture(scope="module")
def report(tiny_model: Path, rows: tuple[Row, ...]) -> dict[str, Any]:
    public = tuple(Row(one.text, "nusax_english", sentiment=one.sentiment) for one in rows[:4])
    return measure(
        load_tagger(str(tiny_model)),
        [
            LabelledSet("nusax_english", public, ("en",) * 4),
            LabelledSet("held_back", rows, ("",) * len(rows)),
        ],
        directory=tiny_model,
        baseline=Sentimental(),
    )


def test_report_has_a_figure_for_each_set_and_head(report: dict[str, Any]) -> None:
    assert [(line["set"], line["head"], line["n"]) for line in report["figures"]] == [
        ("nusax_english", "sentiment", 4),
        ("held_back", "sentiment", 12),
        ("held_back", "complaint", 12),
        ("held_back", "touchpoints", 12),
        ("held_back", "touchpoints_polarity", 12),
        ("held_back", "signals", 12),
    ]
    assert (report["main"], len(report["labels"])) == ("held_back", 25)
    assert sum(map(sum, report["confusion"]["held_back"])) == 12
    assert sum(map(sum, report["errors"]["sentiment"])) == 12  # the public rows lack heads
    assert report["language"]["en"]["n"] == 4
    assert report["texts_per_second"] > 0
    assert report["calibration"]["n"] == 16
    assert {line["set"] for line in report["calibration"]["sets"]} == {"nusax_english", "held_back"}
    assert len(report["calibration"]["before"]["bins"]) == 15
    assert report["baseline"]["version"] == "sentimental"
    assert json.loads(json.dumps(report)) == report


def test_report_sets_int8_against_the_float32_beside_it(
    report: dict[str, Any], tiny_model: Path, rows: tuple[Row, ...]
) -> None:
    lines = report["int8"]["figures"]
    assert report["int8"]["version"] == read_package(tiny_model.parent / "float32").version
    assert [line["head"] for line in lines] == [line["head"] for line in report["figures"]]
    for line in lines:
        if line["difference"] is not None:
            assert line["difference"] == pytest.approx(line["value"] - line["float32"], abs=1e-4)
    floating = tiny_model.parent / "float32"
    own = measure(
        load_tagger(str(floating)), [LabelledSet("file", rows, ("",) * 12)], directory=floating
    )
    assert "int8" not in own
    expected = {line["head"]: line["value"] for line in own["figures"]}
    assert {
        line["head"]: line["float32"] for line in lines if line["set"] == "held_back"
    } == expected


def test_metrics_hold_all_but_the_texts(report: dict[str, Any], tmp_path: Path) -> None:
    assert report["mistakes"]
    path = write_metrics(tmp_path, report)
    saved = path.read_text(encoding="utf-8")
    assert json.loads(saved) == {k: v for k, v in report.items() if k != "mistakes"}
    assert not any(mistake["text"] in saved for mistake in report["mistakes"])


def test_metrics_that_cannot_be_written_are_a_clear_error(
    report: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"metrics.json: it cannot be written"):
        write_metrics(tmp_path / "nothing", report)
