"""Tells which entry of a feed is which article, whatever the feed does to its ids.

A feed may number its entries anew each day, move to another host, or change an article's link
with its headline. So an entry is known again by any of several marks, and a mark that a feed is
seen to use for two different articles is no longer believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice, pairwise
from typing import Any

from collectors.services.feeds.links import article_id, canonical_link, last_part, site_of

MEMORY = 600
"""Entries remembered per feed, the latest first."""

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}", re.IGNORECASE)
_GLOBAL = re.compile(
    r"(?:tag|urn):.+|t[1-6]_[a-z0-9]+|(?=\S*\d)(?=\S*[A-Z])(?=\S*[a-z])[\w=-]{20,}", re.DOTALL
)
_ORDINAL = re.compile(r"\W*\d{0,4}\W*")


@dataclass(frozen=True, slots=True)
class Entry:
    """What of an entry says which article it is.

    Attributes:
        title: the headline, or the text where there is none.
    """

    guid: str
    link: str
    title: str
    published: datetime | None

    @property
    def address(self) -> str:
        """The link, or the guid where that is one."""
        return self.link or (self.guid if canonical_link(self.guid) else "")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an entry can be known by, each hashed; empty where it has none."""

    guid: str
    article: str
    link: str
    title: str
    tail: str
    published: str
    site: str

    def shares(self, other: Marks, names: Iterable[str]) -> bool | None:
        """Say whether any of the named marks is equal; None where none can be compared."""
        both = [
            (mine, theirs)
            for name in names
            if (mine := getattr(self, name)) and (theirs := getattr(other, name))
        ]
        return any(mine == theirs for mine, theirs in both) if both else None


# What two entries with one such mark must share something of, to be the same article.
_EVIDENCE = {
    "guid": ("article", "link", "title", "tail", "published"),
    "article": ("link", "title", "tail", "published"),
    "link": ("title", "published"),
}


class _Index:
    """Remembered entries by each of their marks."""

    def __init__(self) -> None:
        self.ids: dict[Marks, str] = {}
        self._by: dict[tuple[str, str], list[Marks]] = {}

    def add(self, mark: Marks, id_: str) -> None:
        if mark in self.ids:
            return
        self.ids[mark] = id_
        for name in (*_EVIDENCE, "title"):
            if value := getattr(mark, name):
                self._by.setdefault((name, value), []).append(mark)

    def like(self, mark: Marks, name: str) -> list[Marks]:
        return self._by.get((name, getattr(mark, name)), [])


class Identities:
    """Names the entries of one feed, poll after poll.

    Args:
        state: what `state` returned after the last poll; `{}` at the first.
        feed: the feed's address.

    Example:
        >>> first = Identities({}, "https://example.org/feed")
        >>> a = first.names([Entry("1", "https://example.org/lama-123456", "Pabrik", None)])
        >>> later = Identities(first.state(), "https://example.org/feed")
        >>> a == later.names([Entry("2", "https://m.example.org/baru-123456", "Pabrik baru", None)])
        True
    """

    def __init__(self, state: Mapping[str, Any], feed: str) -> None:
        self._site = site_of(feed)
        self._doubted = set(state.get("doubted", ()))
        self._known, self._now = _Index(), _Index()
        for id_, *marks in state.get("known", ()):
            self._known.add(Marks(*marks), id_)
        self._before = set(list(self._known.ids.values())[: state.get("window", 0)])

    def names(self, entries: Sequence[Entry]) -> list[str]:
        """Return the id of each entry, in order; the same id twice is the same article twice."""
        marks = [self._marks(entry) for entry in entries]
        self._doubt(marks)
        names = []
        for mark, entry in zip(marks, entries, strict=True):
            name = (
                self._found(mark, self._now)
                or self._found(mark, self._known)
                or self._fresh(mark, entry)
            )
            self._now.add(mark, name)
            names.append(name)
        return names

    @property
    def lost(self) -> int:
        """How many entries the last poll had, if none of them is left now; else 0."""
        return len(self._before) if self._before.isdisjoint(self._now.ids.values()) else 0

    def state(self) -> dict[str, Any]:
        """Return what to remember, as plain JSON."""
        rows = dict(islice((self._now.ids | self._known.ids).items(), MEMORY))
        return {
            "known": [[id_, *astuple(mark)] for mark, id_ in rows.items()],
            "window": min(len(self._now.ids), MEMORY),
            "doubted": sorted(self._doubted),
        }

    def _marks(self, entry: Entry) -> Marks:
        address = entry.address
        tail = last_part(address)
        return Marks(
            guid="" if _ORDINAL.fullmatch(entry.guid) else _short(self._scoped(entry.guid)),
            article=_short(article_id(address) or ""),
            link=_short(canonical_link(address) or ""),
            title=_short(entry.title.casefold()),
            tail=_short(tail) if len(tail) >= 8 else "",
            published=_short(str(entry.published.timestamp())) if entry.published else "",
            site=_short(site_of(address)),
        )

    def _scoped(self, guid: str) -> str:
        return guid if _is_global(guid) else canonical_link(guid) or f"{self._site} {guid}"

    def _doubt(self, marks: Sequence[Marks]) -> None:
        """Notice marks that stand for two articles, here or between the last poll and this."""
        for name, evidence in _EVIDENCE.items():
            groups: dict[str, list[Marks]] = {}
            for mark in marks:
                if value := getattr(mark, name):
                    groups.setdefault(value, []).append(mark)
            if any(
                one.shares(other, evidence) is False
                for group in groups.values()
                for one, other in pairwise(group)
            ):
                self._doubted.add(name)
        if any(
            mark.guid and all(mark.shares(old, _EVIDENCE["guid"]) is False for old in olds)
            for mark in marks
            if (olds := self._known.like(mark, "guid"))
        ):
            self._doubted.add("guid")
        if self._is_dealt_anew(marks):
            self._doubted.add("guid")

    def _is_dealt_anew(self, marks: Sequence[Marks]) -> bool:
        """Whether an article has another guid now, and another article has the one it had.

        It shows where the dates do not: in feeds that give the day alone.
        """
        guids = {mark.link: mark.guid for mark in marks if mark.link and mark.guid}
        return any(
            old.link != mark.link and guids.get(old.link, old.guid) != old.guid
            for mark in marks
            if mark.guid and mark.link
            for old in self._known.like(mark, "guid")
        )

    def _found(self, mark: Marks, index: _Index) -> str | None:
        for name, evidence in _EVIDENCE.items():
            if name in self._doubted or not getattr(mark, name):
                continue
            for other in index.like(mark, name):
                # Two guids for one link: an edited article if anything else is the same.
                if not self._have_two_guids(mark, other) or mark.shares(other, evidence):
                    return index.ids[other]
        if not mark.title:
            return None
        for other in index.like(mark, "title"):
            if self._have_two_guids(mark, other) or self._have_two_numbers(mark, other):
                continue
            moved = mark.tail and mark.tail == other.tail
            renamed = mark.published == other.published and mark.site == other.site
            if moved or (renamed and mark.published and mark.site):
                return index.ids[other]
        return None

    def _have_two_guids(self, one: Marks, other: Marks) -> bool:
        # A guid that is the link changes with the link, and says nothing then.
        return (
            "guid" not in self._doubted
            and bool(one.guid and other.guid)
            and one.guid != other.guid
            and one.guid != one.link
            and other.guid != other.link
        )

    def _have_two_numbers(self, one: Marks, other: Marks) -> bool:
        return (
            "article" not in self._doubted
            and one.site == other.site
            and bool(one.article and other.article)
            and one.article != other.article
        )

    def _fresh(self, mark: Marks, entry: Entry) -> str:
        """Name what was not seen before, by what is likeliest to stay."""
        number, link = article_id(entry.address), canonical_link(entry.address)
        guid = entry.guid if mark.guid and "guid" not in self._doubted else ""
        guid_link = canonical_link(guid)
        if guid and not guid_link and (_is_global(guid) or re.search(r"\d{5}", guid)):
            return _long("guid", self._scoped(guid))
        if number and "article" not in self._doubted:
            return _long("article", number)
        if guid_link:
            return _long("link", guid_link)
        if link and "link" not in self._doubted:
            return _long("link", link)
        if guid:
            return _long("guid", self._scoped(guid))
        return _long("text", f"{self._site} {link} {entry.title} {entry.published}")


def _is_global(guid: str) -> bool:
    """Whether no two feeds in the world should have this guid."""
    start = guid[:300]
    return bool(_GLOBAL.fullmatch(start) or (_UUID.search(start) and not canonical_link(guid)))


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest() if text else ""


def _long(kind: str, text: str) -> str:
    return f"{kind}-{blake2b(text.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
