"""The commands, settings and figures of docs/privacy.md are as it says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.masking import measure, read_texts
from simak.cli import commands
from simak.cli.retention import retention_of
from simak.settings import load_settings
from store.engine import open_store
from store.expiry import Keep, Retention
from store.identifiers import KINDS
from store.mentions import Privacy, save
from store.tables import metadata
from tests.builders import NOW, review

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
COMMANDS = [
    line.removeprefix("simak ")
    for block in re.findall(r"^```\n(simak .*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
LEMARI = "Katanya lemari saya penyok dan kurirnya kabur"


def simak(line: str) -> Result:
    return CliRunner().invoke(commands, shlex.split(line), catch_exceptions=False)


def test_the_commands_do_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIMAK_AUTHOR_KEY", "key")
    store = open_store("sqlite:///data/simak.db")
    with store.write() as connection:
        save(
            store,
            connection,
            [review("a", "Kecewa sekali", author="Budi Santoso"), review("b", LEMARI)],
            brand="A",
            source="s",
            privacy=Privacy(b"key"),
            now=NOW,
        )
    store.close()
    assert len(COMMANDS) == 5
    disclose, as_json, dry_run, erase, text = (simak(line) for line in COMMANDS)
    assert "Kecewa sekali" in disclose.stdout
    assert json.loads(as_json.stdout)["mentions"][0]["text"] == "Kecewa sekali"
    assert "Nothing is changed yet." in dry_run.stdout
    for done in (erase, text):
        assert done.exit_code == 0
        assert "Nothing is left in any table" in done.stdout
    for path in Path("data").iterdir():
        assert b"penyok" not in path.read_bytes()
        assert b"Kecewa" not in path.read_bytes()


def test_the_settings_say_for_how_long(tmp_path: Path) -> None:
    (content,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "simak.toml").write_text(content)
    found = retention_of(load_settings(tmp_path / "simak.toml"))
    assert found == Retention(730, (Keep("berita", "Senandika", "rss", 90),))


def test_the_figures_are_those_that_are_measured() -> None:
    figures = {figure.what: figure for figure in measure(read_texts(), 1)}
    for kind in KINDS:
        (row,) = re.findall(rf"^\| {kind} \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
        for said, what in zip(row, ("recall", "precision"), strict=True):
            figure = figures[f"masking, {kind}: {what}"]
            measured = f"{figure.value:.3g} % ({figure.note.replace('-', '–')})"
            assert said == measured


def test_the_table_that_is_named_is_there() -> None:
    assert "table `erasure`" in PAGE.replace("\n", " ")
    assert "erasure" in metadata.tables
