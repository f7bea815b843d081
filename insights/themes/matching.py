"""Which old theme a new group of texts is, by the texts they share; and what became of the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

Kind = Literal["new", "merged", "split", "gone"]

SAME = 0.2
"""Shared texts to texts of either (Jaccard) from which on a group is the old theme."""

MOST = 0.5
"""From this part of its texts on, one theme has come out of another, or has gone into it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a theme.

    Attributes:
        kind: `new`: a group that is no old theme; `split`: a group most of whose texts were of
            the old theme `old`; `merged`: the old theme went into a group; `gone`: into none.
        old: the old theme; None for `new`.
        group: the new group; None for `gone`.
    """

    kind: Kind
    old: int | None
    group: int | None


@dataclass(frozen=True, slots=True)
class Matched:
    """Attributes:
    same: group → the old theme that it is.
    changes: everything else.
    """

    same: dict[int, int]
    changes: tuple[Change, ...]


def match(
    before: Sequence[int | None], now: Sequence[int | None], themes: Collection[int] = ()
) -> Matched:
    """Match groups with old themes so that they share as much as possible.

    The assignment with the largest sum of Jaccard similarities, one to one. Source: Kuhn (1955),
    "The Hungarian method for the assignment problem", Nav. Res. Logist. 2, 83–97.

    Args:
        before, now: of each text its old theme and its new group; None for none, and in
            `before` for a text that is new. Such texts count for nothing where a group is
            matched, and against a group's having come out of an old theme.
        themes: old themes, of which some may have none of the texts.

    Example:
        >>> matched = match([7, 7, 7, 8, 8, 8, None], [0, 0, 0, 0, 0, 0, 1])
        >>> matched.same
        {0: 7}
        >>> [(change.kind, change.old, change.group) for change in matched.changes]
        [('merged', 8, 0), ('new', None, 1)]
    """
    olds = sorted({theme for theme in before if theme is not None} | set(themes))
    groups = sorted({group for group in now if group is not None})
    if not olds or not groups:
        return Matched(
            {},
            (
                *(Change("gone", old, None) for old in olds),
                *(Change("new", None, group) for group in groups),
            ),
        )
    shared = np.zeros((len(olds), len(groups)))
    row = {theme: place for place, theme in enumerate(olds)}
    column = {group: place for place, group in enumerate(groups)}
    of_old, sizes = np.zeros(len(olds)), np.zeros(len(groups))
    for theme, group in zip(before, now, strict=True):
        if group is not None:
            sizes[column[group]] += 1
        if theme is not None:
            of_old[row[theme]] += 1
            if group is not None:
                shared[row[theme], column[group]] += 1
    either = of_old[:, None] + shared.sum(axis=0)[None, :] - shared
    jaccard = shared / np.maximum(either, 1)
    pairs = zip(*linear_sum_assignment(-jaccard), strict=True)
    same = {groups[g]: olds[o] for o, g in pairs if jaccard[o, g] >= SAME}
    changes: list[Change] = []
    for place, old in enumerate(olds):
        if old not in same.values():
            into = int(shared[place].argmax())
            went = shared[place, into] >= MOST * max(of_old[place], 1)
            changes.append(
                Change("merged", old, groups[into]) if went else Change("gone", old, None)
            )
    for place, group in enumerate(groups):
        if group in same:
            continue
        out_of = int(shared[:, place].argmax())
        came = shared[out_of, place] >= MOST * sizes[place]
        changes.append(Change("split", olds[out_of], group) if came else Change("new", None, group))
    return Matched(same, tuple(changes))
