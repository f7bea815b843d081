"""The texts that stand for a theme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from insights.telling import distinct, is_readable
from insights.themes.reading import ThemeRow
from insights.themes.space import Space
from store import themes as shelf
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow
from store.themes import Polarity


def verbatims(
    store: Store, rows: Sequence[ThemeRow], *, polarity: Polarity, limit: int = 3
) -> dict[int, list[MentionRow]]:
    """Return of each theme the mentions nearest to its centre by their words, no text twice.

    They are chosen among its newest 200 that `ThemeRow.behind` selects. By their words alone: the
    encoder is not asked for an answer that has to come at once.
    """
    brand_ids = {name: id for id, name in shelf.brand_names(store).items()}
    spaces: dict[str, Space] = {}
    for brand in {row.brand for row in rows}:
        kept = shelf.kept_space(store, brand_ids[brand], polarity)
        if kept is not None:
            spaces[brand] = Space.from_bytes(kept.space)
    living = {theme.id: theme for theme in shelf.living(store, tuple(spaces), polarity)}
    return {
        row.id: _nearest(
            store,
            row.behind,
            spaces[row.brand],
            np.frombuffer(living[row.id].centroid, np.float32),
            limit,
        )
        for row in rows
    }


def _nearest(
    store: Store, behind: Filter, space: Space, centroid: np.ndarray, limit: int
) -> list[MentionRow]:
    mentions = distinct(store, behind)
    if not mentions:
        return []
    near = (
        space.words([mention.text for mention in mentions]) @ centroid[-space.word_axes.shape[1] :]
    )
    fits = np.array([is_readable(mention.text) for mention in mentions])
    order = np.lexsort((-near, ~fits))
    return [mentions[place] for place in order[:limit]]
