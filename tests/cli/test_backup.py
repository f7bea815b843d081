"""`simak backup`, `simak restore` and `simak doctor --repair`, as a person gives them."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from simak.errors import StoreError
from store.engine import open_store
from store.tables import daily_count
from tests.cli.conftest import Simak
from tests.stores import damage_page

Asked = Callable[..., Any]

SETTINGS = """[store]
url = "sqlite:///here.db"
[taxonomy]
path = "kami.toml"
"""


@pytest.fixture
def used(asked: Asked, reviews: str, folder: Path) -> Path:
    """An installation with mentions, a taxonomy and things that were taught."""
    from simak.taxonomy import DEFAULT_PATH

    (folder / "kami.toml").write_text(DEFAULT_PATH.read_text())
    (folder / "simak.toml").write_text(SETTINGS)
    asked("import", reviews, "--brand", "A")
    (folder / "data" / "touchpoints.json").write_text('{"format": 1, "touchpoints": []}')
    return folder


@pytest.fixture
def elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another machine."""
    place = folder / "elsewhere"
    place.mkdir()
    return place


def test_an_installation_comes_back_in_an_empty_folder(
    used: Path, asked: Asked, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked("show", "mentions")
    told = asked("backup", "b.zip")
    beside = ["data/author.key", "data/touchpoints.json", "kami.toml", "simak.toml"]
    assert sorted(told["sha256"]) == sorted([*beside, "simak.db"])
    monkeypatch.chdir(elsewhere)
    assert asked("restore", str(used / "b.zip")) == told
    for name in beside:
        assert (elsewhere / name).read_bytes() == (used / name).read_bytes()
        assert stat.S_IMODE((elsewhere / name).stat().st_mode) == 0o600
    assert (elsewhere / "here.db").exists()
    assert asked("show", "mentions") == before
    assert asked("doctor")[1]["state"] == "ok"


def test_own_settings_stay_and_say_where(
    used: Path, simak: Simak, asked: Asked, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simak("backup", "b.zip")
    monkeypatch.chdir(elsewhere)
    own = '[store]\nurl = "sqlite:///mine.db"\n'
    (elsewhere / "simak.toml").write_text(own)
    done = simak("restore", str(used / "b.zip"))
    assert "simak.toml stays as it is here" in done.stderr
    assert (elsewhere / "simak.toml").read_text() == own
    assert not (elsewhere / "kami.toml").exists()
    assert asked("show", "mentions")["count"] == 3
    assert (elsewhere / "mine.db").exists()


def test_another_key_or_store_is_never_written_over(
    used: Path, simak: Simak, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simak("backup", "b.zip")
    store = (used / "here.db").read_bytes()
    assert "is not empty" in str(simak("restore", "b.zip").exception)
    assert (used / "here.db").read_bytes() == store
    assert (used / "data" / "author.key").exists()
    monkeypatch.chdir(elsewhere)
    (elsewhere / "data").mkdir()
    (elsewhere / "data" / "author.key").write_text("another")
    refused = simak("restore", str(used / "b.zip"))
    assert "author.key is not the one of the backup" in str(refused.exception)
    assert [p.name for p in elsewhere.rglob("*")] == ["data", "author.key"]


def test_a_restore_that_fails_takes_back_what_it_placed(
    used: Path, simak: Simak, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simak("backup", "b.zip")
    monkeypatch.chdir(elsewhere)
    (elsewhere / "here.db-wal").write_bytes(b"left")
    refused = simak("restore", str(used / "b.zip"))
    assert isinstance(refused.exception, StoreError)
    assert [p.name for p in elsewhere.rglob("*") if p.is_file()] == ["here.db-wal"]


def test_what_is_not_in_a_backup_is_said(
    simak: Simak, asked: Asked, reviews: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMAK_AUTHOR_KEY", "dari luar")
    taxonomy = folder.parent / f"{folder.name}.toml"
    from simak.taxonomy import DEFAULT_PATH

    taxonomy.write_text(DEFAULT_PATH.read_text())
    (folder / "simak.toml").write_text(
        f'[taxonomy]\npath = "../{taxonomy.name}"\n[model]\npath = "own-model"\n'
    )
    asked("import", reviews, "--brand", "A")
    done = simak("backup", "b.zip")
    assert done.exit_code == 0
    for sign in ("SIMAK_AUTHOR_KEY", taxonomy.name, "own-model"):
        assert sign in done.stderr
    assert "author.key" not in done.stdout


def test_the_doctor_names_what_differs_and_mends_it(asked: Asked, simak: Simak, used: Path) -> None:
    before = asked("show", "reputation")
    with closing(open_store(f"sqlite:///{used / 'here.db'}")) as store, store.write() as connection:
        connection.execute(update(daily_count).values(n=daily_count.c.n + 1))
    sick = simak("doctor")
    assert sick.exit_code == 1
    assert "daily_count differs from the mentions in 3 places: run `simak doctor --repair`" in (
        sick.output
    )
    assert asked("show", "reputation") != before
    mended = simak("doctor", "--repair")
    assert mended.exit_code == 0
    assert "! repair    daily_count was not as it must be, in 3 places" in mended.output
    assert "✓ repair    all is as 3 mentions, their tags and corrections say" in mended.output
    assert asked("show", "reputation") == before
    assert "it was so before" in simak("doctor", "--repair").output


def test_the_doctor_sends_a_damaged_file_to_a_backup(simak: Simak, used: Path) -> None:
    damage_page(used / "here.db", b"Paket belum sampai")
    for arguments in (("doctor",), ("doctor", "--repair")):
        done = simak(*arguments)
        assert done.exit_code == 1
        assert "restore it from a backup" in done.output


def test_who_was_erased_since_the_backup_does_not_come_back(
    simak: Simak, asked: Asked, folder: Path
) -> None:
    said = '{"id": "1", "text": "kurirnya ketus sekali kepada saya", "author": "Budi Santoso"}'
    (folder / "a.jsonl").write_text(said)
    asked("import", "a.jsonl", "--brand", "A")
    asked("backup", "kept.zip")
    simak("erase", "--author", "Budi Santoso")
    (folder / "data" / "simak.db").rename(folder / "data" / "old.db")
    for url in ("sqlite:///data/none.db", "sqlite:///data/old.db"):
        restored = simak("restore", "kept.zip", "--erased-in", url)
        assert (restored.exit_code == 0) == url.endswith("old.db"), restored.output
    shown = asked("show", "mentions")
    assert shown["count"] == 1
    assert "ketus" not in str(shown)
    assert b"kurirnya ketus" not in (folder / "data" / "simak.db").read_bytes()
    assert simak("import", "a.jsonl", "--brand", "A").exit_code == 0
    assert "ketus" not in str(asked("show", "mentions"))
