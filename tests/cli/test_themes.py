"""`simak themes` and `simak show themes`, with the shipped encoder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models.embedding import Embedding
from store.engine import open_store
from tests.cli.conftest import Simak
from tests.insights.themes.said import put_texts, texts_about


def test_themes_are_found_and_shown(simak: Simak, asked: Callable[..., Any], folder: Path) -> None:
    assert "No themes yet" in simak("show", "themes").stdout
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    texts = [text for matter in ("otp", "refund", "crash") for text in texts_about(matter, 30)]
    put_texts(store, texts, prefix="a")
    store.close()
    found = asked("themes", "--brand", "Senandika")
    assert [(one["polarity"], one["grouped"], one["placed"]) for one in found] == [
        ("negative", True, 90),
        ("positive", False, 0),
    ]
    assert [one["placed"] for one in asked("themes")] == [0, 0]
    shown = asked("show", "themes", "--brand", "Senandika", "--examples", "1")
    rows = shown["themes"]["rows"]
    assert sum(row["share"]["k"] for row in (*rows, *shown["themes"]["rest"])) == 90
    assert rows[0]["behind"]["mark"] == ["theme", str(rows[0]["id"])]
    for row in rows:
        told = asked("show", "mentions", "--theme", str(row["id"]))
        assert told["count"] == row["share"]["k"]
    assert "no theme 999" in str(simak("show", "mentions", "--theme", "999").exception)
    assert "not both" in simak("show", "mentions", "--theme", "1", "--promise", "1:kept").output
    nothing = ("--since", "2001-01-01", "--until", "2001-01-02")
    assert "nothing of the kind was said" in simak("show", "themes", *nothing).output
    printed = simak("show", "themes", "--since", "2026-05-01", "--until", "2026-05-31")
    assert all(row["phrase"] in printed.stdout for row in rows)
    assert "like nothing else" in printed.stdout


def test_what_is_like_a_mention_is_shown(
    simak: Simak, asked: Callable[..., Any], folder: Path
) -> None:
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    texts = [text for matter in ("otp", "refund", "crash") for text in texts_about(matter, 30)]
    put_texts(store, texts, prefix="a")
    store.close()
    (one, *_) = asked("show", "mentions", "--search", "otp")["mentions"]
    assert asked("show", "similar", str(one["id"])) == {"missing": "themes", "similar": []}
    assert "run `simak themes`" in simak("show", "similar", str(one["id"])).stdout
    simak("themes")
    rows = asked("show", "similar", str(one["id"]), "--limit", "5")["similar"]
    assert len(rows) == 5
    assert all("otp" in row["mention"]["text"] for row in rows)
    printed = simak("show", "similar", str(one["id"])).stdout
    assert all(row["mention"]["text"] in printed for row in rows)
    none = simak("show", "similar", str(one["id"]), "--since", "2031-01-01").stdout
    assert "No other mention" in none
    assert "no mention 999" in str(simak("show", "similar", "999").exception)
    assert "no brand 'X'" in str(simak("show", "similar", str(one["id"]), "--brand", "X").exception)


def test_the_encoder_gives_each_text_its_vector() -> None:
    embedding = Embedding(threads=2)
    texts = ["saldo hilang", "", "kurir ramah", "saldo hilang"]
    vectors = embedding(texts)
    np.testing.assert_array_equal(vectors[0], vectors[3])
    assert not vectors[1].any()
    assert vectors[0].any()
    assert not np.array_equal(vectors[0], vectors[2])
    np.testing.assert_array_equal(vectors, Embedding(threads=1)(texts))
    assert embedding([]).shape == (0, vectors.shape[1])
