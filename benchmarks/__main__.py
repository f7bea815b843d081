"""Runs every benchmark, each in a process of its own, and prints one table.

python -m benchmarks
python -m benchmarks --mentions 50000    # a smaller store for the pages
python -m benchmarks --data ../shared/data    # also what needs labelled texts
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from benchmarks.report import Figure, finish, say, table

LABELLED = ("shares", "touchpoints", "themes", "similar", "alerts")
"""Those that need the data sets."""


def run(name: str, *options: str) -> list[Figure] | None:
    """Return the figures of one benchmark; None where it failed, and said why on standard error."""
    say(f"— {name}")
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--json", *options],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        return None
    found = [Figure(**figure) for figure in json.loads(done.stdout)]
    say(table(found))  # all of them take long, and what is known may be read meanwhile
    return found


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", default=1_000_000, show_default=True, help="In the pages' store.")
@click.option("--data", type=click.Path(path_type=Path), help="The labelled data sets.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(mentions: int, data: Path | None, as_json: bool) -> None:
    stored = ("--mentions", str(mentions))
    wanted: list[tuple[str, ...]] = [
        ("tagging",),
        ("masking",),
        ("ray_engine",),
        ("importing",),
        ("collecting",),
        ("contention",),
        ("spikes",),
        ("pages", *stored),
        ("insights", *stored),
        ("dashboard", *stored),
        ("first_run",),
        ("api",),
        ("members",),
        ("nights", *stored, "--mentions", str(3 * mentions)),
        ("faults",),
        *((name, "--data", str(data)) for name in LABELLED if data),
    ]
    figures, failed = [], []
    for name, *options in wanted:
        found = run(name, *options)
        figures += found or []
        if found is None:
            failed.append(name)
    finish(figures, as_json=as_json)
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
