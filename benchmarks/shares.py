"""Whether the corrected shares are nearer the truth than counting the model's answers.

Rows with known sentiment and complaint that the model was not trained on are dealt into two
halves: one measures the model's errors, from the other samples of every class balance are drawn
(the artificial prevalence protocol: balances uniform over all there are; González et al. 2017).
Beside counting and the adjusted count of `insights.quantify` stands the expectation maximisation of
Saerens et al. (2002), which needs the probabilities of each text.

    python -m benchmarks.shares --data ../shared/data
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure, finish
from insights.quantify import corrected
from models.checkpoint import load_tagger
from models.labels import SENTIMENTS
from models.training.corpus import load_corpus
from models.training.rows import Row, key
from simak.tags import Tags

SAMPLES, SIZE, SEED = 400, 300, 3

Floats = NDArray[np.float64]


def measure(truth: NDArray[np.intp], scores: Floats) -> dict[str, float]:
    """Return the mean absolute error of a class's share, of each way of estimating it.

    Args:
        truth: (N,), classes.
        scores: (N, K), the model's probabilities.
    """
    classes = scores.shape[1]
    said = scores.argmax(1)
    known, rest = np.arange(0, len(truth), 2), np.arange(1, len(truth), 2)
    errors = [
        [int(((truth[known] == a) & (said[known] == b)).sum()) for b in range(classes)]
        for a in range(classes)
    ]
    prior = np.bincount(truth[known], minlength=classes) / len(known)
    by_class = [rest[truth[rest] == name] for name in range(classes)]
    generator = np.random.default_rng(SEED)
    gaps: dict[str, list[float]] = {"counting": [], "adjusted": [], "expectation maximisation": []}
    for seed in range(SAMPLES):
        sizes = generator.multinomial(SIZE, generator.dirichlet(np.ones(classes)))
        drawn = np.concatenate(
            [generator.choice(rows, n) for rows, n in zip(by_class, sizes, strict=True)]
        )
        counted = np.bincount(said[drawn], minlength=classes)
        estimates = {
            "counting": counted / SIZE,
            "adjusted": corrected(counted.tolist(), errors, seed).point,
            "expectation maximisation": _expectation(scores[drawn], prior),
        }
        for way, shares in estimates.items():
            gaps[way].append(float(np.abs(shares - sizes / SIZE).mean()))
    return {way: float(np.mean(values)) for way, values in gaps.items()}


def _expectation(scores: Floats, prior: Floats) -> Floats:
    shares = prior
    for _ in range(200):
        weighed = scores * (shares / prior)
        weighed /= weighed.sum(1, keepdims=True)
        if np.abs(weighed.mean(0) - shares).max() < 1e-6:
            break
        shares = weighed.mean(0)
    return shares


def _rows(data: Path) -> list[Row]:
    corpus = load_corpus(data)
    rows = [*corpus.held_back, *(row for rows in corpus.sentiment_sets.values() for row in rows)]
    return sorted(rows, key=lambda row: key(row.text))


def _figures(rows: Sequence[Row], tags: Sequence[Tags], command: str) -> list[Figure]:
    sentiment = np.array([row.sentiment for row in rows])
    scores = np.array([[tag.scores[name] for name in SENTIMENTS] for tag in tags])
    full = [place for place, row in enumerate(rows) if row.complaint >= 0]
    complaint = np.array([rows[place].complaint for place in full])
    # The model says so from its threshold on, not from one half: its own answer decides.
    chance = np.array([tags[place].scores["complaint"] for place in full])
    for place, at in enumerate(full):
        if tags[at].complaint != (chance[place] >= 0.5):
            chance[place] = 0.5 + (0.001 if tags[at].complaint else -0.001)
    figures = []
    for head, truth, given in (
        ("sentiment", sentiment, scores),
        ("complaint", complaint, np.stack([1 - chance, chance], axis=1)),
    ):
        gaps = measure(truth, given)
        note = f"{len(truth)} rows, {SAMPLES} samples of {SIZE}"
        for way, gap in gaps.items():
            figures.append(
                Figure(f"{head} shares, {way}: mean error", 100 * gap, "points", command, note=note)
            )
        ratio = gaps["counting"] / gaps["adjusted"]
        figures.append(
            Figure(
                f"{head} shares: error of counting / of adjusted", ratio, "x", command, at_least=1
            )
        )
    return figures


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The data sets.")
@click.option("--model", help="As for tagging; the shipped model if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(data: Path, model: str | None, as_json: bool) -> None:
    rows = _rows(data)
    tags = load_tagger(model).predict([row.text for row in rows])
    finish(_figures(rows, tags, f"python -m benchmarks.shares --data {data}"), as_json=as_json)


if __name__ == "__main__":
    main()
