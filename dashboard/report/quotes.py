"""Customers' words beside a finding: few of each, and nobody twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from dashboard import labels
from store.lists import MentionRow

SHORT = 180
"""Characters of a verbatim on a page."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a customer wrote.

    Attributes:
        text: all of it.
        where: the channel.
    """

    text: str
    where: str

    @property
    def short(self) -> str:
        """As much of it as a page has room for."""
        return shorten(self.text, SHORT, placeholder=" …")


class Quotes:
    """Customers' words, at most `most` of each thing and none of them twice."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._told: set[str] = set()

    def __call__(self, rows: Sequence[MentionRow]) -> tuple[Quote, ...]:
        """Return the first of `rows` that were not told yet."""
        fresh = {row.text.casefold().strip(): row for row in reversed(rows) if row.text}
        left = [text for text in reversed(fresh) if text not in self._told][: self._most]
        self._told.update(left)
        return tuple(Quote(fresh[text].text, labels.channel(fresh[text].channel)) for text in left)
