"""How often each theme is spoken of, what it goes with, and in whose words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from insights import intervals
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import Value
from store import themes as shelf
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.rollups import span
from store.speech import profiles
from store.theme_texts import ThemeCell, sizes
from store.theme_texts import cells as cells_of
from store.themes import THEME, Polarity, Theme, ThemeChange, unplaced

ALPHA = 0.05
"""The rate of false discoveries among the changes that are called so."""

_BESIDE = 3
"""Touchpoints shown of a theme."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a theme's mentions of one touchpoint, language or channel."""

    name: str
    share: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme.

    Attributes:
        phrase, words: its name; people's own words.
        share: of the brand's complaints (or of what praises it), those about this.
        change: share now minus that of the period before; None where nothing was said then.
        p: that the share has not changed, adjusted for the number of themes; None as above.
        is_new: first seen within the period, with data before it, and its share has grown.
        touchpoints: what its mentions speak of, so polarised, most first.
        languages: of its mentions, most first.
        first_seen: see `store.themes.Theme`.
        behind: exactly its mentions.
    """

    id: int
    brand: str
    phrase: str
    words: tuple[str, ...]
    share: Value
    change: Value | None
    p: float | None
    is_new: bool
    touchpoints: tuple[Part, ...]
    languages: tuple[Part, ...]
    first_seen: date | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class Rest:
    """What is of no theme: `short` (fewer than four words that are like no theme's), or `other`,
    like no theme."""

    brand: str
    why: str
    share: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class Themes:
    """What complaints, or praise, are about. A mention is of one theme, or of none.

    Attributes:
        mentions: by brand, how many there are: the denominators.
        rows: most mentions first.
        rest: what is of no theme, by brand.
        waiting: mentions that `simak themes` has not looked at yet.
        changes: what last happened to themes: new, merged, split, renamed, gone.
    """

    filter: Filter
    polarity: Polarity
    mentions: Mapping[str, int]
    rows: tuple[ThemeRow, ...]
    rest: tuple[Rest, ...]
    waiting: int
    changes: tuple[ThemeChange, ...]


def themes(store: Store, filter: Filter, *, polarity: Polarity = "negative") -> Themes:
    """Measure the themes of the mentions that `filter` selects.

    Args:
        filter: anything but a mark; complaints are chosen by `polarity`.
        polarity: `negative` for complaints, `positive` for praise without a complaint.

    Raises:
        ValueError: the filter names a mark.
    """
    if filter.mark is not None:
        raise ValueError("themes are marks: no other mark can be asked for")
    rows: list[ThemeRow] = []
    rest: list[Rest] = []
    mentions: dict[str, int] = {}
    waiting = 0
    living = shelf.living(store, filter.brands, polarity)
    for brand in dict.fromkeys(theme.brand for theme in living):
        own = [theme for theme in living if theme.brand == brand]
        meant = shelf.meant(filter.but(brands=(brand,)), polarity)
        found = _count(store, meant, own, polarity)
        mentions[brand] = found.n
        rows += _rows(store, found, own, polarity)
        for why, name in zip(("short", "other"), unplaced(polarity), strict=True):
            k = found.by_name[name]
            behind = meant.but(mark=(THEME, name))
            rest.append(Rest(brand, why, intervals.share(k, found.n), behind))
        waiting += found.n - sum(found.by_name.values())
    rows.sort(key=lambda row: (-(row.share.k or 0), row.id))
    changes = shelf.changes(store, filter.brands, polarity)
    return Themes(filter, polarity, mentions, tuple(rows), tuple(rest), waiting, tuple(changes))


@dataclass(frozen=True)
class _Counted:
    """The mentions that are meant, `n` of them, and how many are in each mark."""

    meant: Filter
    n: int
    cells: Sequence[ThemeCell]
    by_name: Counter[str]


def _count(store: Store, meant: Filter, own: Sequence[Theme], polarity: Polarity) -> _Counted:
    names = [*(str(theme.id) for theme in own), *unplaced(polarity)]
    cells = cells_of(store, meant, names)
    by_name: Counter[str] = Counter()
    for cell in cells:
        by_name[cell.name] += cell.n
    return _Counted(meant, count(store, meant).n, cells, by_name)


def _rows(
    store: Store, found: _Counted, own: Sequence[Theme], polarity: Polarity
) -> list[ThemeRow]:
    said = [theme for theme in own if found.by_name[str(theme.id)]]
    shares = [intervals.share(found.by_name[str(theme.id)], found.n) for theme in said]
    earlier = found.meant.previous()
    before_n = 0 if earlier is None else count(store, earlier).n
    changes: list[Value | None] = [None] * len(said)
    ps: list[float | None] = [None] * len(said)
    if earlier is not None and before_n:
        before = sizes(store, earlier, [str(theme.id) for theme in said])
        ks = [before.get(str(theme.id), 0) for theme in said]
        changes = [
            intervals.difference(share, intervals.share(k, before_n))
            for share, k in zip(shares, ks, strict=True)
        ]
        raw = [
            shares_differ(share.k or 0, found.n, k, before_n)
            for share, k in zip(shares, ks, strict=True)
        ]
        ps = [*benjamini_hochberg(raw).tolist()]
    first, _ = span(store, found.meant.brands)
    beside = _beside(store, found, polarity)
    rows = []
    for theme, share, change, p in zip(said, shares, changes, ps, strict=True):
        name = str(theme.id)
        grown = p is not None and p < ALPHA and change is not None and (change.value or 0) > 0
        rows.append(
            ThemeRow(
                theme.id,
                theme.brand,
                theme.words[0],
                theme.words[1:],
                share,
                change,
                p,
                grown and _is_first_seen(theme, found.meant, first),
                *beside[name],
                theme.first_seen,
                found.meant.but(mark=(THEME, name)),
            )
        )
    return rows


def _is_first_seen(theme: Theme, filter: Filter, first: date | None) -> bool:
    """Whether a theme began within a filter's days, and there is data from before them."""
    if theme.first_seen is None or first is None or filter.since is None or filter.until is None:
        return False
    return first < filter.since <= theme.first_seen <= filter.until


def _beside(
    store: Store, found: _Counted, polarity: Polarity
) -> dict[str, tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """Return the touchpoints and the languages of each theme's mentions."""
    wanted = found.meant.touchpoints
    said_so = found.meant.polarity or polarity if wanted else polarity
    known = profiles(store, {cell.profile_id for cell in found.cells})
    touchpoints: dict[str, Counter[str]] = defaultdict(Counter)
    languages: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in found.cells:
        languages[cell.name][cell.language] += cell.n
        for touchpoint, polarised in known[cell.profile_id].touchpoints.items():
            # Of no other than those asked for: a filter cannot ask for one and one of others.
            if polarised == said_so and (not wanted or touchpoint in wanted):
                touchpoints[cell.name][touchpoint] += cell.n
    return {
        name: (
            tuple(
                Part(
                    touchpoint,
                    intervals.share(k, n),
                    found.meant.but(
                        mark=(THEME, name), touchpoints=(touchpoint,), polarity=said_so
                    ),
                )
                for touchpoint, k in _most(touchpoints[name])[:_BESIDE]
            ),
            tuple(
                Part(
                    language,
                    intervals.share(k, n),
                    found.meant.but(mark=(THEME, name), languages=(language,)),
                )
                for language, k in _most(languages[name])
            ),
        )
        for name, n in found.by_name.items()
    }


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
