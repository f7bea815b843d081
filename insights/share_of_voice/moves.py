"""Who is left for whom, where those who leave name a rival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from insights import intervals
from insights.share_of_voice.brands import ALIKE
from insights.share_of_voice.cells import Place, Sums, added, overlap
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
    store: Store,
    filter: Filter,
    names: Mapping[str, Names],
    cells: Mapping[str, Mapping[Place, Sums]],
) -> tuple[Move, ...]:
    """Return the moves between brands that anybody names, most named first.

    Args:
        filter: days, channels, sources and languages.
        names: how each brand is called.
        cells: what each brand's mentions are.
    """
    tagged = {name: added(cells.get(name, {}).values()).tagged for name in names}
    leavers = filter.but(brands=tuple(names), signals=("switching",))
    leaving = _by_brand(store, leavers)
    found: dict[tuple[str, str], Move] = {}
    for rival, called in names.items():
        others = leavers.but(brands=tuple(name for name in names if name != rival))
        if not others.brands:
            continue
        named = _by_brand(store, others.but(search=naming(called)))
        gone = _by_brand(store, others.but(search=going(called))) if named else Counter[str]()
        for brand, n in named.items():
            own = leavers.but(brands=(brand,))
            to_us = own.but(search=coming(called, names[brand]))
            found[brand, rival] = Move(
                brand,
                rival,
                intervals.share(n, leaving[brand]),
                intervals.share(gone[brand], tagged[brand]),
                intervals.share(_by_brand(store, to_us)[brand], tagged[brand]),
                NO_DATA,
                None,
                own.but(search=naming(called)),
                own.but(search=going(called)),
                to_us,
            )
    return _compared(found, tagged, cells)


def _compared(
    found: Mapping[tuple[str, str], Move],
    tagged: Mapping[str, int],
    cells: Mapping[str, Mapping[Place, Sums]],
) -> tuple[Move, ...]:
    def going_of(brand: str, rival: str) -> Value:
        move = found.get((brand, rival))
        return move.going if move else intervals.share(0, tagged[brand])

    ps = {}
    for one, other in sorted({(min(pair), max(pair)) for pair in found}):
        if overlap(cells.get(one, {}), cells.get(other, {})) >= ALIKE:
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


def _by_brand(store: Store, filter: Filter) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in profile_counts(store, filter, by=("brand",)):
        found[cell.key[0]] += cell.n
    return found
