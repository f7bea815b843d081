"""The format of a model on disk: what is in the directory, and the refusal of anything else.

A directory holds `model.onnx`, `tokenizer.json` and `model.json`, which names the format's
version, the labels of every head, thresholds, calibration and the checksum of the other files.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from simak.errors import ModelError

FORMAT = 3
MODEL, TOKENIZER, DESCRIPTION = "model.onnx", "tokenizer.json", "model.json"
QUALITY = "metrics.json"
"""What an evaluation found; a directory need not have it."""

FILES = (MODEL, TOKENIZER)
LABELS = {
    "sentiment": list(SENTIMENTS),
    "complaint": ["complaint"],
    "touchpoints": list(TOUCHPOINTS),
    "signals": list(SIGNALS),
}

_HINT = "restore the directory from the release, or train again: python -m models.training --help"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a logit z into a probability: sigmoid or softmax of scale * z + shift."""

    scale: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Package:
    """A model directory that has been checked.

    Attributes:
        directory: where its files are.
        version: changes with any weight, threshold or calibration.
        max_length: the most tokens of a text.
        thresholds: `complaint`, each touchpoint id and each signal to the probability from
            which it is given.
        calibration: head to `Calibration`; `sentiment` has a scale only (temperature).
        quality: what the evaluation found; empty where there was none.
    """

    directory: Path
    version: str
    max_length: int
    thresholds: Mapping[str, float]
    calibration: Mapping[str, Calibration]
    quality: Mapping[str, Any]


def write_description(
    directory: Path,
    *,
    max_length: int,
    thresholds: Mapping[str, float],
    calibration: Mapping[str, Calibration],
    training: Mapping[str, Any],
) -> None:
    """Write `model.json` for the files already in `directory`.

    Args:
        directory: holds `FILES`.
        max_length, thresholds, calibration: as in `Package`.
        training: date, data, encoder and recipe, for people to read.
    """
    description = {
        "format": FORMAT,
        "labels": LABELS,
        "max_length": max_length,
        "thresholds": dict(thresholds),
        "calibration": {head: asdict(one) for head, one in calibration.items()},
        "sha256": {name: _sha256(directory / name) for name in FILES},
        "training": dict(training),
    }
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    (directory / DESCRIPTION).write_text(text, encoding="utf-8")


def read_package(directory: Path) -> Package:
    """Check a model directory and return what it says.

    Raises:
        ModelError: a file is missing or damaged, the format is of another version, or the
            labels are not those of this release.

    Example:
        >>> read_package(Path("models/default")).max_length    # doctest: +SKIP
        128
    """
    for name in (DESCRIPTION, *FILES):
        if not (directory / name).is_file():
            raise ModelError(f"{directory}: {name} is missing; {_HINT}")
    try:
        raw = (directory / DESCRIPTION).read_bytes()
        description = json.loads(raw)
    except (OSError, ValueError) as error:
        raise ModelError(f"{directory / DESCRIPTION} cannot be read: {error}; {_HINT}") from error
    found = description.get("format") if isinstance(description, dict) else None
    if found != FORMAT:
        raise ModelError(
            f"{directory}: model format {found!r} is not known, this release reads {FORMAT}; "
            "update Simak, or use a model of this release"
        )
    _check_labels(directory, description.get("labels"))
    for name in FILES:
        if _sha256(directory / name) != description.get("sha256", {}).get(name):
            raise ModelError(
                f"{directory / name} is damaged: its checksum is not that in {DESCRIPTION}; {_HINT}"
            )
    try:
        package = Package(
            directory,
            f"simak-{hashlib.sha256(raw).hexdigest()[:12]}",
            int(description["max_length"]),
            {name: float(value) for name, value in description["thresholds"].items()},
            {head: Calibration(**one) for head, one in description["calibration"].items()},
            _quality(directory),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{directory / DESCRIPTION} is incomplete: {error!r}; {_HINT}") from error
    _check_numbers(package)
    return package


def _quality(directory: Path) -> Mapping[str, Any]:
    path = directory / QUALITY
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(found, dict):
        raise TypeError(f"{QUALITY} is no object")
    return found


def _check_labels(directory: Path, labels: object) -> None:
    for head, expected in LABELS.items():
        found = labels.get(head) if isinstance(labels, dict) else None
        if found == expected:
            continue
        listed = found if isinstance(found, list) else []
        missing = [name for name in expected if name not in listed]
        unknown = [name for name in listed if name not in expected]
        detail = (
            f"missing {missing[0]!r}" if missing else
            f"unknown {unknown[0]!r}" if unknown else "in another order"
        )  # fmt: skip
        raise ModelError(
            f"{directory}: the labels of {head} are not those of this release ({detail}); {_HINT}"
        )


def _check_numbers(package: Package) -> None:
    where = package.directory / DESCRIPTION
    for name in ("complaint", *TOUCHPOINTS, *SIGNALS):
        threshold = package.thresholds.get(name, math.nan)
        if not 0.0 < threshold < 1.0:
            raise ModelError(f"{where}: no threshold between 0 and 1 for {name!r}; {_HINT}")
    for head in LABELS:
        if head not in package.calibration:
            raise ModelError(f"{where}: no calibration for {head!r}; {_HINT}")
    if not 8 <= package.max_length <= 512:
        raise ModelError(f"{where}: max_length = {package.max_length} is not in 8-512; {_HINT}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
