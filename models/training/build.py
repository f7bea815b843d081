"""The whole recipe: data sets and an encoder in, a checked model directory out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from models.package import read_package, write_description
from models.runtime import Logits, Runtime
from models.training.calibrate import calibrate
from models.training.corpus import Corpus
from models.training.export import FLOAT, export
from models.training.rows import Row
from models.training.teach import teach
from models.training.train import Recipe, prepare, shrink, train
from models.training.vocabulary import trim

BELOW = "student"
"""The directory of the student's checkpoint."""

MAX_LENGTH = 128
"""Tokens read in use; training sees shorter texts, which are most of them."""

DATA = (
    "SmSA (CC-BY-SA 4.0), NusaX (CC-BY-SA 4.0), PRDECT-ID (CC BY 4.0), M-ABSA (Apache-2.0), "
    "banking77 (CC BY 4.0), annotations and texts made for the project"
)


def build(
    corpus: Corpus, encoder: str, out: Path, recipe: Recipe, student: Recipe | None = None
) -> Path:
    """Train, export and calibrate; return the model directory, `out`/model.

    With a student, the network of `recipe` is the teacher of a smaller one, which is the one
    exported. A run that was interrupted goes on from its last epoch.

    Args:
        corpus: the data.
        encoder: a Hugging Face id or directory.
        out: the run's directory.
        recipe: the settings.
        student: its settings, with the layers it keeps of the teacher's.

    Raises:
        ConfigurationError: the encoder cannot be loaded, or `out` is of another recipe.
        ModelError: the exported graph is not the trained network, or too large.
    """
    out.mkdir(parents=True, exist_ok=True)
    prepared = prepare(encoder, recipe.seed)
    trim(prepared, [row.text for row in corpus.train])
    prepared.network = train(prepared, corpus.train, recipe, out)
    if student is not None:
        teaching = teach(prepared, corpus.train, recipe.max_length)
        prepared = shrink(prepared, student.layers)
        prepared.network = train(prepared, corpus.train, student, out / BELOW, teaching)
    model = out / "model"
    export(prepared.network, prepared.vocabulary, prepared.pad_id, model, out)
    rows, logits = _validation(corpus.validation, Runtime(model, MAX_LENGTH))
    thresholds, calibration = calibrate(rows, logits)
    training = {
        "date": datetime.now(UTC).date().isoformat(),
        "encoder": Path(encoder).name if Path(encoder).is_dir() else encoder,
        "data": DATA,
        "rows": len(corpus.train),
        "recipe": asdict(recipe),
        **({"student": asdict(student)} if student else {}),
    }
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
