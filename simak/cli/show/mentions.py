"""`simak show mentions`: the words behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put
from simak.cli.show.common import filtered
from simak.settings import Settings
from simak.tags import SENTIMENTS, SIGNALS
from store.filter import Filter

if TYPE_CHECKING:
    from store.promises import Side


class Told(click.ParamType[tuple[int, str]]):
    """Those that say a promise was broken or kept, such as 3:broken."""

    name = "ID:broken|kept"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, str]:
        """Return the promise's id and the side; anything else is told what it looks like."""
        if isinstance(value, tuple):
            return value
        id, _, side = str(value).partition(":")
        if not id.isdecimal() or side not in ("broken", "kept"):
            self.fail(f"{value!r} is no side of a promise; write one such as 3:broken", param, ctx)
        return int(id), side


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
    "--search",
    help='Words that must occur; "in quotes" together; kirim* for beginnings; OR, -word, ( ).',
)
@click.option("--theme", type=int, help="Those of a theme; `simak show themes` lists them.")
@click.option("--promise", type=Told(), help="Those that say so; `simak show promises` lists them.")
@click.option("--limit", default=20, show_default=True)
def mentions(
    settings: Settings,
    as_json: bool,
    limit: int,
    touchpoint: tuple[str, ...],
    signal: tuple[str, ...],
    theme: int | None,
    promise: tuple[int, Side] | None,
    **selection: Any,
) -> None:
    """The mentions themselves, newest first, with their count."""
    from store.lists import count, list_mentions
    from store.promises import find_promise
    from store.themes import find_theme

    if theme is not None and promise is not None:
        raise click.UsageError("name a theme or a promise, not both")
    filter = Filter(touchpoints=touchpoint, signals=signal, **selection)
    with opened(settings) as store:
        if theme is not None:
            filter = find_theme(store, theme).behind(filter)
        if promise is not None:
            made = find_promise(store, promise[0])
            held = made.while_held(filter)
            if held is None:
                raise click.UsageError(f"promise {made.id} did not hold on any of these days")
            filter = made.behind(held, promise[1])
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
