from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from models.checkpoint import DEFAULT
from models.evaluation.baseline import Baseline
from models.evaluation.metrics import (
    METRICS,
    complaint_confusion,
    confusion,
    count,
    f1,
    head_metrics,
    interval,
    label_metrics,
)
from models.evaluation.spans import deletion_test
from models.labels import SIGNALS, TOUCHPOINTS
from models.package import QUALITY, read_package
from models.training.rows import Row
from simak.tags import Tags, TouchpointTag
from tests.models.conftest import row

TRUTH = (
    row("a", 0, {"delivery": "negative", "price": "positive"}, ["no_reply"]),
    row("b", 2, {"delivery": "positive"}, []),
    row("c", 1, {}, ["advocacy"]),
    row("d", 0, {"price": "negative"}, []),
)
SAID = [
    Tags("negative", True, {"delivery": TouchpointTag("negative")}, ("no_reply",)),
    Tags("positive", True, {"delivery": TouchpointTag("neutral")}, ()),
    Tags("positive", False, {"trust": TouchpointTag("negative")}, ("switching",)),
    Tags("negative", False, {"price": TouchpointTag("negative")}, ()),
]


def test_figures_of_a_worked_example() -> None:
    figures = head_metrics(TRUTH, SAID)
    # negative 2/2, positive: precision 1/2, recall 1/1; neutral never said.
    assert figures["sentiment"] == pytest.approx((1.0 + 2 / 3 + 0.0) / 3)
    # One of two complaints found, one said of none.
    assert figures["complaint"] == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))
    # Named: delivery, delivery, price right; trust wrong; one price missed.
    assert figures["touchpoints"] == pytest.approx(2 * 3 / (2 * 3 + 1 + 1))
    # With polarity: 2 right, 2 wrong, 2 missed.
    assert figures["touchpoints_polarity"] == pytest.approx(2 * 2 / (2 * 2 + 2 + 2))
    assert figures["signals"] == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))


def test_figures_of_each_label() -> None:
    figures = label_metrics(TRUTH, SAID)
    assert figures["delivery"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 2}
    assert figures["price"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "n": 2}
    # Never said: no precision. Never there: no recall. Neither: nothing at all.
    assert figures["advocacy"] == {"precision": None, "recall": 0.0, "f1": 0.0, "n": 1}
    assert figures["trust"] == {"precision": 0.0, "recall": None, "f1": 0.0, "n": 0}
    assert figures["warranty_aftersales"]["f1"] is None
    assert len(figures) == len(TOUCHPOINTS) + len(SIGNALS)


def test_confusion_has_a_line_for_what_is_true() -> None:
    assert confusion(TRUTH, SAID) == [[2, 0, 0], [0, 0, 1], [0, 0, 1]]
    assert complaint_confusion(TRUTH, SAID) == [[1, 1], [1, 1]]


def test_perfect_tags_have_perfect_figures() -> None:
    said = [
        Tags(
            ("negative", "neutral", "positive")[one.sentiment],
            bool(one.complaint),
            {name: TouchpointTag(polarity or "") for name, polarity in one.touchpoints},
            one.signals or (),
        )
        for one in TRUTH
    ]
    assert set(head_metrics(TRUTH, said).values()) == {1.0}
    assert all(interval(count(head, TRUTH, said)) == (1.0, 1.0) for head in METRICS)


def test_only_rows_labelled_for_a_head_are_counted() -> None:
    bare = [Row("x", "s", sentiment=0), Row("y", "s", complaint=1)]
    said = [Tags("negative", True), Tags("positive", True)]
    assert head_metrics(bare, said) == {"sentiment": 1.0, "complaint": 1.0}
    assert label_metrics(bare, said) == {}
    assert confusion(bare, said) == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_nothing_there_and_nothing_said_has_no_figure() -> None:
    silent = [Tags("neutral", False)] * 2
    rows = [row("x", 1, {}, []), row("y", 1, {}, [])]
    assert math.isnan(f1(count("touchpoints", rows, silent).sum(0)))
    assert all(math.isnan(end) for end in interval(count("touchpoints", rows, silent)))
    # One class alone occurs: the mean is over it.
    assert f1(count("sentiment", rows, silent).sum(0)) == 1.0


def test_interval_is_about_the_figure_and_narrows_with_rows() -> None:
    few, many = (count("touchpoints", TRUTH * n, SAID * n) for n in (5, 200))
    assert interval(few) == interval(few)
    (low, high), (lower, higher) = interval(many), interval(few)
    assert lower < low < float(f1(many.sum(0))) < high < higher


def test_baseline_learns_what_words_say() -> None:
    rows: list[Row] = []
    for index in range(30):
        rows.append(row(f"kurir terlambat sekali {index}", 0, {"delivery": "negative"}, []))
        rows.append(row(f"kurir cepat sampai {index}", 2, {"delivery": "positive"}, ["advocacy"]))
        rows.append(row(f"pukul berapa tutup {index}", 1, {}, []))
    baseline = Baseline(rows, rows[:30])
    tags = baseline.predict(["kurir terlambat lagi", "pukul berapa ya"])
    assert (tags[0].sentiment, tags[0].complaint) == ("negative", True)
    assert {name: one.polarity for name, one in tags[0].touchpoints.items()} == {
        "delivery": "negative"
    }
    assert (tags[1].sentiment, dict(tags[1].touchpoints)) == ("neutral", {})


class Spotter:
    """Sees delivery wherever `kurir` stands and gives that word as evidence."""

    version = "spotter"
    quality: Mapping[str, Any] = {}

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        result = []
        for text in texts:
            at = text.find("kurir")
            tag = TouchpointTag("negative", 1.0, (at, at + 5))
            touchpoints = {"delivery": tag} if at >= 0 else {}
            result.append(Tags("neutral", False, touchpoints, scores={"delivery": float(at >= 0)}))
        return result


def test_deletion_of_the_one_word_that_counts_takes_the_score_away() -> None:
    texts = [f"satu dua tiga empat lima enam kurir delapan sembilan {i}" for i in range(40)]
    result = deletion_test(Spotter(), [*texts, "kurir saja"])
    assert (result.n, result.span, result.words) == (40, 1.0, 1.0)
    assert 0.0 < result.chance < 0.5


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    report: dict[str, Any] = json.loads((DEFAULT / QUALITY).read_text(encoding="utf-8"))
    return report


def test_shipped_figures_beat_the_baseline(shipped: dict[str, Any]) -> None:
    baseline = {
        (line["set"], line["head"]): line["value"] for line in shipped["baseline"]["figures"]
    }
    figures = {(line["set"], line["head"]): line for line in shipped["figures"]}
    assert figures.keys() == baseline.keys()
    assert {name for name, _head in figures} >= {"smsa", "nusax_sundanese", "held_back", "exports"}
    behind = {place for place, line in figures.items() if line["value"] <= baseline[place]}
    # So few reviews of apps carry a signal that chance can put either in front.
    assert behind <= {("exports", "signals")}
    assert all(baseline[place] < line["high"] for place, line in figures.items())


def test_shipped_figures_are_of_the_shipped_model_and_hold_no_text(
    shipped: dict[str, Any],
) -> None:
    assert shipped["version"] == read_package(DEFAULT).version
    assert "mistakes" not in shipped
    assert shipped["rows"]["held_back"] == 400
