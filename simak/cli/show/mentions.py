"""`simak show mentions`: the words behind a number."""

from __future__ import annotations

from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.cli.show.common import filtered
from simak.settings import Settings
from simak.tags import SENTIMENTS, SIGNALS
from store.filter import Filter


@command("simak show mentions --brand Senandika --touchpoint delivery --polarity negative")
@filtered
@click.option("--touchpoint", multiple=True, help="A touchpoint id, such as delivery.")
@click.option("--polarity", type=click.Choice(SENTIMENTS))
@click.option("--alone", is_flag=True, help="With both: they speak so of nothing else.")
@click.option("--signal", multiple=True, type=click.Choice(SIGNALS))
@click.option("--replied/--not-replied", default=None, help="Only what was answered, or was not.")
@click.option("--sentiment", "sentiments", multiple=True, type=click.Choice(SENTIMENTS))
@click.option("--complaint/--no-complaint", default=None, help="Only complaints, or only others.")
@click.option(
    "--search", help='Words that must occur; "in quotes" together; kirim* for beginnings.'
)
@click.option("--limit", default=20, show_default=True)
def mentions(
    settings: Settings,
    as_json: bool,
    limit: int,
    touchpoint: tuple[str, ...],
    signal: tuple[str, ...],
    **selection: Any,
) -> None:
    """The mentions themselves, newest first, with their count."""
    from store.lists import count, list_mentions

    filter = Filter(touchpoints=touchpoint, signals=signal, **selection)
    with opened(settings) as store:
        total = count(store, filter)
        rows = list_mentions(store, filter, limit=limit)
    if as_json:
        put({"count": total.n, "count_is_capped": total.capped, "mentions": rows})
        return
    click.echo(f"{total.n}{' or more' if total.capped else ''} mentions\n")
    for row in rows:
        when = row.published_at.astimezone(store.zone).date() if row.published_at else "undated"
        stars = "" if row.stars is None else f" {row.stars:g}★"
        found = ", ".join(f"{name} {tag.polarity}" for name, tag in row.touchpoints.items())
        click.echo(f"{when} {row.brand} {row.channel}{stars} [{row.sentiment}] {found}")
        click.echo(f"  {' '.join(row.text.split())}")
