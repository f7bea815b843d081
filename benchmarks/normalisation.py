"""What the steps of normalisation are worth: letters and emoji, and a list of slang.

Each arm reads every text, of training as of measuring, in its own way: as it is now, without
shortened letters and written-out emoji, or with the list of `benchmarks.slang` too. The same
networks, with a few of the encoder's layers, and TF-IDF with linear classifiers learn from the
same rows and are measured on the same rows. A difference comes with the 95 % percentile interval
of a paired bootstrap: the rows drawn are the same for both arms. It holds the chance of rows, not
that of training, which the seeds show. Without an encoder only TF-IDF is measured.

    python -m benchmarks.normalisation --data ../shared/data --encoder ../shared/base-encoder
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import click
import numpy as np
from numpy.typing import NDArray
from torch import nn

from benchmarks import report
from benchmarks.report import Figure, say
from benchmarks.slang import write_out
from models import encoding
from models import normalise as normalising
from models.checkpoint import load_tagger
from models.evaluation import baseline
from models.evaluation.metrics import count, f1
from models.normalise import Normalised, normalise
from models.training.build import finish
from models.training.corpus import Corpus, load_corpus
from models.training.rows import Row
from models.training.train import Recipe, prepare, train
from models.training.vocabulary import trim
from simak.errors import ConfigurationError
from simak.tags import Tags

COMMAND, RESAMPLES = "python -m benchmarks.normalisation", 1_000

Counts = NDArray[np.float64]
Reader = Callable[[str], Normalised]
Learner = Callable[[Corpus, int, Sequence[str]], dict[str, Tags]]
"""Learns from a corpus with a seed; says what each of some texts is."""


def untouched(text: str) -> Normalised:
    """Return a text with its letters and emoji as they are, tidied all the same."""
    present = normalising._replacement

    def tidy(match: re.Match[str]) -> str | None:
        kept = match.lastgroup in ("emoji", "word_end", "within")
        return None if kept else present(match)

    with mock.patch.object(normalising, "_replacement", tidy):
        return normalise(text)


ARMS: dict[str, Reader] = {
    "as it is": normalise,
    "without letters and emoji": untouched,
    "with slang": lambda text: write_out(normalise(text)),
}
"""The first is what the others are compared with."""


@contextmanager
def reading(reader: Reader) -> Iterator[None]:
    """Let training and measuring read texts so."""
    with (
        mock.patch.object(encoding, "normalise", reader),
        mock.patch.object(baseline, "normalise", reader),
    ):
        yield


def tf_idf(corpus: Corpus, seed: int, texts: Sequence[str]) -> dict[str, Tags]:
    """Learn by TF-IDF and linear classifiers."""
    np.random.seed(seed)  # the order in which the classifiers see the rows
    learned = baseline.Baseline(corpus.train, corpus.validation)
    return dict(zip(texts, learned.predict(texts), strict=True))


def network(encoder: str, epochs: int, layers: int) -> Learner:
    """Return a learner: an encoder of so many layers, evenly chosen, with the model's heads."""

    def learn(corpus: Corpus, seed: int, texts: Sequence[str]) -> dict[str, Tags]:
        prepared = prepare(encoder, seed)
        trim(prepared, [row.text for row in corpus.train])
        bert = prepared.network.encoder
        whole = bert.config.num_hidden_layers
        if layers > whole:
            raise ConfigurationError(f"the encoder has {whole} layers, not {layers}")
        kept = [round(place) for place in np.linspace(0, whole - 1, layers).tolist()]
        bert.encoder.layer = nn.ModuleList(bert.encoder.layer[index] for index in kept)
        bert.config.num_hidden_layers = layers
        with TemporaryDirectory() as out, redirect_stdout(sys.stderr):
            recipe = Recipe(epochs=epochs, seed=seed)
            prepared.network = train(prepared, corpus.train, recipe, Path(out))
            tagger = load_tagger(str(finish(prepared, corpus, Path(out), {})))
            return dict(zip(texts, tagger.predict(texts), strict=True))

    return learn


def measured(corpus: Corpus) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield the name, the head and the rows of each figure."""
    sets = {**corpus.sentiment_sets, "held back": corpus.held_back}
    for name, rows in sets.items():
        yield name, "sentiment", list(rows)
    yield "all texts", "sentiment", [row for rows in sets.values() for row in rows]
    for head in ("touchpoints", "touchpoints_polarity"):
        yield "held back", head, list(corpus.held_back)


def difference(counts: Counts, present: Counts) -> tuple[float, float, float]:
    """Return how much better a figure is than the present one, and the interval of that.

    Args:
        counts, present: (N, S, C, 3), of `count` on N rows with S seeds; figures are means over S.
    """
    generator, n = np.random.default_rng(0), len(counts)

    def gap(weights: NDArray[np.integer]) -> float:
        mine, other = (f1(np.tensordot(weights, one, axes=1)).mean() for one in (counts, present))
        return float(mine - other)

    draws = [gap(np.bincount(generator.integers(n, size=n), minlength=n)) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(draws, (2.5, 97.5))
    return gap(np.ones(n, dtype=int)), float(low), float(high)


def compare(way: str, learn: Learner, corpus: Corpus, seeds: Sequence[int]) -> Iterator[Figure]:
    """Yield the figures of every arm of one way of learning."""
    questions = list(measured(corpus))
    texts = list(dict.fromkeys(row.text for _name, _head, rows in questions for row in rows))
    presents: list[Counts] = []
    for arm, reader in ARMS.items():
        with reading(reader):
            said = [learn(corpus, seed, texts) for seed in seeds]
        for place, (name, head, rows) in enumerate(questions):
            counts = np.stack(
                [count(head, rows, [tags[row.text] for row in rows]) for tags in said], axis=1
            )
            value, note = f1(counts.sum(0)), f"{len(rows):,} texts"
            if len(value) > 1:
                note += f", seeds {', '.join(f'{100 * one:.1f}' for one in value)}"
            if reader is normalise:
                presents.append(counts)
            else:
                gap, low, high = (100 * one for one in difference(counts, presents[place]))
                changed = sum(reader(row.text).text != normalise(row.text).text for row in rows)
                note += f", {changed:,} read otherwise; {gap:+.2f} ({low:+.2f} to {high:+.2f})"
            mean = 100 * float(value.mean())
            say(f"{way}, {arm}: {name}, {head}: {mean:.2f}; {note}")
            yield Figure(f"{way}, {arm}: {name}, {head}", mean, "%", COMMAND, note=note)


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The data sets.")
@click.option("--encoder", help="Also train networks from this encoder, which takes hours.")
@click.option("--epochs", default=3, show_default=True, help="Of each network.")
@click.option("--layers", default=4, show_default=True, help="Of the encoder that are kept.")
@click.option("--seeds", default=1, show_default=True, help="Networks of each arm.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(
    data: Path, encoder: str | None, epochs: int, layers: int, seeds: int, as_json: bool
) -> None:
    corpus, first = load_corpus(data), Recipe().seed
    figures = list(compare("TF-IDF", tf_idf, corpus, [first]))
    if encoder is not None:
        learn = network(encoder, epochs, layers)
        figures += compare("network", learn, corpus, range(first, first + seeds))
    report.finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
