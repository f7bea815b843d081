"""`simak show surveys` in words a lead can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.engine import open_store
from tests.builders import put, review, tag_all, tagged
from tests.cli.conftest import Simak
from tests.insights.surveys.builders import answer, ask, count_customers


@pytest.fixture
def db(folder: Path) -> str:
    """40 answers of the whole, a few of delivery, two months of customers."""
    url = f"sqlite:///{folder / 'asked.db'}"
    store = open_store(url)
    ask(store, [answer(f"{i}", "nps", 9 if i < 10 else 3, segment="ab"[i % 2]) for i in range(40)])
    ask(store, [answer("d", "csat", 5, touchpoint="delivery", words="cepat")])
    count_customers(store, ("2026-04", 1000, 20), ("2026-05", 1000, 80))
    count_customers(store, ("2026-05", 1000, 10), source="sheet")
    put(store, [review("1", "kurir lama, uninstall")])
    tag_all(
        store,
        {
            "kurir lama, uninstall": tagged(
                "negative", {"delivery": "negative"}, signals=["switching"]
            )
        },
    )
    store.close()
    return url


def test_what_is_said_in_words(simak: Simak, db: str) -> None:
    output = simak("show", "surveys", "--brand", "Senandika", "--db", db).output
    lines = [" ".join(line.split()) for line in output.splitlines()]
    (nps,) = [line for line in lines if line.startswith("Senandika NPS 0–10 the whole −50 ")]
    assert nps.endswith(" 13.7 40 – 75.0 % 0 100.0 % of 1 (few)")
    assert any(line.startswith("Senandika CSAT 1–5 delivery 100.0 % (few)") for line in lines)
    assert "By segment" in lines
    assert "too few to tell (0 with enough on both sides)" in output
    assert "+6.0 pp * crm (not added: sheet)" in " ".join(output.split())
    assert "1 of 1 (few)" in output
    assert "that it is why is not shown" in output
    assert "No data: CES. Add a [[source]] of type survey" in output
    assert "who stayed. Put" not in output


def test_no_data_says_what_to_do(simak: Simak, folder: Path) -> None:
    output = simak("show", "surveys", "--db", f"sqlite:///{folder / 'empty.db'}").output
    assert "No data: NPS, CSAT, CES. Add a [[source]] of type survey" in output
    assert "No data: who stayed. Put start, new and lost customers" in output


def test_as_json_every_score_has_its_interval_and_filter(
    asked: Callable[..., Any], db: str
) -> None:
    found = asked("show", "surveys", "--touchpoint", "delivery", "--db", db)
    (score,) = found["scores"]
    assert score["value"] == {
        "value": 1.0, "low": pytest.approx(0.2065, abs=1e-4), "high": 1.0, "n": 1, "k": 1,
        "enough": False,
    }  # fmt: skip
    assert score["behind"]["answered"]["at_most"] == 2.0
    assert (score["commented"], score["p"]) == (0, None)
