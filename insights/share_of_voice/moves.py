"""Who is left for whom, where those who leave name a rival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from insights import intervals
from insights.said import Said
from insights.share_of_voice.brands import ALIKE, overlap
from insights.share_of_voice.naming import Names, coming, going, naming
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import NO_DATA, Value
from store.engine import Store
from store.filter import Filter
from store.profiles import profile_counts


@dataclass(frozen=True, slots=True)
class Move:
    """What those who say that they leave a brand say of a rival.

    Naming a rival says no way by itself; `going` and `coming` are the texts whose words do. Most
    texts that say one do so in other words, so both are too low, and a text may say both.

    Attributes:
        named: of the brand's mentions that say that somebody leaves, those that name the rival.
        going: of all the brand's tagged mentions, those among `named` that say that the rival is
            gone to.
        coming: the same of those that say that the rival was left.
        back: `going` of the rival's mentions that name this brand.
        p: how likely `going` and `back` would differ so by chance, corrected for all pairs; None
            where the two brands' mentions are not `ALIKE`.
        behind_named, behind_going, behind_coming: the mentions of each.
    """

    brand: str
    rival: str
    named: Value
    going: Value
    coming: Value
    back: Value
    p: float | None
    behind_named: Filter
    behind_going: Filter
    behind_coming: Filter


def moves(
    store: Store, filter: Filter, brands: Sequence[str], names: Mapping[str, Names], all_said: Said
) -> tuple[Move, ...]:
    """Return the moves between brands that anybody names, most named first.

    Args:
        filter: days, channels, sources and languages.
        names: how each brand is called.
        all_said: the mentions of the filter, by brand, month and channel.
    """
    leave, tagged = all_said.signal("switching"), all_said.tagged
    leaving, spoken = _by_brand(all_said.where(leave)), _by_brand(all_said.where(tagged))
    found: dict[tuple[str, str], Move] = {}
    for rival in brands:
        others = tuple(brand for brand in brands if brand != rival)
        if not others:
            continue
        leavers = filter.but(brands=others, signals=("switching",))
        named = _searched(store, leavers, naming(names[rival]))
        gone = _searched(store, leavers, going(names[rival])) if named else Counter[str]()
        for brand in named:
            own, to_us = leavers.but(brands=(brand,)), coming(names[rival], names[brand])
            n = spoken.get(brand, 0)
            found[brand, rival] = Move(
                brand,
                rival,
                intervals.share(named[brand], leaving[brand]),
                intervals.share(gone[brand], n),
                intervals.share(_searched(store, own, to_us).total(), n),
                NO_DATA,
                None,
                own.but(search=naming(names[rival])),
                own.but(search=going(names[rival])),
                own.but(search=to_us),
            )
    return _compared(found, all_said.where(tagged))


def _compared(found: Mapping[tuple[str, str], Move], tagged: Said) -> tuple[Move, ...]:
    of = {
        brand: tagged.where((tagged.cells["brand"] == brand).to_numpy())
        for brand in {brand for pair in found for brand in pair}
    }

    def going_of(brand: str, rival: str) -> Value:
        move = found.get((brand, rival))
        return move.going if move else intervals.share(0, of[brand].count())

    ps = {}
    for one, other in sorted({(min(pair), max(pair)) for pair in found}):
        if overlap(of[one], of[other]) >= ALIKE:
            there, back = going_of(one, other), going_of(other, one)
            ps[one, other] = shares_differ(there.k or 0, there.n, back.k or 0, back.n)
    adjusted = dict(zip(ps, map(float, benjamini_hochberg(list(ps.values()))), strict=True))
    compared = [
        replace(
            move,
            back=going_of(move.rival, move.brand),
            p=adjusted.get((min(pair), max(pair))),
        )
        for pair, move in found.items()
    ]
    return tuple(sorted(compared, key=lambda move: (-(move.named.k or 0), move.brand, move.rival)))


def _searched(store: Store, leavers: Filter, search: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in profile_counts(store, leavers.but(search=search), by=("brand",)):
        found[cell.key[0]] += cell.n
    return found


def _by_brand(mentions: Said) -> dict[str, int]:
    sums = mentions.cells.groupby("brand")["n"].sum()
    return {str(name): int(n) for name, n in sums.items()}
