"""Which touchpoints are behind the complaints, where, and in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from insights import intervals
from insights.significance import benjamini_hochberg, shares_differ
from insights.telling import telling
from insights.values import Value
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow
from store.rollups import counts, touchpoint_counts
from store.tables import UNPLACED


@dataclass(frozen=True, slots=True)
class TouchpointRow:
    """One touchpoint.

    Attributes:
        id, phase, owner: as in the taxonomy.
        complaint_share: of all complaints, those that speak badly of it.
        negative_rate: of the mentions that speak of it, those that speak badly.
        mentions: how many speak of it.
        change: complaint share now minus that of the period before; None where there is none.
        change_p: of no change, adjusted for all touchpoints; None with too few complaints.
    """

    id: str
    phase: str
    owner: str
    complaint_share: Value
    negative_rate: Value
    mentions: int
    change: Value | None
    change_p: float | None


@dataclass(frozen=True)
class Touchpoints:
    """What is behind the complaints. One complaint may speak badly of several touchpoints.

    Attributes:
        complaints: how many there are: the denominator of every complaint share.
        unplaced: the share that speaks badly of no touchpoint.
        rows: every touchpoint that occurs, most complaints first.
        by_channel: columns `touchpoint`, `channel`, `complaints` (numerator), `all_complaints`
            (the channel's, denominator), `share`, `low`, `high`, `negative`, `mentions`.
    """

    filter: Filter
    complaints: int
    unplaced: Value
    rows: tuple[TouchpointRow, ...]
    by_channel: pd.DataFrame


def touchpoints(store: Store, taxonomy: Taxonomy, filter: Filter) -> Touchpoints:
    """Rank the touchpoints by their share of the complaints that `filter` selects.

    Args:
        filter: brands, days, channels, sources and languages.
    """
    complaints, cells, by_channel = _placed(store, filter)
    earlier = filter.previous()
    old_complaints, old_cells = (0, {}) if earlier is None else _placed(store, earlier)[:2]
    rows = []
    for touchpoint in taxonomy:
        by_polarity = cells.get(touchpoint.id)
        if by_polarity is None:
            continue
        negative, blamed = by_polarity["negative"]
        mentions = sum(n for n, _ in by_polarity.values())
        share = intervals.share(blamed, complaints)
        change = p = None
        if old_complaints:
            k = old_cells.get(touchpoint.id, {}).get("negative", (0, 0))[1]
            old = intervals.share(k, old_complaints)
            change = intervals.difference(share, old)
            if share.enough and old.enough:
                p = shares_differ(blamed, complaints, k, old_complaints)
        rows.append(
            TouchpointRow(
                touchpoint.id,
                touchpoint.phase,
                touchpoint.owner,
                share,
                intervals.share(negative, mentions),
                mentions,
                change,
                p,
            )
        )
    rows = _adjusted(rows)
    rows.sort(key=lambda row: -(row.complaint_share.k or 0))
    unplaced = cells.get(UNPLACED, {}).get("negative", (0, 0))[1]
    return Touchpoints(
        filter,
        complaints,
        intervals.share(unplaced, complaints),
        tuple(rows),
        _by_channel(by_channel, taxonomy),
    )


def _adjusted(rows: Sequence[TouchpointRow]) -> list[TouchpointRow]:
    """Correct the p-values for as many tests as were made."""
    made = iter(benjamini_hochberg([row.change_p for row in rows if row.change_p is not None]))
    return [
        row if row.change_p is None else replace(row, change_p=float(next(made))) for row in rows
    ]


def examples(store: Store, filter: Filter, touchpoint: str, *, limit: int = 5) -> list[MentionRow]:
    """Return complaints that speak badly of a touchpoint, the most telling first.

    Of the newest 200: those the model is surest of, neither a shout nor an essay, no text twice.
    """
    behind = filter.but(touchpoints=(touchpoint,), polarity="negative", complaint=True)
    return telling(store, behind, limit=limit, rank=lambda row: -row.touchpoints[touchpoint].score)


_Cells = dict[str, dict[str, tuple[int, int]]]
"""Touchpoint → polarity → (mentions, complaints)."""


def _placed(store: Store, filter: Filter) -> tuple[int, _Cells, dict[str, tuple[int, _Cells]]]:
    """Return the number of complaints and their touchpoints, over all and of each channel."""
    by_channel: dict[str, tuple[int, _Cells]] = {
        cell["channel"]: (cell["complaints"], {}) for cell in counts(store, filter, by=("channel",))
    }
    cells: _Cells = {}
    for cell in touchpoint_counts(store, filter, by=("touchpoint", "channel", "polarity")):
        for place in (cells, by_channel[cell["channel"]][1]):
            by_polarity = place.setdefault(
                cell["touchpoint"], dict.fromkeys(("negative", "neutral", "positive"), (0, 0))
            )
            mentions, complaints = by_polarity[cell["polarity"]]
            by_polarity[cell["polarity"]] = (mentions + cell["n"], complaints + cell["complaints"])
    return sum(complaints for complaints, _ in by_channel.values()), cells, by_channel


def _by_channel(by_channel: dict[str, tuple[int, _Cells]], taxonomy: Taxonomy) -> pd.DataFrame:
    known = set(taxonomy.ids)
    rows = []
    for channel, (complaints, cells) in by_channel.items():
        for touchpoint, by_polarity in cells.items():
            if touchpoint not in known:
                continue
            negative, blamed = by_polarity["negative"]
            share = intervals.share(blamed, complaints)
            rows.append(
                {
                    "touchpoint": touchpoint,
                    "channel": channel,
                    "complaints": blamed,
                    "all_complaints": share.n,
                    "share": share.value,
                    "low": share.low,
                    "high": share.high,
                    "negative": negative,
                    "mentions": sum(n for n, _ in by_polarity.values()),
                }
            )
    return pd.DataFrame(
        rows,
        columns=[
            "touchpoint", "channel", "complaints", "all_complaints", "share", "low", "high",
            "negative", "mentions",
        ],
    )  # fmt: skip
