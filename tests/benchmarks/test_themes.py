"""The measures of the themes' benchmark, at a tiny size."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import themes
from tests.insights.themes.said import MATTERS, Words, texts_about


def test_coherence_by_hand() -> None:
    texts = ["saldo hilang"] * 5 + ["driver lambat"] * 5
    assert themes.coherence(texts, np.repeat([0, 1], 5), "x") == 1
    # "saldo" and "hilang" never in one text: −1.
    apart = [*["saldo"] * 5, *["hilang"] * 5]
    assert themes.coherence(apart, np.repeat([0, 0], 5), "x") == -1


def test_a_set_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "Embedding", Words)
    texts = [text for i in range(40) for matter in MATTERS for text in texts_about(matter, 1, i)]
    days = pd.date_range("2026-01-01", periods=len(texts), tz="UTC")
    figures = themes.measure("Senandika", pd.DataFrame({"text": texts, "at": days}), tmp_path)
    found = {figure.what.partition(": ")[2]: figure for figure in figures}
    assert found["found twice, the same"].value == 1
    assert 0 <= found["texts of four words or more without a theme"].value <= 25
    assert 50 < found["texts with a theme that keep it as a fifth is added"].value <= 100
