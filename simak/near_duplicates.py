"""Finds texts that many accounts have copied: MinHash signatures of their letters, and LSH.

Near is a Jaccard similarity of at least `SIMILARITY` between the sets of `LETTERS` neighbouring
letters (Broder 1997, "On the resemblance and containment of documents"; the signatures and the
search are datasketch's).
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from datasketch import MinHash, MinHashLSH

SIMILARITY = 0.7
LETTERS = 5
PERMUTATIONS = 64

MIN_WORDS = 8
"""Shorter texts are alike because there are few ways to say it."""

MIN_ACCOUNTS = 3
"""How many must have said it, so that it is more than a person who repeats themselves."""

WINDOW = timedelta(days=30)
"""How far apart two copies are at most."""

_NOISE = re.compile(r"https?://\S+|@\w+|[^\w\s]+|_+")


@dataclass(frozen=True, slots=True)
class Said:
    """One text, by whom and when.

    Attributes:
        author: None where not known; it is then taken for one of its own, as most sources that
            name nobody (exports of reviews) hold one text a person.
    """

    id: int
    author: str | None
    at: datetime
    text: str


def plain(text: str) -> str:
    """Return what of a text is compared: no links, handles, signs, case.

    Example:
        >>> plain("@senandika PAKET saya... belum sampai!! https://t.co/x")
        'paket saya belum sampai'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_NOISE.sub(" ", folded).split())


@dataclass(slots=True)
class _Text:
    """A text of the window, with the ids that say just this."""

    key: str
    first: int
    latest: datetime
    signature: MinHash


@dataclass(slots=True)
class Groups:
    """Groups of near-duplicates among texts that come in the order of their times.

    Only the texts of the window are kept in memory, whatever comes before.

    Example:
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 1, tzinfo=UTC)
        >>> words = "jangan beli di toko ini karena barangnya palsu semua"
        >>> groups = Groups()
        >>> for n in range(3):
        ...     groups.add(Said(n, f"akun{n}", day, f"{words} {'!' * n}"))
        >>> groups.found()
        {0: (0, 1, 2)}
    """

    _index: MinHashLSH = field(
        default_factory=lambda: MinHashLSH(threshold=SIMILARITY, num_perm=PERMUTATIONS)
    )
    _texts: dict[str, _Text] = field(default_factory=dict)
    _order: deque[tuple[datetime, str]] = field(default_factory=deque)
    _parent: dict[int, int] = field(default_factory=dict)
    _authors: dict[int, str | None] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """Take in a text, not earlier than the one before; one with few words is left out."""
        self._forget(said.at - WINDOW)
        key = plain(said.text)
        if len(key.split()) < MIN_WORDS:
            return
        known = self._texts.get(key)
        if known is not None:
            known.latest = said.at
            self._order.append((said.at, key))
            self._join(known.first, said)
            return
        signature = _signature(key)
        near = [
            other
            for name in self._index.query(signature)
            if (other := self._texts[name]).signature.jaccard(signature) >= SIMILARITY
        ]
        self._index.insert(key, signature)
        self._texts[key] = _Text(key, said.id, said.at, signature)
        self._order.append((said.at, key))
        for other in near:
            self._join(other.first, said)
        self._authors[said.id] = said.author

    def found(self) -> Mapping[int, tuple[int, ...]]:
        """Return each group that enough accounts have said: its first id to all of its ids."""
        members: dict[int, list[int]] = {}
        for id in self._parent:
            members.setdefault(self._root(id), []).append(id)
        groups = {}
        for ids in members.values():
            authors = {self._authors[id] or id for id in ids}
            if len(authors) >= MIN_ACCOUNTS:
                # In the order they were added, which is that of their times.
                groups[ids[0]] = tuple(ids)
        return groups

    def _join(self, first: int, said: Said) -> None:
        self._authors[said.id] = said.author
        self._parent.setdefault(first, first)
        self._parent.setdefault(said.id, said.id)
        one, other = self._root(first), self._root(said.id)
        if one != other:
            self._parent[other] = one

    def _root(self, id: int) -> int:
        while self._parent[id] != id:
            self._parent[id] = self._parent[self._parent[id]]
            id = self._parent[id]
        return id

    def _forget(self, before: datetime) -> None:
        while self._order and self._order[0][0] < before:
            _at, key = self._order.popleft()
            text = self._texts.get(key)
            if text is not None and text.latest < before:
                self._index.remove(key)
                del self._texts[key]
                if text.first not in self._parent:
                    self._authors.pop(text.first, None)


def _signature(text: str) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=crc32)
    signature.update_batch(_shingles(text))
    return signature


def _shingles(text: str) -> Iterable[bytes]:
    return {text[i : i + LETTERS].encode() for i in range(max(1, len(text) - LETTERS + 1))}
