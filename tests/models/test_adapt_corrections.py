from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.adapt import background as backgrounds
from models.adapt.adaptation import Adaptation, House
from models.adapt.corrections import fit_heads
from models.adapt.features import read
from models.adapt.heads import (
    FILE,
    HEADS,
    CorrectedHeads,
    correct,
    read_heads,
    remove_heads,
    write_heads,
)
from models.adapt.linear import Linear
from models.adapt.retrain import FEWEST, Outcome, Verdict, retrain
from models.adapt.signs import signs_of
from models.checkpoint import adaptable, load_tagger
from models.evaluation.sets import check_set
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.onnx_tagger import OnnxTagger
from models.package import Package
from models.runtime import Runtime
from models.training.rows import Row
from models.training.sources import own_authored
from simak.errors import ConfigurationError
from simak.tags import Tags, TouchpointTag
from tests.corrected import SLANG, UNSEEN, corrections

SMALL = """
import sys; from pathlib import Path
from models.adapt import background
from models.training.sources import own_authored
rows = list(own_authored())[::20]
background.own_authored = lambda: iter(rows)
"""


@pytest.fixture(scope="module", autouse=True)
def small_background() -> Iterator[None]:
    """Every twentieth of the texts written for the project: the tests are about the method."""
    rows = list(own_authored())[::20]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backgrounds, "own_authored", lambda: iter(rows))
        yield


@pytest.fixture(scope="module")
def package() -> Package:
    return adaptable(None)


@pytest.fixture(scope="module")
def said(package: Package) -> list[tuple[str, Tags]]:
    return corrections(OnnxTagger(package))


@pytest.fixture(scope="module")
def check() -> tuple[Row, ...]:
    return check_set().rows[::4]


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    small_background: None,
    package: Package,
    said: list[tuple[str, Tags]],
    check: tuple[Row, ...],
) -> tuple[Path, Outcome]:
    """A data folder after learning from people who know a word that the model does not."""
    made = tmp_path_factory.mktemp("data")
    return made, retrain(package, made, said, check)


def verdict_of(outcome: Outcome, head: str) -> Verdict:
    return next(one for one in outcome.verdicts if one.head == head)


def house(folder: Path) -> House:
    return House(folder, list)


def test_what_people_always_correct_is_learned(
    folder: tuple[Path, Outcome], said: list[tuple[str, Tags]]
) -> None:
    data, outcome = folder
    assert [one.head for one in outcome.verdicts] == list(HEADS)
    assert outcome.learned + outcome.held_out == len(said)
    found = verdict_of(outcome, "sentiment")
    assert found.contradicted > 10
    assert found.kept
    assert found.own_after > found.own_before
    assert found.check_after >= found.check_before
    meant = said[0][1].sentiment
    tags = load_tagger(house=house(data)).predict(UNSEEN)
    assert [one.sentiment for one in tags] == [meant] * len(UNSEEN)
    assert {one.sentiment for one in load_tagger().predict(UNSEEN)} != {meant}


def test_what_nobody_contradicts_stays_as_it_is(
    folder: tuple[Path, Outcome], said: list[tuple[str, Tags]]
) -> None:
    data, outcome = folder
    for name in ("touchpoints", "touchpoints_polarity", "signals"):
        found = verdict_of(outcome, name)
        assert (found.contradicted, found.kept) == (0, False)
        assert found.own_before == found.own_after or np.isnan(found.own_before)
    texts = [text for text, _ in said]
    shipped, taught = load_tagger().predict(texts), load_tagger(house=house(data)).predict(texts)
    for before, after in zip(shipped, taught, strict=True):
        assert after.touchpoints == before.touchpoints
        assert after.signals == before.signals


def test_learning_again_changes_nothing_and_torch_is_never_loaded(
    folder: tuple[Path, Outcome], said: list[tuple[str, Tags]], tmp_path: Path
) -> None:
    data, _outcome = folder
    code = SMALL + (
        "from models.adapt.retrain import retrain\n"
        "from models.checkpoint import adaptable, load_tagger\n"
        "from models.evaluation.sets import check_set\n"
        "from tests.corrected import corrections\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "args = adaptable(None), folder, corrections(load_tagger()), check_set().rows[::4]\n"
        "retrain(*args)\n"
        "first = (folder / 'heads.json').read_bytes()\n"
        "assert not any(one.kept for one in retrain(*args).verdicts)\n"
        "assert (folder / 'heads.json').read_bytes() == first\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
    assert (tmp_path / FILE).read_bytes() == (data / FILE).read_bytes()


def test_labels_by_chance_are_refused(
    folder: tuple[Path, Outcome],
    package: Package,
    said: list[tuple[str, Tags]],
    check: tuple[Row, ...],
    tmp_path: Path,
) -> None:
    before = (folder[0] / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(before)
    chance = random.Random(3)
    drawn = [
        (text, replace(tags, sentiment=chance.choice(SENTIMENTS), complaint=chance.random() < 0.5))
        for text, tags in said
    ]
    outcome = retrain(package, tmp_path, drawn, check)
    assert verdict_of(outcome, "sentiment").contradicted > 20
    assert verdict_of(outcome, "complaint").contradicted > 20
    assert not any(one.kept for one in outcome.verdicts)
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("check_figures", "own_figures", "kept"),
    [
        ((0.8, 0.8), (0.5, 0.6), True),
        ((0.8, 0.9), (0.5, 0.6), True),
        ((0.8, 0.79), (0.5, 0.9), False),
        ((0.8, 0.9), (0.5, 0.5), False),
        ((0.8, 0.9), (0.5, 0.4), False),
        ((0.8, 0.9), (np.nan, np.nan), False),  # nothing was held out
        ((0.8, 0.8), (np.nan, 0.0), False),  # false alarms where there was nothing to find
        ((0.8, np.nan), (0.5, 0.6), True),
    ],
)
def test_a_head_is_kept_where_it_is_no_worse_here_and_better_there(
    check_figures: tuple[float, float], own_figures: tuple[float, float], kept: bool
) -> None:
    assert Verdict("sentiment", 5, 0.049, *check_figures, *own_figures).kept is kept
    assert not Verdict("sentiment", 5, 0.05, *check_figures, *own_figures).kept


def test_each_head_learns_what_contradicts_it(package: Package) -> None:
    runtime = Runtime(package.directory, package.max_length)
    texts = [text for text, _ in _absurd()]
    rows = [
        Row(
            text, "correction", sentiment=0, complaint=1, touchpoints=(("loyalty", "positive"),),
            known=frozenset(TOUCHPOINTS), signals=("anxiety",),
        )
        for text in texts
    ]  # fmt: skip
    readings = [one for one in read(runtime, texts) if one is not None]
    lessons = fit_heads(rows, readings, backgrounds.read_background(runtime), package)
    heads = {name: lesson.head for name, lesson in lessons.items() if lesson.head is not None}
    assert {"touchpoints", "signals"} <= set(heads)
    for name in ("touchpoints", "signals"):
        lesson = lessons[name]
        assert lesson.contradicted == len(texts)
        assert lesson.chance < 0.5 ** (len(texts) - 3)  # nearly all better, none worse
    tagger = OnnxTagger(package, adaptation=Adaptation({}, heads))
    (tags,) = tagger.predict(["malam ini kuglopi lagi"])
    assert (tags.sentiment, tags.complaint, tags.signals) == ("negative", True, ("anxiety",))
    assert list(tags.touchpoints) == ["loyalty"]
    assert tags.touchpoints["loyalty"].polarity == "positive"
    span = tags.touchpoints["loyalty"].span
    assert span is not None
    assert "kuglopi" in "malam ini kuglopi lagi"[slice(*span)]


def _absurd() -> list[tuple[str, Tags]]:
    """Texts of an invented word and what no model would say of it."""
    tags = Tags("negative", True, {"loyalty": TouchpointTag("positive")}, ("anxiety",))
    days = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
    return [(how.format(day), tags) for day in days for how in ("kuglopi {}", "{} kuglopi lagi")]


def test_what_is_added_shows_in_logits_and_evidence(package: Package) -> None:
    runtime = Runtime(package.directory, package.max_length)
    ((encoded, shipped),) = runtime.run(["barang bagus, kirimnya lama"], states=True)
    assert shipped is not None
    chance = np.random.default_rng(2)
    size = shipped.states.shape[1]
    heads = {
        name: Linear(
            chance.normal(size=(k, size)), chance.normal(size=k), {}, {}, chance.normal(size=k)
        )
        for name, k in ((name, len(head.labels)) for name, head in HEADS.items())
    }
    made = correct(heads, signs_of(encoded), shipped)
    for name, head in heads.items():
        before, after = getattr(shipped, HEADS[name].field), getattr(made, HEADS[name].field)
        assert after.shape == before.shape
        added = head.logits(frozenset(), frozenset(), shipped.states.mean(0))
        expected = before + (added if before.shape else added[0])
        assert after == pytest.approx(expected, abs=1e-4)
    bias = made.presence - made.evidence.sum(1)
    assert bias == pytest.approx(
        shipped.presence - shipped.evidence.sum(1) + heads["touchpoints"].bias, abs=1e-3
    )


def test_too_few_corrections_are_a_clear_error(
    package: Package, check: tuple[Row, ...], tmp_path: Path
) -> None:
    tags = Tags("neutral", False)
    texts = [f"teks ke {n}" for n in range(FEWEST - 1)]
    copies = [texts[0].upper(), f"  {texts[1]}!", check[0].text]
    with pytest.raises(ConfigurationError, match=r"19 corrected texts are too few.*at least 20"):
        retrain(package, tmp_path, [(text, tags) for text in texts + copies], check)


def _heads(package: Package, shift: float = 9.0) -> CorrectedHeads:
    """Heads that find everything negative."""
    states = np.zeros((3, 384))
    head = Linear(states, np.zeros(3), {}, {}, np.array([shift, 0.0, 0.0]))
    errors = {"sentiment": [[1, 0, 0], [1, 0, 0], [1, 0, 0]]}
    return CorrectedHeads(package.version, 20, {"sentiment": head}, errors)


def test_the_version_and_the_errors_are_those_of_the_heads(
    package: Package, tmp_path: Path
) -> None:
    shipped = OnnxTagger(package)
    write_heads(tmp_path, _heads(package))
    tagger = load_tagger(house=house(tmp_path))
    assert tagger.version.startswith(f"{package.version}+")
    assert tagger.predict(["mantap"])[0].sentiment == "negative"
    assert tagger.quality["errors"]["sentiment"] == [[1, 0, 0]] * 3
    assert tagger.quality["errors"]["complaint"] == shipped.quality["errors"]["complaint"]
    assert tagger.quality["figures"] == shipped.quality["figures"]
    write_heads(tmp_path, _heads(package, 8.0))
    assert load_tagger(house=house(tmp_path)).version not in (tagger.version, package.version)
    assert remove_heads(tmp_path)
    assert not remove_heads(tmp_path)
    assert load_tagger(house=house(tmp_path)).version == package.version


def test_heads_of_another_model_are_left_out_and_do_not_outlive_learning(
    package: Package, check: tuple[Row, ...], said: list[tuple[str, Tags]], tmp_path: Path
) -> None:
    write_heads(tmp_path, replace(_heads(package), model="simak-000000000000"))
    tagger = load_tagger(house=house(tmp_path))
    assert tagger.version == package.version
    agreed = [(text, tags) for text, tags in said if SLANG not in text]
    outcome = retrain(package, tmp_path, agreed, check[:8])
    assert all(one.contradicted == 0 for one in outcome.verdicts)
    assert read_heads(tmp_path) is None


def _without(name: str) -> Callable[[dict[str, object]], object]:
    return lambda content: {key: value for key, value in content.items() if key != name}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content | {"format": 2},
        lambda content: [content],
        lambda content: content | {"heads": {"mood": content["heads"]["sentiment"]}},
        lambda content: content | {"heads": {"complaint": content["heads"]["sentiment"]}},
        lambda content: content | {"heads": {"sentiment": {"bias": [1, 2, 3]}}},
        lambda content: content | {"errors": 3},
        _without("heads"),
        _without("model"),
    ],
)
def test_a_damaged_file_is_a_clear_error(
    package: Package, tmp_path: Path, damage: Callable[[dict[str, object]], object]
) -> None:
    write_heads(tmp_path, _heads(package))
    content = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(damage(content)))
    with pytest.raises(ConfigurationError, match=r"heads\.json.*simak train --reset"):
        load_tagger(house=house(tmp_path))


def test_half_a_file_is_a_clear_error(package: Package, tmp_path: Path) -> None:
    write_heads(tmp_path, _heads(package))
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text()[:300])
    with pytest.raises(ConfigurationError, match=r"heads\.json.*simak train --reset"):
        load_tagger(house=house(tmp_path))


def test_every_head_has_its_labels() -> None:
    sizes = {name: len(head.labels) for name, head in HEADS.items()}
    assert sizes == {
        "sentiment": 3, "complaint": 1, "touchpoints": len(TOUCHPOINTS),
        "touchpoints_polarity": 3, "signals": len(SIGNALS),
    }  # fmt: skip
