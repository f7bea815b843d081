from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.checkpoint import load_tagger
from simak.errors import ConfigurationError
from simak.label_map import parse_meaning
from simak.tags import SENTIMENTS
from tests.models.checkpoints import SEQUENCE, TOKEN, checkpoint

TEXTS = ["barang bagus", "kecewa dan pengiriman lambat", "puas", "harga mahal, kurir ramah", "kau"]
BOTH = ["negative", "positive"]


def configure(model: str, **changes: object) -> str:
    """Change a checkpoint's config.json."""
    path = Path(model) / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(config), encoding="utf-8")
    return model


@pytest.mark.parametrize("architecture", [SEQUENCE, TOKEN])
def test_any_text_is_answered_in_order(tmp_path: Path, architecture: str) -> None:
    tagger = load_tagger(checkpoint(tmp_path, architecture, ["Positive", "NEUTRAL", "neg"]))
    texts = [*TEXTS, "", "  ", "puas", "\ud800\x00", "x" * 1_000_000, "👍🏽", "kecewa " * 500]
    tags = tagger.predict(texts)
    assert len(tags) == len(texts)
    for tag in tags:
        assert tag.sentiment in SENTIMENTS
        assert tag.complaint == (tag.sentiment == "negative")
        assert (dict(tag.touchpoints), tag.signals) == ({}, ())
    assert set(tags[0].scores) == set(SENTIMENTS)
    for blank in (5, 6, 8):
        assert (tags[blank].sentiment, dict(tags[blank].scores)) == ("neutral", {})
    assert tags[2] == tags[7] == tagger.predict(["puas"])[0]
    assert tags[3].language == "id"


def test_more_texts_than_a_batch_keep_their_order(tmp_path: Path) -> None:
    speaks = {"kecewa": "negative", "puas": "positive"}
    tagger = load_tagger(checkpoint(tmp_path, SEQUENCE, BOTH, speaks=speaks))
    texts = [("kecewa" if n % 3 else "puas") + " barang" * (n % 40) for n in range(200)]
    said = [tag.sentiment for tag in tagger.predict(texts)]
    assert said == ["negative" if n % 3 else "positive" for n in range(200)]


def test_version_names_the_weights_and_the_label_map(tmp_path: Path) -> None:
    model = checkpoint(tmp_path / "one", SEQUENCE, ["negative", "positive", "LABEL_2"])

    def version(meaning: str) -> str:
        labels = {"LABEL_2": parse_meaning(meaning, ("delivery",))}
        return load_tagger(model, labels=labels).version

    before = version("neutral")
    assert before.startswith("one-")
    assert version("neutral") == before
    assert len({before, version("ignore"), version("delivery"), version("delivery:negative")}) == 4
    weights = Path(model) / "model.safetensors"
    os.utime(weights, ns=(0, 0))
    assert version("neutral") != before


def test_a_known_model_keeps_its_version_without_a_map(tmp_path: Path) -> None:
    assert "+" not in load_tagger(checkpoint(tmp_path, SEQUENCE, BOTH)).version


def test_labels_without_a_model_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"none is named: set model\.path"):
        load_tagger(labels={"LABEL_0": parse_meaning("negative", ())})


def test_the_projects_own_format_needs_no_labels(tiny_model: Path) -> None:
    labels = {"LABEL_0": parse_meaning("negative", ())}
    assert (
        load_tagger(str(tiny_model), labels=labels).version == load_tagger(str(tiny_model)).version
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architectures": ["BertForMaskedLM"]}, "is a BertForMaskedLM, which gives no labels"),
        ({"architectures": None}, "is a checkpoint of no named kind"),
        ({"problem_type": "regression"}, "gives a number, not labels"),
        ({"id2label": {"0": "negative"}}, "can be loaded"),
        ({"model_type": "no_such_type"}, "can be loaded"),
    ],
)
def test_a_checkpoint_of_another_kind_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    model = configure(checkpoint(tmp_path, SEQUENCE, BOTH), **changes)
    with pytest.raises(ConfigurationError, match=message):
        load_tagger(model)


def test_a_single_score_is_no_label(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="gives a number, not labels"):
        load_tagger(checkpoint(tmp_path, SEQUENCE, ["LABEL_0"]))


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, BOTH)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ConfigurationError, match="can be loaded"):
        load_tagger(model)


def test_a_tokenizer_that_cannot_pad_is_refused(tmp_path: Path) -> None:
    model = checkpoint(tmp_path, SEQUENCE, BOTH)
    path = tmp_path / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    del config["pad_token"]
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="names no pad_token"):
        load_tagger(model)


def test_an_id_is_looked_up_in_the_hubs_cache(tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    kept = tmp_path / "models--someone--theirs"
    speaks = {"kecewa": "negative", "puas": "positive"}
    checkpoint(kept / "snapshots" / commit, SEQUENCE, BOTH, speaks=speaks)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(commit)
    program = (
        "from models.checkpoint import load_tagger; tagger = load_tagger('someone/theirs');"
        "print(tagger.version, *(one.sentiment for one in tagger.predict(['kecewa', 'puas'])))"
    )
    told = subprocess.run(  # the cache's place is read once, where the hub's client is imported
        [sys.executable, "-c", program],
        env=os.environ | {"HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.split() == ["theirs-0123456789ab", "negative", "positive"], told.stderr


def test_an_id_that_is_not_here_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no model 'nobody/nothing'"):
        load_tagger("nobody/nothing")
