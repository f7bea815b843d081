"""`simak show copies`."""

from __future__ import annotations

from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.cli.show.common import filtered
from simak.settings import Settings
from store.filter import Filter


@command("simak show copies --brand Senandika --since 2026-05-01")
@filtered
@click.option("--limit", default=20, show_default=True)
def copies(settings: Settings, as_json: bool, limit: int, **selection: Any) -> None:
    """Texts that many accounts have copied, with how often and when."""
    from store.copies import copy_groups
    from store.lists import count

    filter = Filter(**selection)
    with opened(settings) as store:
        groups = copy_groups(store, filter, limit=limit)
        total, without = count(store, filter).n, count(store, filter.but(copies=False)).n
    if as_json:
        put({"mentions": total, "without_copies": without, "groups": groups})
        return
    click.echo(f"{total} mentions, {without} without what repeats another's words\n")
    for group in groups:
        first, last = (at.astimezone(store.zone).date() for at in (group.first, group.last))
        days = f"{first} … {last}"
        click.echo(f"{group.n} times by {group.accounts} accounts, {days}, {group.brand}")
        click.echo(f"  {' '.join(group.text.split())}")
