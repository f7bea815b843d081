"""Which touchpoints go with leaving and recommending, worry and trouble."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights import intervals
from insights.drivers.table import table
from insights.said import Said
from insights.signals.ratio import ratio
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy
from store.filter import Filter

LINKED = ("switching", "advocacy", "anxiety", "high_effort")
"""The signals that are held against touchpoints."""

SURE = 0.05
"""Of the links called so, at most this share is expected to be chance."""


@dataclass(frozen=True, slots=True)
class Link:
    """How a signal goes with speaking badly or well of a touchpoint.

    Attributes:
        share: of the mentions that speak so of it, those that give the signal; `behind` opens
            them.
        others: the same of all other tagged mentions.
        times: share / others: how many times as often.
        p: of that being chance, corrected for all links.
        alike: times as often as in the other mentions that speak badly (well) of anything. Whoever
            complains is likelier to leave, whatever it is about: above 1 it is this touchpoint,
            not just any blame. No data without such mentions.
        alike_p: of that being chance, corrected for all links.
        stands_out: whether the signal is given more often than in all other mentions, and than
            with other blame (praise), by more than chance.
    """

    signal: str
    touchpoint: str
    polarity: str
    share: Value
    others: Value
    times: Value
    p: float
    alike: Value
    alike_p: float
    behind: Filter
    stands_out: bool


def _stands_out(link: Link, p: float, alike_p: float) -> bool:
    lows = (link.times.low, link.alike.low)
    return max(p, alike_p) < SURE and all(low is not None and low > 1 for low in lows)


def links(said: Said, taxonomy: Taxonomy, filter: Filter) -> list[Link]:
    """Hold each signal of `LINKED` against each touchpoint that enough mentions speak so of.

    Returns:
        By signal; within it those that stand out first, the most often given first.
    """
    says = table(said, [(id,) for id in taxonomy.ids])
    n, tagged = says.sums[:, 0] * says.tagged, says.count(says.tagged)
    gives = {signal: said.signal(signal) for signal in LINKED}
    found: list[Link] = []
    for polarity in ("negative", "positive"):
        speaks = says.blamed if polarity == "negative" else says.praised
        any_so = speaks.any(axis=1)
        for number, id in enumerate(taxonomy.ids):
            so = speaks[:, number]
            speaking, alike = int(n[so].sum()), int(n[any_so & ~so].sum())
            if min(speaking, tagged - speaking) < MIN_N:
                continue
            for signal, given in gives.items():
                k, all_k = int(n[so & given].sum()), int(n[given].sum())
                alike_k = int(n[any_so & ~so & given].sum())
                rest = (all_k - k, tagged - speaking)
                found.append(
                    Link(
                        signal,
                        id,
                        polarity,
                        intervals.share(k, speaking),
                        # No filter selects what speaks otherwise: there is nothing to open.
                        replace(intervals.share(*rest), k=None),
                        ratio(k, speaking, *rest),
                        shares_differ(k, speaking, *rest),
                        ratio(k, speaking, alike_k, alike),
                        shares_differ(k, speaking, alike_k, alike),
                        filter.but(touchpoints=(id,), polarity=polarity, signals=(signal,)),
                        stands_out=False,
                    )
                )
    adjusted = benjamini_hochberg([p for link in found for p in (link.p, link.alike_p)])
    found = [
        replace(
            link,
            p=float(p),
            alike_p=float(alike_p),
            stands_out=_stands_out(link, float(p), float(alike_p)),
        )
        for link, p, alike_p in zip(found, adjusted[::2], adjusted[1::2], strict=True)
    ]
    return sorted(
        found,
        key=lambda link: (
            LINKED.index(link.signal),
            not link.stands_out,
            -(link.share.value or 0.0),
        ),
    )
