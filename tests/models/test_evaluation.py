from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from models.checkpoint import DEFAULT
from models.evaluation.baseline import Baseline
from models.evaluation.metrics import head_metrics, label_metrics, micro_f1, sentiment_macro_f1
from models.evaluation.spans import deletion_test
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
    assert figures["delivery"] == {"f1": 1.0, "n": 2}
    assert figures["price"]["f1"] == pytest.approx(2 / 3)
    assert figures["advocacy"] == {"f1": 0.0, "n": 1}


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
    assert sentiment_macro_f1(TRUTH, said) == 1.0


def test_nothing_said_is_zero_and_no_error() -> None:
    assert micro_f1([{"x"}], [set()], ["x", "y"]) == 0.0


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


def test_shipped_figures_beat_the_baseline_on_every_head() -> None:
    report = json.loads((DEFAULT / "metrics.json").read_text(encoding="utf-8"))
    assert report["model"].keys() == report["baseline"].keys()
    assert len(report["model"]) == 10
    behind = {
        name: (value, report["baseline"][name])
        for name, value in report["model"].items()
        if value <= report["baseline"][name]
    }
    assert behind == {}


def test_shipped_figures_are_of_the_shipped_model() -> None:
    from models.package import read_package

    report = json.loads((DEFAULT / "metrics.json").read_text(encoding="utf-8"))
    assert report["version"] == read_package(DEFAULT).version
