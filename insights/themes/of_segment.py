"""What the complaints of a segment are about, beside those of the other segments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from insights import intervals
from insights.said import said
from insights.significance import benjamini_hochberg, shares_differ
from insights.values import Value
from store import themes as shelf
from store.engine import Store
from store.filter import Filter
from store.rollups import span
from store.theme_texts import faceted
from store.themes import THEME, Polarity


@dataclass(frozen=True, slots=True)
class SegmentTheme:
    """One theme in a segment.

    Attributes:
        share: of the segment's complaints, those about this.
        others: the same of the other segments' complaints.
        p: of no difference, adjusted for the number of themes; None where either has too few.
        first_seen: of the theme, whoever says it; see `store.themes.Theme`.
        behind: the complaints of the segment that are about this.
    """

    id: int
    phrase: str
    words: tuple[str, ...]
    share: Value
    others: Value
    p: float | None
    first_seen: date | None
    behind: Filter


@dataclass(frozen=True, slots=True)
class SegmentThemes:
    """What a segment's complaints are about.

    Attributes:
        facet, value: the segment.
        first, last: its first and last day with a mention, within the selection's days or not;
            None where it is undated.
        told_before: whether there is data of the brands from before its first day: only then can
            a theme be new with it.
        complaints: of the segment: the denominator of `SegmentTheme.share`.
        others: complaints of the other segments; what has no value of the facet is not in them.
        found: whether the brand has themes at all.
        rows: themes that the segment speaks of, most first.
    """

    filter: Filter
    facet: str
    value: str
    first: date | None
    last: date | None
    told_before: bool
    complaints: int
    others: int
    found: bool
    rows: tuple[SegmentTheme, ...]


def themes_of_segment(
    store: Store, filter: Filter, facet: str, value: str, *, polarity: Polarity = "negative"
) -> SegmentThemes:
    """Measure the themes of one segment beside the others.

    Args:
        filter: brands, days, channels and the like; not the segment itself.
        facet: `product`, `version` or an attribute.
        value: which segment of it.
    """
    living = shelf.living(store, filter.brands, polarity)
    wanted = shelf.meant(filter, polarity)
    sums = said(store, wanted, by=(f"facet:{facet}",)).cells.groupby("facet")["n"].sum()
    n, whole = int(sums.get(value, 0)), int(sums.sum())
    own = filter.but(facets=(*filter.facets, (facet, value)))
    ever = said(store, own.but(since=None, until=None), by=("day",)).cells["day"]
    days = [day for day in ever if isinstance(day, date)]
    began, _ = span(store, filter.brands)
    counted = faceted(store, wanted, [str(theme.id) for theme in living], facet)
    rows = []
    for theme in living:
        cells = counted.get(str(theme.id), {})
        k = cells.get(value, 0)
        if k:
            share = intervals.share(k, n)
            others = intervals.share(sum(cells.values()) - k, whole - n)
            tested = share.enough and others.enough
            rows.append(
                SegmentTheme(
                    theme.id,
                    theme.words[0],
                    theme.words[1:],
                    share,
                    others,
                    shares_differ(k, n, others.k or 0, others.n) if tested else None,
                    theme.first_seen,
                    shelf.meant(own, polarity).but(
                        brands=(theme.brand,), mark=(THEME, str(theme.id))
                    ),
                )
            )
    adjusted = iter(benjamini_hochberg([row.p for row in rows if row.p is not None]))
    rows = [row if row.p is None else replace(row, p=float(next(adjusted))) for row in rows]
    rows.sort(key=lambda row: (-(row.share.k or 0), row.id))
    return SegmentThemes(
        filter,
        facet,
        value,
        min(days, default=None),
        max(days, default=None),
        began is not None and bool(days) and began < min(days),
        n,
        whole - n,
        bool(living),
        tuple(rows),
    )
