"""`simak sources`: what there is to collect from, and whether what is set up works."""

from __future__ import annotations

import sys

import click

from simak.cli.common import command, jobs_of, put
from simak.settings import Settings


@click.group()
def sources() -> None:
    """The places that mentions are collected from."""


@command("simak sources check kopi-news", owner=True)
@click.argument("names", nargs=-1, metavar="[SOURCE]…")
def check(settings: Settings, as_json: bool, names: tuple[str, ...]) -> None:
    """Try the credentials and addresses of every source that is turned on, or of those named.

    Each place is asked for its first page, of which nothing is stored. Exit code 1 where one
    does not work.
    """
    from collectors.job import probe

    probes = [probe(job) for job in jobs_of(settings, names, push=True)]
    if as_json:
        put(probes)
    else:
        for found in probes:
            sign, said = (
                ("✗", found.error)
                if found.error
                else ("✓", f"{found.items} items on the first pages")
            )
            click.echo(f"{sign} {found.source}: {said}")
            for note in found.notes:
                click.echo(f"    {note}")
    sys.exit(1 if any(found.error for found in probes) else 0)


@command("simak sources types")
def types(settings: Settings, as_json: bool) -> None:
    """List every type of source there is, with what it takes to be let in."""
    from collectors.source import source_types

    known = {name: made.facts for name, made in sorted(source_types().items())}
    if as_json:
        put(known)
        return
    for name, facts in known.items():
        off = "; off until `enabled = true`" if facts.opt_in else ""
        click.echo(f"{name:20}  {facts.title} (keys: {facts.keys}{off})")


for _command in (check, types):
    sources.add_command(_command)
