"""The commands by which people's rights are served, from the file they were imported from on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simak.errors import ConfigurationError
from simak.own_touchpoints import Example, OwnTouchpoint, forget_examples, read_own, write_own
from simak.taxonomy import Touchpoint
from store.engine import Store, open_store
from tests.cli.conftest import Simak

ROWS = (
    "reviewId,userName,content,score,at\n"
    'r-100001,Budi Prasojo,"Zymurgi lemari saya penyok, kurirnya kabur begitu saja",1,2026-05-03\n'
    'r-100002,Sari Dewi,"Kurirnya ramah sekali, paket sampai tepat waktu",5,2026-05-04\n'
    'r-100003,Budi Prasojo,"Sudah seminggu belum dibalas juga oleh CS",1,2024-01-04\n'
)
LEMARI = "Zymurgi lemari saya penyok, kurirnya kabur begitu saja"


@pytest.fixture
def filled(asked: Any, folder: Path) -> Path:
    """A store with three reviews of two people, tagged by nobody."""
    (folder / "mei.csv").write_text(ROWS)
    asked("import", "mei.csv", "--brand", "A")
    (folder / "mei.csv").unlink()
    return folder


def test_a_person_is_erased_and_it_is_shown(simak: Simak, asked: Any, filled: Path) -> None:
    tried = asked("erase", "--author", "budi prasojo", "--dry-run")
    assert (tried["dry_run"], tried["removed"], tried["left"]) == (True, {"mention": 2}, [])
    assert asked("show", "mentions", "--search", "zymurgi")["count"] == 1
    shown = simak("erase", "--author", "Budi Prasojo")
    assert shown.exit_code == 0, shown.output
    assert "Nothing is left in any table, the search index, or the files." in shown.stdout
    assert "A, google_play" in shown.stdout
    found = asked("show", "mentions")
    assert [row["text"] for row in found["mentions"]] == [
        "Kurirnya ramah sekali, paket sampai tepat waktu", "", "",
    ]  # fmt: skip
    for path in filled.rglob("simak.db*"):
        assert b"ymurgi" not in path.read_bytes()
    (filled / "again.csv").write_text(ROWS)
    (run,) = asked("import", "again.csv", "--brand", "A")
    assert (run["new"], run["unchanged"]) == (0, 1)
    assert run["skipped"] == {"of a person who asked to be erased": 2}


def test_nobody_is_told_so(simak: Simak, filled: Path) -> None:
    assert "Nothing is held of that person." in simak("erase", "--author", "Siapa Saja").stdout


def test_what_is_left_beside_the_store_is_named(simak: Simak, asked: Any, filled: Path) -> None:
    (filled / "data" / "old.csv").write_text(ROWS)
    shown = simak("erase", "--author", "Budi Prasojo")
    assert shown.exit_code == 1
    assert "old.csv" in shown.stderr
    assert "Nothing is left" not in shown.stdout


def test_where_others_name_them_is_told(simak: Simak, asked: Any, filled: Path) -> None:
    (filled / "lain.csv").write_text("reviewId,content\nr-9,Setuju dengan Budi Prasojo di atas\n")
    asked("import", "lain.csv", "--brand", "A")
    assert asked("disclose", "--author", "Budi Prasojo")["mentions"]
    shown = simak("erase", "--author", "Budi Prasojo")
    assert shown.exit_code == 0
    assert "The name also stands in mention.text (1)" in shown.stdout
    assert asked("erase", "--text", "Budi Prasojo")["removed"] == {"mention": 1}
    assert asked("show", "mentions", "--search", "setuju")["count"] == 0


def test_examples_of_own_touchpoints_are_erased(simak: Simak, asked: Any, filled: Path) -> None:
    names = {"id": "Lemari", "en": "Wardrobe"}
    made = Touchpoint("wardrobe", "transaction", "product", names, names)
    examples = (Example(LEMARI, True), *(Example(f"lemari {n}", True) for n in range(5)))
    write_own(filled / "data", [OwnTouchpoint(made, examples, {"model": "m"})])
    assert asked("erase", "--text", LEMARI, "--dry-run")["removed"]["touchpoints.json"] == 1
    assert asked("erase", "--text", LEMARI)["left"] == []
    (own,) = read_own(filled / "data")
    assert [one.text for one in own.examples] == [f"lemari {n}" for n in range(5)]
    assert own.learned == {}, "it is learned anew from the others"
    forget_examples(filled / "data", ["lemari 1"])
    write_own(filled / "data", [OwnTouchpoint(made, own.examples[:4], {"model": "m"})])
    forget_examples(filled / "data", ["lemari 1"])
    (own,) = read_own(filled / "data")
    assert (len(own.examples), own.learned) == (3, {"model": "m"}), "too few to learn from"


def test_all_that_is_held_is_printed(simak: Simak, asked: Any, filled: Path) -> None:
    held = asked("disclose", "--author", "Budi Prasojo")
    assert [row["text"] for row in held["mentions"]] == [
        LEMARI, "Sudah seminggu belum dibalas juga oleh CS",
    ]  # fmt: skip
    key = held["mentions"][0]["author_key"]
    assert asked("disclose", "--author-key", key) == held
    shown = simak("disclose", "--author-key", key).stdout
    assert "mentions: 2" in shown
    assert LEMARI in shown
    assert "Sari" not in shown


def test_what_is_too_old_goes_by_night_and_by_command(
    simak: Simak, asked: Any, filled: Path
) -> None:
    (filled / "simak.toml").write_text("[privacy]\nretention_days = 36500\n")
    assert asked("erase", "--expired")["expired"]["mentions"] == 0
    (filled / "simak.toml").write_text("[privacy]\nretention_days = 1\n")
    assert asked("erase", "--expired", "--dry-run")["expired"]["mentions"] >= 1
    night = json.loads(simak("nightly", "--json").stdout)["night"]
    assert night["expired"]["mentions"] >= 1
    assert "expire" not in night["failed"]
    found = asked("show", "mentions")
    assert found["count"] == 3, "the counts stay"
    assert not any(row["text"] for row in found["mentions"])
    assert asked("erase", "--expired")["expired"]["mentions"] == 0


def test_other_days_are_tried_without_changing_anything(asked: Any, filled: Path) -> None:
    (filled / "simak.toml").write_text(
        '[[source]]\nname = "play"\ntype = "google_play"\nbrand = "A"\napps = ["id.a"]\n'
    )

    def would_go(*arguments: str) -> int:
        found = asked("erase", "--expired", "--dry-run", *arguments)
        assert found["dry_run"]
        return int(found["expired"]["mentions"])

    assert would_go() == would_go("--days", "0") == would_go("--days", "36500") == 0
    assert would_go("--days", "1") >= would_go("--days", "1", "--source", "play") >= 1
    assert any(row["text"] for row in asked("show", "mentions")["mentions"])


def test_a_source_is_kept_for_its_own_time(asked: Any, filled: Path) -> None:
    (filled / "simak.toml").write_text(
        "[privacy]\nretention_days = 36500\n"
        '[[source]]\nname = "play"\ntype = "google_play"\nbrand = "A"\nretention_days = 1\n'
        'apps = ["id.a"]\n'
    )
    assert asked("erase", "--expired", "--dry-run")["expired"]["mentions"] >= 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("erase",), "give one of --author, --author-key, --text, --expired"),
        (("erase", "--author", "A", "--expired"), "give one of"),
        (("erase", "--text", "bagus"), "at least 10 letters"),
        (("erase", "--author-key", "Budi"), "20 hexadecimal digits"),
        (("erase", "--expired"), "nothing expires"),
        (("erase", "--expired", "--days", "1"), "--expired --dry-run"),
        (("erase", "--expired", "--dry-run", "--source", "a"), "--days"),
        (("erase", "--expired", "--dry-run", "--days", "1", "--source", "a"), "no source 'a'"),
        (("disclose",), "give one of --author, --author-key"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    simak: Simak, arguments: tuple[str, ...], says: str
) -> None:
    error = simak(*arguments).exception
    assert isinstance(error, ConfigurationError)
    assert says in str(error)


@pytest.mark.parametrize(
    "line",
    [
        "[privacy]\nretention_days = 0",
        '[privacy]\nretention_days = "1"',
        '[[source]]\nname = "a"\ntype = "rss"\nbrand = "A"\nretention_days = -1',
    ],
)
def test_a_time_that_is_none_is_refused(simak: Simak, folder: Path, line: str) -> None:
    (folder / "simak.toml").write_text(f"{line}\n")
    error = simak("erase", "--expired").exception
    assert isinstance(error, ConfigurationError)
    assert "retention_days" in str(error)


def test_the_store_is_whole_afterwards(simak: Simak, asked: Any, filled: Path) -> None:
    asked("erase", "--author", "Budi Prasojo")
    store: Store = open_store(f"sqlite:///{filled / 'data' / 'simak.db'}")
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.close()
