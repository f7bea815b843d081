"""What a night costs in a store of a million mentions, of three and of ten, and what they weigh.

Each night brings the same number of new mentions of the last day, of brands as they have shares. It
is asked for what depends on the store: saving them, their tags, copies, promises, alerts and what
is older than is kept. To read the texts by the model takes as long whatever is there already
(`benchmarks.tagging`). A store's first night is not measured: what was there is taken for looked
at. The texts of a night are much like those that are there, and the larger stores hold each text
many times: so the copies of one more night are told, of texts that are like no other.

    python -m benchmarks.nights
    python -m benchmarks.nights --mentions 20000 --dialect sqlite
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import click
import numpy as np
from sqlalchemy import text

from alerts.run import run_alerts
from benchmarks import texts
from benchmarks.databases import DIALECTS
from benchmarks.report import Figure, finish, say
from benchmarks.world import BRANDS, CHANNELS, DAYS, LAST_DAY, MODEL, taken
from simak.mention import RawMention
from simak.settings import Settings
from simak.tags import SENTIMENTS, Tags, TouchpointTag
from store.copies import find_copies
from store.engine import ROWS_PER_WRITE, Store
from store.expiry import Retention, expire
from store.mentions import Privacy, save
from store.progress import newest, save_progress
from store.promises import refresh_promises
from store.tags import save_tags, waiting

COMMAND = "python -m benchmarks.nights"
SIZES = (1_000_000, 3_000_000, 10_000_000)
NIGHTS = 3
NEW = 5_000
KEPT = Retention(days=DAYS + 30)
"""Nothing is older: what is measured is to find that out."""
_JOBS = ("copies", "promises")


def _measure(dialect: str, size: int) -> tuple[list[dict[str, float]], float, float]:
    """Return the seconds of each night's steps, of the copies of texts that are like no other, and
    the store's gigabytes a million."""
    with taken(dialect, size) as store:
        weight = _bytes(store) / 2**30 / (size / 1e6)
        with store.write() as connection:
            for job in _JOBS:
                save_progress(connection, job, newest(store))
        nights = [_night(store, night, texts.recombined(1_000 + night)) for night in range(NIGHTS)]
        return nights, _night(store, NIGHTS, _unlike())["copies"], weight


def _night(store: Store, night: int, words: Iterator[str]) -> dict[str, float]:
    steps: dict[str, float] = {}
    start = time.perf_counter()

    def took(step: str) -> None:
        nonlocal start
        steps[step] = time.perf_counter() - start
        start = time.perf_counter()

    for brand, rows in _arrivals(night, words).items():
        for place in range(0, len(rows), ROWS_PER_WRITE):
            with store.write() as connection:
                save(
                    store, connection, rows[place : place + ROWS_PER_WRITE], brand=brand,
                    source="night", privacy=Privacy(b"key"), now=datetime.now(UTC),
                )  # fmt: skip
    took("save")
    for batch in waiting(store, MODEL):
        tags = [_tags(item.mention_id) for item in batch]
        save_tags(store, batch, tags, model=MODEL, now=datetime.now(UTC))
    took("tag")
    find_copies(store)
    took("copies")
    refresh_promises(store)
    took("promises")
    at = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, tzinfo=UTC)
    run_alerts(store, Settings(), now=lambda: at + timedelta(days=night))
    took("alerts")
    expire(store, KEPT, now=at + timedelta(days=night))
    took("retention")
    return steps


def _arrivals(night: int, words: Iterator[str]) -> dict[str, list[RawMention]]:
    source = np.random.default_rng(night)
    day = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC)
    found = {}
    for brand, share in BRANDS.items():
        found[brand] = [
            RawMention(
                external_id=f"{night}-{place}",
                text=said,
                channel=str(source.choice(list(CHANNELS))),
                published_at=day + timedelta(days=night, seconds=int(source.integers(86_400))),
                author=f"akun {night} {place}",
            )
            for place, said in enumerate(islice(words, round(share * NEW)))
        ]
    return found


def _unlike() -> Iterator[str]:
    """Yield texts without end: words of the sample, in no order."""
    source = random.Random(1)
    words = sorted({word for text in texts.sample_texts() for word in text.split()})
    while True:
        yield " ".join(source.choices(words, k=20))


def _tags(number: int) -> Tags:
    sentiment = SENTIMENTS[number % 3]
    said = {"delivery": TouchpointTag(sentiment, 0.9, (0, 4))} if number % 2 else {}
    return Tags(sentiment, number % 3 == 0, said, (), "id", {sentiment: 0.9})


def _bytes(store: Store) -> int:
    if store.is_sqlite:
        return Path(str(store.engine.url.database)).stat().st_size
    with store.read() as connection:
        found: int = connection.execute(
            text("SELECT pg_database_size(current_database())")
        ).scalar_one()
        return found


def _figures(dialect: str, sizes: Sequence[int]) -> Iterator[Figure]:
    first: float | None = None
    for size in sizes:
        say(f"{dialect}, {size:,} mentions")
        nights, unlike, weight = _measure(dialect, size)
        seconds = float(np.median([sum(night.values()) for night in nights]))
        steps = {step: float(np.median([one[step] for one in nights])) for step in nights[0]}
        first = first or seconds
        parts = ", ".join(f"{step} {taken:.1f}" for step, taken in steps.items())
        yield Figure(
            f"{dialect}: a night of {NEW:,} new among {size:,}", seconds, "s", COMMAND,
            note=f"{seconds / first:.2f} × among {sizes[0]:,}; {parts}; copies of texts that are "
            f"like no other {unlike:.1f}",
        )  # fmt: skip
        yield Figure(
            f"{dialect}: disk of a million mentions", weight, "GiB", COMMAND,
            note=f"of {size:,}",
        )  # fmt: skip


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", "sizes", type=int, multiple=True, default=SIZES, show_default=True)
@click.option("--dialect", "dialects", type=click.Choice(DIALECTS), multiple=True, default=DIALECTS)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(sizes: Sequence[int], dialects: Sequence[str], as_json: bool) -> None:
    found = [figure for dialect in dialects for figure in _figures(dialect, sorted(sizes))]
    finish(found, as_json=as_json)


if __name__ == "__main__":
    main()
