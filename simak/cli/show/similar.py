"""`simak show similar`: mentions like one."""

from __future__ import annotations

from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.cli.show.common import chosen, filtered
from simak.errors import ConfigurationError
from simak.settings import Settings

_WHY = {
    "text": "It has no text (any more), so nothing is like it.",
    "untagged": "Nobody has tagged it yet: run `simak tag`, then `simak themes`.",
    "neutral": "It neither complains nor praises: only such texts are compared.",
    "themes": "It has not been looked at yet: run `simak themes`. A brand needs 80 different "
    "texts that complain, or praise, as it does.",
}


@command("simak show similar 17 --since 2026-05-01")
@click.argument("id", type=int)
@filtered
@click.option("--limit", default=10, show_default=True, help="Texts at most.")
def similar(settings: Settings, as_json: bool, id: int, limit: int, **selection: Any) -> None:
    """The mentions most like the mention ID, with the cosine of each, by what `simak themes` keeps.

    They are of the same brand, and complain where it complains, or praise where it praises.
    """
    from insights.similar import similar as find
    from store.lists import get_mentions

    with opened(settings) as store:
        own = get_mentions(store, [id])
        if not own:
            raise ConfigurationError(f"there is no mention {id}: simak show mentions --json")
        found = find(store, id, chosen(store, selection), limit=limit)
    if as_json:
        rows = [{"cosine": round(cosine, 4), "mention": row} for row, cosine in found.rows]
        put({"missing": found.missing, "similar": rows})
        return
    click.echo(f"{' '.join(own[0].text.split())}\n")
    if found.missing is not None:
        click.echo(_WHY[found.missing])
    elif not found.rows:
        click.echo("No other mention of the kind is among those chosen.")
    for row, cosine in found.rows:
        when = row.published_at.astimezone(store.zone).date() if row.published_at else "undated"
        often = f" {row.alike} times" if row.alike > 1 else ""
        click.echo(f"{cosine:.2f} {when} {row.channel}{often}  id {row.id}")
        click.echo(f"  {' '.join(row.text.split())}")
