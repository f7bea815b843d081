"""`simak db …`: the store as a whole."""

from __future__ import annotations

from contextlib import closing

import click

from simak.cli.common import command, put, put_table
from simak.cli.progress import bar
from simak.errors import StoreError
from simak.settings import Settings


@click.group()
def db() -> None:
    """The store as a whole: move it into another database."""


@command("simak db copy sqlite:///data/simak.db postgresql+psycopg://simak@db/simak", owner=True)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(settings: Settings, as_json: bool, source: str, target: str) -> None:
    """Copy the store at FROM into an empty database at TO, and compare every row of both.

    It is done whole or not at all; FROM stays as it is. Collecting, importing and tagging wait
    for it, and what people correct meanwhile stays behind. Then set [store] url to TO.
    """
    from store.engine import open_store
    from store.transfer import copy_store, count_rows

    with (
        closing(open_store(source, zone=settings.timezone)) as old,
        closing(open_store(target, zone=settings.timezone)) as new,
    ):
        rows = count_rows(old)
        if not rows:
            raise StoreError(f"there is nothing in {old.url} to copy: is the address right?")
        with bar("rows", 2 * rows) as advance:  # copied, then compared
            copied = copy_store(old, new, advance=advance)
    if as_json:
        put(copied)
    else:
        put_table(
            ("table", "rows"),
            [{"table": name, "rows": rows} for name, rows in copied.items() if rows],
        )
        click.echo("Every row of the copy is as in the store.", err=True)


db.add_command(copy)
