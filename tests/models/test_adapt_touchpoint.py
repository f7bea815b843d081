from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.adapt import background as backgrounds
from models.adapt.adaptation import Adaptation, House, own_heads
from models.adapt.linear import read_linear
from models.adapt.teacher import Lesson, Teacher
from models.adapt.touchpoint import SHARE, threshold_at_share
from models.checkpoint import adaptable, load_tagger
from models.onnx_tagger import OnnxTagger
from models.training.sources import own_authored
from simak.errors import ConfigurationError
from simak.own_touchpoints import FILE, Example, OwnTouchpoint, read_own, write_own
from simak.taxonomy import Touchpoint

PARKING = Touchpoint(
    "parking",
    "transaction",
    "operations",
    {"id": "Parkir", "en": "Parking"},
    {"id": "P", "en": "P"},
)
EXAMPLES = [
    "parkirnya sempit banget, muter dua kali baru dapat",
    "tempat parkir luas, bayarnya cuma dua ribu",
    "The parking lot is always full on weekends",
    "tukang parkir minta lima ribu padahal gratis",
    "susah cari parkiran mobil di sini",
    "Free parking right at the door, lovely",
    "parkiran motor becek kalau hujan",
    "we circled twenty minutes for a parking space",
    "parkir basement gelap, agak takut",
    "lahan parkirnya kurang, akhirnya parkir di jalan",
]
UNSEEN = {
    "enak makanannya tapi parkir mobilnya susah": True,
    "parking was easy and cheap": True,
    "area parkir sempit, motor saya lecet": True,
    "No parking spaces left at noon": True,
    "pengiriman lama sekali, sudah 2 minggu belum sampai": False,
    "kualitasnya jelek, baru seminggu rusak": False,
    "The waiter was rude and the room was dirty": False,
    "aplikasinya error terus": False,
    "mantap": False,
    "harga murah dan barang bagus": False,
}


def house(folder: Path) -> House:
    """A house without a text in its store."""
    return House(folder, list)


@pytest.fixture(scope="module", autouse=True)
def small_background() -> Iterator[None]:
    """Every fifth of the texts written for the project: the tests are about the method."""
    rows = list(own_authored())[::5]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backgrounds, "own_authored", lambda: iter(rows))
        yield


@pytest.fixture(scope="module")
def teacher(small_background: None) -> Teacher:
    return Teacher(adaptable(None))


@pytest.fixture(scope="module")
def lesson(teacher: Teacher) -> Lesson:
    return teacher.teach([Example(text, True) for text in EXAMPLES])


@pytest.fixture
def folder(tmp_path: Path, lesson: Lesson) -> Path:
    """A data folder with one touchpoint taught."""
    examples = tuple(Example(text, True) for text in EXAMPLES)
    write_own(tmp_path, [OwnTouchpoint(PARKING, examples, lesson.learned)])
    return tmp_path


def test_ten_examples_find_what_they_mean_in_unseen_texts(folder: Path) -> None:
    tags = load_tagger(house=house(folder)).predict(list(UNSEEN))
    assert ["parking" in one.touchpoints for one in tags] == list(UNSEEN.values())
    for text, one in zip(UNSEEN, tags, strict=True):
        assert list(one.scores)[-1] == "parking"
        assert ("parking" in one.touchpoints) == (one.scores["parking"] >= 0.5)
        if "parking" in one.touchpoints:
            found = one.touchpoints["parking"]
            assert (found.polarity, found.score) == (one.sentiment, one.scores["parking"])
            assert found.span is not None
            assert "park" in text[slice(*found.span)].lower()


def test_the_rest_of_the_tags_stays_as_it_was(folder: Path) -> None:
    shipped = load_tagger().predict(list(UNSEEN))
    for before, after in zip(
        shipped, load_tagger(house=house(folder)).predict(UNSEEN), strict=True
    ):
        kept = {id: one for id, one in after.touchpoints.items() if id != "parking"}
        scores = {name: score for name, score in after.scores.items() if name != "parking"}
        assert replace(after, touchpoints=kept, scores=scores) == before


def test_a_text_with_nothing_in_it_has_no_own_touchpoint(folder: Path) -> None:
    (tags,) = load_tagger(house=house(folder)).predict(["  "])
    assert (dict(tags.touchpoints), tags.scores["parking"]) == ({}, 0.0)


def test_the_version_tells_what_was_taught(folder: Path, lesson: Lesson) -> None:
    shipped = load_tagger().version
    taught = load_tagger(house=house(folder)).version
    assert taught.startswith(shipped + "+")
    assert load_tagger(house=house(folder)).version == taught
    (own,) = read_own(folder)
    renamed = replace(own.touchpoint, names={"id": "Tempat parkir", "en": "Car park"})
    write_own(folder, [replace(own, touchpoint=renamed)])
    assert load_tagger(house=house(folder)).version == taught
    head = read_linear(lesson.learned["head"])
    other = Adaptation({"parking": replace(head, bias=head.bias + 1)})
    assert OnnxTagger(adaptable(None), adaptation=other).version not in (taught, shipped)
    write_own(folder, [])
    assert load_tagger(house=house(folder)).version == shipped


def test_states_are_asked_for_only_where_something_was_taught(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.runtime import Runtime

    run, asked = Runtime._run, []
    monkeypatch.setattr(
        Runtime, "_run", lambda self, states, one: (asked.append(states), run(self, states, one))[1]
    )
    load_tagger(house=house(tmp_path / "empty")).predict(["bagus"])
    load_tagger(house=house(folder)).predict(["bagus"])
    assert asked == [False, True]


def test_another_model_is_taught_the_same_examples(folder: Path, tiny_model: Path) -> None:
    tagger = load_tagger(str(tiny_model), house=house(folder))
    (own,) = read_own(folder)
    assert own.learned["model"] == adaptable(str(tiny_model)).version
    assert len(own.learned["head"]["states"][0]) == 64
    assert own.examples == tuple(Example(text, True) for text in EXAMPLES)
    assert tagger.version.startswith(own.learned["model"] + "+")
    assert own_heads(adaptable(str(tiny_model)), house(folder)).keys() == {"parking"}
    assert load_tagger(house=house(folder)).predict(["parkir"])[0].scores.keys() >= {"parking"}


def test_teaching_is_deterministic(teacher: Teacher, lesson: Lesson) -> None:
    assert teacher.teach([Example(text, True) for text in EXAMPLES]) == lesson


def test_examples_without_anything_in_common_promise_little(
    teacher: Teacher, lesson: Lesson
) -> None:
    assert lesson.learned["f1"] > 0.6
    texts = [row.text for row in own_authored()]
    mixed = random.Random(4).sample(texts, 12)
    learned = teacher.teach([Example(text, True) for text in mixed]).learned
    assert learned["f1"] < 0.3


def test_a_counter_example_is_learned_from(teacher: Teacher) -> None:
    text = "taman di sebelah mal, sejuk dan gratis"
    examples = [Example(one, True) for one in EXAMPLES]
    examples += [Example("taman bermain anak di mal gratis", True)]
    against = [Example("taman di depan mal sejuk", False), Example("taman kota gratis", False)]
    scores = []
    for given in (examples, examples + against):
        head = read_linear(teacher.teach(given).learned["head"])
        tagger = OnnxTagger(adaptable(None), adaptation=Adaptation({"parking": head}))
        scores.append(tagger.predict([text])[0].scores["parking"])
    assert scores[1] < scores[0]


def test_what_is_marked_is_shown_in_texts_of_all_kinds(teacher: Teacher) -> None:
    texts = [row.text for row in own_authored()][::5]
    delivery = [row.text for row in own_authored() if "delivery" in dict(row.touchpoints)]
    taken = [text for text in delivery if text in texts][:10]
    lesson = teacher.teach([Example(text, True) for text in taken])
    assert (lesson.by_own, lesson.texts) == (False, len(texts) - 10)
    assert set(lesson.marked) <= set(texts) - set(taken)
    # What is truly meant is among them, because nobody labelled those texts for it.
    assert set(lesson.marked) & set(delivery)


def test_what_is_usual_in_the_house_is_learned(teacher: Teacher) -> None:
    # A car park's own customers: every text speaks of parking, few of what is meant.
    days = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
    places = ("mal", "kantor", "rumah sakit", "bandara", "stasiun")
    said = ("penuh", "sepi", "luas", "jauh")
    own = [f"parkir {p} hari {d} {s}" for p in places for d in days for s in said]
    damage = ("motor lecet", "helm hilang", "spion patah", "ban kempes", "kaca pecah")
    harmed = [f"parkir {p} {one}" for p, one in zip(places, damage, strict=True)]
    harmed += [f"{one} di parkir {p}" for p, one in zip(places, reversed(damage), strict=True)]
    examples = [Example(text, True) for text in harmed]
    lesson = Teacher(adaptable(None), own).teach(examples)
    assert (lesson.by_own, lesson.texts) == (True, len(own))
    heads = [one.learned["head"] for one in (teacher.teach(examples), lesson)]
    alarms = []
    for head in heads:
        adaptation = Adaptation({"damage": read_linear(head)})
        tags = OnnxTagger(adaptable(None), adaptation=adaptation).predict(
            ["motor lecet di parkir stasiun", *own[:60]]
        )
        assert "damage" in tags[0].touchpoints
        alarms.append(sum("damage" in one.touchpoints for one in tags[1:]))
    assert alarms[1] == 0 < alarms[0]


@pytest.mark.parametrize("n", [0, 4])
def test_too_few_examples_are_a_clear_error(teacher: Teacher, n: int) -> None:
    examples = [Example(text, True) for text in EXAMPLES[:n]] + [Example(" ", True)]
    with pytest.raises(ConfigurationError, match=f"{n} examples are too few: at least 5"):
        teacher.teach(examples)


def test_damaged_heads_are_a_clear_error(folder: Path) -> None:
    content = json.loads((folder / FILE).read_text())
    content["touchpoints"][0]["learned"]["head"]["bias"] = []
    (folder / FILE).write_text(json.dumps(content))
    with pytest.raises(ConfigurationError, match=r"touchpoints\.json: what was learned is damaged"):
        load_tagger(house=house(folder))


def test_tagging_imports_nothing_that_only_teaching_needs(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.adapt.adaptation import House;"
        "from models.checkpoint import load_tagger;"
        f"load_tagger(house=House(Path({str(folder)!r}), list)).predict(['parkir']);"
        "print([m for m in ('torch', 'sklearn', 'scipy.optimize') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_threshold_is_the_best_there_is() -> None:
    generator = np.random.default_rng(5)
    for _ in range(20):
        present, absent = generator.normal(1, 1, size=8), generator.normal(-1, 1, size=60)

        def f1(at: float, present: np.ndarray = present, absent: np.ndarray = absent) -> float:
            recall, alarms = (present >= at).mean(), (absent >= at).mean()
            return 2 * recall * SHARE / (recall * SHARE + SHARE + alarms * (1 - SHARE))

        best = max(f1(at) for at in np.linspace(-4, 4, 4_001))
        assert f1(threshold_at_share(present, absent)) == pytest.approx(best)


def test_the_share_is_that_of_a_touchpoint_in_the_middle() -> None:
    rows = list(own_authored())
    counts = Counter(name for row in rows for name, _polarity in row.touchpoints)
    assert abs(sorted(counts.values())[len(counts) // 2] / len(rows) - SHARE) < 0.015
