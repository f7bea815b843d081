"""Roles on the command line: every command as every role says nothing of another's brand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from simak.cli import commands
from simak.cli.common import MEMBER
from simak.errors import NotAllowed
from store.engine import open_store
from store.members import give_role
from store.transfer import rows_of, tables
from tests.builders import NOW
from tests.cli.conftest import Simak

HIDDEN = "rahasia"
"""A word of the other brand's texts."""

OTHER = "Griyakita"

READS: dict[str, str] = {
    "brief": "",
    "predict": "",
    "query test": "Senandika",
    "action list": "",
    "promise list": "",
    "member list": "",
    "member log": "",
    "sources types": "",
    "touchpoint list": "",
    "doctor": "",
    "alert list": "",
    "sample": "",
}
"""What a role of one brand may run, with its arguments; `show …` with none."""

WRITES = {
    "action add": "x --brand Senandika --day 2026-05-01 --by ana",
    "promise add": "cepat --brand Senandika --touchpoint delivery --since 2026-05-01",
}

CLOSED: dict[str, str] = {
    "import": "{file} --brand Senandika",
    "collect": "",
    "tag": "",
    "themes": "",
    "nightly": "",
    "schedule": "",
    "backup": "x.zip",
    "restore": "x.zip",
    "train": "--reset",
    "evaluate": "",
    "sources check": "",
    "touchpoint add": "x --examples {file}",
    "touchpoint remove": "x",
    "dashboard": "",
    "serve-webhooks": "",
    "serve-api": "",
    "erase": "--author Budi",
    "disclose": "--author Budi",
    "token add": "x",
    "token list": "",
    "token revoke": "x",
    "db copy": "sqlite:// sqlite://",
    "promise test": "1",
    "promise remove": "2",
    "action remove": "2",
    "correct": "{corrections} --by ana",
    "alert run": "",
    "alert test": "slack",
    "alert ack": "00",
    "alert mute": f"--brand {OTHER} --until 2099-01-01 --by ana",
    "member add": f"x@contoh.id --role admin --brand {OTHER}",
    "member remove": "boss@contoh.id",
}
"""What is refused to whoever has some brands alone, or what they ask of another's."""


def leaves(group: click.Group, path: str = "") -> list[str]:
    """Return the name of every command."""
    found = []
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        found += leaves(command, whole) if isinstance(command, click.Group) else [whole]
    return found


@pytest.fixture
def two(simak: Simak, folder: Path) -> Path:
    """A store of two brands, of which roles are given for one."""
    for brand, text in (("Senandika", "kurir lama sekali"), (OTHER, f"{HIDDEN} kasir ketus")):
        lines = [
            {"id": f"{brand}{n}", "text": f"{text} {n}", "at": f"2026-05-{n + 1:02}", "stars": 2}
            for n in range(12)
        ]
        file = folder / f"{brand}.jsonl"
        file.write_text("\n".join(map(json.dumps, lines)))
        assert simak("import", str(file), "--brand", brand).exit_code == 0
        for command in (
            f"action add {brand}x --brand {brand} --day 2026-05-03 --by o",
            f"promise add {brand}y --brand {brand} --touchpoint delivery --since 2026-05-01",
        ):
            assert simak(*command.split()).exit_code == 0
    (folder / "simak.toml").write_text('[[brand]]\nname = "Senandika"\nquery = "kurir"\n')
    (folder / "corrections.jsonl").write_text('{"id": 20, "sentiment": "neutral"}')
    store = open_store("sqlite:///data/simak.db")
    for role in ("viewer", "analyst", "admin"):
        give_role(store, f"{role}@contoh.id", role, brand="Senandika", by="o", now=NOW)
    store.close()
    return folder


def kept() -> dict[str, list[Any]]:
    """Return every row of the store, but for what everybody's work changes."""
    store = open_store("sqlite:///data/simak.db")
    with store.read() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(rows_of(table))]
            for table in tables()
        }
    store.close()
    return found


def test_every_command_is_tried() -> None:
    named = {*READS, *WRITES, *CLOSED}
    assert {name for name in leaves(commands) if not name.startswith("show ")} == named


@pytest.mark.parametrize("role", ["viewer", "analyst", "admin"])
def test_no_command_says_or_changes_anything_of_another_brand(
    simak: Simak, two: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv(MEMBER, f"{role}@contoh.id")
    shown = {
        name: "--touchpoint delivery" if name == "show drivers" else ""
        for name in leaves(commands)
        if name.startswith("show ")
    }
    before = kept()
    for name, arguments in {**shown, **READS, **CLOSED}.items():
        filled = arguments.format(file=two / "Griyakita.jsonl", corrections="corrections.jsonl")
        done = simak(*name.split(), *filled.split(), input="")
        assert HIDDEN not in done.output, name
        assert OTHER not in done.output, name
        if name in CLOSED:
            assert done.exception is not None, name
            assert done.exit_code != 0, name
            assert OTHER not in str(done.exception), name
    assert kept() == before


@pytest.mark.parametrize("role", ["viewer", "analyst", "admin"])
def test_who_may_write_writes_of_their_brand(
    simak: Simak, two: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv(MEMBER, f"{role}@contoh.id")
    (two / "corrections.jsonl").write_text('{"id": 3, "sentiment": "neutral"}')
    for name, arguments in {**WRITES, "correct": "corrections.jsonl --by ana"}.items():
        done = simak(*name.split(), *arguments.split())
        assert (done.exit_code == 0) == (role != "viewer"), (name, done.output, done.exception)
        if role == "viewer":
            assert isinstance(done.exception, NotAllowed)
    done = simak("member", "add", "x@contoh.id", "--role", "viewer", "--brand", "Senandika")
    assert (done.exit_code == 0) == (role == "admin")


def test_an_analyst_of_all_brands_brings_in_what_others_may_not(
    simak: Simak, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simak("member", "add", "ana@contoh.id", "--role", "analyst")
    (two / "baru.jsonl").write_text('{"id": "n1", "text": "kurir baru", "at": "2026-05-20"}')
    (two / "simak.toml").write_text(
        '[[source]]\nname = "berkas"\ntype = "file"\nbrand = "Senandika"\npath = "baru.jsonl"\n'
    )
    monkeypatch.setenv(MEMBER, "ana@contoh.id")
    for command in ("import baru.jsonl --brand Senandika", "collect berkas", "collect berkas"):
        done = simak(*command.split())
        assert done.exit_code == 0, (command, done.output, done.exception)
    assert simak("member", "add", "x@contoh.id", "--role", "viewer").exception is not None
    assert simak("token", "list").exception is not None


def test_who_has_no_role_is_told_nothing(
    simak: Simak, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMBER, "siapa@contoh.id")
    for name in ("show mentions", "doctor", "member list"):
        done = simak(*name.split())
        assert done.exit_code != 0 or "has no role" in done.output
        assert HIDDEN not in done.output


def test_roles_are_given_listed_and_taken(simak: Simak, two: Path) -> None:
    given = simak("member", "add", "Rina@contoh.id", "--role", "analyst")
    assert "Rina@contoh.id is analyst of all brands" in given.output
    assert "rina@contoh.id" in simak("member", "list").output
    simak("member", "remove", "rina@contoh.id")
    listed = json.loads(simak("member", "list", "--json").stdout)
    assert "rina@contoh.id" not in {one["email"] for one in listed}
    assert "took a role" in simak("member", "log").output
