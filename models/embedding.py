"""What the shipped encoder makes of a text: one vector, by which texts are compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from models.checkpoint import DEFAULT
from models.package import read_package
from models.runtime import Array, Runtime


class Embedding:
    """Turns texts into the means of their token states.

    Always by the shipped encoder, whatever tags: a Hugging Face checkpoint gives no states.

    Args:
        threads: texts read at a time; None for one a core.

    Raises:
        ModelError: the files cannot be loaded.

    Example:
        >>> Embedding(threads=1)(["saldo hilang", ""]).shape[0]
        2
    """

    def __init__(self, *, threads: int | None = None) -> None:
        package = read_package(DEFAULT)
        self.version = package.version
        self._package = package
        self._threads = threads

    def __call__(self, texts: Sequence[str]) -> Array:
        """Return (N, H); zeros for a text with nothing to read."""
        ((_, logits),) = self._runtime.run(["a"], states=True)
        assert logits is not None
        vectors = np.zeros((len(texts), logits.states.shape[1]), np.float32)
        for row, (_, logits) in enumerate(self._runtime.run(texts, states=True)):
            if logits is not None:
                vectors[row] = logits.states.mean(axis=0)
        return vectors

    @cached_property
    def _runtime(self) -> Runtime:
        # Only once there is a text: most nights bring none to some brands, and many to none.
        return Runtime(self._package.directory, self._package.max_length, threads=self._threads)
