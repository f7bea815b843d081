"""All of it together: the brands, their touchpoints and the months."""

from __future__ import annotations

from dataclasses import dataclass

from insights.share_of_voice.brands import BrandVoice, Month, Profile, profiles, trend, voices
from insights.share_of_voice.cells import added, cells_of
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.rollups import counts, touchpoint_counts


@dataclass(frozen=True)
class Voice:
    """A brand among its rivals.

    Attributes:
        brands: the chosen one first, its rivals by volume.
        profiles: each touchpoint's part in the complaints of each brand.
        trend: each month of each brand.
    """

    filter: Filter
    brands: tuple[BrandVoice, ...]
    profiles: tuple[Profile, ...]
    trend: tuple[Month, ...]


def share_of_voice(store: Store, taxonomy: Taxonomy, filter: Filter) -> Voice:
    """Set a brand beside its rivals. Shares are of what was collected, not of all that was said.

    Args:
        filter: brands, the chosen one first; the others are its rivals, or all others where one
            is named. Without any the one spoken of most is chosen. Days, channels, sources and
            languages are asked for too.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> share_of_voice(open_store("sqlite://"), load_taxonomy(), Filter()).brands
        ()
    """
    of_all = filter.but(brands=filter.brands if len(filter.brands) > 1 else ())
    cells = cells_of(store, of_all)
    if not cells:
        return Voice(filter, (), (), ())
    volume = {name: added(places.values()).n for name, places in cells.items()}
    chosen = filter.brands[:1]
    rivals = sorted((name for name in volume if name not in chosen), key=lambda name: -volume[name])
    brands = (*chosen, *rivals)
    without = counts(store, of_all.but(copies=False), by=("brand",))
    rows = voices(cells, {cell["brand"]: cell["n"] for cell in without}, filter, brands)
    bad = touchpoint_counts(store, of_all.but(polarity="negative"), by=("brand", "touchpoint"))
    blamed = {(cell["brand"], cell["touchpoint"]): cell["complaints"] for cell in bad}
    return Voice(filter, rows, profiles(blamed, taxonomy, rows), trend(cells, filter, brands))
