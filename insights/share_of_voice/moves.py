"""Who is left for whom, where those who leave name a rival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from insights import intervals
from insights.share_of_voice.brands import ALIKE
from insights.share_of_voice.cells import Place, Sums, added, cells_of, overlap
from insights.share_of_voice.naming import Names, arriving, coming, going, leaving, naming
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import NO_DATA, Value
from store import search
from store.engine import Store
from store.filter import Filter
from store.lists import ids_by_brand

KEPT = 1_000
"""Ids of a move at most."""


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
        ids_going: the mentions of `behind_going`, which take long to find by their words: the last
            `KEPT` that were stored.
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
    ids_going: tuple[int, ...]


def moves(
    store: Store, filter: Filter, called: Mapping[str, Names] | None = None
) -> tuple[Move, ...]:
    """Return the moves between brands that anybody names, most named first.

    Args:
        filter: brands, in any order, or all others too where one is named; days, channels,
            sources and languages.
        called: how brands are called where it is not by their own names, such as
            `Relevance.names` of the settings.

    Example:
        >>> from store.engine import open_store
        >>> moves(open_store("sqlite://"), Filter())
        ()
    """
    filter = filter.but(brands=filter.brands if len(filter.brands) > 1 else ())
    cells = cells_of(store, filter)
    known = sorted({*filter.brands, *cells})
    names = {name: (called or {}).get(name, ((name,),)) for name in known}
    tagged = {name: added(cells.get(name, {}).values()).tagged for name in names}
    leavers = filter.but(brands=tuple(names), signals=("switching",))
    leave = ids_by_brand(store, leavers)
    ids_of = {name: leave.get(name, set()) for name in names}
    all_ids = set[int]().union(*ids_of.values())

    naming_it = {
        rival: search.found(store, naming(words), all_ids) - ids_of[rival]
        for rival, words in names.items()
    }

    # Each search is asked once, not for each pair, and of the few who name a rival alone.
    found: dict[tuple[str, str], Move] = {}
    with search.among(store, set[int]().union(*naming_it.values())) as found_by:
        arrived = {name: found_by(arriving(words)) for name, words in names.items()}
        for rival, words in names.items():
            if not naming_it[rival]:
                continue
            gone, left = found_by(going(words)), found_by(leaving(words))
            for brand in names:
                named = naming_it[rival] & ids_of[brand]
                if not named:
                    continue
                own = leavers.but(brands=(brand,))
                came = named & (left | arrived[brand])
                found[brand, rival] = Move(
                    brand,
                    rival,
                    intervals.share(len(named), len(ids_of[brand])),
                    intervals.share(len(named & gone), tagged[brand]),
                    intervals.share(len(came), tagged[brand]),
                    NO_DATA,
                    None,
                    own.but(search=naming(words)),
                    own.but(search=going(words)),
                    own.but(search=coming(words, names[brand])),
                    tuple(sorted(named & gone)[-KEPT:]),
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
