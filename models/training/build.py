"""The whole recipe: data sets and an encoder in, a checked model directory out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.package import read_package, write_description
from models.runtime import Logits, Runtime
from models.training.calibrate import calibrate
from models.training.corpus import Corpus
from models.training.export import FLOAT, export
from models.training.rows import Row
from models.training.train import Prepared, Recipe, prepare, soup, train
from models.training.vocabulary import trim

SEEDS = (100, 200)
"""Of the short runs whose mean ships."""

MAX_LENGTH = 128
"""Tokens read in use; the long run sees shorter texts, which are most of them."""

_SEEN = 200
"""Texts that decide how the activations are made int8."""

DATA = (
    "SmSA (CC-BY-SA 4.0), NusaX (CC-BY-SA 4.0), PRDECT-ID (CC BY 4.0), M-ABSA (Apache-2.0), "
    "banking77 (CC BY 4.0), annotations and texts made for the project"
)


def build(corpus: Corpus, encoder: str, out: Path, recipe: Recipe, again: Recipe) -> Path:
    """Train, export and calibrate; return the model directory, `out`/model.

    A run that was interrupted goes on from its last epoch.

    Args:
        corpus: the data.
        encoder: a Hugging Face id or directory.
        out: the run's directory.
        recipe: of the long run.
        again: of the short runs after it, which are made with each of `SEEDS`.

    Raises:
        ConfigurationError: the encoder cannot be loaded, or `out` is of another recipe.
        ModelError: the exported graph is not the trained network, or too large.
    """
    out.mkdir(parents=True, exist_ok=True)
    prepared = prepare(encoder, recipe.seed)
    trim(prepared, [row.text for row in corpus.train])
    prepared.network = train(prepared, corpus.train, recipe, out)
    recipes = [replace(again, seed=seed) for seed in SEEDS]
    prepared.network = soup(prepared, corpus.train, recipes, out)
    return finish(
        prepared,
        corpus,
        out,
        {
            "encoder": Path(encoder).name if Path(encoder).is_dir() else encoder,
            "data": DATA,
            "rows": len(corpus.train),
            "recipe": asdict(recipe),
            "again": {**asdict(again), "seed": SEEDS},
        },
    )


def finish(prepared: Prepared, corpus: Corpus, out: Path, training: Mapping[str, Any]) -> Path:
    """Export and calibrate a trained network; return the model directory, `out`/model.

    Args:
        prepared: the network with its vocabulary.
        corpus: for its validation rows.
        out: the run's directory.
        training: what the model's description says of its training, beside the date.

    Raises:
        ModelError: the exported graph is not the trained network, or too large.
    """
    model = out / "model"
    seen = [row.text for row in corpus.train[:: max(1, len(corpus.train) // _SEEN)]]
    export(prepared.network, prepared.vocabulary, seen, MAX_LENGTH, model, out)
    rows, logits = _validation(corpus.validation, Runtime(model, MAX_LENGTH))
    thresholds, calibration = calibrate(rows, logits)
    training = {"date": datetime.now(UTC).date().isoformat(), **training}
    for directory in (model, out / FLOAT):
        write_description(
            directory,
            max_length=MAX_LENGTH,
            thresholds=thresholds,
            calibration=calibration,
            training=training,
        )
    read_package(model)
    return model


def _validation(rows: tuple[Row, ...], runtime: Runtime) -> tuple[list[Row], list[Logits]]:
    answers = zip(rows, runtime.run([row.text for row in rows]), strict=True)
    readable = [(row, logits) for row, (_encoded, logits) in answers if logits is not None]
    return [row for row, _logits in readable], [logits for _row, logits in readable]
