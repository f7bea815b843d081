"""What an installation has taught its model, as the tagger uses it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
    """Heads beside the shipped ones.

    Attributes:
        own: touchpoint id to its head, of one logit.
    """

    own: Mapping[str, Linear]

    @property
    def version(self) -> str:
        """Names the heads: 8 hexadecimal digits."""
        content = {id: head.record() for id, head in self.own.items()}
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]

    def own_touchpoints(
        self, encoded: Encoded, logits: Logits
    ) -> Iterator[tuple[str, float, Floats]]:
        """Yield id, score and what each token brings, (T,), of each own touchpoint."""
        signs = signs_of(encoded)
        for id, head in self.own.items():
            parts = head.parts(signs, logits.states)[0]
            (score,) = sigmoid(parts.sum() + head.bias[0], Calibration())
            yield id, score, parts


def load_adaptation(
    package: Package, house: House, *, threads: int | None = None
) -> Adaptation | None:
    """Return what a house has taught the model; None where that is nothing.

    Raises:
        ConfigurationError: a file is damaged.
    """
    own = own_heads(package, house, threads=threads)
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
