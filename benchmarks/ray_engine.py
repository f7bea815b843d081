"""Texts tagged per second by Ray workers, beside the same tagger without Ray; rows written.

The same texts go through the tagger in this process, with one thread and with one a core, and
through Ray clusters of one core and of all, on this machine, each worker with one thread. They
take turns; figures are medians. Starting a cluster and loading the model is a figure of its own:
the others count from when a fifth of the batches is back. What one process can hand out and take
back is measured with a worker that does nothing. Writing is what `simak tag` does with tags,
labels and counts included, in an empty store of each kind.

    python -m benchmarks.ray_engine
    python -m benchmarks.ray_engine --texts 2000 --turns 1
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, NamedTuple

import click

from benchmarks.databases import DIALECTS, opened
from benchmarks.report import Figure, finish, say
from benchmarks.texts import recombined
from models.checkpoint import load_tagger
from models.engine import Engine, LocalEngine
from models.ray_engine import RayEngine
from simak.mention import RawMention
from simak.tags import Tags
from store.engine import ROWS_PER_WRITE, Store
from store.mentions import Privacy, save
from store.tags import save_tags, waiting

_COMMAND = "python -m benchmarks.ray_engine"
_BATCH = 100
_SHARE_BEFORE = 5
_STORE_BATCH = 2_000  # as `simak tag` reads them
_BATCHES_CARRIED = 30
_NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class _Text(NamedTuple):
    text: str


class _Idle:
    """A tagger that has its answer ready, as large as they are."""

    version, quality = "idle", MappingProxyType[str, Any]({})

    def __init__(self) -> None:
        self._tags = load_tagger(threads=1).predict(["kurir lambat sekali, barang bagus"])[0]

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        return [replace(self._tags, scores=dict(self._tags.scores)) for _ in texts]


def measure(count: int, *, turns: int, rows: int) -> list[Figure]:
    """Return the figures: speeds with and without Ray, their ratios, starting, writing."""
    cores = len(os.sched_getaffinity(0))
    texts = [_Text(text) for text in islice(recombined(), count)]
    batches = [texts[at : at + _BATCH] for at in range(0, count, _BATCH)]
    version = load_tagger(threads=1).version
    load = partial(load_tagger, threads=1)
    speeds: dict[str, list[float]] = {}
    starts: dict[str, list[float]] = {}
    for turn in range(turns):
        for threads in (1, cores):
            engine: Engine = LocalEngine(load_tagger(threads=threads))
            speed, _ = _speed(engine, batches)
            speeds.setdefault(f"without Ray, threads: {threads}", []).append(speed)
        for workers in (1, cores):
            with _cluster(workers) as address:
                engine = RayEngine(load, version, address=address)
                speed, start = _speed(engine, batches)
            speeds.setdefault(f"Ray, workers: {workers}", []).append(speed)
            starts.setdefault(f"Ray, workers: {workers}", []).append(start)
        for name, taken in speeds.items():
            say(f"turn {turn + 1}: {name}: {taken[-1]:.1f} texts/s")
    about = f"{count} distinct texts in batches of {_BATCH}, {turns} turns"
    figures = [
        Figure(
            f"ray: texts tagged, {name}",
            median(taken),
            "texts/s",
            _COMMAND,
            note=f"{min(taken):.1f}-{max(taken):.1f}; {about}",
        )
        for name, taken in speeds.items()
    ]
    figures += [
        Figure(f"ray: {what}", median(speeds[one]) / median(speeds[other]), "×", _COMMAND)
        for what, one, other in (
            ("one worker over one thread", "Ray, workers: 1", "without Ray, threads: 1"),
            (
                f"{cores} workers over {cores} threads",
                f"Ray, workers: {cores}",
                f"without Ray, threads: {cores}",
            ),
            (f"{cores} workers over one", f"Ray, workers: {cores}", "Ray, workers: 1"),
        )
    ]
    figures += [
        Figure(f"ray: until the first batch is back, {name}", median(taken), "s", _COMMAND)
        for name, taken in starts.items()
    ]
    return [*figures, _core(batches), _carried(texts), *_written(rows)]


def _core(batches: Sequence[Sequence[_Text]]) -> Figure:
    """Return what one core tags, by its own time: the same whatever else the machine does."""
    engine = LocalEngine(load_tagger(threads=1))
    began = time.process_time()
    texts = sum(len(batch) for batch, _ in engine.tag_batches(batches))
    return Figure(
        "ray: texts tagged in a second of one core's time",
        texts / (time.process_time() - began),
        "texts/s",
        _COMMAND,
        note="without Ray",
    )


def _carried(texts: Sequence[_Text]) -> Figure:
    """Return how many texts a second one process hands to workers and has back, with tags."""
    batch = texts[:_STORE_BATCH]
    with _cluster(1) as address:
        engine = RayEngine(_Idle, _Idle.version, address=address)
        speed, _ = _speed(engine, [batch] * _BATCHES_CARRIED)
    return Figure(
        "ray: texts given to workers and taken back",
        speed,
        "texts/s",
        _COMMAND,
        note=f"batches of {len(batch)}, by a worker that does not tag",
    )


def _speed(engine: Engine, batches: Sequence[Sequence[_Text]]) -> tuple[float, float]:
    """Return texts per second once it is at work, and the seconds until the first batch."""
    began = time.perf_counter()
    ends = [time.perf_counter() for _ in engine.tag_batches(iter(batches))]
    before = len(ends) // _SHARE_BEFORE
    texts = sum(len(batch) for batch in batches[before + 1 :])
    return texts / (ends[-1] - ends[before]), ends[0] - began


@contextmanager
def _cluster(cores: int) -> Iterator[str]:
    """A Ray cluster of so many cores, on the loopback of this machine."""
    RayEngine(load_tagger, "")  # for what it asks of the environment
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    with TemporaryDirectory(prefix="simak-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        head = {"num_cpus": cores, "include_dashboard": False, "temp_dir": folder}
        made = import_module("ray.cluster_utils").Cluster(True, head_node_args=head)
        try:
            yield str(made.address)
        finally:
            made.shutdown()


def _written(rows: int) -> list[Figure]:
    """Return how many tagged rows a second are written, in each dialect."""
    tagger = load_tagger()
    figures = []
    for dialect in DIALECTS:
        with TemporaryDirectory(prefix="simak-") as folder, opened(dialect, Path(folder)) as store:
            _fill(store, rows)
            taken = 0.0
            for batch in waiting(store, tagger.version):
                tags = tagger.predict([item.text for item in batch])
                began = time.perf_counter()
                save_tags(store, batch, tags, model=tagger.version, now=_NOW)
                taken += time.perf_counter() - began
            if dialect == "sqlite":
                size = (Path(folder) / "simak.db").stat().st_size / rows
                figures.append(
                    Figure("ray: disk of a mention with its tags, sqlite", size, "bytes", _COMMAND)
                )
        figures.append(
            Figure(
                f"ray: rows of tags written, {dialect}",
                rows / taken,
                "rows/s",
                _COMMAND,
                note=f"{rows} rows, {ROWS_PER_WRITE} a transaction",
            )
        )
    return figures


def _fill(store: Store, rows: int) -> None:
    texts = recombined(seed=2)
    for start in range(0, rows, ROWS_PER_WRITE):
        page = range(start, min(start + ROWS_PER_WRITE, rows))
        with store.write() as connection:
            save(
                store,
                connection,
                [RawMention(external_id=str(n), text=next(texts), published_at=_NOW) for n in page],
                brand="Senandika",
                source="google_play",
                privacy=Privacy(b"key"),
                now=_NOW,
            )


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--texts", "count", default=4_000, show_default=True)
@click.option("--turns", default=3, show_default=True)
@click.option("--rows", default=10_000, show_default=True, help="Tagged and written.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(count: int, turns: int, rows: int, as_json: bool) -> None:
    finish(measure(count, turns=turns, rows=rows), as_json=as_json)


if __name__ == "__main__":
    main()
