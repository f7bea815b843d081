"""The job that finds themes and keeps them: what a night adds is placed, and once a brand has
grown enough its texts are grouped anew, each group being matched with the theme it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from insights.themes import space
from insights.themes.grouping import MIN_TEXTS, Groups, group
from insights.themes.matching import Matched, match
from insights.themes.naming import names
from insights.themes.near import Keeper
from insights.themes.space import Singles, Space
from insights.themes.words import MIN_WORDS, words_of
from store import theme_texts
from store import themes as shelf
from store.engine import Store
from store.parts import parts
from store.themes import POLARITIES, Kept, Polarity, Regrouped, ThemeChange, unplaced

SAMPLE = 5_000
"""Texts that are grouped at most; the others are placed by the groups of these."""

GROWN = 1.2
"""Texts are grouped anew when there are so many times as many as when they last were."""

_CHUNK = 1_000

_FEW = 3
"""Texts of an old theme in the sample, below which it is not known where it lies by now."""


class Embedding(Protocol):
    """Turns N texts into vectors, (N, H), the mean of their token states."""

    @property
    def version(self) -> str:
        """Names the model: vectors of two models are not comparable."""

    def __call__(self, texts: Sequence[str]) -> Singles:
        """Return one vector a text."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the job did for one brand and polarity.

    Attributes:
        themes: how many there are now.
        grouped: whether texts were grouped anew.
        placed: different texts that were put into a theme, or into none.
        embedded: of them, those that the encoder had to read.
        changes: what happened to themes.
    """

    brand: str
    polarity: Polarity
    themes: int
    grouped: bool = False
    placed: int = 0
    embedded: int = 0
    changes: tuple[ThemeChange, ...] = ()


def find_themes(
    store: Store,
    embed: Embedding,
    *,
    brands: Sequence[str] = (),
    renew: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Found]:
    """Bring the themes of all brands, or of some, up to date with what was tagged.

    Asked again with nothing new, nothing changes. Killed at any point, the next run goes on.

    Args:
        renew: called now and then, to keep a lease.
        now: the clock, aware UTC.
    """
    return [
        _Job(store, embed, renew, brand_id, brand, polarity).run(now())
        for brand_id, brand in shelf.brand_names(store).items()
        if not brands or brand in brands
        for polarity in POLARITIES
    ]


@dataclass(frozen=True)
class _Placing:
    """The themes of a brand as they place a text; `ids` of each group."""

    space: Space
    groups: Groups
    ids: Sequence[int]


@dataclass
class _Job:
    """One brand and polarity."""

    store: Store
    embed: Embedding
    renew: Callable[[], None]
    brand_id: int
    brand: str
    polarity: Polarity
    embedded: int = 0
    put: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.near = Keeper(self.store, self.brand_id, self.polarity, self.embed.version)

    def run(self, now: datetime) -> Found:
        kept = shelf.kept_space(self.store, self.brand_id, self.polarity)
        since = kept.looked_at if kept and kept.model == self.embed.version else None
        waiting = theme_texts.hashes(self.store, self.brand_id, self.polarity, since)
        n = self._texts_by_now(kept, waiting)
        grouped, placed = False, 0
        changes: list[ThemeChange] = []
        if kept is None or kept.model != self.embed.version or n >= GROWN * kept.texts:
            sample = self._sample() if n >= MIN_TEXTS else {}
            grouped = len(sample) >= MIN_TEXTS
            if grouped:
                placed, changes = self._group(sample, waiting, n, kept, now)
        elif waiting:
            placed = self._place(waiting, self._kept_placing(kept), since)
        if placed:
            shelf.finish(
                self.store,
                self.brand_id,
                self.polarity,
                looked_at=now,
                texts=n,
                placed=None if grouped or since is None else self.put,
            )
        if not self.near.complete:
            self._complete_vectors()
        elif since is not None:
            self.near.drop(theme_texts.hashes_left(self.store, self.brand_id, self.polarity, since))
        living = len(shelf.living(self.store, (self.brand,), self.polarity))
        return Found(
            self.brand, self.polarity, living, grouped, placed, self.embedded, tuple(changes)
        )

    def _texts_by_now(self, kept: Kept | None, waiting: Sequence[str]) -> int:
        """Return how many different texts there are, or at least no fewer than there are: they
        are counted only when there may be enough to group them anew."""
        if not waiting:
            return 0
        if kept is not None:
            n = kept.texts + kept.added + len(waiting)
            if n < GROWN * kept.texts:
                return n
        return theme_texts.count_texts(self.store, self.brand_id, self.polarity)

    def _sample(self) -> dict[str, str]:
        """Return the texts to group: with enough words, chosen by their hashes, which is at
        random, and as good as the same ones however many there are by now."""
        sample: dict[str, str] = {}
        for some in parts(theme_texts.hashes(self.store, self.brand_id, self.polarity), _CHUNK):
            for text_hash, text in self._texts(some).items():
                if len(words_of(text)) >= MIN_WORDS:
                    sample[text_hash] = text
                if len(sample) == SAMPLE:
                    return sample
        return sample

    def _group(
        self,
        sample: Mapping[str, str],
        waiting: Sequence[str],
        n: int,
        kept: Kept | None,
        now: datetime,
    ) -> tuple[int, list[ThemeChange]]:
        texts = list(sample.values())
        vectors = np.vstack([self._vectors(some) for some in parts(texts, _CHUNK)])
        stored = space.fit(texts, vectors, self.brand).to_bytes()
        fitted = Space.from_bytes(stored)  # as it will be read, not more exact
        features = fitted.features(texts, vectors)
        living = {
            str(theme.id): theme.id
            for theme in shelf.living(self.store, (self.brand,), self.polarity)
        }
        looked_at = kept.looked_at if kept else None
        places = self._placed(list(sample), looked_at)
        before = [living.get(places.get(text_hash, "")) for text_hash in sample]
        groups = group(features, _where_they_lie(features, before))
        found = groups.assign(features).tolist()
        matched = match(before, [place if place >= 0 else None for place in found], living.values())
        k = len(groups.centroids)
        ids, changes = shelf.save_groups(
            self.store,
            self.brand_id,
            self.polarity,
            _regrouped(matched, groups, names(texts, found, k, self.brand), found),
            Kept(self.embed.version, stored, groups.cut, n, None),
            now=now,
        )
        placing = _Placing(fitted, groups, ids)
        _, other = unplaced(self.polarity)
        where = {
            text_hash: str(ids[place]) if place >= 0 else other
            for text_hash, place in zip(sample, found, strict=True)
        }
        self._write(where)
        self.near.begin(fitted, features)
        self.near.add(sample, vectors)
        for change in changes:
            if change.change == "merged":
                gone_along = self._in([str(change.theme_id)]) - sample.keys()
                self._write(dict.fromkeys(sorted(gone_along), str(change.other_id)))
        again = set(waiting)
        if looked_at is not None:
            loose = [
                str(change.theme_id if change.change == "gone" else change.other_id)
                for change in changes
                if change.change in ("gone", "split")
            ]
            again |= self._in([*loose, *unplaced(self.polarity)])
        return len(where) + self._place(sorted(again - sample.keys()), placing, None), changes

    def _kept_placing(self, kept: Kept) -> _Placing:
        living = shelf.living(self.store, (self.brand,), self.polarity)
        centroids = np.stack([np.frombuffer(theme.centroid, np.float32) for theme in living])
        return _Placing(
            Space.from_bytes(kept.space), Groups(centroids, kept.cut), [one.id for one in living]
        )

    def _place(self, hashes: Sequence[str], placing: _Placing, since: datetime | None) -> int:
        """Put texts into the themes they lie near.

        Args:
            since: a text that had its place by then keeps it, and is not read again.
        """
        short, other = unplaced(self.polarity)
        n = 0
        for some in parts(hashes, _CHUNK):
            where = self._placed(some, since) if since is not None else {}
            texts = self._texts([text_hash for text_hash in some if text_hash not in where])
            if texts:
                said = list(texts.values())
                states = self._vectors(said)
                self.near.add(texts, states)
                features = placing.space.features(said, states)
                places = placing.groups.assign(features)
                few = np.array([len(words_of(text)) < MIN_WORDS for text in said])
                # A short text without a telling word, such as "mantap", is about anything.
                places[few & ~placing.space.words(said).any(axis=1)] = -1
                for text_hash, place, is_short in zip(texts, places, few, strict=True):
                    without = short if is_short else other
                    where[text_hash] = str(placing.ids[place]) if place >= 0 else without
            self._write(where)
            n += len(where)
        return n

    def _complete_vectors(self) -> None:
        """Give a vector to every text that has none, and delete those of texts that are gone.

        There are such where a run was cut off, where the space is new, and where themes were
        found before vectors were kept.
        """
        kept = shelf.kept_space(self.store, self.brand_id, self.polarity)
        if kept is None or kept.model != self.embed.version:
            return
        if not self.near.ready:
            sample = self._sample()
            texts = list(sample.values())
            if not texts:
                return
            states = np.vstack([self._vectors(some) for some in parts(texts, _CHUNK)])
            space = Space.from_bytes(kept.space)
            self.near.begin(space, space.features(texts, states))
            self.near.add(sample, states)
        wanted = set(theme_texts.hashes(self.store, self.brand_id, self.polarity))
        for some in parts(self.near.missing(wanted), _CHUNK):
            found = self._texts(some)
            self.near.add(found, self._vectors(list(found.values())))
        self.near.finish()

    def _texts(self, hashes: Sequence[str]) -> dict[str, str]:
        return theme_texts.texts_of(self.store, self.brand_id, self.polarity, hashes)

    def _placed(self, hashes: Sequence[str], since: datetime | None) -> dict[str, str]:
        return theme_texts.placed(self.store, self.brand_id, self.polarity, hashes, since=since)

    def _in(self, names: Sequence[str]) -> set[str]:
        return theme_texts.hashes_in(self.store, self.brand_id, self.polarity, names)

    def _write(self, where: Mapping[str, str]) -> None:
        theme_texts.place(self.store, self.brand_id, self.polarity, where)
        self.put.update(where.values())
        self.renew()

    def _vectors(self, texts: Sequence[str]) -> Singles:
        self.embedded += len(texts)
        vectors = self.embed(texts)
        self.renew()
        return vectors


def _where_they_lie(features: Singles, before: Sequence[int | None]) -> Singles | None:
    """Return the mean of each old theme's texts; None where there are none."""
    members: dict[int, list[int]] = {}
    for row, theme in enumerate(before):
        if theme is not None:
            members.setdefault(theme, []).append(row)
    means = [
        features[rows].mean(axis=0) for _, rows in sorted(members.items()) if len(rows) >= _FEW
    ]
    return np.stack(means) if means else None


def _regrouped(
    matched: Matched, groups: Groups, words: Sequence[Sequence[str]], found: Sequence[int]
) -> Regrouped:
    by_kind: dict[str, list[tuple[int, int]]] = {"merged": [], "split": []}
    for change in matched.changes:
        if change.old is not None and change.group is not None:
            by_kind[change.kind].append((change.old, change.group))
    return Regrouped(
        words,
        [centroid.astype(np.float32).tobytes() for centroid in groups.centroids],
        [found.count(place) for place in range(len(groups.centroids))],
        matched.same,
        merged=dict(by_kind["merged"]),
        gone=[one.old for one in matched.changes if one.kind == "gone" and one.old is not None],
        split={group: old for old, group in by_kind["split"]},
    )
