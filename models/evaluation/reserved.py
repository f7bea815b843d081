"""The texts that only ever measure: which they are, so that nothing learns from them."""

from __future__ import annotations

import json
from pathlib import Path

from models.training.rows import key
from simak.errors import ConfigurationError

CHECK = Path(__file__).with_name("check.jsonl")
"""Texts written for the project, with their labels: the set that ships."""

EXPORTS = Path(__file__).with_name("exports.jsonl")
"""Labels of public app reviews and tweets, named by `rows.key`; the texts stay where they are."""


def reserved_keys() -> frozenset[str]:
    """Return the keys (`rows.key`) of every text in `CHECK` and `EXPORTS`.

    Raises:
        ConfigurationError: one of the two is missing: without it, it might be learned from.
    """
    written = {key(text) for text in _values(CHECK, "text")}
    return frozenset(written | _values(EXPORTS, "key"))


def _values(path: Path, field: str) -> set[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(
            "it must be there, so that nothing in it is learned from; restore it", path=path
        ) from error
    return {json.loads(line)[field] for line in lines}
