"""The benchmark of taught touchpoints runs on a handful of texts. How well is not tested."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import touchpoints
from models.adapt import background
from models.training.sources import own_authored


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sets of 40 texts with a case in every fourth, and 40 texts of all kinds."""
    rows = list(own_authored())[::50]
    monkeypatch.setattr(background, "own_authored", lambda: iter(rows))
    folder = tmp_path / "touchpoints"
    folder.mkdir()
    with gzip.open(folder / "banking77_train.csv.gz", "wt", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["text", "category"])
        for n in range(40):
            intent = "compromised_card" if n % 4 == 0 else "exchange_rate"
            writer.writerow([f"question {n} about {intent}", intent])
    for domain, name in (("phone", "Camera#General"), ("laptop", "BATTERY#GENERAL")):
        for language in ("id", "en"):
            for split in ("train", "dev"):
                path = folder / f"m_absa_{domain}_{language}_{split}.jsonl.gz"
                with gzip.open(path, "wt", encoding="utf-8") as lines:
                    for n in range(10):
                        category = name if n % 4 == 0 else "Overall#Overall"
                        record = {
                            "id": f"{domain}-{split}-{n}",
                            "text": f"{language} {split} {n} {category}",
                            "triplets": [["x", category, "positive"]],
                        }
                        lines.write(json.dumps(record) + "\n")
    return tmp_path


def test_every_way_is_measured_from_as_many_examples_as_there_are(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(touchpoints, "DRAWS", 1)
    monkeypatch.setattr(touchpoints, "COUNTS", (2, 500))
    result = CliRunner().invoke(
        touchpoints.main, ["--data", str(data), "--json"], catch_exceptions=False
    )
    figures = {one["what"]: one for one in json.loads(result.stdout)}
    assert list(figures) == [
        f"{name} from 2 examples{way}: F1"
        for name in ("card_security", "battery", "camera")
        for way in ("", ", TF-IDF", ", empty store")
    ]
    assert all(0.0 <= one["value"] <= 100.0 for one in figures.values())


def test_translations_stay_in_one_half(data: Path) -> None:
    from models.checkpoint import adaptable
    from models.runtime import Runtime

    package = adaptable(None)
    runtime = Runtime(package.directory, package.max_length)
    cases = touchpoints.sets(data, 100)["camera"]
    assert sum(case.present for case in cases) == 12
    lending, measured = touchpoints.halves(cases, runtime)
    assert len(lending.texts) + len(measured.texts) == 40

    def numbers(texts: list[str]) -> set[tuple[str, ...]]:
        return {tuple(text.split()[1:3]) for text in texts}

    assert not numbers(list(lending.texts)) & numbers(list(measured.texts))


def test_missing_data_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is --data right"):
        touchpoints.sets(tmp_path, 10)
