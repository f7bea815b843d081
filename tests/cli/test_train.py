from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.adapt import background
from models.checkpoint import load_tagger
from models.evaluation import sets
from models.training.sources import own_authored
from simak.errors import ConfigurationError
from simak.tags import Tags
from store.corrections import correct
from store.engine import open_store
from store.filter import Filter
from store.lists import list_mentions
from tests.cli.conftest import Simak
from tests.corrected import SLANG, UNSEEN, corrections

Asked = Callable[..., Any]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less to read: the tests are about the commands."""
    rows, checked = list(own_authored())[::20], sets.check_set()
    few = replace(checked, rows=checked.rows[::8], languages=checked.languages[::8])
    monkeypatch.setattr(background, "own_authored", lambda: iter(rows))
    monkeypatch.setattr(sets, "check_set", lambda: few)


@pytest.fixture(scope="module")
def said() -> list[tuple[str, Tags]]:
    return corrections(load_tagger())


def store_with_corrections(asked: Asked, said: list[tuple[str, Tags]]) -> None:
    """Import texts as a house gets them, tag them, and correct each as people say."""
    lines = [json.dumps({"id": str(n), "text": text}) for n, (text, _) in enumerate(said)]
    lines += [json.dumps({"id": f"u{n}", "text": text}) for n, text in enumerate(UNSEEN)]
    Path("a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    asked("import", "a.jsonl", "--brand", "A")
    asked("tag")
    meant = dict(said)
    store = open_store("sqlite:///data/simak.db")
    for row in list_mentions(store, Filter(), limit=500):
        if row.text in meant:
            correct(store, row.id, meant[row.text], by="ana", now=datetime.now(UTC))
    store.close()


def sentiments(asked: Asked) -> list[str]:
    """What a reader sees of the texts that nobody has corrected."""
    shown = asked("show", "mentions", "--search", SLANG, "--limit", "100")["mentions"]
    return [row["sentiment"] for row in shown if row["text"] in UNSEEN]


def test_corrections_teach_until_they_are_reset(
    simak: Simak, asked: Asked, said: list[tuple[str, Tags]], folder: Path
) -> None:
    store_with_corrections(asked, said)
    meant, n = said[0][1].sentiment, len(said) + len(UNSEEN)
    before = sentiments(asked)
    assert len(before) == len(UNSEEN)
    assert set(before) != {meant}

    outcome = asked("train", "--with-corrections")
    assert outcome["learned"] + outcome["held_out"] == len(said)
    assert outcome["check"] == len(sets.check_set().rows)
    assert list(outcome["heads"]) == [
        "sentiment", "complaint", "touchpoints", "touchpoints_polarity", "signals",
    ]  # fmt: skip
    found = outcome["heads"]["sentiment"]
    assert found["kept"] is True
    assert found["contradicted"] > 10
    assert found["chance"] < 0.05
    assert found["corrections"]["before"] < found["corrections"]["after"]
    assert found["check"]["before"] <= found["check"]["after"]
    assert outcome["heads"]["signals"]["contradicted"] == 0
    assert "mentions wait to be tagged" in simak("doctor").output
    assert asked("tag")["new"] == n
    assert sentiments(asked) == [meant] * len(UNSEEN)

    again = simak("train", "--with-corrections").output
    assert "sentiment, macro-F1" in again
    assert "refused: no better on the corrections" in again
    assert "none: nobody contradicts it" in again
    assert "Nothing was changed." in again
    assert asked("tag")["new"] == 0

    path = folder / "data" / "heads.json"
    content = json.loads(path.read_text())
    shipped = content["model"]
    path.write_text(json.dumps(content | {"model": "simak-000000000000"}))
    result = simak("tag")
    assert "what corrections have taught simak-000000000000 is left out" in result.stderr
    assert f"model {shipped})" in result.stdout
    assert "! model     what corrections have taught simak-0000" in simak("doctor").output
    assert sentiments(asked) == before

    path.write_text(path.read_text()[:100])
    doctor = simak("doctor")
    assert doctor.exit_code == 1
    assert "✗ model     " in doctor.output
    assert "simak train --reset" in doctor.output
    assert isinstance(simak("tag").exception, ConfigurationError)

    assert "Now tag again: simak tag" in simak("train", "--reset").output
    assert not path.exists()
    assert asked("train", "--with-corrections", "--reset") == {"reset": False}
    assert asked("tag")["new"] == 0
    assert {f["state"] for f in asked("doctor")} <= {"ok", "note"}


def test_what_was_learned_is_shown_in_a_table(
    simak: Simak, asked: Asked, said: list[tuple[str, Tags]]
) -> None:
    store_with_corrections(asked, said)
    lines = simak("train", "--with-corrections").output.splitlines()
    (line,) = [line for line in lines if line.startswith("sentiment, macro-F1")]
    assert line.endswith("in use")
    assert line.count("→") == 2
    assert lines[-1] == "Now tag again: simak tag. To go back: simak train --reset"


@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        ((), "say what to learn from: simak train --with-corrections"),
        (("--with-corrections",), "0 corrected texts are too few to learn from: at least 20"),
    ],
)
def test_what_cannot_be_learned_from_is_said(
    simak: Simak, folder: Path, arguments: tuple[str, ...], sign: str
) -> None:
    result = simak("train", *arguments)
    assert isinstance(result.exception, ConfigurationError)
    assert sign in str(result.exception)
    assert not (folder / "data" / "heads.json").exists()


def test_a_model_of_another_format_is_refused(simak: Simak, folder: Path) -> None:
    (folder / "simak.toml").write_text('[model]\npath = "someone/sentiment"\n')
    result = simak("train", "--with-corrections")
    assert isinstance(result.exception, ConfigurationError)
    assert "'someone/sentiment' is not in Simak's own format" in str(result.exception)
