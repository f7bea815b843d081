"""Touchpoint by channel: how many times as often a channel complains of it as the others do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights import intervals
from insights.signals.ratio import ratio
from insights.significance import benjamini_hochberg, shares_differ
from insights.touchpoints import Touchpoints
from insights.values import MIN_N, NO_DATA, Value
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class ChannelCell:
    """One touchpoint in one channel.

    Attributes:
        share: of the channel's complaints, those that speak badly of the touchpoint.
        times: as often as in the complaints of the other channels; no data where either has too
            few complaints.
        p: of that being chance, adjusted for all cells; None without `times`.
        behind: the complaints of the numerator.
    """

    touchpoint: str
    channel: str
    share: Value
    times: Value
    p: float | None
    behind: Filter


def channel_cells(found: Touchpoints) -> tuple[ChannelCell, ...]:
    """Return every touchpoint in every channel that has complaints and speaks of it.

    Args:
        found: of one period; its channels add up to the whole.

    Example:
        >>> from insights.touchpoints import touchpoints
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> channel_cells(touchpoints(open_store("sqlite://"), load_taxonomy(), Filter()))
        ()
    """
    blamed = {row.id: row.complaint_share.k or 0 for row in found.rows}
    cells = []
    for cell in found.by_channel.to_dict("records"):
        id, k, n = str(cell["touchpoint"]), int(cell["complaints"]), int(cell["all_complaints"])
        if not n or not blamed.get(id):
            continue
        rest = (blamed[id] - k, found.complaints - n)
        tested = min(n, rest[1]) >= MIN_N
        cells.append(
            ChannelCell(
                id,
                str(cell["channel"]),
                intervals.share(k, n),
                ratio(k, n, *rest) if tested else NO_DATA,
                shares_differ(k, n, *rest) if tested else None,
                found.filter.but(
                    channels=(str(cell["channel"]),),
                    touchpoints=(id,),
                    polarity="negative",
                    complaint=True,
                ),
            )
        )
    adjusted = iter(benjamini_hochberg([cell.p for cell in cells if cell.p is not None]))
    return tuple(
        cell if cell.p is None else replace(cell, p=float(next(adjusted))) for cell in cells
    )
