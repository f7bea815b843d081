"""How far a command has come: a bar where a person watches, lines where a program does."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

VARIABLE = "SIMAK_PROGRESS"
"""Set to `json`, each step is a line `{"progress": {"done": 20, "total": 500, "unit": "texts"}}`
on standard error, as the dashboard asks for; `total` is null where it is not known."""


@contextmanager
def bar(unit: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function that moves the bar on by so many.

    It is on standard error, so that --json can be piped; left out where nobody watches.

    Args:
        unit: what is counted, such as `rows`.
        total: how many there are to do; None where it is not known.
    """
    told = os.environ.get(VARIABLE) == "json"
    done = 0

    def say() -> None:
        line = {"progress": {"done": done, "total": total, "unit": unit}}
        print(json.dumps(line), file=sys.stderr, flush=True)

    if told:
        say()
    with tqdm(
        total=total, unit=f" {unit}", file=sys.stderr, disable=True if told else None
    ) as drawn:

        def advance(n: int) -> None:
            nonlocal done
            done += n
            drawn.update(n)
            if told:
                say()

        yield advance
