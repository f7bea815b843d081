"""One process imports, one pages through lists, one person edits: how long each waits.

All three work on one SQLite store at once, each in a process of its own. The importer writes as
fast as it can; the reader opens list after list and counts; the person corrects a mention every
tenth of a second. Any error ends its process and is counted.

    python -m benchmarks.contention
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from benchmarks import world
from benchmarks.databases import opened
from benchmarks.questions import Questions
from benchmarks.report import Figure, finish, say
from benchmarks.texts import recombined
from collectors.http import HttpClient
from collectors.job import Job, make_context
from collectors.runner import run_source
from collectors.source import Context, Cursor, Page
from simak.mention import RawMention
from simak.tags import SENTIMENTS, Tags, TouchpointTag
from store import rollups
from store.corrections import correct
from store.engine import Store, open_store
from store.lists import count, list_mentions
from store.mentions import Privacy
from store.runs import DONE, hold_lease

EDIT_TARGET_MS = 100
BETWEEN_EDITS = 0.1
_PAGE_ROWS = 1_000
_LIST_ROWS = 50
_LIST_PAGES = 5


@dataclass
class Outcome:
    """What one process saw.

    Attributes:
        waits: milliseconds of each edit or each page read.
        done: rows imported.
        errors: what went wrong, in words.
    """

    waits: list[float] = field(default_factory=list)
    done: int = 0
    errors: list[str] = field(default_factory=list)


class _Endless:
    """A source that always has more, until its time is over."""

    source = "endless"
    name = "endless"
    brand = "Senandika"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def asks(self) -> str:
        return "everything"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        end = time.perf_counter() + self._seconds
        texts = recombined(seed=99)
        place = 0
        while time.perf_counter() < end:
            yield Page(
                mentions=tuple(
                    RawMention(
                        external_id=f"e{place + offset}",
                        text=text,
                        published_at=datetime.now(UTC),
                        author="Pelanggan",
                    )
                    for offset, text in enumerate(islice(texts, _PAGE_ROWS))
                ),
                cursor={"place": place},
            )
            place += _PAGE_ROWS


def _import(store: Store, seconds: float, outcome: Outcome) -> None:
    with hold_lease(store) as lease, HttpClient() as http:
        source = _Endless(seconds)
        context = make_context(source.name, http=http)
        run = run_source(
            store, Job(source=source), context, privacy=Privacy(b"benchmark"), lease=lease
        )
    outcome.done = run.new
    if run.status != DONE:
        outcome.errors.append(str(run.error))


def _read(store: Store, seconds: float, outcome: Outcome) -> None:
    end = time.perf_counter() + seconds
    questions = Questions(3)
    while time.perf_counter() < end:
        filter, after = questions.listed().list_filter, None
        with _timed(outcome):
            count(store, filter)
        for _ in range(_LIST_PAGES):
            with _timed(outcome):
                rows = list_mentions(store, filter, limit=_LIST_ROWS, after=after)
            if len(rows) < _LIST_ROWS:
                break
            after = rows[-1].position


def _edit(store: Store, seconds: float, outcome: Outcome, mentions: int) -> None:
    end = time.perf_counter() + seconds
    source = random.Random(5)
    while time.perf_counter() < end:
        sentiment = source.choice(SENTIMENTS)
        tags = Tags(sentiment, sentiment == "negative", {"delivery": TouchpointTag(sentiment)})
        with _timed(outcome):
            correct(store, source.randint(1, mentions), tags, by="a person", now=datetime.now(UTC))
        time.sleep(BETWEEN_EDITS)


@contextmanager
def _timed(outcome: Outcome) -> Iterator[None]:
    start = time.perf_counter()
    yield
    outcome.waits.append((time.perf_counter() - start) * 1000)


def _work(
    job: Callable[..., None],
    url: str,
    seconds: float,
    more: tuple[int, ...],
    start: Barrier,
    results: multiprocessing.Queue[tuple[str, Outcome]],
) -> None:
    """Run one job in its process: all begin together, and what went wrong is told, not lost."""
    outcome = Outcome()
    try:
        store = open_store(url)
        start.wait()
        job(store, seconds, outcome, *more)
        store.close()
    except Exception as error:
        outcome.errors.append(f"{job.__name__}: {error!r}")
    results.put((job.__name__, outcome))


def measure(mentions: int, seconds: float) -> list[Figure]:
    """Return the figures: errors, the edit's and the reader's wait, rows imported a second."""
    with TemporaryDirectory() as folder:
        with opened("sqlite", Path(folder)) as store:
            world.fill(store, mentions)
            url = store.engine.url.render_as_string(hide_password=False)
        say(f"three processes for {seconds:g} s")
        outcomes = _together(url, seconds, mentions)
        with opened("sqlite", Path(folder)) as store:
            rollups.verify(store)
    errors = [error for outcome in outcomes.values() for error in outcome.errors]
    for error in errors:
        say(f"error: {error}")
    edits, reads = outcomes["_edit"].waits, outcomes["_read"].waits
    command, about = "python -m benchmarks.contention", f"{seconds:g} s on {mentions:,} mentions"
    return [
        Figure("contention: errors", len(errors), "", command, at_most=0, note=about),
        Figure(
            "contention: a person's edit, p95",
            float(np.percentile(edits, 95)),
            "ms",
            command,
            at_most=EDIT_TARGET_MS,
            note=f"p50 {np.median(edits):.0f}, max {max(edits):.0f}, {len(edits)} edits",
        ),
        Figure(
            "contention: a page of a list, p95",
            float(np.percentile(reads, 95)),
            "ms",
            command,
            note=f"p50 {np.median(reads):.0f}, max {max(reads):.0f}, {len(reads)} pages",
        ),
        Figure(
            "contention: rows imported",
            outcomes["_import"].done / seconds,
            "rows/s",
            command,
            note=f"{outcomes['_import'].done:,} rows",
        ),
    ]


def _together(url: str, seconds: float, mentions: int) -> dict[str, Outcome]:
    context = multiprocessing.get_context("spawn")
    jobs: tuple[tuple[Callable[..., None], tuple[int, ...]], ...] = (
        (_import, ()),
        (_read, ()),
        (_edit, (mentions,)),
    )
    start = context.Barrier(len(jobs), timeout=60)
    results = context.Queue()
    workers = [
        context.Process(target=_work, args=(job, url, seconds, more, start, results))
        for job, more in jobs
    ]
    for worker in workers:
        worker.start()
    try:
        return dict(results.get(timeout=seconds + 120) for _ in workers)
    finally:
        for worker in workers:
            worker.join(timeout=10)
            if worker.is_alive():
                worker.terminate()


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", default=20_000, show_default=True, help="In the store at the start.")
@click.option("--seconds", default=20.0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(mentions: int, seconds: float, as_json: bool) -> None:
    finish(measure(mentions, seconds), as_json=as_json)


if __name__ == "__main__":
    main()
