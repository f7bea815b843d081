"""Finds texts that many accounts have copied: MinHash signatures of their letters, and LSH.

Near is a Jaccard similarity of at least `SIMILARITY` between the sets of `LETTERS` neighbouring
letters (Broder 1997, "On the resemblance and containment of documents"; the signatures and the
search are datasketch's).

A text's `sketch` is made once and kept. `Likely` finds from sketches alone which texts may be near
some: few, and only those need be read for `Groups` to compare.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

SIMILARITY = 0.7
LETTERS = 5
PERMUTATIONS = 64

BANDS = ROWS = 8
"""How LSH divides a signature: two texts are compared where a band of rows is the same. Of pairs
with a similarity of 0.9 it finds 99 in 100, of those with 0.8 three in four."""

MIN_WORDS = 8
"""Shorter texts are alike because there are few ways to say it."""

MIN_ACCOUNTS = 3
"""How many must have said it, so that it is more than a person who repeats themselves."""

WINDOW = timedelta(days=30)
"""How far apart two copies are at most."""

MONTH = WINDOW.days + 1
"""Days of a month: where clocks change, two texts `WINDOW` apart are so many days apart."""

_SKETCH = Struct(f"<{BANDS}I")

_NOISE = re.compile(r"https?://\S+|@\w+|[^\w\s]+|_+")


@dataclass(frozen=True)
class Said:
    """One text, by whom and when. What is compared of it is made once.

    Attributes:
        author: None where not known; it is then taken for one of its own, as most sources that
            name nobody (exports of reviews) hold one text a person.
    """

    id: int
    author: str | None
    at: datetime
    text: str

    @cached_property
    def key(self) -> str:
        """What of the text is compared."""
        return plain(self.text)

    @cached_property
    def signature(self) -> MinHash:
        """Its MinHash."""
        return _signature(self.key)


def plain(text: str) -> str:
    """Return what of a text is compared: no links, handles, signs, case.

    Example:
        >>> plain("@senandika PAKET saya... belum sampai!! https://t.co/x")
        'paket saya belum sampai'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_NOISE.sub(" ", folded).split())


def sketch(text: str) -> bytes | None:
    """Return what is kept of a text to find its copies by; None where it has few words.

    Returns:
        `BANDS` numbers of 32 bits, a hash of each band of the signature.

    Example:
        >>> words = "jangan beli di toko ini karena barangnya palsu semua"
        >>> sketch(words) == sketch(f"{words.upper()}!!!"), sketch("jangan beli")
        (True, None)
    """
    key = plain(text)
    if _is_short(key):
        return None
    values = _signature(key).hashvalues.reshape(BANDS, ROWS)
    return _SKETCH.pack(*(crc32(band.tobytes(), place) for place, band in enumerate(values)))


@dataclass(slots=True)
class Sets:
    """Disjoint sets of ids, each in the order in which they were first joined.

    Example:
        >>> sets = Sets()
        >>> sets.join(1, 2), sets.join(3, 4), sets.join(2, 5)
        (None, None, None)
        >>> list(sets.found())
        [[1, 2, 5], [3, 4]]
    """

    _parent: dict[int, int] = field(default_factory=dict)

    def __contains__(self, id: int) -> bool:
        return id in self._parent

    def join(self, one: int, other: int) -> None:
        """Make one set of the two that these are in."""
        self._parent.setdefault(one, one)
        self._parent.setdefault(other, other)
        first, last = self._root(one), self._root(other)
        if first != last:
            self._parent[last] = first

    def found(self) -> Iterable[list[int]]:
        """Return the sets."""
        members: dict[int, list[int]] = defaultdict(list)
        for id in self._parent:
            members[self._root(id)].append(id)
        return members.values()

    def _root(self, id: int) -> int:
        while self._parent[id] != id:
            self._parent[id] = self._parent[self._parent[id]]
            id = self._parent[id]
        return id


class _Month(NamedTuple):
    """Of N texts the ids, (N,), and the sketches, (N, `BANDS`)."""

    ids: NDArray[np.int64]
    keys: NDArray[np.uint32]


def month_of(day: date) -> int:
    """Return the number of the month that a day is in; these months are all of `MONTH` days.

    Example:
        >>> month_of(date(2026, 5, 31)) - month_of(date(2026, 4, 30))
        1
    """
    return day.toordinal() // MONTH


@dataclass(slots=True)
class Likely:
    """Texts that may be near one another: a band of their sketches is the same.

    A month is read when it is first asked for, and kept: 40 bytes a text.

    Attributes:
        read: gives the ids and the sketches of a month.

    Example:
        >>> words = "jangan beli di toko ini karena barangnya palsu semua"
        >>> likely = Likely(lambda month: ([month, month + 100], [sketch(words)] * 2))
        >>> sorted(*likely.around({2: np.array([102])}).found())
        [1, 2, 3, 101, 102, 103]
    """

    read: Callable[[int], tuple[Sequence[int], Sequence[bytes]]]
    _months: dict[int, _Month] = field(default_factory=dict)

    def ids(self, month: int) -> NDArray[np.int64]:
        """Return the ids of a month, (N,)."""
        return self._month(month).ids

    def by_month(self, ids: Set[int]) -> dict[int, NDArray[np.int64]]:
        """Return which of these are in which of the months that were read."""
        wanted = np.sort(np.fromiter(ids, np.int64, len(ids)))
        found = {
            number: month.ids[_in(wanted, month.ids)] for number, month in self._months.items()
        }
        return {number: some for number, some in found.items() if some.size}

    def around(self, asked: Mapping[int, NDArray[np.int64]]) -> Sets:
        """Return sets that hold these and all that may be near one of them.

        Args:
            asked: month to ids in it.
        """
        sets = Sets()
        for number, some in asked.items():
            # What is no further apart than `WINDOW` is in the same month or in the one beside it.
            months = [self._month(number + beside) for beside in (-1, 0, 1)]
            ids = np.concatenate([month.ids for month in months])
            is_asked = _in(np.sort(some), ids)
            pairs = []
            for key in np.concatenate([month.keys for month in months]).T:
                shared = np.flatnonzero(_in(np.unique(key[is_asked]), key))
                order = shared[np.argsort(key[shared], kind="stable")]
                same = np.flatnonzero(key[order[1:]] == key[order[:-1]])
                pairs.append(np.stack([order[same], order[same + 1]], axis=1))
            for one, other in ids[np.unique(np.concatenate(pairs), axis=0)].tolist():
                sets.join(one, other)
        return sets

    def _month(self, number: int) -> _Month:
        if number not in self._months:
            ids, sketches = self.read(number)
            keys = np.frombuffer(b"".join(sketches), "<u4").reshape(-1, BANDS)
            self._months[number] = _Month(np.array(ids, np.int64), keys)
        return self._months[number]


def _in(ordered: NDArray[Any], values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of `values` are in `ordered`, each once and smallest first."""
    if not ordered.size:
        return np.zeros(values.shape, np.bool_)
    places = np.searchsorted(ordered, values).clip(max=ordered.size - 1)
    found: NDArray[np.bool_] = ordered[places] == values
    return found


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

    _index: MinHashLSH = field(default_factory=lambda: _index())
    _texts: dict[str, _Text] = field(default_factory=dict)
    _order: deque[tuple[datetime, str]] = field(default_factory=deque)
    _sets: Sets = field(default_factory=Sets)
    _authors: dict[int, str | None] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """Take in a text, not earlier than the one before; one with few words is left out."""
        self._forget(said.at - WINDOW)
        key = said.key
        if _is_short(key):
            return
        known = self._texts.get(key)
        if known is not None:
            known.latest = said.at
            self._order.append((said.at, key))
            self._join(known.first, said)
            return
        signature = said.signature
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
        groups = {}
        for ids in self._sets.found():
            authors = {self._authors[id] or id for id in ids}
            if len(authors) >= MIN_ACCOUNTS:
                # In the order they were added, which is that of their times.
                groups[ids[0]] = tuple(ids)
        return groups

    def near(self) -> Iterable[list[int]]:
        """Return the same of all that are near one another, however few accounts said it."""
        return self._sets.found()

    def _join(self, first: int, said: Said) -> None:
        self._authors[said.id] = said.author
        self._sets.join(first, said.id)

    def _forget(self, before: datetime) -> None:
        while self._order and self._order[0][0] < before:
            _at, key = self._order.popleft()
            text = self._texts.get(key)
            if text is not None and text.latest < before:
                self._index.remove(key)
                del self._texts[key]
                if text.first not in self._sets:
                    self._authors.pop(text.first, None)


def _is_short(key: str) -> bool:
    return len(key.split()) < MIN_WORDS


def _signature(key: str) -> MinHash:
    signature = _empty().copy()
    signature.update_batch(_shingles(key))
    return signature


@cache
def _empty() -> MinHash:
    """Return a signature of nothing, to be copied: to make one takes longer than to fill it."""
    from datasketch import MinHash  # loads much of SciPy, which few commands need

    return MinHash(num_perm=PERMUTATIONS, hashfunc=crc32)


def _index() -> MinHashLSH:
    from datasketch import MinHashLSH

    return MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))


def _shingles(key: str) -> Iterable[bytes]:
    return {key[i : i + LETTERS].encode() for i in range(max(1, len(key) - LETTERS + 1))}
