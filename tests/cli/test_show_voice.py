"""`simak show voice` in words a lead can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simak.tags import Tags
from store.engine import open_store
from tests.builders import put, review, tag_all, tagged
from tests.cli.conftest import Simak


@pytest.fixture
def db(folder: Path) -> str:
    """A brand blamed for delivery and left for its rival, and one of another year."""
    url = f"sqlite:///{folder / 'rivals.db'}"
    store = open_store(url)
    slow, dear = (
        tagged("negative", {"delivery": "negative"}),
        tagged("negative", {"price": "negative"}),
    )
    leave = tagged("negative", {"delivery": "negative"}, signals=["switching"])
    said: dict[str, dict[str, Tags]] = {
        "Senandika": {f"lama {i}": slow for i in range(60)}
        | {f"mending pindah ke gk {i}": leave for i in range(20)},
        "Griyakita": {f"mahal {i}": dear for i in range(40)}
        | {f"bagus {i}": tagged("positive") for i in range(40)},
    }
    for brand, texts in said.items():
        put(store, [review(text, text) for text in texts], brand=brand)
        tag_all(store, texts)
    put(store, [review("old", "lama sekali", "2020-01-05")], brand="Lain")
    tag_all(store, {})
    store.close()
    (folder / "simak.toml").write_text(
        '[[brand]]\nname = "Griyakita"\nquery = "gk OR griyakita"\n', encoding="utf-8"
    )
    return url


def test_what_is_said_in_words(simak: Simak, db: str) -> None:
    output = simak("show", "voice", "--brand", "Senandika", "--db", db).output
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert any(line.startswith("Senandika 80 49.7 %") for line in lines)
    assert any("0.0 % * " in line and line.startswith("Griyakita 80 49.7 %") for line in lines)
    assert "Not compared with Senandika (2026-05 … 2026-05, google_play)" in output
    assert "Lain 2020-01 … 2020-01, google_play" in output
    assert (
        "Pengiriman: more of Senandika's complaints (100.0 % of 80) than of Griyakita's "
        "(0.0 % of 40)" in lines
    )
    assert "Senandika Griyakita 20 100.0 % of 20 20 0" in lines
    assert (
        "Senandika is left for Griyakita in 20 of 80 mentions, the other way in 0 of 80: more "
        "than chance explains." in lines
    )


def test_nothing_is_said_so(simak: Simak, folder: Path) -> None:
    output = simak("show", "voice", "--db", f"sqlite:///{folder / 'empty.db'}").output
    assert output.startswith("No data")


def test_as_json_a_move_opens_its_mentions(asked: Callable[..., Any], db: str) -> None:
    (move,) = asked("show", "voice", "--brand", "Senandika", "--db", db)["moves"]
    search = move["behind_going"]["search"]
    found = asked("show", "mentions", "--brand", "Senandika", "--signal", "switching",
                  "--search", search, "--db", db)  # fmt: skip
    assert found["count"] == move["going"]["k"] == 20
