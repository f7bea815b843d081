"""`simak action …`: what was done, when and for which touchpoint."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.promise import check_touchpoint
from simak.cli.show.common import Day
from simak.settings import Settings


@click.group()
def action() -> None:
    """The record of actions whose effect `simak show actions` measures."""


@command(
    'simak action add "new packaging" --brand Senandika --touchpoint packaging --day 2026-03-03 '
    "--by Rina"
)
@click.argument("text")
@click.option("--brand", required=True, help="Whose mentions it should move.")
@click.option("--touchpoint", help="What it was done for; all of the brand by default.")
@click.option("--day", type=Day(), required=True, help="The first day with it.")
@click.option("--by", required=True, help="Who puts it on record.")
def add(
    settings: Settings,
    as_json: bool,
    text: str,
    brand: str,
    touchpoint: str | None,
    day: date,
    by: str,
) -> None:
    """Record something that was done."""
    from store.actions import add_action

    if touchpoint is not None:
        check_touchpoint(settings, touchpoint)
    with opened(settings) as store:
        made = add_action(
            store,
            brand=brand,
            text=text,
            touchpoint=touchpoint,
            day=day,
            by=by,
            now=datetime.now(UTC),
        )
    if as_json:
        put(made)
    else:
        click.echo(f"Action {made.id} is recorded: simak show actions --brand {brand}")


@command("simak action list", name="list")
def list_(settings: Settings, as_json: bool) -> None:
    """List the actions."""
    from store.actions import actions

    with opened(settings) as store:
        found = actions(store)
    if as_json:
        put(found)
    elif found:
        put_table(
            ("id", "brand", "day", "action", "touchpoint", "by"),
            [
                {
                    "id": one.id,
                    "brand": one.brand,
                    "day": one.day,
                    "action": one.text,
                    "touchpoint": one.touchpoint or "all",
                    "by": one.created_by,
                }
                for one in found
            ],
        )
    else:
        click.echo("None are recorded: simak action add TEXT --brand B --day D --by NAME")


@command("simak action remove 3")
@click.argument("id", type=int)
def remove(settings: Settings, as_json: bool, id: int) -> None:
    """Take an action off the record."""
    from store.actions import remove_action

    with opened(settings) as store:
        remove_action(store, id)
    put({"removed": id}) if as_json else click.echo(f"Action {id} is removed.")


for _command in (add, list_, remove):
    action.add_command(_command)
