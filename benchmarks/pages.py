"""How long each page of the dashboard waits for its data on a large store.

Asks what the pages ask (`dashboard/queries.py`), without its cache, for many random filters:
brands, days, channels, languages; for the list of mentions also sentiments, touchpoints, words
and deep pages. Each figure is the 95th percentile of whole pages in a store that is in use: as many
others were asked before. The store is built once and kept in the system's temporary folder.

    python -m benchmarks.pages
    python -m benchmarks.pages --mentions 50000 --dialect sqlite
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
import numpy as np

from benchmarks.databases import DIALECTS
from benchmarks.questions import SEARCHES, Question, Questions
from benchmarks.report import Figure, finish, say
from benchmarks.world import filled
from insights import reputation, touchpoints
from simak.taxonomy import load_taxonomy
from store import lists, mentions, rollups, runs, useful
from store.engine import Store
from store.filter import Filter
from store.tables import UNTAGGED

TARGET_MS = 300
PAGE_ROWS = 21
_SEED = 7
_SEED_BEFORE = 8


class Stopwatch:
    """Times calls by name, and whole pages.

    Attributes:
        calls: name to the milliseconds of each call.
        pages: milliseconds of each page, with its question.
    """

    def __init__(self) -> None:
        self.calls: dict[str, list[float]] = defaultdict(list)
        self.pages: list[tuple[float, Question]] = []

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """Time the block as one call."""
        start = time.perf_counter()
        yield
        self.calls[name].append((time.perf_counter() - start) * 1000)

    @contextmanager
    def page(self, question: Question) -> Iterator[None]:
        """Time the block as one page."""
        start = time.perf_counter()
        yield
        self.pages.append(((time.perf_counter() - start) * 1000, question))


Ask = Callable[[Store, Question, Stopwatch], None]


def _shell(store: Store, question: Question, watch: Stopwatch) -> None:
    """Ask what every page asks."""
    with watch.call("runs"):
        runs.runs(store, limit=3)
    with watch.call("brands"):
        rollups.counts(store, Filter(), by=("brand",))
        mentions.brand_names(store)
    with watch.call("facets"):
        rollups.facets(store, question.filter.brands)


def _overview(store: Store, question: Question, watch: Stopwatch) -> None:
    _shell(store, question, watch)
    with watch.call("reputation"):
        reputation.reputation(store, question.filter)
    with watch.call("touchpoints"):
        touchpoints.touchpoints(store, load_taxonomy(), question.filter)
    with watch.call("by brand"):
        reputation.by(store, question.filter.but(brands=()), "brand")
    with watch.call("by channel"):
        reputation.by(store, question.filter, "channel")


def _touchpoints(store: Store, question: Question, watch: Stopwatch) -> None:
    _shell(store, question, watch)
    with watch.call("count"):
        lists.count(store, question.filter)
    with watch.call("touchpoints"):
        found = touchpoints.touchpoints(store, load_taxonomy(), question.filter)
    if found.rows:
        with watch.call("examples"):
            touchpoints.examples(store, question.filter, found.rows[0].id)


def _mentions(store: Store, question: Question, watch: Stopwatch) -> None:
    _shell(store, question, watch)
    with watch.call("count"):
        lists.count(store, question.list_filter)
    with watch.call("list"):
        lists.list_mentions(store, question.list_filter, limit=PAGE_ROWS, after=question.after)


def _useful(store: Store, question: Question, watch: Stopwatch) -> None:
    _shell(store, question, watch)
    with watch.call("useful"):
        useful.useful(store, question.list_filter, limit=PAGE_ROWS)


def _sources(store: Store, question: Question, watch: Stopwatch) -> None:
    _shell(store, question, watch)
    with watch.call("untagged"):
        lists.count(store, Filter(sentiments=(UNTAGGED,)))
    with watch.call("latest runs"):
        runs.latest_runs(store)
    with watch.call("recent runs"):
        runs.runs(store, limit=200)


def measure(dialect: str, size: int, questions: int) -> Iterator[Figure]:
    """Yield the figure of each page."""
    plan: list[tuple[str, Ask, Callable[[Questions, int], Question]]] = [
        ("Overview", _overview, lambda draw, _: draw.view()),
        ("Touchpoints", _touchpoints, lambda draw, _: draw.view()),
        ("Mentions, filtered", _mentions, lambda draw, _: draw.listed()),
        (
            "Mentions, searched",
            _mentions,
            lambda draw, place: draw.searched(SEARCHES[place % len(SEARCHES)]),
        ),
        ("Mentions, useful to correct", _useful, lambda draw, _: draw.listed()),
        ("Sources", _sources, lambda draw, _: draw.view()),
    ]
    before, draw = Questions(_SEED_BEFORE), Questions(_SEED)
    with filled(dialect, size) as store:
        for name, ask, question_at in plan:
            for place in range(questions):
                ask(store, question_at(before, place), Stopwatch())
            asked = [question_at(draw, place) for place in range(questions)]
            watch = Stopwatch()
            for question in asked:
                with watch.page(question):
                    ask(store, question, watch)
            _explain(name, watch)
            times = [taken for taken, _ in watch.pages]
            yield Figure(
                f"{name}: data of the page, p95",
                float(np.percentile(times, 95)),
                "ms",
                f"python -m benchmarks.pages --dialect {dialect} --mentions {size}",
                at_most=TARGET_MS,
                note=f"{dialect}, {size:,} mentions, p50 {np.median(times):.0f}, "
                f"max {max(times):.0f}, {len(times)} pages",
            )


def _explain(name: str, watch: Stopwatch) -> None:
    say(f"{name}")
    for call, times in watch.calls.items():
        p50, p95 = np.percentile(times, (50, 95))
        say(f"  {call:12} p50 {p50:7.1f}  p95 {p95:7.1f}  max {max(times):7.1f} ms")
    for taken, question in sorted(watch.pages, key=lambda page: -page[0])[:3]:
        say(f"  slowest {taken:7.1f} ms: {_shown(question)}")


def _shown(question: Question) -> str:
    given = {
        field: value
        for field in Filter.__dataclass_fields__
        if (value := getattr(question.list_filter, field)) not in (None, ())
    }
    words = [f"{name}={value}" for name, value in given.items()]
    return ", ".join([*words, f"after={question.after[0]:%Y-%m-%d}"] if question.after else words)


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", "size", default=1_000_000, show_default=True)
@click.option("--dialect", "dialects", type=click.Choice(DIALECTS), multiple=True, default=DIALECTS)
@click.option("--questions", default=200, show_default=True, help="Pages asked for, of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(size: int, dialects: Sequence[str], questions: int, as_json: bool) -> None:
    figures = [figure for dialect in dialects for figure in _said(dialect, size, questions)]
    finish(figures, as_json=as_json)


def _said(dialect: str, size: int, questions: int) -> Iterator[Figure]:
    say(f"{dialect}, {size:,} mentions")
    return measure(dialect, size, questions)


if __name__ == "__main__":
    main()
