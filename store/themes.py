"""Themes as they are kept, with what they were found with and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from simak.errors import ConfigurationError
from store.engine import Store
from store.filter import Filter
from store.tables import (
    UNDATED_DAY,
    brand,
    label,
    mark,
    theme,
    theme_change,
    theme_space,
)

THEME = "theme"
"""The kind of the marks that themes are."""

Polarity = Literal["negative", "positive"]
POLARITIES: tuple[Polarity, ...] = ("negative", "positive")

FIRST_PART = 0.05
"""A theme is seen first when this part of its dated mentions has been said: a stray text that
happens to be alike may be years older."""


def unplaced(polarity: str) -> tuple[str, str]:
    """Return the names of the marks of texts without a theme: too short, and like no others."""
    return f"{polarity}-short", f"{polarity}-other"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is kept.

    Attributes:
        words: its phrase, then single words, the most telling first.
        n: its mentions when they were last counted: there may be `FIRST_PART` more; 0 where it is
            gone.
        first_seen: the day by which `FIRST_PART` of its mentions had been said; None where they
            are undated.
        merged_into: the theme that it has become part of.
    """

    id: int
    brand: str
    polarity: Polarity
    words: tuple[str, ...]
    centroid: bytes
    n: int
    first_seen: date | None
    merged_into: int | None = None

    def behind(self, filter: Filter) -> Filter:
        """Return the filter of those mentions of `filter` that are of the theme."""
        own = meant(filter.but(brands=(self.brand,)), self.polarity)
        return own.but(mark=(THEME, str(self.id)))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a brand's themes of a polarity were last made with.

    Attributes:
        model: made the vectors.
        space: as `insights.themes.space` stores it.
        texts: different texts there were.
        added: how many were placed since, some of them perhaps again.
        looked_at: everything tagged before is placed; None where a run was cut off.
    """

    model: str
    space: bytes
    cut: float
    texts: int
    looked_at: datetime | None
    added: int = 0


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """What happened to a theme: `new`, `merged` (into `other_id`), `split` (out of `other_id`),
    `renamed` or `gone`; `phrase` is its name by now."""

    theme_id: int
    phrase: str
    change: str
    at: datetime
    other_id: int | None = None


@dataclass(slots=True)
class Regrouped:
    """New groups, to be saved at once: each is an old theme or a new one.

    Attributes:
        words, centroids, sizes: of each group; the sizes hold until `finish` has counted.
        same: group → the theme that it is.
        merged: old theme → group that it has become part of.
        gone: old themes that are no more.
        split: group → old theme that it came out of.
    """

    words: Sequence[Sequence[str]]
    centroids: Sequence[bytes]
    sizes: Sequence[int]
    same: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    gone: Sequence[int] = ()
    split: Mapping[int, int] = field(default_factory=dict)


def meant(filter: Filter, polarity: Polarity) -> Filter:
    """Return the filter of the mentions that complain, or that praise without a complaint."""
    if polarity == "negative":
        return filter.but(complaint=True)
    return filter.but(sentiments=("positive",), complaint=False)


def find_theme(store: Store, id: int) -> Theme:
    """Return a theme that there is now.

    Raises:
        ConfigurationError: there is none of this id.
    """
    found = [one for polarity in POLARITIES for one in living(store, (), polarity) if one.id == id]
    if not found:
        raise ConfigurationError(f"there is no theme {id}: simak show themes")
    return found[0]


def brand_names(store: Store) -> dict[int, str]:
    """Return every brand's name by its id."""
    with store.read() as connection:
        rows = connection.execute(select(brand.c.id, brand.c.name).order_by(brand.c.id)).all()
    return {row.id: row.name for row in rows}


def kept_space(store: Store, brand_id: int, polarity: Polarity) -> Kept | None:
    """Return what a brand's themes were last made with; None where there are none yet."""
    with store.read() as connection:
        row = connection.execute(
            select(theme_space).where(*_of(theme_space.c, brand_id, polarity))
        ).one_or_none()
    if row is None:
        return None
    return Kept(row.model, row.space, row.cut, row.texts, row.looked_at, row.added)


def living(store: Store, brands: Sequence[str], polarity: Polarity) -> list[Theme]:
    """Return the themes that there are now, of `brands` or of all, by their ids."""
    found = (
        select(theme, brand.c.name.label("brand"))
        .join(brand, brand.c.id == theme.c.brand_id)
        .where(theme.c.polarity == polarity, theme.c.merged_into.is_(None), theme.c.n > 0)
        .order_by(theme.c.id)
    )
    if brands:
        found = found.where(brand.c.name.in_(brands))
    with store.read() as connection:
        rows = connection.execute(found).all()
    return [
        Theme(
            row.id,
            row.brand,
            row.polarity,
            tuple(row.words),
            row.centroid,
            row.n,
            row.first_seen,
        )
        for row in rows
    ]


def changes(
    store: Store, brands: Sequence[str], polarity: Polarity, *, limit: int = 20
) -> list[ThemeChange]:
    """Return what last happened to the themes of `brands`, or of all, the latest first."""
    found = (
        select(theme_change, theme.c.words)
        .join(theme, theme.c.id == theme_change.c.theme_id)
        .join(brand, brand.c.id == theme.c.brand_id)
        .where(theme.c.polarity == polarity)
        .order_by(theme_change.c.at.desc(), theme_change.c.id)
        .limit(limit)
    )
    if brands:
        found = found.where(brand.c.name.in_(brands))
    with store.read() as connection:
        rows = connection.execute(found).all()
    return [
        ThemeChange(row.theme_id, row.words[0], row.change, row.at, row.other_id) for row in rows
    ]


def save_groups(
    store: Store,
    brand_id: int,
    polarity: Polarity,
    groups: Regrouped,
    kept: Kept,
    *,
    now: datetime,
) -> tuple[list[int], list[ThemeChange]]:
    """Keep new groups as themes; return each group's theme, and the changes, which are logged.

    The mentions stay where they are until they are placed.
    """
    with store.write() as connection:
        ids: list[int] = []
        log: list[ThemeChange] = []
        for group, (words, centroid, size) in enumerate(
            zip(groups.words, groups.centroids, groups.sizes, strict=True)
        ):
            values = {
                "words": list(words),
                "centroid": centroid,
                "model": kept.model,
                "n": size,
            }
            known = groups.same.get(group)
            if known is None:
                made = connection.execute(
                    insert(theme).values(
                        brand_id=brand_id, polarity=polarity, found_at=now, **values
                    )
                ).inserted_primary_key
                assert made is not None
                ids.append(made[0])
                parent = groups.split.get(group)
                kind = "split" if parent else "new"
                log.append(ThemeChange(ids[-1], words[0], kind, now, parent))
            else:
                own = theme.c.id == known
                old = connection.execute(select(theme.c.words).where(own)).scalar_one()
                connection.execute(update(theme).where(own).values(**values))
                ids.append(known)
                if old[0] != words[0]:
                    log.append(ThemeChange(known, words[0], "renamed", now))
        for old_id, group in groups.merged.items():
            phrase = _end(connection, old_id, merged_into=ids[group])
            log.append(ThemeChange(old_id, phrase, "merged", now, ids[group]))
        for old_id in groups.gone:
            log.append(ThemeChange(old_id, _end(connection, old_id), "gone", now))
        if log:
            connection.execute(
                insert(theme_change),
                [
                    {
                        "theme_id": one.theme_id,
                        "other_id": one.other_id,
                        "change": one.change,
                        "at": one.at,
                    }
                    for one in log
                ],
            )
        _save_space(connection, brand_id, polarity, kept)
    return ids, log


def finish(
    store: Store,
    brand_id: int,
    polarity: Polarity,
    *,
    looked_at: datetime,
    texts: int,
    placed: Mapping[str, int] | None,
) -> None:
    """Count the mentions of themes, and note that all that was tagged before is placed.

    Args:
        texts: different texts by now, as `Kept` adds them up.
        placed: theme id, as its mark is named → texts put there. Those that are not a
            `FIRST_PART` of its mentions by now wait to be counted. None counts every theme.
    """
    counted = {}
    living = select(theme.c.id, theme.c.n, theme.c.uncounted).where(
        *_of(theme.c, brand_id, polarity), theme.c.merged_into.is_(None)
    )
    # Read before the write: nobody waits for the counting.
    with store.read() as connection:
        for theme_id, known, uncounted in connection.execute(living).all():
            if placed is not None:
                waiting = uncounted + placed.get(str(theme_id), 0)
                if waiting <= FIRST_PART * known:
                    if waiting != uncounted:
                        counted[theme_id] = {"uncounted": waiting}
                    continue
            days = (
                select(label.c.day)
                .join(mark, mark.c.mention_id == label.c.mention_id)
                .where(
                    mark.c.kind == THEME, mark.c.name == str(theme_id), *said(brand_id, polarity)
                )
            )
            dated = days.where(label.c.day > UNDATED_DAY)
            n, of_them = (
                connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
                for some in (days, dated)
            )
            first = dated.order_by(label.c.day).offset(int(FIRST_PART * of_them)).limit(1)
            found = connection.scalar(first)
            counted[theme_id] = {"n": n, "uncounted": 0, "first_seen": found}
    with store.write() as connection:
        for theme_id, values in counted.items():
            connection.execute(update(theme).where(theme.c.id == theme_id).values(**values))
        connection.execute(
            update(theme_space)
            .where(*_of(theme_space.c, brand_id, polarity))
            .values(looked_at=looked_at, added=texts - theme_space.c.texts)
        )


def _end(connection: Connection, theme_id: int, *, merged_into: int | None = None) -> str:
    """Note that a theme is no more; return its phrase."""
    own = theme.c.id == theme_id
    connection.execute(update(theme).where(own).values(merged_into=merged_into, n=0))
    phrase: str = connection.execute(select(theme.c.words).where(own)).scalar_one()[0]
    return phrase


def _save_space(connection: Connection, brand_id: int, polarity: Polarity, kept: Kept) -> None:
    connection.execute(delete(theme_space).where(*_of(theme_space.c, brand_id, polarity)))
    connection.execute(
        insert(theme_space).values(
            brand_id=brand_id,
            polarity=polarity,
            model=kept.model,
            space=kept.space,
            cut=kept.cut,
            texts=kept.texts,
            looked_at=kept.looked_at,
        )
    )


def _of(columns: object, brand_id: int, polarity: str) -> tuple[ColumnElement[bool], ...]:
    return columns.brand_id == brand_id, columns.polarity == polarity  # type: ignore[attr-defined]


def said(brand_id: int, polarity: Polarity) -> list[ColumnElement[bool]]:
    """Return the condition on the labels whose texts complain, or praise without complaining."""
    where = [label.c.brand_id == brand_id, label.c.text_hash.is_not(None)]
    if polarity == "negative":
        return [*where, label.c.complaint]
    return [*where, label.c.sentiment == "positive", ~label.c.complaint]
