"""What it costs that a member sees some brands alone: each insight beside the same for an owner.

python -m benchmarks.members
python -m benchmarks.members --mentions 20000 --dialect sqlite
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import click
import numpy as np

from benchmarks.databases import DIALECTS
from benchmarks.insights import INSIGHTS
from benchmarks.report import Figure, finish, say
from benchmarks.world import BRANDS, filled
from simak.access import Access
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from store.members import brand_ids
from store.restricted import restrict

OFTEN = 5

_BRAND = next(iter(BRANDS))

Ask = Callable[[Store, Filter], object]

ASKED: dict[str, Ask] = {
    **INSIGHTS,
    "a list": lambda store, filter: list_mentions(store, filter, limit=21),
    "a search": lambda store, filter: list_mentions(store, filter.but(search="kurir"), limit=21),
}


def _figures(dialect: str, size: int) -> Iterator[Figure]:
    filter = Filter(brands=(_BRAND,))
    with filled(dialect, size) as store:
        access = Access("member", brands=dict.fromkeys(brand_ids(store, (_BRAND,)), "viewer"))
        with closing(restrict(store, access)) as theirs:
            ratios = {}
            for name, ask in ASKED.items():
                taken = {who: _median(ask, seen, filter) for who, seen in (
                    ("owner", store), ("member", theirs))}  # fmt: skip
                ratios[name] = taken["member"] / taken["owner"]
                say(f"  {name:24} {taken['owner']:8.1f} ms, {ratios[name]:.2f} × for a member")
    worst = max(ratios, key=lambda name: ratios[name])
    yield Figure(
        f"{dialect}: a member's insight over an owner's, median",
        float(np.median([*ratios.values()])),
        "×", "python -m benchmarks.members",
        note=f"{size:,} mentions, {len(ratios)} questions; most: {worst} {ratios[worst]:.2f}",
    )  # fmt: skip


def _median(ask: Ask, store: Store, filter: Filter) -> float:
    ask(store, filter)
    times = []
    for _ in range(OFTEN):
        start = time.perf_counter()
        ask(store, filter)
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times))


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", "size", default=100_000, show_default=True)
@click.option("--dialect", "dialects", type=click.Choice(DIALECTS), multiple=True, default=DIALECTS)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(size: int, dialects: Sequence[str], as_json: bool) -> None:
    finish([one for dialect in dialects for one in _figures(dialect, size)], as_json=as_json)


if __name__ == "__main__":
    main()
