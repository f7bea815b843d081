"""Rows imported per second: a CSV file read, masked, hashed, stored, counted and searchable.

A file as google-play-scraper writes it, with ids, names, replies, and here and there a phone
number or an e-mail address in a text, goes through the file source and the runner into an empty
store, as `simak import` does it. Figures are medians of several imports.

    python -m benchmarks.importing
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click

from benchmarks.databases import DIALECTS, opened
from benchmarks.report import Figure, finish, say
from benchmarks.texts import recombined
from collectors.http import HttpClient
from collectors.job import Job, make_context
from collectors.runner import run_source
from collectors.sources.file import FileSource
from store.mentions import Privacy
from store.runs import DONE, hold_lease

TARGET = 3_000
COLUMNS = (
    "reviewId", "userName", "userImage", "content", "score", "thumbsUpCount",
    "reviewCreatedVersion", "at", "replyContent", "repliedAt", "appVersion",
)  # fmt: skip


def measure(rows: int, times: int) -> Iterator[Figure]:
    """Yield the figure of each dialect; SQLite alone has a target."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "reviews.csv"
        write_reviews(file, rows)
        for dialect in DIALECTS:
            speeds = []
            for turn in range(times):
                with TemporaryDirectory() as home:
                    speeds.append(rows / _seconds(dialect, Path(home), file, rows))
                say(f"{dialect}, import {turn + 1}: {speeds[-1]:,.0f} rows/s")
            yield Figure(
                f"import into {dialect}",
                median(speeds),
                "rows/s",
                "python -m benchmarks.importing",
                at_least=TARGET if dialect == "sqlite" else None,
                note=f"{rows:,} rows, {times} times, {min(speeds):,.0f}-{max(speeds):,.0f}",
            )


def write_reviews(file: Path, rows: int) -> None:
    """Write an export of `rows` reviews, newest first."""
    source = random.Random(1)
    at = datetime(2026, 6, 30, 22, 0)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for place, text in enumerate(islice(recombined(), rows)):
            at -= timedelta(seconds=source.randrange(1, 600))
            if source.random() < 0.02:
                text += (
                    f" hubungi 0812-{source.randrange(1000, 9999)}-{source.randrange(1000, 9999)}"
                )
            if source.random() < 0.01:
                text += f" email pelanggan{place}@contoh.id"
            answered = source.random() < 0.3
            writer.writerow(
                (
                    f"gp:{source.getrandbits(128):032x}",
                    f"Pelanggan {source.randrange(rows)}",
                    "https://example.com/a.png",
                    text,
                    source.randint(1, 5),
                    source.randrange(20),
                    "5.12.0",
                    at.isoformat(sep=" "),
                    "Halo Kak, mohon maaf atas kendalanya. Kami bantu cek, ya." * answered,
                    (at + timedelta(hours=5)).isoformat(sep=" ") if answered else "",
                    "5.12.0",
                )
            )


def _seconds(dialect: str, home: Path, file: Path, rows: int) -> float:
    with opened(dialect, home) as store, HttpClient() as http:
        start = time.perf_counter()
        source = FileSource(name=file.name, brand="Senandika", options={"path": str(file)})
        with hold_lease(store) as lease:
            run = run_source(
                store,
                Job(source=source),
                make_context(source.name, http=http),
                privacy=Privacy(b"benchmark"),
                lease=lease,
                kind="import",
            )
        taken = time.perf_counter() - start
    if run.status != DONE or run.new != rows:
        raise RuntimeError(f"{run.new} of {rows} rows were imported: {run}")
    return taken


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--rows", default=30_000, show_default=True)
@click.option("--times", default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(rows: int, times: int, as_json: bool) -> None:
    finish(list(measure(rows, times)), as_json=as_json)


if __name__ == "__main__":
    main()
