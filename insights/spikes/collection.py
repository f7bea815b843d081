"""Whether a day was collected as the days before it: a silent source is no silent customer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from insights.spikes.series import Counts, Read
from store.engine import Store
from store.filter import Filter
from store.rollups import source_spans
from store.runs import DONE, FAILED, INTERRUPTED, Run, runs_started

SILENT = 10.0
"""Mentions that were expected of a source and did not come, from which on it was not collected:
of days with so many, one in twenty thousand would be empty by chance (Poisson)."""

PART = 0.1
"""A source that gave less of a brand's mentions than this leaves a day as good as whole."""

MEMORY = 28
"""Days that say what is usual of a source; one silent for longer has ended."""

NEW_FOR = 28
"""Days for which a source that began, or ended, is told with what happened since."""

Days = NDArray[np.intp]


def missing(read: Read, failed: frozenset[int] = frozenset()) -> Days:
    """Return in the evening of which day each series' day was known not to be fully collected.

    Args:
        failed: days, counted from the first, on which a run did not come to its end: a source
            that gave nothing then was not collected.

    Returns:
        (S, T), days counted from the first; T where a day was collected.
    """
    of_brand: dict[str, Days] = {}
    for brand in {key.brand for key in read.keys}:
        known = np.full(read.days, read.days)
        sources = [n for (owner, _), n in read.by_source.items() if owner == brand]
        whole = np.sum(sources, axis=0)
        known[: int(np.flatnonzero(whole)[0])] = 0
        for own in sources:
            np.minimum(known, _silences(own, whole, failed), out=known)
        waiting = read.untagged.get(brand)
        if waiting is not None:
            late = waiting > PART * whole
            known[late] = np.minimum(known[late], np.flatnonzero(late))
        of_brand[brand] = known
    if not read.keys:
        return np.zeros((0, read.days), np.intp)
    return np.stack([of_brand[key.brand] for key in read.keys])


def _silences(own: Counts, whole: Counts, failed: frozenset[int]) -> Days:
    """Return when each silent day of a source was known to be one; the number of days if never."""
    days = len(own)
    known = np.full(days, days)
    empty = np.concatenate([[False], own == 0, [False]])
    edges = np.flatnonzero(empty[1:] != empty[:-1])
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        before = slice(max(0, start - MEMORY), start)
        usual = own[before].mean() if start else 0.0
        if usual == 0 or usual < PART * whole[before].mean():
            continue
        wait = max(1, math.ceil(SILENT / usual))
        for day in range(start, min(end, start + MEMORY)):
            if day in failed:
                known[day] = day
            elif end - start >= wait:
                known[day] = max(day, start + wait - 1)
    return known


def failed_days(store: Store, read: Read) -> frozenset[int]:
    """Return the days, counted from the first, on which a run did not come to its end."""
    runs = _runs(store, read.first, read.day(read.days - 1))
    return frozenset(
        (run.started_at.astimezone(store.zone).date() - read.first).days
        for run in runs
        if run.kind == "collect" and run.status in (FAILED, INTERRUPTED)
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """A source that began, or ended, around the days of a finding.

    Attributes:
        day: its first day; of one that ended, its last.
        n: how many of the finding's mentions it gave.
    """

    source: str
    day: date
    n: int
    behind: Filter


@dataclass(frozen=True, slots=True)
class Collection:
    """What is known of how a finding's days were collected.

    Attributes:
        changed: whether a change of what was collected is enough to explain it.
        begun, ended: sources.
        failed: runs of these days that did not come to their end.
        imported: runs of these days that read a file in, which may fill days up afterwards.
    """

    changed: bool
    begun: tuple[Begun, ...]
    ended: tuple[Begun, ...]
    failed: tuple[Run, ...]
    imported: tuple[Run, ...]


def changes(
    store: Store, behind: Filter, given: dict[str, int], since: date, until: date
) -> tuple[list[Begun], list[Begun], list[Run], list[Run]]:
    """Return the sources that began and that ended, and the runs that failed and that imported.

    Args:
        behind: the finding's mentions; its brand is the one looked at.
        given: the finding's mentions by source.
        since, until: its days.
    """
    spans = source_spans(store, behind.brands)
    if not spans:
        return [], [], [], []
    oldest = min(first for first, _ in spans.values())
    newest = max(last for _, last in spans.values())
    begun, ended = [], []
    for source, (first, last) in sorted(spans.items()):
        n = given.get(source, 0)
        own = behind.but(sources=(source,))
        if since - timedelta(days=NEW_FOR) <= first <= until and first > oldest:
            begun.append(Begun(source, first, n, own))
        if since - timedelta(days=NEW_FOR) <= last < until and last < newest:
            ended.append(Begun(source, last, n, own))
    runs = _runs(store, since, until)
    failed = [run for run in runs if run.status in (FAILED, INTERRUPTED)]
    imported = [run for run in runs if run.kind == "import" and run.status == DONE and run.new]
    return begun, ended, failed, imported


def _runs(store: Store, first: date, last: date) -> Sequence[Run]:
    start, end = (
        datetime.combine(day, time(), store.zone) for day in (first, last + timedelta(days=1))
    )
    return runs_started(store, start, end)
