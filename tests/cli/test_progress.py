"""How far a command has come, for a program that watches."""

from __future__ import annotations

import json

import pytest

from simak.cli.progress import VARIABLE, bar


def test_each_step_is_a_line_where_a_program_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "json")
    with bar("texts", total=5) as advance:
        advance(2)
        advance(3)
    said = capsys.readouterr()
    assert said.out == ""
    assert [json.loads(line)["progress"] for line in said.err.splitlines()] == [
        {"done": done, "total": 5, "unit": "texts"} for done in (0, 2, 5)
    ]


def test_nobody_is_told_anything_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with bar("rows") as advance:
        advance(2)
    assert capsys.readouterr() == ("", "")
