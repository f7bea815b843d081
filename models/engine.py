"""How a stream of batches becomes a stream of tags: in this process, or as another engine does."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Protocol, TypeVar

from models.tagger import Tagger
from simak.tags import Tags


class HasText(Protocol):
    """What is tagged."""

    @property
    def text(self) -> str:
        """The text as it was said."""
        ...


Item = TypeVar("Item", bound=HasText)
Tagged = Generator[tuple[Sequence[Item], list[Tags]], None, None]
"""Batches with one `Tags` per item, to be closed by who stops before the end."""


class Engine(Protocol):
    """Tags batches. It knows nothing of where they come from and where their tags go."""

    def tag_batches(self, batches: Iterable[Sequence[Item]]) -> Tagged[Item]:
        """Yield every batch with its tags: once, in any order.

        Batches are taken as they are needed, so that memory does not grow with their number, and
        each is given to a tagger whole, so that the tags are the same whichever engine it is.

        Raises:
            SimakError: the tagger cannot be loaded, or an engine cannot be had.
        """
        ...


class LocalEngine:
    """Tags one batch after the other, in this process.

    Example:
        >>> from collections import namedtuple
        >>> from models.checkpoint import load_tagger
        >>> batches = [[namedtuple("Text", "text")("barang bagus")]]
        >>> [[tags.sentiment for tags in found]
        ...  for _, found in LocalEngine(load_tagger()).tag_batches(batches)]
        [['positive']]
    """

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def tag_batches(self, batches: Iterable[Sequence[Item]]) -> Tagged[Item]:
        """Yield every batch with its tags, in order."""
        for batch in batches:
            yield batch, self._tagger.predict([item.text for item in batch])
