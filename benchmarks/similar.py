"""Mentions like one: what the few bytes kept of a text lose, how large they are, how fast a search.

Of each set of public complaints the ten nearest of 300 texts are found by the vectors that are
kept, and by all that they were made of; how many of the ten are the same is the agreement. Beside
it stand the two halves that a vector is made of, what the encoder says and the words. Size and
time are of a made-up brand whose texts, all different, lie anywhere.

    python -m benchmarks.similar --data ../shared/data
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import click
import numpy as np

from benchmarks.report import Figure, finish, say
from benchmarks.themes import SETS, complaints
from insights.similar import similar
from insights.themes import near, space
from insights.themes.space import Singles
from models.embedding import Embedding
from simak.mention import RawMention
from simak.tags import Tags
from store import theme_texts
from store import vectors as shelf
from store.engine import Store, open_store
from store.filter import Filter
from store.mentions import Privacy, save
from store.tags import save_tags, waiting

_COMMAND = "python -m benchmarks.similar --data DATA"
_ASKED, _NEAREST = 300, 10
_PAGE = 200
_MINUTE = timedelta(minutes=1)
_COMPLAINT = Tags("negative", True, {}, (), "id", {"negative": 1.0})


def agreement(data: Path, brand: str) -> Iterator[Figure]:
    """Yield how well the kept vectors of a set agree with what they were made of."""
    texts = complaints(data, brand)["text"].tolist()
    say(f"{brand}: {len(texts)} complaints are read")
    states = Embedding()(texts)
    fitted = space.fit(texts[: near.ENOUGH], states[: near.ENOUGH], brand)
    features = fitted.features(texts, states)
    kept = near.fit(fitted, features[: near.ENOUGH]).vectors(texts, states).astype(np.float32)
    asked = np.random.default_rng(0).choice(len(texts), min(_ASKED, len(texts)), replace=False)
    whole = _nearest(features, asked)
    width = fitted.axes.shape[1]
    for what, rows in (
        (f"the {kept.shape[1]} bytes that are kept", kept),
        ("the encoder's half", features[:, :width]),
        ("the words' half", features[:, width:]),
    ):
        same = np.mean(
            [
                len(set(a) & set(b)) / _NEAREST
                for a, b in zip(whole, _nearest(rows, asked), strict=True)
            ]
        )
        about = f"{brand}: of the ten nearest by all, found by {what}"
        yield Figure(about, round(100 * float(same), 1), "%", _COMMAND)


def size_and_speed(store: Store, mentions: int) -> Iterator[Figure]:
    """Yield what the vectors of a made-up brand take up, and how long a search among them takes."""
    say(f"{mentions} made-up complaints are stored")
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, mentions, _PAGE):
        raw = [
            RawMention(external_id=str(i), text=f"keluhan {i}", published_at=day + i * _MINUTE)
            for i in range(start, start + _PAGE)
        ]
        with store.write() as connection:
            save(store, connection, raw, brand="A", source="a", privacy=Privacy(b"k"), now=day)
    for batch in waiting(store, "m"):
        save_tags(store, batch, [_COMPLAINT] * len(batch), model="m", now=day)
    hashes = theme_texts.hashes(store, 1, "negative")
    drawn = np.random.default_rng(0).integers(-127, 128, (len(hashes), near.DIMS), dtype=np.int8)
    kept = shelf.new_space(store, 1, "negative", model="m", space=b"", texts=near.ENOUGH)
    before = _bytes(store)
    rows = zip(hashes, (row.tobytes() for row in drawn), strict=True)
    shelf.save_vectors(store, kept.id, dict(rows))
    each = (_bytes(store) - before) / len(hashes)
    yield Figure("vectors of 1,000,000 different texts", each, "MB", _COMMAND, at_most=100.0)
    times = []
    for id in range(1, 12):
        began = time.perf_counter()
        found = similar(store, id, Filter(brands=("A",)))
        times.append(time.perf_counter() - began)
        assert len(found.rows) == _NEAREST
    yield Figure(
        f"mentions like one among {len(hashes):,}", median(times[1:]), "s", _COMMAND, at_most=1.0
    )


def _bytes(store: Store) -> int:
    with store.read() as connection:
        pages, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "page_size")
        )
    return int(pages * size)


def _nearest(rows: Singles, asked: np.ndarray) -> list[list[int]]:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    cosines = unit[asked] @ unit.T
    cosines[np.arange(len(asked)), asked] = -1
    found: list[list[int]] = np.argsort(-cosines, axis=1)[:, :_NEAREST].tolist()
    return found


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--mentions", default=300_000, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(data: Path, mentions: int, as_json: bool) -> None:
    """Measure agreement, size and speed."""
    figures = [figure for brand in SETS for figure in agreement(data, brand)]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/simak.db")
        figures += size_and_speed(store, mentions)
        store.close()
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
