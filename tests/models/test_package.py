from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.checkpoint import load_tagger
from models.package import read_package
from simak.errors import ModelError


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_model, tmp_path / "copy")


def change(directory: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = directory / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    edit(description)
    path.write_text(json.dumps(description), encoding="utf-8")


def test_whole_package_is_read(tiny_model: Path) -> None:
    package = read_package(tiny_model)
    assert package.max_length == 128
    assert package.version == load_tagger(str(tiny_model)).version


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.json"])
def test_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing; restore the directory"):
        read_package(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_damaged_file_is_named(copy: Path, name: str) -> None:
    raw = bytearray((copy / name).read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    (copy / name).write_bytes(raw)
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        load_tagger(str(copy))


def test_truncated_file_is_refused(copy: Path) -> None:
    (copy / "model.onnx").write_bytes((copy / "model.onnx").read_bytes()[:1000])
    with pytest.raises(ModelError, match="is damaged"):
        load_tagger(str(copy))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda d: d.update(format=1), "format 1 is not known, this release reads 3"),
        (lambda d: d.pop("format"), "format None is not known"),
        (lambda d: d["labels"]["touchpoints"].remove("delivery"), "missing 'delivery'"),
        (lambda d: d["labels"]["signals"].append("joy"), "unknown 'joy'"),
        (lambda d: d["labels"]["sentiment"].reverse(), "in another order"),
        (lambda d: d.pop("labels"), "missing 'negative'"),
        (lambda d: d["thresholds"].pop("delivery"), "no threshold .* for 'delivery'"),
        (lambda d: d["thresholds"].update(anxiety=1.5), "no threshold .* for 'anxiety'"),
        (lambda d: d["calibration"].pop("signals"), "no calibration for 'signals'"),
        (lambda d: d["calibration"]["signals"].pop("scale"), None),
        (lambda d: d.pop("max_length"), "is incomplete"),
        (lambda d: d.update(max_length=100000), "max_length"),
        (lambda d: d.pop("sha256"), "is damaged"),
    ],
)
def test_description_that_does_not_fit_is_refused(
    copy: Path, edit: Callable[[dict[str, Any]], object], message: str | None
) -> None:
    change(copy, edit)
    if message is None:  # a calibration may leave a number at its default
        assert read_package(copy).calibration["signals"].scale == 1.0
        return
    with pytest.raises(ModelError, match=message):
        read_package(copy)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_description_that_is_no_description_is_refused(copy: Path, text: str) -> None:
    (copy / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        read_package(copy)


def test_another_threshold_is_another_version(copy: Path, tiny_model: Path) -> None:
    change(copy, lambda d: d["thresholds"].update(delivery=0.123))
    assert read_package(copy).version != read_package(tiny_model).version


def test_graph_without_an_output_is_refused(copy: Path) -> None:
    import hashlib

    import onnx

    model = onnx.load(copy / "model.onnx")
    del model.graph.output[-1]
    onnx.save(model, copy / "model.onnx")
    digest = hashlib.sha256((copy / "model.onnx").read_bytes()).hexdigest()
    change(copy, lambda d: d["sha256"].update({"model.onnx": digest}))
    with pytest.raises(ModelError, match="has no output 'states_logits'"):
        load_tagger(str(copy))
