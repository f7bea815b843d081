"""How long each insight takes over a large store, on SQLite.

Each is asked for one brand over two years (the largest, three mentions in ten), for its last
quarter, and for all brands over two years. Beside them stands what one plain count of the same
brand's complaints by touchpoint takes in SQL, without the sums that the store keeps.

    python -m benchmarks.insights
    python -m benchmarks.insights --mentions 50000
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import click
from sqlalchemy import func, select

from benchmarks.report import Figure, finish, say
from benchmarks.world import BRANDS, LAST_DAY, filled
from insights.actions import actions
from insights.brief import brief
from insights.causes import causes
from insights.consistency import consistency
from insights.drivers import drivers
from insights.journey import journey
from insights.promises import promises
from insights.reputation import reputation
from insights.response import response
from insights.segments import segments
from insights.share_of_voice import share_of_voice
from insights.signals import signals
from insights.spikes import spikes
from insights.surveys import surveys
from insights.themes.reading import themes
from insights.touchpoints import touchpoints
from simak.causes import load_causes
from simak.taxonomy import DEFAULT_PATH, load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.tables import brand as brand_table
from store.tables import label_touchpoint

TARGET_MS = 1_000

_TAXONOMY = load_taxonomy()
_BRAND = next(iter(BRANDS))

Ask = Callable[[Store, Filter], Any]

INSIGHTS: dict[str, Ask] = {
    "reputation": reputation,
    "touchpoints": lambda store, filter: touchpoints(store, _TAXONOMY, filter),
    "journey": lambda store, filter: journey(store, _TAXONOMY, filter),
    "drivers": lambda store, filter: drivers(store, _TAXONOMY, filter),
    "drivers by channel": lambda store, filter: drivers(store, _TAXONOMY, filter, by="channel"),
    "signals": lambda store, filter: signals(store, _TAXONOMY, filter),
    "segments by region": lambda store, filter: segments(store, _TAXONOMY, filter, "region"),
    "causes": lambda store, filter: causes(
        store, _TAXONOMY, load_causes(_TAXONOMY, DEFAULT_PATH), filter
    ),
    "consistency": lambda store, filter: consistency(store, _TAXONOMY, filter),
    "response": response,
    "promises": promises,
    "actions": actions,
    "themes": themes,
    "spikes": spikes,
    "surveys": lambda store, filter: surveys(store, _TAXONOMY, filter),
    "share of voice": lambda store, filter: share_of_voice(store, _TAXONOMY, filter),
}

FILTERS = {
    "one brand": Filter(brands=(_BRAND,)),
    "its last quarter": Filter(
        brands=(_BRAND,), since=LAST_DAY - timedelta(days=89), until=LAST_DAY
    ),
    "all brands": Filter(),
}


def measure(mentions: int, times: int) -> Iterator[Figure]:
    """Yield the slowest of the filters of each insight, the best of `times` each."""
    command = f"python -m benchmarks.insights --mentions {mentions}"
    with filled("sqlite", mentions) as store:
        row_by_row = _best(times, lambda: _by_rows(store))
        yield Figure("one plain count in SQL, one brand", row_by_row, "ms", command)
        for name, ask in INSIGHTS.items():
            took = {
                words: _best(times, lambda filter=filter, ask=ask: ask(store, filter))
                for words, filter in FILTERS.items()
            }
            say(f"{name}: " + ", ".join(f"{words} {ms:.0f} ms" for words, ms in took.items()))
            yield Figure(
                name,
                took["one brand"],
                "ms",
                command,
                at_most=TARGET_MS,
                note=f"{took['one brand'] / row_by_row:.1f} x the plain count; "
                + ", ".join(f"{words} {took[words]:.0f} ms" for words in list(FILTERS)[1:]),
            )
        yield Figure(
            "brief of a week",
            _best(times, lambda: brief(store, _TAXONOMY, _BRAND)),
            "ms",
            command,
            note="a dozen insights and their verbatims on one page",
        )


def _by_rows(store: Store) -> None:
    """Count complaints by touchpoint without the sums that are kept of them."""
    table = label_touchpoint.c
    statement = (
        select(table.touchpoint, table.polarity, func.count(), func.sum(table.complaint))
        .join(brand_table, brand_table.c.id == table.brand_id)
        .where(brand_table.c.name == _BRAND)
        .group_by(table.touchpoint, table.polarity)
    )
    with store.read() as connection:
        connection.execute(statement).all()


def _best(times: int, ask: Callable[[], Any]) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", default=1_000_000, show_default=True)
@click.option("--times", default=3, show_default=True, help="Of which the best counts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(mentions: int, times: int, as_json: bool) -> None:
    finish(list(measure(mentions, times)), as_json=as_json)


if __name__ == "__main__":
    main()
