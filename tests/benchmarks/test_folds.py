"""The five folds share no sentence, and a run of them needs no model that has seen any."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import folds
from models.training.corpus import Corpus
from models.training.rows import Row, fingerprint
from tests.models.conftest import TINY, TINY_AGAIN, rows, tiny_encoder

__all__ = ["rows", "tiny_encoder"]

LANGUAGES = ("indonesian", "english", "javanese", "sundanese")


def sentence(language: str, index: int) -> tuple[str, str]:
    label = ("negative", "neutral", "positive")[index % 3]
    return f"{language} kalimat {index} {label}", label


def test_a_sentence_and_its_translations_stand_in_one_fold() -> None:
    nusax = {
        language: [Row(sentence(language, index)[0], language) for index in range(20)]
        for language in LANGUAGES
    }
    nusax["english"][7] = replace(nusax["english"][7], text=nusax["english"][0].text.upper())
    everything = []
    for fold in range(folds.FOLDS):
        seen, unseen = folds._deal(nusax, fold)
        judged = [row for some in unseen.values() for row in some]
        everything += judged
        prints = {fingerprint(row.text) for row in judged}
        assert not prints & {fingerprint(row.text) for some in seen.values() for row in some}
        numbers = {language: [row.text.split()[2] for row in some]
                   for language, some in unseen.items() if language != "english"}  # fmt: skip
        assert len({tuple(some) for some in numbers.values()}) == 1
    assert len(everything) == 4 * 20  # each is judged once
    assert len(folds._deal(nusax, 0)[0]["english"]) == 15  # the copy of a judged one is left out
    assert len(folds._deal(nusax, 3)[0]["english"]) == 16


def test_figures_of_a_whole_run(
    rows: tuple[Row, ...], tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data" / "sentiment"
    data.mkdir(parents=True)
    for language in LANGUAGES:
        for part, numbers in (("train", range(20)), ("valid", range(20, 30))):
            with gzip.open(data / f"nusax_{language}_{part}.csv.gz", "wt", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["text", "label"])
                writer.writerows(sentence(language, index) for index in numbers)
    own = Row(sentence("indonesian", 3)[0], "smsa", sentiment=0)
    corpus = Corpus((*rows * 6, own), rows, rows, {})
    monkeypatch.setattr(folds, "load_corpus", lambda data: corpus)
    monkeypatch.setattr(folds, "FIRST", TINY)
    monkeypatch.setattr(folds, "AGAIN", TINY_AGAIN)
    options = ["--data", str(data.parent), "--encoder", str(tiny_encoder), "--json"]
    result = CliRunner().invoke(
        folds.main, [*options, "--out", str(tmp_path / "run")], catch_exceptions=False
    )
    assert f"{6 * len(rows)} rows without NusaX" in result.stderr  # nor the copy in another set
    figures = json.loads(result.stdout.splitlines()[-1])
    assert [figure["at_least"] for figure in figures if figure["unit"] == "%"] == [90, 89, 83, 81]
    # Each sentence names its label, which the linear classifier cannot miss.
    assert all("TF-IDF 100.0" in figure["note"] for figure in figures if figure["unit"] == "%")
