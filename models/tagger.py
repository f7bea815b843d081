"""The contract every tagger keeps: texts in, `Tags` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from simak.tags import Tags


class Tagger(Protocol):
    """Tags texts: deterministic, batching inside, no network.

    Attributes:
        version: names the weights and thresholds; stored with every tag, and a text tagged by
            another version is tagged again.
        quality: how good it was measured to be, as `models.evaluation` says it; empty where
            nobody measured.
    """

    version: str
    quality: Mapping[str, Any]

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return one `Tags` per text, in order.

        An empty text is `neutral`, no complaint, no touchpoint.

        Example:
            >>> from models.checkpoint import load_tagger          # doctest: +SKIP
            >>> load_tagger().predict(["barang bagus"])[0].sentiment  # doctest: +SKIP
            'positive'
        """
        ...
