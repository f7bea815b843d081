from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.checkpoint import load_tagger
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.network import Network
from models.runtime import Runtime
from models.training import sources
from models.training.build import SEEDS, build
from models.training.corpus import Corpus, epoch_rows, load_corpus
from models.training.rows import Row, fingerprint, key
from models.training.train import load_average, prepare, soup, train
from models.training.vocabulary import trim
from simak.errors import ConfigurationError
from tests.models.conftest import TINY, TINY_AGAIN


def test_run_gives_a_model_that_learned_its_rows(tiny_model: Path, rows: tuple[Row, ...]) -> None:
    tags = load_tagger(str(tiny_model)).predict([row.text for row in rows])
    right = sum(tag.complaint == bool(row.complaint) for row, tag in zip(rows, tags, strict=True))
    assert right >= 10
    description = json.loads((tiny_model / "model.json").read_text(encoding="utf-8"))
    assert description["training"]["rows"] == len(rows) * 4
    assert description["labels"]["touchpoints"] == list(TOUCHPOINTS)


def test_int8_graph_says_what_the_network_says(
    tiny_run: Path, tiny_encoder: Path, rows: tuple[Row, ...]
) -> None:
    prepared = prepare(str(tiny_encoder), TINY.seed)
    prepared.network = load_average(prepared, tiny_run)
    recipes = [dataclasses.replace(TINY_AGAIN, seed=seed) for seed in SEEDS]
    network = soup(prepared, rows * 4, recipes, tiny_run).eval()
    for encoded, logits in Runtime(tiny_run / "model", 128).run([row.text for row in rows]):
        assert logits is not None
        ids = torch.tensor([encoded.ids])
        with torch.no_grad():
            expected = network(ids, torch.ones_like(ids))
        assert np.abs(expected.presence[0].numpy() - logits.presence).max() < 0.3
        assert expected.sentiment[0].argmax() == logits.sentiment.argmax()
        # A touchpoint's logit is what its tokens bring, and a part that all tokens share.
        shared = network.presence_mean(network.states(ids, torch.ones_like(ids)).mean(1))
        own = (expected.presence - shared)[0].detach()
        assert torch.allclose(expected.evidence[0].sum(-1), own, atol=1e-4)


def test_finished_run_is_not_trained_again(
    tiny_run: Path, tiny_encoder: Path, rows: tuple[Row, ...]
) -> None:
    before = load_average(prepare(str(tiny_encoder), TINY.seed), tiny_run)
    after = train(prepare(str(tiny_encoder), TINY.seed), rows * 4, TINY, tiny_run)
    assert _same(before, after)


def test_interrupted_run_goes_on_to_the_same_weights(
    tiny_run: Path,
    tiny_encoder: Path,
    rows: tuple[Row, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from models.training import train as module

    class Killed(Exception):
        pass

    def save_then_die(*arguments: object) -> None:
        save(*arguments)
        raise Killed

    save = module._save
    with monkeypatch.context() as patch:
        patch.setattr(module, "_save", save_then_die)
        with pytest.raises(Killed):
            train(prepare(str(tiny_encoder), TINY.seed), rows * 4, TINY, tmp_path)
    resumed = train(prepare(str(tiny_encoder), TINY.seed), rows * 4, TINY, tmp_path)
    assert _same(resumed, load_average(prepare(str(tiny_encoder), TINY.seed), tiny_run))


def test_run_of_another_recipe_is_refused(
    tiny_run: Path, tiny_encoder: Path, rows: tuple[Row, ...]
) -> None:
    other = dataclasses.replace(TINY, seed=99)
    with pytest.raises(ConfigurationError, match="another recipe"):
        train(prepare(str(tiny_encoder), 99), rows, other, tiny_run)


def test_soup_is_the_mean_of_runs_from_the_same_weights(
    tiny_run: Path, tiny_encoder: Path, rows: tuple[Row, ...], tmp_path: Path
) -> None:
    prepared = prepare(str(tiny_encoder), TINY.seed)
    first = prepared.network = load_average(prepared, tiny_run)
    before = {name: value.clone() for name, value in first.state_dict().items()}
    recipes = [dataclasses.replace(TINY_AGAIN, seed=seed) for seed in (1, 2)]
    mean = soup(prepared, rows * 4, recipes, tmp_path).state_dict()
    assert all(torch.equal(value, before[name]) for name, value in first.state_dict().items())
    runs = [
        torch.load(tmp_path / f"seed-{seed}" / "checkpoint.pt", weights_only=True)["average"]
        for seed in (1, 2)
    ]
    name = "sentiment.weight"
    assert not torch.equal(runs[0][name], runs[1][name])
    assert torch.allclose(mean[name], (runs[0][name] + runs[1][name]) / 2, atol=1e-6)


def test_unknown_encoder_is_refused(tmp_path: Path, rows: tuple[Row, ...]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        build(
            Corpus(rows, rows, rows, {}),
            str(tmp_path / "nothing"),
            tmp_path / "run",
            TINY,
            TINY_AGAIN,
        )


def test_trimmed_vocabulary_keeps_the_states_of_a_text(
    tiny_encoder: Path, rows: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.training import vocabulary

    monkeypatch.setattr(vocabulary, "_SMALL_ENOUGH", 10)
    monkeypatch.setattr(vocabulary, "PIECES", 60)
    text = rows[1].text
    whole, cut = prepare(str(tiny_encoder), 1), prepare(str(tiny_encoder), 1)
    trim(cut, [text])
    assert cut.vocabulary.get_vocab_size() == 60 < whole.vocabulary.get_vocab_size()
    states = []
    for prepared in (whole, cut):
        encoding = prepared.vocabulary.encode(text)
        ids = torch.tensor([encoding.ids])
        states.append((encoding.tokens, prepared.network.eval().states(ids, torch.ones_like(ids))))
    assert states[0][0] == states[1][0]
    assert torch.allclose(states[0][1], states[1][1], atol=1e-5)
    assert cut.vocabulary.id_to_token(cut.pad_id) == "<pad>"


def test_epoch_repeats_rare_labels_and_is_the_same_each_time(rows: tuple[Row, ...]) -> None:
    common = [dataclasses.replace(rows[0], text=f"{rows[0].text} {i}") for i in range(300)]
    drawn = epoch_rows([*common, rows[4]], seed=3)
    assert drawn == epoch_rows([*common, rows[4]], seed=3)
    assert drawn.count(rows[4]) == 3
    assert drawn.count(common[7]) == 1


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    return load_corpus(shared / "data")


def test_no_text_stands_on_two_sides(corpus: Corpus) -> None:
    reserved = [*corpus.validation, *corpus.held_back]
    for rows in corpus.sentiment_sets.values():
        reserved += rows
    train = {fingerprint(row.text) for row in corpus.train}
    assert len(train) == len(corpus.train)
    assert not train & {fingerprint(row.text) for row in reserved}
    assert not {fingerprint(row.text) for row in corpus.validation} & {
        fingerprint(row.text) for row in corpus.held_back
    }
    groups = {row.group for row in corpus.train if row.group}
    assert not groups & {row.group for row in (*corpus.validation, *corpus.held_back)}


def test_split_is_fixed_and_labels_are_those_of_the_guidelines(corpus: Corpus) -> None:
    assert (len(corpus.held_back), len(corpus.validation)) == (400, 500)
    assert all(row.signals is not None and row.known for row in corpus.held_back)
    used = {name for row in corpus.train for name, _polarity in row.touchpoints}
    assert used == set(TOUCHPOINTS)
    sources = {row.source.split("-")[0] for row in corpus.train}
    assert sources >= {"smsa", "nusax_javanese", "prdect", "absa", "banking77", "authored_en"}


def test_own_annotations_find_their_texts_and_keep_the_sentiment_of_people(shared: Path) -> None:
    data = shared / "data"
    given = {key(row.text): row.sentiment for row in sources.sentiment(data, "smsa_train")}
    found = list(sources.own_annotated(data))
    annotated = [row for row in found if row.weight == 1.0]
    assert len({key(row.text) for row in annotated}) == len(_own("annotated"))
    assert any(row.weight == 0.5 and row.source.startswith("absa-") for row in found)
    for row in annotated:
        assert row.known == frozenset(TOUCHPOINTS)
        if row.source == "smsa":
            assert row.sentiment == given[key(row.text)]


def test_own_labels_are_those_of_the_guidelines() -> None:
    for record in [*_own("annotated"), *_own("authored")]:
        assert record["sentiment"] in SENTIMENTS
        assert set(record["touchpoints"]) <= set(TOUCHPOINTS)
        assert set(record["touchpoints"].values()) <= set(SENTIMENTS)
        assert set(record["signals"]) <= set(SIGNALS)
    assert all(set(record) == {"key", *_LABELS} for record in _own("annotated"))  # never a text
    assert len({key(record["text"]) for record in _own("authored")}) == len(_own("authored"))


_LABELS = ("sentiment", "complaint", "touchpoints", "signals")


def _own(name: str) -> list[dict[str, Any]]:
    lines = (sources.OWN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_missing_data_is_a_clear_error(tmp_path: Path) -> None:
    arguments = ["--data", str(tmp_path), "--encoder", "x", "--out", str(tmp_path)]
    result = subprocess.run(
        [sys.executable, "-m", "models.training", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "annotated_train.jsonl: a training file is missing" in result.stderr


def _same(first: Network, second: Network) -> bool:
    theirs = second.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in first.state_dict().items())
