"""How well a touchpoint is found that was taught by a few examples, beside TF-IDF.

Three touchpoints that no model was ever trained to tell: lost or stolen cards and phones among a
bank's questions (banking77), the battery in reviews of phones and laptops, the camera in reviews
of phones (M-ABSA, Indonesian and English). Half of each set's texts, dealt by a hash, lend the
examples and, without labels, what is usual in the house, as a store does; the other half measures.
Translations of a text stay in one half. The encoder has read the reviews of M-ABSA in training,
with their coarse labels; of the banking intents used here it has read none.

TF-IDF with logistic regression learns from the same examples and the same other texts, and its
threshold is chosen in the same way. A last row says what the same examples give where the store is
empty.

    python -m benchmarks.touchpoints --data ../shared/data
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_union

from benchmarks.report import Figure, finish, say
from models.adapt.background import Background, read_background
from models.adapt.features import Reading, read
from models.adapt.touchpoint import SHARE, learn, threshold_at_share
from models.checkpoint import adaptable
from models.normalise import normalise
from models.runtime import Runtime
from models.training.rows import key
from simak.errors import ConfigurationError

COUNTS, DRAWS, MOST = (5, 10, 20, 50), 5, 4_000

_CARDS = frozenset(("lost_or_stolen_card", "compromised_card", "lost_or_stolen_phone"))
_FOLDS = 5

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """A text, whether it speaks of the touchpoint, and what its translations share with it."""

    text: str
    present: bool
    group: str


@dataclass(frozen=True)
class Half:
    """Texts of one half of a set, as they are, as the encoder reads them, and the truth."""

    texts: Sequence[str]
    readings: Sequence[Reading]
    present: Flags


Way = Callable[[NDArray[np.intp]], tuple[Flags, float]]
"""Learns from some texts of the lending half; tells those of the measuring half, and how well it
promises to."""


def sets(data: Path, most: int) -> dict[str, list[Case]]:
    """Return the cases of each touchpoint, at most `most` by the hash of their group."""
    found = {
        "card_security": list(_banking(data)),
        "battery": [*_absa(data, "phone", "Battery"), *_absa(data, "laptop", "BATTERY")],
        "camera": list(_absa(data, "phone", ("Camera", "Shooting"))),
    }
    return {
        name: sorted(cases, key=lambda case: key(case.group))[:most]
        for name, cases in found.items()
    }


def _banking(data: Path) -> Iterator[Case]:
    path = _there(data / "touchpoints" / "banking77_train.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Case(row["text"], row["category"] in _CARDS, row["text"])


def _absa(data: Path, domain: str, category: str | tuple[str, ...]) -> Iterator[Case]:
    for language in ("id", "en"):
        for split in ("train", "dev"):
            path = _there(data / "touchpoints" / f"m_absa_{domain}_{language}_{split}.jsonl.gz")
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row: dict[str, Any] = json.loads(line)
                    present = any(triplet[1].startswith(category) for triplet in row["triplets"])
                    yield Case(row["text"], present, row["id"])


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ConfigurationError("a data set is missing; is --data right?", path=path)
    return path


def halves(cases: Sequence[Case], runtime: Runtime) -> tuple[Half, Half]:
    """Return the half that lends examples and the half that measures."""
    made = []
    for side in (0, 1):
        chosen = [case for case in cases if int(key("half " + case.group)[:8], 16) % 2 == side]
        readings = read(runtime, [case.text for case in chosen])
        pairs = [(c, r) for c, r in zip(chosen, readings, strict=True) if r is not None]
        made.append(
            Half(
                [case.text for case, _ in pairs],
                [reading for _, reading in pairs],
                np.array([case.present for case, _ in pairs]),
            )
        )
    return made[0], made[1]


def taught(background: Background, lending: Half, measured: Half, *, empty: bool) -> Way:
    """Return the way of `simak touchpoint add`, with the house's texts or with an empty store."""

    def way(places: NDArray[np.intp]) -> tuple[Flags, float]:
        taken = set(places.tolist())
        learned = learn(
            [lending.readings[place] for place in places],
            [],
            background.readings,
            []
            if empty
            else [one for place, one in enumerate(lending.readings) if place not in taken],
        )
        said = [
            learned.head.logits(one.pieces, one.grams, one.mean)[0] for one in measured.readings
        ]
        return np.array(said) >= 0, learned.f1

    return way


def tf_idf(background: Background, lending: Half, measured: Half) -> Way:
    """Return the baseline: words (1-2) and characters (2-5), logistic regression."""
    others = [normalise(row.text).text for row in background.rows]
    lent = [normalise(text).text for text in lending.texts]
    vectors = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    ).fit([*lent, *others])
    of_lent, of_others = vectors.transform(lent).tocsr(), vectors.transform(others)
    of_measured = vectors.transform([normalise(text).text for text in measured.texts])

    def way(places: NDArray[np.intp]) -> tuple[Flags, float]:
        rest = np.setdiff1d(np.arange(len(lent)), places)
        matrix = vstack([of_lent[places], of_lent[rest], of_others]).tocsr()
        kind = np.repeat([0, 1, 2], [len(places), len(rest), len(others)])
        truth, folds = kind == 0, np.concatenate([np.arange((kind == k).sum()) for k in range(3)])
        scores = np.zeros(len(truth))
        for fold in range(_FOLDS):
            seen = folds % _FOLDS != fold
            fitted = _regression().fit(matrix[seen], truth[seen])
            scores[~seen] = fitted.decision_function(matrix[~seen])
        threshold = threshold_at_share(scores[truth], scores[kind == 1])
        said = _regression().fit(matrix, truth).decision_function(of_measured)
        return said >= threshold, float("nan")

    return way


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear")


def measure(name: str, lending: Half, measured: Half, background: Background) -> Iterator[Figure]:
    """Yield the F1 of each way from each number of examples."""
    known = np.flatnonzero(lending.present)
    ways = {
        "": taught(background, lending, measured, empty=False),
        ", TF-IDF": tf_idf(background, lending, measured),
        ", empty store": taught(background, lending, measured, empty=True),
    }
    for count in (count for count in COUNTS if count <= len(known)):
        for label, way in ways.items():
            figures, expected = [], []
            for draw in range(DRAWS):
                places = np.random.default_rng(draw).permutation(known)[:count]
                said, promised = way(places)
                figures.append(100 * float(f1_score(measured.present, said, zero_division=0)))
                expected.append(100 * promised)
            say(f"{name}, {count} examples{label}: {mean(figures):.1f}")
            note = (
                f"{min(figures):.1f}-{max(figures):.1f} over {DRAWS} draws; "
                f"{int(measured.present.sum())} of {len(measured.texts):,} texts"
            )
            if not np.isnan(expected).any():
                note += f"; {mean(expected):.0f} promised where {SHARE:.0%} are"
            yield Figure(
                f"{name} from {count} examples{label}: F1", mean(figures), "%",
                "python -m benchmarks.touchpoints", note=note,
            )  # fmt: skip


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The data sets.")
@click.option("--model", help="A model directory instead of the default one.")
@click.option("--most", default=MOST, show_default=True, help="Texts of a set.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(data: Path, model: str | None, most: int, as_json: bool) -> None:
    package = adaptable(model)
    runtime = Runtime(package.directory, package.max_length)
    background = read_background(runtime)
    figures: list[Figure] = []
    for name, cases in sets(data, most).items():
        figures += measure(name, *halves(cases, runtime), background)
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
