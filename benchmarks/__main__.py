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

from benchmarks.report import Figure, finish, say

LABELLED = ("shares", "touchpoints", "themes", "similar", "alerts")
"""Those that need the data sets."""


def run(name: str, *options: str) -> list[Figure]:
    """Return the figures of one benchmark.

    Raises:
        click.ClickException: it failed; what it said is on standard error.
    """
    say(f"— {name}")
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--json", *options],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"benchmarks.{name} failed ({done.returncode})")
    return [Figure(**figure) for figure in json.loads(done.stdout)]


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", default=1_000_000, show_default=True, help="In the pages' store.")
@click.option("--data", type=click.Path(path_type=Path), help="The labelled data sets.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(mentions: int, data: Path | None, as_json: bool) -> None:
    figures = [
        *run("tagging"),
        *run("masking"),
        *run("ray_engine"),
        *run("importing"),
        *run("collecting"),
        *run("contention"),
        *run("spikes"),
        *run("pages", "--mentions", str(mentions)),
        *run("insights", "--mentions", str(mentions)),
        *run("dashboard", "--mentions", str(mentions)),
        *run("first_run"),
        *run("api"),
        *run("members"),
        *run("nights", "--mentions", str(mentions), "--mentions", str(3 * mentions)),
        *run("faults"),
        *(figure for name in LABELLED if data for figure in run(name, "--data", str(data))),
    ]
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
