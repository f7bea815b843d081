"""Sentiment of NusaX by five folds over its training and validation rows, four languages at once.

The validation part has 100 rows a language, too few to tell two models apart; five folds judge
all 600. A network is first trained on everything but NusaX, and each fold then trains a copy on
the other four fifths. A sentence and its translations stand in one fold, and no fold's text was
ever seen, under any label. The shipped model was trained longer than these are (a long run of
eight epochs before the short ones, here of two), so the figures are rather low for it.

    python -m benchmarks.folds --data DATA --encoder ENCODER --out RUN
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import click
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC

from benchmarks import report
from benchmarks.report import Figure, say
from models.checkpoint import load_tagger
from models.labels import SENTIMENTS
from models.normalise import normalise
from models.training import sources
from models.training.build import finish
from models.training.corpus import load_corpus
from models.training.rows import Row, fingerprint
from models.training.train import AGAIN, Recipe, prepare, train
from models.training.vocabulary import trim

FOLDS = 5
TARGETS = {"indonesian": 90, "english": 89, "javanese": 83, "sundanese": 81}
FIRST = Recipe(epochs=2)


def measure(data: Path, encoder: str, out: Path) -> list[Figure]:
    """Return the mean macro-F1 of the folds, of each language, and that of TF-IDF beside it."""
    corpus = load_corpus(data)
    nusax = {
        language: [
            row
            for part in ("train", "valid")
            for row in sources.sentiment(data, f"nusax_{language}_{part}")
        ]
        for language in TARGETS
    }
    theirs = {fingerprint(row.text) for rows in nusax.values() for row in rows}
    others = [row for row in corpus.train if fingerprint(row.text) not in theirs]
    say(f"{len(others)} rows without NusaX")
    prepared = prepare(encoder, FIRST.seed)
    trim(prepared, [row.text for row in others])
    prepared.network = train(prepared, others, FIRST, out / "first")
    model: dict[str, list[float]] = {language: [] for language in TARGETS}
    baseline: dict[str, list[float]] = {language: [] for language in TARGETS}
    for fold in range(FOLDS):
        seen, unseen = _deal(nusax, fold)
        own = [row for rows in seen.values() for row in rows]
        beside = random.Random(fold).sample(others, min(len(own), len(others)))
        recipe = replace(AGAIN, seed=fold)
        copied = replace(prepared, network=copy.deepcopy(prepared.network))
        copied.network = train(copied, own + beside, recipe, out / f"fold-{fold}")
        tagger = load_tagger(str(finish(copied, corpus, out / f"fold-{fold}", {})))
        linear = _linear([*own, *others])
        for language, rows in unseen.items():
            tags = tagger.predict([row.text for row in rows])
            model[language].append(_score(rows, [SENTIMENTS.index(tag.sentiment) for tag in tags]))
            baseline[language].append(
                _score(rows, linear.predict([normalise(row.text).text for row in rows]).tolist())
            )
            say(f"fold {fold + 1}: {language} {model[language][-1]:.1f}")
    command = "python -m benchmarks.folds --data DATA --encoder ENCODER --out RUN"
    return [
        figure
        for language, target in TARGETS.items()
        for figure in (
            Figure(
                f"NusaX {language}: macro-F1 of sentiment, mean of {FOLDS} folds",
                mean(model[language]),
                "%",
                command,
                at_least=target,
                note=f"{min(model[language]):.1f}-{max(model[language]):.1f}, deviation "
                f"{stdev(model[language]):.1f}; TF-IDF {mean(baseline[language]):.1f}",
            ),
            Figure(
                f"NusaX {language}: errors of TF-IDF to errors of the model",
                (100 - mean(baseline[language])) / (100 - mean(model[language])),
                "×",
                command,
            ),
        )
    ]


def _deal(
    rows: dict[str, list[Row]], fold: int
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Return the rows to train on and those to judge; row i of every language is one sentence.

    A text that stands twice is trained on nowhere.
    """
    unseen = {name: some[fold::FOLDS] for name, some in rows.items()}
    judged = {fingerprint(row.text) for some in unseen.values() for row in some}
    seen = {
        name: [row for row in some if fingerprint(row.text) not in judged]
        for name, some in rows.items()
    }
    return seen, unseen


def _linear(rows: Sequence[Row]) -> Pipeline:
    known = [row for row in rows if row.sentiment >= 0]
    made = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
        ),
        LinearSVC(C=0.5),
    )
    made.fit([normalise(row.text).text for row in known], [row.sentiment for row in known])
    return made


def _score(rows: Sequence[Row], said: Sequence[int]) -> float:
    return 100 * float(f1_score([row.sentiment for row in rows], said, average="macro"))


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--encoder", required=True, help="A Hugging Face id, or a directory.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The run's directory.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(data: Path, encoder: str, out: Path, as_json: bool) -> None:
    report.finish(measure(data, encoder, out), as_json=as_json)


if __name__ == "__main__":
    main()
