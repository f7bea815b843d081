"""The customer's journey by phase: which part of it fails, and is the rest of it good?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from insights import intervals
from insights.journey.counts import Counts
from insights.journey.overlap import Pair
from insights.journey.parts import Finding, Journey, Kind, Part, Weakest
from insights.said import said
from insights.significance import benjamini_hochberg
from insights.values import NO_DATA, Value
from simak.taxonomy import PHASES, Taxonomy
from store.engine import Store
from store.filter import Filter

ALPHA = 0.05
"""The share of false alarms among what is said to differ."""

WORTH_SAYING = 0.05
"""A negative rate that differs by less is no finding, however sure it is: five points."""

__all__ = ["ALPHA", "WORTH_SAYING", "Finding", "Journey", "Kind", "Part", "Weakest", "journey"]


def journey(store: Store, taxonomy: Taxonomy, filter: Filter) -> Journey:
    """Measure the stages, phases and touchpoints of the mentions that `filter` selects.

    That people speak badly of one part more often says where it hurts, not why: some touchpoints,
    such as refunds, are hardly spoken of while they work.

    Args:
        filter: brands, days, channels, sources, languages, segments and the like.

    Raises:
        ValueError: the filter has touchpoints; the journey is of all.
    """
    if filter.touchpoints:
        raise ValueError("the journey is of all touchpoints")
    now = Counts(said(store, filter, by=("month",)))
    earlier = filter.previous()
    before = None if earlier is None else Counts(said(store, earlier))
    if before is not None and not before.mentions:
        before = None
    measure = _Measure(filter, taxonomy, now, before)
    phases = {phase: ids for phase in PHASES if (ids := taxonomy.in_phases(phase))}
    stages = {
        stage: ids for stage, own in taxonomy.stages.items() if (ids := taxonomy.in_phases(*own))
    }
    by_stage = _adjusted([measure.part(id, ids, taxonomy.ids) for id, ids in stages.items()])
    by_phase = _adjusted([measure.part(id, ids, taxonomy.ids) for id, ids in phases.items()])
    by_touchpoint = _adjusted(
        [
            part
            for one in taxonomy
            if (part := measure.part(one.id, (one.id,), phases[one.phase])).volume.n
        ]
    )
    return Journey(
        filter,
        now.speaking(taxonomy.ids),
        Value(now.complaints, n=now.complaints, k=now.complaints),
        by_stage,
        by_phase,
        by_touchpoint,
        (
            *_findings((part, part.id, None) for part in by_phase),
            *_findings((part, taxonomy[part.id].phase, part.id) for part in by_touchpoint),
        ),
        _by_month(filter, now, phases),
    )


class _Measure:
    """Measures one part of the journey after the other."""

    def __init__(
        self, filter: Filter, taxonomy: Taxonomy, now: Counts, before: Counts | None
    ) -> None:
        self.filter, self.whole, self.now, self.before = filter, taxonomy.ids, now, before

    def part(self, id: str, own: tuple[str, ...], among: tuple[str, ...]) -> Part:
        """Return the part of these touchpoints, held to the others `among` which they are."""
        rate, share = self.now.negative_rate(own), self.now.complaint_share(own)
        pair = self.now.pair(own, _without(among, own))
        tested = pair.first.enough and pair.second.enough
        old = change = share_change = change_p = share_change_p = None
        if self.before is not None:
            old = self.before.negative_rate(own)
            change = intervals.difference(rate, old)
            old_share = self.before.complaint_share(own)
            share_change = intervals.difference(share, old_share)
            if share.enough and old_share.enough:
                share_change_p = Pair(share.n, share.k or 0, old_share.n, old_share.k or 0).p
            if rate.enough and old.enough:
                change_p = Pair(rate.n, rate.k or 0, old.n, old.k or 0).p
        return Part(
            id,
            own,
            self.now.speaking(own),
            rate,
            share,
            pair.second,
            pair.difference if tested else NO_DATA,
            pair.p if tested else None,
            self.now.negative_rate(_without(self.whole, own)),
            old,
            change,
            share_change,
            change_p,
            share_change_p,
            weakest(self.now, own),
            self.filter.but(touchpoints=own, polarity="negative"),
        )


def weakest(counts: Counts, ids: Sequence[str]) -> Weakest | None:
    """Return the touchpoint spoken badly of most often, and whether that is sure."""
    rated = {id: rate for id in ids if (rate := counts.negative_rate((id,))).enough}
    ranked = sorted(rated, key=lambda id: -(rated[id].value or 0.0))
    if not ranked:
        return None
    if len(ranked) == 1:
        return Weakest(ranked[0], rated[ranked[0]], None, NO_DATA, clear=False)
    lead = counts.pair(ranked[:1], ranked[1:2]).difference
    return Weakest(
        ranked[0], rated[ranked[0]], ranked[1], lead, clear=lead.low is not None and lead.low > 0
    )


def _adjusted(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Correct the p-values for as many tests as were made."""
    against = _correct([part.p for part in parts])
    change = _correct([part.change_p for part in parts])
    share_change = _correct([part.share_change_p for part in parts])
    return tuple(
        replace(part, p=p, change_p=change_p, share_change_p=share_change_p)
        for part, p, change_p, share_change_p in zip(
            parts, against, change, share_change, strict=True
        )
    )


def _correct(ps: Sequence[float | None]) -> list[float | None]:
    made = iter(benjamini_hochberg([p for p in ps if p is not None]))
    return [None if p is None else float(next(made)) for p in ps]


def _findings(parts: Iterable[tuple[Part, str, str | None]]) -> list[Finding]:
    found = []
    for part, phase, touchpoint in parts:
        compared: list[tuple[tuple[Kind, Kind], Value, Value | None, float | None]] = [
            (("weak", "strong"), part.against, part.difference, part.p),
            (("worse", "better"), part.before or NO_DATA, part.change, part.change_p),
        ]
        for (up, down), against, difference, p in compared:
            if p is None or p >= ALPHA or difference is None or difference.value is None:
                continue
            # That a touchpoint does better is what the others' doing worse says already.
            mirrored = touchpoint is not None and up == "weak" and difference.value < 0
            if abs(difference.value) >= WORTH_SAYING and not mirrored:
                found.append(
                    Finding(
                        up if difference.value > 0 else down,
                        phase,
                        touchpoint,
                        part.negative_rate,
                        against,
                        difference,
                        p,
                        part.otherwise_good,
                        part.behind,
                    )
                )
    return sorted(found, key=lambda one: -abs(one.difference.value or 0.0))


def _by_month(filter: Filter, now: Counts, phases: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    rows = []
    for phase, ids in phases.items():
        for month, rate, blamed, complaints in now.months(ids):
            last = (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            within = filter.but(
                touchpoints=ids,
                polarity="negative",
                since=max(month, filter.since or month),
                until=min(last, filter.until or last),
            )
            rows.append((
                phase, month, rate.n, rate.k, rate.value, rate.low, rate.high, blamed, complaints,
                within,
            ))  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=[
            "phase", "month", "mentions", "negative", "rate", "low", "high", "complaints",
            "all_complaints", "behind",
        ],
    )  # fmt: skip


def _without(ids: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    return tuple(id for id in ids if id not in left_out)
