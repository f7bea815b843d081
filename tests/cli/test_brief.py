"""`simak brief` writes the week in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from simak.cli.brief import brief
from store.engine import open_store
from tests.builders import put, review

_STARTS = {"pdf": b"%PDF-", "pptx": b"PK", "xlsx": b"PK", "html": b"<!doctype", "md": b"# "}


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A store with one mention."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIMAK_CONFIG", raising=False)
    store = open_store(sqlite_url)
    put(store, [review("a", "bagus", "2026-05-31")])
    store.close()
    return sqlite_url


def run(url: str, *arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(brief, ["--db", url, "--brand", "Senandika", *arguments])
    said = found.stderr + (str(found.exception) if found.exception else "")
    return found.exit_code, found.stdout, said


@pytest.mark.parametrize("format", _STARTS)
def test_it_writes_the_file(url: str, tmp_path: Path, format: str) -> None:
    out = tmp_path / "week"
    code, shown, said = run(url, "--format", format, "--out", str(out), "--language", "en")
    assert (code, shown) == (0, "")
    assert out.read_bytes().startswith(_STARTS[format])
    assert str(out) in said


def test_text_goes_to_standard_output(url: str) -> None:
    assert run(url, "--week")[1].startswith("# Senandika, minggu 25–31 Mei 2026")
    assert run(url, "--format", "html", "--language", "en")[1].startswith("<!doctype html>")


def test_what_cannot_be_written_is_said(url: str, tmp_path: Path) -> None:
    code, shown, said = run(url, "--format", "pdf")
    assert (code, shown) == (1, "")
    assert "--out week.pdf" in said
    code, _shown, said = run(url, "--out", str(tmp_path / "missing" / "week.md"))
    assert code == 1
    assert "No such file or directory" in said
