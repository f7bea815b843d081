from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from models.checkpoint import DEFAULT, load_tagger
from models.evaluation import sets
from simak.errors import ConfigurationError
from simak.tags import Tags
from tests.cli.conftest import Simak

LINES = [
    {"text": "barang bagus sekali, awet", "sentiment": "positive", "complaint": False},
    {"text": "kurir tidak datang, kecewa berat", "sentiment": "negative", "complaint": True},
    {"text": "toko buka jam berapa ya <b>", "sentiment": "negative", "complaint": False},
]


@pytest.fixture
def labelled(folder: Path) -> str:
    path = folder / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    return str(path)


def test_a_file_is_measured_by_the_labels_in_it(
    simak: Simak, asked: Callable[..., Any], labelled: str
) -> None:
    report = asked("evaluate", "--data", labelled)
    assert report["version"] == load_tagger().version
    assert [(line["head"], line["n"]) for line in report["figures"]] == [
        ("sentiment", 3),
        ("complaint", 3),
    ]
    shown = simak("evaluate", "--data", labelled)
    assert shown.exit_code == 0
    assert "sentiment, macro-F1" in shown.output
    assert "touchpoints, micro-F1" not in shown.output
    assert "3 labelled texts" in shown.output


def test_without_data_the_check_set_is_measured(
    asked: Callable[..., Any], labelled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "CHECK", Path(labelled))
    assert asked("evaluate")["rows"] == {"check": 3}


def test_report_is_written_beside_the_table(simak: Simak, labelled: str, folder: Path) -> None:
    path = folder / "evaluation.html"
    assert simak("evaluate", "--data", labelled, "--report", str(path)).exit_code == 0
    html = path.read_text(encoding="utf-8")
    assert "jam berapa ya &lt;b&gt;" in html
    assert "<svg" in html


def test_save_puts_the_figures_into_the_models_directory(
    simak: Simak, labelled: str, folder: Path
) -> None:
    model = folder / "model"
    shutil.copytree(DEFAULT, model)
    before = load_tagger(str(model)).version
    shown = simak("evaluate", "--data", labelled, "--model", str(model), "--save", "--json")
    saved = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    report = json.loads(shown.stdout)
    assert report.pop("mistakes")
    assert saved == report
    assert load_tagger(str(model)).version == before == saved["version"]


def test_nothing_is_saved_unasked(simak: Simak, labelled: str) -> None:
    before = (DEFAULT / "metrics.json").read_bytes()
    simak("evaluate", "--data", labelled)
    assert (DEFAULT / "metrics.json").read_bytes() == before


def test_a_model_of_another_format_cannot_be_saved_to(
    simak: Simak, labelled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other:
        version = "other"

        def predict(self, texts: Sequence[str]) -> list[Tags]:
            return [Tags("neutral", False) for _ in texts]

    monkeypatch.setattr("models.checkpoint.load_tagger", lambda *_, **__: Other())
    refused = simak("evaluate", "--data", labelled, "--model", "someone/theirs", "--save")
    assert isinstance(refused.exception, ConfigurationError)
    assert "Simak's own format" in str(refused.exception)
    assert simak("evaluate", "--data", labelled, "--model", "someone/theirs").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nothing.jsonl"], "nothing.jsonl: it cannot be read"),
        (["--report", "no/such/place.html"], "its directory is not there"),
        (["--data", "."], "annotated_train.jsonl: a training file is missing"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_measured(
    simak: Simak, folder: Path, arguments: list[str], message: str
) -> None:
    failed = simak("evaluate", *arguments)
    assert isinstance(failed.exception, ConfigurationError)
    assert message in str(failed.exception)


def test_a_report_that_cannot_be_written_is_a_clear_error(
    simak: Simak, labelled: str, folder: Path
) -> None:
    failed = simak("evaluate", "--data", labelled, "--report", str(folder))
    assert isinstance(failed.exception, ConfigurationError)
    assert "it cannot be written" in str(failed.exception)
