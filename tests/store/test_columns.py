"""Daily counts as columns hold what the same counts as dicts hold."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from store.columns import Columns, count_columns, touchpoint_columns
from store.copies import find_copies
from store.engine import Store
from store.filter import Filter
from store.rollups import counts, touchpoint_counts
from tests.builders import put, review, tag_all, tagged

SENTIMENT = ("sentiment", "source")
TOUCHPOINT = ("touchpoint", "polarity")
FILTERS = (
    Filter(),
    Filter(brands=("Griyakita",)),
    Filter(since=date(2026, 2, 1), until=date(2026, 3, 15)),
    Filter(channels=("google_play",)),
    Filter(facets=(("product", "wajan"),)),
    Filter(brands=("nobody",)),
)


def _fill(store: Store) -> None:
    tags = {
        "late": tagged("negative", {"delivery": "negative", "price": "neutral"}),
        "fine": tagged("positive", {"delivery": "positive"}),
        "so": tagged("neutral", {}),
    }
    generator = np.random.default_rng(1)
    for brand in ("Senandika", "Griyakita"):
        mentions = [
            review(
                f"{brand}{place}",
                text,
                f"2026-{1 + place % 4:02}-{1 + place % 27:02}" if place % 9 else None,
                product="wajan" if place % 3 else "panci",
            )
            for place, text in enumerate(generator.choice(list(tags), 80).tolist())
        ]
        put(store, mentions, brand=brand)
    tag_all(store, tags)


def _rows(columns: Columns) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    values = [[key.values[at] for at in key.places] for key in columns.keys.values()]
    for *names, n in zip(*values, columns.n.tolist(), strict=True):
        found[tuple(names)] += n
    return +found


@pytest.mark.parametrize("filter", FILTERS)
def test_columns_are_the_counts(store: Store, filter: Filter) -> None:
    _fill(store)
    by = ("brand", "day", *SENTIMENT)
    dicts = {
        tuple(cell[name] for name in by): cell["n"]
        for cell in counts(store, filter, by)
        if cell["day"]
    }
    columns = count_columns(store, filter, SENTIMENT)
    assert list(columns.keys) == list(by)
    assert _rows(columns) == dicts
    assert bool(dicts) == (filter.brands != ("nobody",))
    by = ("brand", "day", *TOUCHPOINT)
    dicts = {
        tuple(cell[name] for name in by): cell["n"]
        for cell in touchpoint_counts(store, filter, by)
        if cell["day"] and cell["polarity"] != "neutral"
    }
    assert _rows(touchpoint_columns(store, filter, ("negative", "positive"))) == dicts


def test_copies_are_taken_off(sqlite_store: Store) -> None:
    text = "Beli sekarang juga sebelum kehabisan, diskon besar untuk semua produk di toko kami ya"
    mentions = [review(f"c{i}", text, "2026-03-01", author=f"a{i}") for i in range(6)]
    put(sqlite_store, [*mentions, review("x", "late", "2026-03-01")])
    tag_all(sqlite_store, {text: tagged("positive", {}), "late": tagged("negative", {})})
    find_copies(sqlite_store)
    whole = count_columns(sqlite_store, Filter(), ("sentiment",))
    own = count_columns(sqlite_store, Filter(copies=False), ("sentiment",))
    assert [sum(_rows(one).values()) for one in (whole, own)] == [7, 2]


def test_what_no_rollup_holds_is_refused(sqlite_store: Store) -> None:
    for asked in (Filter(search="late"), Filter(complaint=True), Filter(touchpoints=("price",))):
        with pytest.raises(ValueError, match="holds no"):
            count_columns(sqlite_store, asked)
    for asked in (Filter(search="late"), Filter(sentiments=("negative",)), Filter(complaint=True)):
        with pytest.raises(ValueError, match="holds no"):
            touchpoint_columns(sqlite_store, asked, ("negative",))
