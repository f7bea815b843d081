"""Cuts what is asked of the database into parts that one statement can name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

MANY = 500
"""Values a statement names at most."""

_Item = TypeVar("_Item")


def parts(items: Sequence[_Item], size: int = MANY) -> Iterator[Sequence[_Item]]:
    """Yield the items in their order, so many at a time.

    Example:
        >>> list(parts([1, 2, 3], 2))
        [[1, 2], [3]]
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
