"""What made a finding: touchpoints, words, sources, products, posts, copies, a new collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from insights import intervals
from insights.said import Said, said
from insights.significance import shares_differ
from insights.spikes import tail
from insights.spikes.collection import Collection, changes
from insights.spikes.findings import Finding
from insights.spikes.series import POLARITIES
from insights.spikes.watch import MIN_RATIO
from insights.spikes.words import Word, overused
from insights.telling import telling
from insights.values import Value
from store.engine import Store
from store.facet_counts import facet_counts
from store.filter import Filter
from store.lists import MentionRow, count, list_ids
from store.posts import Post, posts
from store.texts import newest_texts

WEEKS = 8
"""Before the finding, that its parts and words are held against."""

CHANCE = 0.01
"""A count with more chance than this is nothing to explain."""

TEXTS = 2_000
"""Of each side that words are counted in, the newest."""

NAMED = ("product", "version")
"""Facets that may be named by numbers; any other whose values are all numbers is a measure, such
as how many found a review helpful, and explains nothing."""

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*")

Facet = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Mentions of a finding that have something in common.

    Attributes:
        dimension: `touchpoint`, `source`, `channel`, or the name of a facet such as `product`.
        seen: k is how many of the finding's n mentions.
        usual: how many of those expected it would give, by its part of the weeks before.
        apart: whether its part of the mentions is not what it was, but for one time in a hundred.
        behind: these mentions.
    """

    dimension: str
    name: str
    seen: Value
    usual: float
    apart: bool
    behind: Filter

    @property
    def excess(self) -> float:
        """How many more than usual."""
        return (self.seen.k or 0) - self.usual


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that is said more often than before, and the finding's mentions that say it."""

    word: Word
    seen: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a finding is none of chance, and what made it.

    Attributes:
        touchpoints: of a finding over a whole sentiment, those spoken of more than usual; they
            overlap, as one mention may speak of several.
        sources, channels: where they came from, most above the usual first.
        facets: products and other attributes whose part of the mentions is not what it was.
        words: what was said more often than in the weeks before; an association.
        posts: what the mentions answer.
        own: the mentions that repeat nobody's words, of all; the rest are copies.
        copied: whether copies are enough to explain it.
        collection: how its days were collected, and whether that is enough to explain it.
    """

    finding: Finding
    touchpoints: tuple[Part, ...]
    sources: tuple[Part, ...]
    channels: tuple[Part, ...]
    facets: tuple[Part, ...]
    words: tuple[Telling, ...]
    posts: tuple[Post, ...]
    own: Value
    behind_own: Filter
    copied: bool
    collection: Collection


def explain(store: Store, finding: Finding) -> Explanation:
    """Say what made a finding, against the `WEEKS` weeks before it."""
    behind = finding.behind
    before = behind.but(
        since=finding.since - timedelta(weeks=WEEKS), until=finding.since - timedelta(days=1)
    )
    now, then = (said(store, filter, by=("source", "channel")) for filter in (behind, before))
    scale = (finding.expected.value or 0.0) / max(1, then.count())
    sources = _split(behind, now, then, "source", scale)
    own = behind.but(copies=False)
    seen = finding.seen.n
    own_n = len(list_ids(store, own, limit=seen))
    return Explanation(
        finding,
        _touchpoints(finding, now, then, scale) if finding.touchpoint is None else (),
        sources,
        _split(behind, now, then, "channel", scale),
        _facets(store, finding, before, then.count(), scale),
        _words(store, finding, before),
        tuple(posts(store, behind)),
        intervals.share(own_n, seen),
        own,
        own_n < seen and _explains(finding, own_n, finding.expected.value or 0.0),
        _collection(store, finding, sources, then),
    )


def verbatims(store: Store, why: Explanation, *, limit: int = 3) -> list[MentionRow]:
    """Return mentions of a finding, the most telling first, no text twice.

    Of the newest: those that say most of the words that are said more often than before, neither
    a shout nor an essay.
    """
    words = {one.word.word for one in why.words}
    return telling(
        store,
        why.finding.behind,
        limit=limit,
        rank=lambda row: -sum(word in row.text.lower() for word in words),
    )


def _split(behind: Filter, now: Said, then: Said, dimension: str, scale: float) -> tuple[Part, ...]:
    ks, before = (one.cells.groupby(dimension)["n"].sum() for one in (now, then))
    n, n_before = now.count(), then.count()
    return _by_excess(
        Part(
            dimension,
            str(name),
            intervals.share(int(k), n),
            float(before.get(name, 0)) * scale,
            _apart(int(k), n, int(before.get(name, 0)), n_before),
            behind.but(**{f"{dimension}s": (str(name),)}),
        )
        for name, k in ks.items()
    )


def _touchpoints(finding: Finding, now: Said, then: Said, scale: float) -> tuple[Part, ...]:
    if finding.polarity not in POLARITIES:
        return ()
    names = {name for profile in now.profiles.values() for name in profile.touchpoints}
    found = []
    for name in names:
        k, before = (one.count(one.speaks((name,), finding.polarity)) for one in (now, then))
        if k:
            found.append(
                Part(
                    "touchpoint",
                    name,
                    intervals.share(k, finding.seen.n),
                    before * scale,
                    _apart(k, now.count(), before, then.count()),
                    finding.behind.but(touchpoints=(name,), polarity=finding.polarity),
                )
            )
    return _by_excess(found)


def _facets(
    store: Store, finding: Finding, before: Filter, all_before: int, scale: float
) -> tuple[Part, ...]:
    whole = before.but(until=finding.until)
    parts: list[Part] = []
    for name, rows in groupby(facet_counts(store, whole, finding.since), lambda row: row.name):
        counted = list(rows)
        if name not in NAMED and all(_NUMBER.fullmatch(row.value) for row in counted):
            continue
        parts += (
            Part(
                name,
                row.value,
                intervals.share(row.since, finding.seen.n),
                row.before * scale,
                True,
                finding.behind.but(facets=((name, row.value),)),
            )
            for row in counted
            # A value that gives the same part as before has not made the finding.
            if row.since and _apart(row.since, finding.seen.n, row.before, all_before)
        )
    return _by_excess(parts)


def _apart(k: int, n: int, k_before: int, n_before: int) -> bool:
    return shares_differ(k, n, k_before, n_before) <= CHANCE


def _by_excess(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (-part.excess, part.name)))


def _words(store: Store, finding: Finding, before: Filter) -> tuple[Telling, ...]:
    now, then = (newest_texts(store, filter, TEXTS) for filter in (finding.behind, before))
    words = overused(now, then)
    found = []
    for word in words:
        behind = finding.behind.but(search=word.word)
        found.append(Telling(word, intervals.share(count(store, behind).n, finding.seen.n), behind))
    return tuple(found)


def _explains(finding: Finding, left: int, expected: float) -> bool:
    """Say whether `left` mentions against `expected` would be no finding any more."""
    if expected <= 0:
        return left == 0
    ratio = left / expected
    if max(ratio, 1 / max(ratio, 1e-9)) < MIN_RATIO:
        return True
    return float(tail.two_sided(left, expected, finding.dispersion)) > CHANCE


def _collection(store: Store, finding: Finding, sources: Sequence[Part], then: Said) -> Collection:
    given = {part.name: part.seen.k or 0 for part in sources}
    begun, ended, failed, imported = changes(
        store, finding.behind, given, finding.since, finding.until
    )
    expected = finding.expected.value or 0.0
    changed = False
    if begun and (finding.ratio.value or 0) > 1:
        changed = _explains(finding, finding.seen.n - sum(one.n for one in begun), expected)
    if ended and (finding.ratio.value or 0) < 1:
        stopped = then.cells["source"].isin([one.source for one in ended])
        gone = then.count(stopped.to_numpy()) / max(1, then.count())
        left = finding.seen.n - sum(one.n for one in ended)
        changed = _explains(finding, left, expected * (1 - gone))
    return Collection(changed, tuple(begun), tuple(ended), tuple(failed), tuple(imported))
