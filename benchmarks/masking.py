"""What the masker finds of what identifies a person, and how much of what it masks does.

`tests/store/masking.jsonl` holds texts as customers write them, with every phone, e-mail, card,
NIK and NPWP number marked; about half of them have none, and numbers that look like one. All were
written for this, by five hands. From those of `dev` the masker has learned; those of `unseen` were
written last, by a hand that knew nothing of it, and it was left as it was. The figures are of
these. A number is found where all of it is masked as what it is and nothing beside it: half a
number counts as missed.

    python -m benchmarks.masking
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

import click

from benchmarks.report import Figure, finish
from benchmarks.texts import recombined
from insights import intervals
from store.identifiers import KINDS, find
from store.privacy import mask

TEXTS = Path(__file__).parents[1] / "tests" / "store" / "masking.jsonl"
COMMAND = "python -m benchmarks.masking"

_PLAIN = re.compile(r"@|\d{8}")

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with what identifies a person in it: start, end and kind of each."""

    split: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind: how many there are, how many the masker gives, and how many of both are the
    same."""

    n: int
    given: int
    hits: int


def read_texts(path: Path = TEXTS) -> list[Marked]:
    """Return the texts with what is marked in them."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Marked(row["split"], row["text"], tuple((a, b, kind) for a, b, kind in row["spans"]))
        for row in rows
    ]


def score(texts: Iterable[Marked]) -> dict[str, Score]:
    """Return what the masker finds, by kind."""
    pairs = [(_read(one.text, one.spans), _read(one.text, find(one.text))) for one in texts]
    return {
        kind: Score(
            n=sum(other == kind for true, _ in pairs for other, _ in true),
            given=sum(other == kind for _, given in pairs for other, _ in given),
            hits=sum(other == kind for true, given in pairs for other, _ in true & given),
        )
        for kind in KINDS
    }


def _read(text: str, spans: Iterable[Span]) -> set[tuple[str, tuple[int, ...]]]:
    """Return the kind of each with the places of its letters and digits: brackets do not matter."""
    return {
        (kind, tuple(place for place in range(start, end) if text[place].isalnum()))
        for start, end, kind in spans
    }


def measure(texts: Sequence[Marked], times: int) -> Iterator[Figure]:
    """Yield recall and precision of each kind, then the time a text takes."""
    kept = [one for one in texts if one.split == "unseen"]
    for kind, found in score(kept).items():
        for what, k, n, target in (
            ("recall", found.hits, found.n, 98),
            ("precision", found.hits, found.given, 95),
        ):
            value = intervals.share(k, n)
            if value.value is None or value.low is None or value.high is None:
                continue
            yield Figure(
                f"masking, {kind}: {what}",
                100 * value.value,
                "%",
                COMMAND,
                at_least=target,
                note=f"{k} of {n}; {100 * value.low:.1f}-{100 * value.high:.1f}",
            )
    yield _time(times)


def _time(times: int) -> Figure:
    texts = list(islice(recombined(), 2_000))
    masking = [_seconds(mask, texts) for _ in range(times)]
    plain = median(_seconds(_PLAIN.search, texts) for _ in range(times))
    taken = median(masking)
    return Figure(
        "masking a text",
        1e6 * taken / len(texts),
        "µs",
        COMMAND,
        at_most=100,
        note=f"{taken / plain:.0f} x a search for @ or eight digits; {times} times, "
        f"{1e6 * min(masking) / len(texts):.0f}-{1e6 * max(masking) / len(texts):.0f}",
    )


def _seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--times", default=10, show_default=True, help="Passes over the texts timed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(times: int, as_json: bool) -> None:
    finish(list(measure(read_texts(), times)), as_json=as_json)


if __name__ == "__main__":
    main()
