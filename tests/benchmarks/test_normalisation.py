"""The ablation of normalisation runs on a handful of texts. What helps is not tested."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tokenizers import Tokenizer, models, pre_tokenizers

from benchmarks import normalisation
from models.encoding import encode
from models.evaluation.baseline import Baseline
from models.training.corpus import Corpus
from models.training.rows import Row
from simak.errors import ConfigurationError
from tests.models.conftest import rows, tiny_encoder

__all__ = ["rows", "tiny_encoder"]

WITH, WITHOUT, SLANG = "as it is", "without letters and emoji", "with slang"
SAID = "BAGUSSS bgt   gk rusak!!!!!🥲"


@pytest.fixture
def corpus(rows: tuple[Row, ...]) -> Corpus:
    chat = tuple(replace(row, text=f"gk {row.text}") for row in rows)
    return Corpus(rows * 6, rows, chat, {"smsa": rows[:6]})


def test_each_arm_reads_in_its_own_way() -> None:
    read = {name: reader(SAID).text for name, reader in normalisation.ARMS.items()}
    assert read == {
        WITH: "bagus bgt gk rusak!!! senyum sedih",
        WITHOUT: "bagusss bgt gk rusak!!!🥲",
        SLANG: "bagus banget tidak rusak!!! senyum sedih",
    }


def test_networks_and_baseline_read_as_the_arm_does(rows: tuple[Row, ...]) -> None:
    vocabulary = Tokenizer(models.WordLevel({"tidak": 1, "?": 0}, unk_token="?"))
    vocabulary.pre_tokenizer = pre_tokenizers.Whitespace()
    with normalisation.reading(normalisation.ARMS[SLANG]):
        assert encode(vocabulary, ["gk"], 8)[0].ids == [1]
        learned = Baseline(rows * 6, rows)
        assert (learned._matrix(["gk kecewa"]) != learned._matrix(["tidak kecewa"])).nnz == 0
    assert encode(vocabulary, ["gk"], 8)[0].ids == [0]
    assert (learned._matrix(["gk kecewa"]) != learned._matrix(["tidak kecewa"])).nnz > 0


def test_all_arms_are_measured_on_the_same_rows(
    corpus: Corpus, tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalisation, "load_corpus", lambda data: corpus)
    monkeypatch.setattr(normalisation, "RESAMPLES", 20)
    options = ["--data", ".", "--encoder", str(tiny_encoder), "--epochs", "1", "--layers", "1"]
    result = CliRunner().invoke(
        normalisation.main, [*options, "--seeds", "2", "--json"], catch_exceptions=False
    )
    figures = {one["what"]: one for one in json.loads(result.stdout)}
    assert list(figures) == [
        f"{way}, {arm}: {question}"
        for way in ("TF-IDF", "network")
        for arm in (WITH, WITHOUT, SLANG)
        for question in (
            "smsa, sentiment",
            "held back, sentiment",
            "all texts, sentiment",
            "held back, touchpoints",
            "held back, touchpoints_polarity",
        )
    ]
    assert all(0.0 <= one["value"] <= 100.0 for one in figures.values())
    assert figures[f"TF-IDF, {SLANG}: held back, sentiment"]["note"].startswith(
        "12 texts, 12 read otherwise; "
    )
    same = figures[f"TF-IDF, {WITHOUT}: held back, sentiment"]["note"]
    assert same == "12 texts, 0 read otherwise; +0.00 (+0.00 to +0.00)"
    assert "18 texts, seeds " in figures[f"network, {WITH}: all texts, sentiment"]["note"]


def test_difference_is_that_of_the_means_over_seeds() -> None:
    right, wrong = [[1.0, 0.0, 0.0]], [[0.0, 1.0, 1.0]]
    better = np.array([[right, right]] * 8 + [[right, wrong]] * 2)
    worse = np.array([[wrong, wrong]] * 2 + [[right, right]] * 8)
    gap, low, high = normalisation.difference(better, worse)
    assert gap == pytest.approx((1.0 + 0.8) / 2 - 0.8)
    assert low < gap < high
    assert normalisation.difference(better, better) == (0.0, 0.0, 0.0)


def test_more_layers_than_there_are_is_a_clear_error(corpus: Corpus, tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="2 layers"):
        normalisation.network(str(tiny_encoder), 1, 3)(corpus, 0, ["barang bagus"])
