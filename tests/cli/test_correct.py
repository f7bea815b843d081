from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simak.errors import ConfigurationError
from tests.cli.conftest import Simak

Asked = Callable[..., Any]


@pytest.fixture
def ids(asked: Asked, folder: Path) -> dict[str, int]:
    (folder / "a.csv").write_text(
        "reviewId,content,at\n"
        "1,Pengiriman lama sekali,2026-05-03\n"
        "2,Barang bagus dan murah,2026-05-04\n"
    )
    asked("import", "a.csv", "--brand", "A")
    asked("tag")
    return {row["external_id"]: row["id"] for row in asked("show", "mentions")["mentions"]}


def write(folder: Path, *lines: object) -> str:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "c.jsonl").write_text(text + "\n\n", encoding="utf-8")
    return "c.jsonl"


def shown(asked: Asked) -> dict[str, Any]:
    return {row["external_id"]: row for row in asked("show", "mentions")["mentions"]}


def test_what_people_say_is_shown_and_the_rest_stays(
    asked: Asked, ids: dict[str, int], folder: Path
) -> None:
    before = shown(asked)["1"]
    file = write(
        folder,
        {"id": ids["1"], "sentiment": "neutral", "signals": ["anxiety"]},
        {"id": ids["2"], "complaint": True, "touchpoints": {"payment": "negative"}},
    )
    assert asked("correct", file, "--by", "ana") == {"corrected": 2}
    after = shown(asked)
    assert (after["1"]["sentiment"], after["1"]["signals"]) == ("neutral", ["anxiety"])
    assert after["1"]["complaint"] == before["complaint"]
    assert after["1"]["touchpoints"].keys() == before["touchpoints"].keys()
    assert after["2"]["complaint"] is True
    assert after["2"]["touchpoints"]["payment"]["polarity"] == "negative"
    assert {row["corrected_by"] for row in after.values()} == {"ana"}
    asked("tag")
    assert shown(asked)["1"]["sentiment"] == "neutral"  # it stands whatever is tagged later


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ([1], "needs the id"),
        ({"sentiment": "neutral"}, "needs the id"),
        ({"id": True}, "needs the id"),
        ({"id": 99_999}, "no mention 99999"),
        ({"id": 0, "sentiment": "angry"}, "'angry' is none of"),
        ({"id": 0, "complaint": "yes"}, "true or false"),
        ({"id": 0, "touchpoints": ["delivery"]}, "are written"),
        ({"id": 0, "touchpoints": {"parking": "negative"}}, "no touchpoint 'parking'"),
        ({"id": 0, "touchpoints": {"delivery": "bad"}}, "'bad' of delivery"),
        ({"id": 0, "signals": ["rage"]}, "signals are a list"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(
    asked: Asked, simak: Simak, ids: dict[str, int], folder: Path, line: Any, message: str
) -> None:
    if isinstance(line, dict) and line.get("id") == 0 and not isinstance(line["id"], bool):
        line = {**line, "id": ids["2"]}
    file = write(folder, {"id": ids["1"], "sentiment": "positive"}, line)
    error = simak("correct", file, "--by", "ana").exception
    assert isinstance(error, ConfigurationError)
    assert str(error).startswith("c.jsonl, line 2: ")
    assert message in str(error)
    assert not any(row["corrected_by"] for row in shown(asked).values())


def test_a_file_that_is_not_there_is_a_clear_error(simak: Simak, ids: dict[str, int]) -> None:
    error = simak("correct", "nothing.jsonl", "--by", "ana").exception
    assert isinstance(error, ConfigurationError)
    assert "cannot be read" in str(error)
