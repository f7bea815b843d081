from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.checkpoint import DEFAULT
from simak.errors import ConfigurationError
from tests.cli.conftest import Simak
from tests.models.checkpoints import SEQUENCE, TOKEN, checkpoint

TEXTS = ["pengiriman lambat", "barang bagus", "mahal sekali"]
INPUT = "\n".join(json.dumps({"id": text, "text": text}) for text in TEXTS)
LABELS = """
[model.labels]
"DEL-LATE" = "delivery:negative"
GOOD = "product_quality:positive"
"""


@pytest.fixture
def model(folder: Path) -> str:
    """A token checkpoint that knows two things, in the folder as `theirs`."""
    labels = ["O", "B-DEL-LATE", "I-DEL-LATE", "GOOD"]
    speaks = {"pengirim": "B-DEL-LATE", "lam": "I-DEL-LATE", "bagus": "GOOD"}
    unsaid = dict.fromkeys(("barang", "mahal", "sekali"), "O")
    checkpoint(folder / "theirs", TOKEN, labels, speaks=speaks | unsaid)
    return "theirs"


def configured(text: str) -> None:
    Path("simak.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "option"),
    [('[model]\npath = "theirs"\n', []), ("", ["--model", "theirs"])],
    ids=["settings", "option"],
)
def test_predict_reads_a_checkpoint_by_the_label_map(
    simak: Simak, model: str, settings: str, option: list[str]
) -> None:
    configured(settings + LABELS)
    told = simak("predict", *option, input=INPUT)
    assert told.exit_code == 0
    late, good, nothing = [json.loads(line) for line in told.stdout.splitlines()]
    assert (late["touchpoints"], late["evidence"]) == (
        {"delivery": "negative"},
        {"delivery": [0, 17]},
    )
    assert (good["touchpoints"], good["evidence"]) == (
        {"product_quality": "positive"},
        {"product_quality": [7, 12]},
    )
    assert [one["sentiment"] for one in (late, good, nothing)] == [
        "negative",
        "positive",
        "neutral",
    ]
    assert [one["complaint"] for one in (late, good, nothing)] == [True, False, False]


def test_the_store_is_tagged_and_tagged_again_where_the_map_changes(
    simak: Simak, asked: Callable[..., Any], model: str, folder: Path
) -> None:
    (folder / "texts.csv").write_text("id,text\n1,pengiriman lambat\n2,barang bagus\n")
    configured('[model]\npath = "theirs"\n' + LABELS)
    asked("import", "texts.csv", "--brand", "A")
    assert asked("tag")["new"] == 2
    assert asked("tag")["new"] == 0
    assert "theirs-" in simak("doctor").output
    configured('[model]\npath = "theirs"\n' + LABELS.replace("delivery:", "price:"))
    assert asked("tag")["new"] == 2


def test_evaluate_measures_what_the_labels_stand_for(
    simak: Simak, asked: Callable[..., Any], model: str, folder: Path
) -> None:
    rows = [
        {"text": TEXTS[0], "touchpoints": {"delivery": "negative"}, "signals": []},
        {"text": TEXTS[1], "touchpoints": {"product_quality": "positive"}, "signals": []},
        {"text": TEXTS[2], "touchpoints": {"price": "negative"}, "signals": []},
    ]
    (folder / "labelled.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    configured(LABELS)
    report = asked("evaluate", "--data", "labelled.jsonl", "--model", "theirs")
    assert {line["head"]: line["value"] for line in report["figures"]} == {
        "touchpoints": 0.8,
        "touchpoints_polarity": 0.8,
    }
    refused = simak("evaluate", "--data", "labelled.jsonl", "--model", "theirs", "--save")
    assert "Simak's own format" in str(refused.exception)
    assert simak("evaluate", "--data", "labelled.jsonl", "--model", str(DEFAULT)).exit_code == 0


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_labels_that_nobody_named_are_refused(simak: Simak, model: str, command: str) -> None:
    refused = simak(command, "--model", "theirs", input=INPUT)
    assert isinstance(refused.exception, ConfigurationError)
    assert 'does not know: "DEL-LATE", "GOOD"; say in simak.toml' in str(refused.exception)


@pytest.mark.parametrize("command", ["predict", "evaluate", "tag"])
def test_a_label_map_without_a_checkpoint_is_refused(simak: Simak, command: str) -> None:
    configured(LABELS)
    refused = simak(command, input=INPUT)
    assert isinstance(refused.exception, ConfigurationError)
    assert "set model.path" in str(refused.exception)


def test_sentences_of_a_zero_shot_checkpoint_stand_in_the_map(simak: Simak, folder: Path) -> None:
    order = ["contradiction", "neutral", "entailment"]
    checkpoint(folder / "nli", SEQUENCE, order, speaks={"lam": "entailment", "mahal": order[0]})
    configured('[model]\npath = "nli"\n')
    assert "tells whether a text entails a sentence" in str(simak("predict").exception)
    configured('[model]\npath = "nli"\n[model.labels]\n"barang dan kurir." = "delivery:negative"\n')
    told = simak("predict", input=INPUT).stdout.splitlines()
    late, _, dear = [json.loads(line)["touchpoints"] for line in told]
    assert (late, dear) == ({"delivery": "negative"}, {})
