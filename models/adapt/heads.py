"""What corrections have taught the shipped heads: `data/heads.json` beside the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.adapt.linear import Linear, read_linear
from models.adapt.signs import Signs
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.runtime import Logits
from simak.errors import ConfigurationError
from simak.own_touchpoints import write_json

FILE = "heads.json"
FORMAT = 1


class Head(NamedTuple):
    """One head of the model.

    Attributes:
        field: of `Logits`.
        labels: of the K logits that are added to it.
        exclusive: whether one of them holds, not any.
    """

    field: str
    labels: tuple[str, ...]
    exclusive: bool = False


HEADS: Mapping[str, Head] = {
    "sentiment": Head("sentiment", SENTIMENTS, exclusive=True),
    "complaint": Head("complaint", ("complaint",)),
    "touchpoints": Head("presence", TOUCHPOINTS),
    "touchpoints_polarity": Head("polarity", SENTIMENTS, exclusive=True),
    "signals": Head("signals", SIGNALS),
}
"""What corrections teach, by the name of the figure it is judged by (`METRICS`).

Polarity gets three logits for all touchpoints alike: corrections are too few for three of each.
"""


@dataclass(frozen=True)
class CorrectedHeads:
    """What corrections have taught.

    Attributes:
        model: the version of the model it belongs to.
        corrections: how many texts it was learned from.
        heads: name, as in `HEADS`, to what is added to the logits of the shipped head.
        errors: of sentiment and complaint where they have changed, as `models.evaluation.measure`
            has them.
    """

    model: str
    corrections: int
    heads: Mapping[str, Linear]
    errors: Mapping[str, Any]


def read_heads(folder: Path) -> CorrectedHeads | None:
    """Return what corrections have taught; None where that is nothing.

    Args:
        folder: `Settings.data`.

    Raises:
        ConfigurationError: the file is damaged or of another version.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']!r}, this release reads {FORMAT}")
        heads = {name: read_linear(record) for name, record in content["heads"].items()}
        for name, head in heads.items():
            if len(head.bias) != len(HEADS[name].labels):
                raise ValueError(f"{name} has {len(head.bias)} labels")
        return CorrectedHeads(
            str(content["model"]), int(content["corrections"]), heads, dict(content["errors"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"it cannot be used ({error!r}); restore it, or go back to the shipped heads: "
            "simak train --reset",
            path=path,
        ) from error


def write_heads(folder: Path, corrected: CorrectedHeads) -> None:
    """Keep what corrections have taught, in place of what was there.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    content = {
        "format": FORMAT,
        "model": corrected.model,
        "corrections": corrected.corrections,
        "heads": {name: head.record() for name, head in corrected.heads.items()},
        "errors": dict(corrected.errors),
    }
    write_json(folder / FILE, content)


def remove_heads(folder: Path) -> bool:
    """Go back to the shipped heads; return whether there was anything else.

    Raises:
        ConfigurationError: the file cannot be removed.
    """
    path = folder / FILE
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigurationError(f"it cannot be removed: {error}", path=path) from error
    return True


def correct(heads: Mapping[str, Linear], signs: Signs, logits: Logits) -> Logits:
    """Return the logits of a text with what the heads add; its evidence follows.

    Args:
        heads: as in `CorrectedHeads`.
        signs: of the text.
        logits: of the shipped heads, with the token states.
    """
    for name, head in heads.items():
        field = HEADS[name].field
        parts = head.parts(signs, logits.states)
        shipped = getattr(logits, field)
        added = np.reshape(shipped + parts.sum(1) + head.bias, shipped.shape)
        logits = logits._replace(**{field: added.astype(np.float32)})
        if field == "presence":
            logits = logits._replace(evidence=(logits.evidence + parts).astype(np.float32))
    return logits
