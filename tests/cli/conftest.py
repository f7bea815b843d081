from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simak.cli import commands

Simak = Callable[..., Result]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to work in, and an environment that names nothing."""
    for name in ("SIMAK_DB", "SIMAK_CONFIG", "SIMAK_AUTHOR_KEY"):
        monkeypatch.setenv(name, "")  # so that what a command sets is undone after the test
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def simak() -> Simak:
    """Run a command in this process; what it raises on purpose is in `.exception`."""

    def run(*arguments: str, input: str | None = None) -> Result:
        result = CliRunner().invoke(commands, arguments, input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            from simak.errors import SimakError

            if not isinstance(result.exception, SimakError):
                raise result.exception
        return result

    return run


@pytest.fixture
def asked(simak: Simak) -> Callable[..., Any]:
    """Run a command with --json and return what it printed."""

    def ask(*arguments: str) -> Any:
        result = simak(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return ask


@pytest.fixture
def reviews(folder: Path) -> str:
    """A small export in the folder."""
    path = folder / "mei.csv"
    path.write_text(
        "reviewId,content,score,at\n"
        "r1,Paket belum sampai sudah seminggu,1,2026-05-03 08:00:00\n"
        "r2,Barang bagus dan murah,5,2026-05-04 09:00:00\n"
        "r3,Barang bagus dan murah,5,2026-05-10 09:00:00\n",
        encoding="utf-8",
    )
    return str(path)
