from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.adapt import background
from models.checkpoint import DEFAULT
from models.training.sources import own_authored
from simak.cli.examples import MOST, read_examples
from simak.errors import ConfigurationError
from simak.own_touchpoints import Example
from tests.cli.conftest import Simak

TEXTS = [
    "parkirnya sempit banget, muter dua kali baru dapat",
    "tempat parkir luas, bayarnya cuma dua ribu",
    "The parking lot is always full on weekends",
    "tukang parkir minta lima ribu padahal gratis, wa 0812-3456-7890",
    "susah cari parkiran mobil di sini",
    "we circled twenty minutes for a parking space",
]


BACKGROUND = list(own_authored())[::10]


@pytest.fixture(autouse=True)
def small_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "own_authored", lambda: iter(BACKGROUND))


@pytest.fixture
def examples(folder: Path) -> str:
    (folder / "parkir.txt").write_text("\n".join(TEXTS) + "\n\n", encoding="utf-8")
    return "parkir.txt"


def test_a_touchpoint_from_teaching_to_removal(
    simak: Simak,
    asked,  # type: ignore[no-untyped-def]
    examples: str,
    folder: Path,
) -> None:
    (folder / "mei.csv").write_text(
        "reviewId,content,at\n"
        "1,Parkir mobilnya susah sekali,2026-05-03\n"
        "2,Barang bagus dan murah,2026-05-04\n"
    )
    asked("import", "mei.csv", "--brand", "A")
    assert asked("tag")["new"] == 2
    added = asked(
        "touchpoint", "add", "parking", "--examples", examples, "--name-id", "Parkir",
        "--owner", "operations",
    )  # fmt: skip
    assert (added["id"], added["examples"], added["texts"]) == ("parking", 6, len(BACKGROUND))
    assert added["by_own"] is False
    assert added["name"] == {"id": "Parkir", "en": "Parkir"}
    assert 0.0 <= added["f1"] <= 1.0
    kept = (folder / "data" / "touchpoints.json").read_text()
    assert "muter dua kali" in kept
    assert "0812" not in kept
    (listed,) = asked("touchpoint", "list")
    assert listed == {name: added[name] for name in listed}
    assert "Parkir" in simak("touchpoint", "list").output

    assert asked("tag")["new"] == 2
    (row,) = asked("show", "mentions", "--touchpoint", "parking")["mentions"]
    assert row["text"].startswith("Parkir")
    assert row["touchpoints"]["parking"]["polarity"] == row["sentiment"]
    causes = {one["id"]: one for one in asked("show", "touchpoints")["touchpoints"]["rows"]}
    assert (causes["parking"]["owner"], causes["parking"]["mentions"]) == ("operations", 1)
    assert "Parkir" in simak("show", "touchpoints").output
    line = json.dumps({"id": "1", "text": "parkirnya penuh"})
    record = json.loads(simak("predict", input=line).stdout)
    assert "parking" in record["touchpoints"]
    shipped = json.loads(simak("predict", "--model", str(DEFAULT), input=line).stdout)
    assert "parking" not in shipped["scores"]
    assert "20 touchpoints" in simak("doctor").output

    assert "simak tag" in simak("touchpoint", "remove", "parking").output
    assert asked("touchpoint", "list") == []
    assert asked("tag")["new"] == 2
    assert asked("show", "mentions", "--touchpoint", "parking")["count"] == 0


def test_the_store_tells_what_is_usual(simak: Simak, asked, examples: str, folder: Path) -> None:  # type: ignore[no-untyped-def]
    lines = [json.dumps({"id": n, "text": f"barang ke {n} bagus"}) for n in range(120)]
    (folder / "a.jsonl").write_text("\n".join(lines))
    asked("import", "a.jsonl", "--brand", "A")
    said = simak("touchpoint", "add", "parking", "--examples", examples).output
    assert "or more where 5 % of the texts speak of it" in said
    assert "Of 120 other texts of your store it marks 0." in said


def test_teaching_says_what_to_expect(simak: Simak, examples: str) -> None:
    said = simak("touchpoint", "add", "parking", "--examples", examples).output
    assert "of 6 examples were found" in said
    assert "Among texts of all kinds expect an F1 of about" in said
    assert f"Of {len(BACKGROUND)} texts of all kinds it marks" in said
    assert "too few texts" in said
    assert said.rstrip().endswith("Now tag again: simak tag")


@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        (("add", "delivery", "--examples", "{file}"), "already"),
        (("add", "Park ing", "--examples", "{file}"), "cannot be a touchpoint's id"),
        (("add", "parking", "--examples", "none.txt"), "none.txt: cannot be read"),
        (("add", "parking", "--examples", "few.txt"), "2 examples are too few"),
        (("remove", "parking"), "no touchpoint 'parking' was taught; taught are: none"),
    ],
)
def test_what_is_wrong_is_said(
    simak: Simak, folder: Path, examples: str, arguments: tuple[str, ...], sign: str
) -> None:
    (folder / "few.txt").write_text("parkir susah\nparkir susah\nparkir gelap\n")
    result = simak("touchpoint", *(part.format(file=examples) for part in arguments))
    assert isinstance(result.exception, ConfigurationError)
    assert sign in str(result.exception)
    assert not (folder / "data" / "touchpoints.json").exists()


def test_a_model_without_token_states_is_refused(simak: Simak, folder: Path, examples: str) -> None:
    (folder / "simak.toml").write_text('[model]\npath = "someone/sentiment"\n')
    result = simak("touchpoint", "add", "parking", "--examples", examples)
    assert isinstance(result.exception, ConfigurationError)
    assert "'someone/sentiment' is not in Simak's own format" in str(result.exception)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "parkir susah\n\nparkir gelap\nparkir susah\n"),
        ("a.csv", 'id;Text;label\n1;"parkir susah";1\n\n2;parkir gelap;\n'),
        ("b.csv", "text\tlabel\nparkir susah\ttrue\nparkir gelap\t1\n"),
        ("a.jsonl", '{"text": "parkir susah"}\n{"text": "parkir gelap", "label": true}\n'),
        ("c.csv", "\ufefftext\nparkir susah\nparkir gelap\n"),
    ],
)
def test_the_form_of_a_file_is_found_out(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert read_examples(folder / name) == (
        Example("parkir susah", True),
        Example("parkir gelap", True),
    )


def test_counter_examples_and_odd_encodings(folder: Path) -> None:
    (folder / "a.csv").write_bytes(
        "text,label\nkafé “enak”,0\nbudi@contoh.id parkir,1\n".encode("cp1252")
    )
    assert read_examples(folder / "a.csv") == (
        Example("kafé “enak”", False),
        Example("[email] parkir", True),
    )
    assert read_examples(folder / "a.csv", raw=True)[1].text == "budi@contoh.id parkir"


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        ("text,label\na,2\n", "line 2: label '2' is neither 1 nor 0"),
        ("text,label\na,1\na,0\n", "line 3: this text stands there with both labels"),
        ('{"text": "a"}\n{"tekst": "b"}\n', "line 2: not a line such as"),
        ('{"text": "a"}\nb\n', "line 2: not a line such as"),
        ("\n".join(f"teks {n}" for n in range(MOST + 1)), f"{MOST + 1} texts are too many"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(folder: Path, content: str, sign: str) -> None:
    (folder / "a.txt").write_text(content)
    with pytest.raises(ConfigurationError) as error:
        read_examples(folder / "a.txt")
    assert "a.txt" in str(error.value)
    assert sign in str(error.value)
