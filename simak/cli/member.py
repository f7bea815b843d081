"""`simak member …`: who may see and do what, once members log in."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from simak.access import ROLES, Role
from simak.cli.common import command, opened, operator, put, put_table
from simak.settings import Settings


@click.group()
def member() -> None:
    """Who may see and do what; [login] in the settings says how members log in."""


@command("simak member add rina@contoh.id --role analyst --brand Senandika")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--brand", help="For this brand alone; for all by default.")
def add(settings: Settings, as_json: bool, email: str, role: Role, brand: str | None) -> None:
    """Give somebody a role, in place of the one they had there.

    A viewer reads and exports. An analyst also corrects, works on cases and puts promises and
    actions on record; one of all brands also imports, collects and tags. An admin also gives roles;
    one of all brands changes the settings and erases.
    """
    from store.members import give_role

    with opened(settings) as store:
        give_role(store, email, role, brand=brand, by=operator(store), now=datetime.now(UTC))
    _say(as_json, email, f"is {role} of {brand or 'all brands'}", role=role, brand=brand)


@command("simak member remove rina@contoh.id --brand Senandika")
@click.argument("email")
@click.option("--brand", help="The role for this brand; the one for all brands by default.")
def remove(settings: Settings, as_json: bool, email: str, brand: str | None) -> None:
    """Take somebody's role away; it holds at their next click."""
    from store.members import take_role

    with opened(settings) as store:
        take_role(store, email, brand=brand, by=operator(store), now=datetime.now(UTC))
    _say(as_json, email, f"has no role for {brand or 'all brands'} any more", brand=brand)


@command("simak member list", name="list")
def list_(settings: Settings, as_json: bool) -> None:
    """List all roles."""
    from store.members import members

    with opened(settings) as store:
        found = members(store)
    if as_json:
        put(found)
    elif found:
        put_table(
            ("email", "brand", "role", "given by", "on"),
            [
                {
                    "email": one.email,
                    "brand": one.brand or "(all)",
                    "role": one.role,
                    "given by": one.given_by,
                    "on": one.given_at.astimezone(store.zone).date(),
                }
                for one in found
            ],
        )
    else:
        click.echo("Nobody has a role yet: simak member add EMAIL --role admin")


@command("simak member log --limit 20")
@click.option("--limit", default=50, show_default=True, help="Lines at most, the newest.")
def log(settings: Settings, as_json: bool, limit: int) -> None:
    """List who did what: corrections, exports, settings, erasures, roles."""
    from store.audit import deeds

    with opened(settings) as store:
        found = deeds(store, limit=limit)
    if as_json:
        put(found)
        return
    put_table(
        ("at", "who", "did", "brand", "about"),
        [
            {
                "at": f"{one.at.astimezone(store.zone):%Y-%m-%d %H:%M}",
                "who": one.who,
                "did": one.did,
                "brand": one.brand or "",
                "about": ", ".join(f"{key} {value}" for key, value in one.about.items()),
            }
            for one in found
        ],
    )


def _say(as_json: bool, email: str, said: str, **facts: str | None) -> None:
    if as_json:
        put({"email": email, **facts})
    else:
        click.echo(f"{email} {said}")


for one in (add, remove, list_, log):
    member.add_command(one)
