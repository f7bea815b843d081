"""What an installation has taught its model, as the tagger uses it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.adapt.heads import correct, read_heads
from models.adapt.linear import Floats, Linear, read_linear
from models.adapt.signs import signs_of
from models.encoding import Encoded
from models.package import Calibration, Package
from models.probabilities import sigmoid
from models.runtime import Logits
from simak.errors import ConfigurationError
from simak.own_touchpoints import FILE, read_own, write_own

GIVEN_FROM = 0.5
"""The score from which an own touchpoint is given: its threshold is in the head's bias."""


@dataclass(frozen=True)
class House:
    """The installation whose heads a tagger uses.

    Attributes:
        folder: `Settings.data`, where what was taught is kept.
        texts: gives some of its texts, asked only where a touchpoint is to be learned anew.
    """

    folder: Path
    texts: Callable[[], Sequence[str]]


@dataclass(frozen=True)
class Adaptation:
    """What is used beside the shipped heads.

    Attributes:
        own: touchpoint id to its head, of one logit.
        corrected: name, as in `HEADS`, to what corrections have added to a shipped head.
        errors: of the corrected heads, as in `CorrectedHeads`.
    """

    own: Mapping[str, Linear]
    corrected: Mapping[str, Linear] = field(default_factory=dict)
    errors: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Names the heads: 8 hexadecimal digits."""
        content = [
            {name: head.record() for name, head in heads.items()}
            for heads in (self.own, self.corrected)
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]

    def quality(self, shipped: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return how good the tagger is: as shipped, but for the errors of corrected heads."""
        if not self.errors:
            return shipped
        return {**shipped, "errors": {**shipped.get("errors", {}), **self.errors}}

    def apply(
        self, encoded: Encoded, logits: Logits
    ) -> tuple[Logits, list[tuple[str, float, Floats]]]:
        """Return the corrected logits of a text, and what is said of the own touchpoints.

        Args:
            encoded: the text.
            logits: of the shipped heads, with the token states.

        Returns:
            The logits; id, score and what each token brings, (T,), of each own touchpoint.
        """
        signs = signs_of(encoded)
        said = []
        for id, head in self.own.items():
            parts = head.parts(signs, logits.states)[0]
            (score,) = sigmoid(parts.sum() + head.bias[0], Calibration())
            said.append((id, score, parts))
        return correct(self.corrected, signs, logits), said


def load_adaptation(
    package: Package, house: House, *, threads: int | None = None
) -> Adaptation | None:
    """Return what a house has taught the model; None where that is nothing.

    What corrections have taught another version of the model is left out.

    Raises:
        ConfigurationError: a file is damaged.
    """
    own = own_heads(package, house, threads=threads)
    learned = read_heads(house.folder)
    if learned is not None and learned.model == package.version:
        return Adaptation(own, learned.heads, learned.errors)
    return Adaptation(own) if own else None


def own_heads(package: Package, house: House, *, threads: int | None = None) -> dict[str, Linear]:
    """Return the head of each touchpoint taught; those for another model are taught anew.

    Args:
        package: the model.
        house: whose touchpoints.
        threads: texts read at a time; None for one a core.

    Raises:
        ConfigurationError: the file is damaged, or cannot be written where that is needed.
    """
    touchpoints = read_own(house.folder)
    if any(one.learned.get("model") != package.version for one in touchpoints):
        from models.adapt.teacher import Teacher  # fitting needs more than tagging does

        teacher = Teacher(package, house.texts(), threads=threads)
        touchpoints = tuple(
            one
            if one.learned.get("model") == package.version
            else replace(one, learned=teacher.teach(one.examples).learned)
            for one in touchpoints
        )
        write_own(house.folder, touchpoints)
    try:
        return {one.touchpoint.id: read_linear(one.learned["head"]) for one in touchpoints}
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"what was learned is damaged ({error!r}); remove the touchpoint and add it again",
            path=house.folder / FILE,
        ) from error
