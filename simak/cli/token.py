"""`simak token …`: which programs read the HTTP API, and what of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from simak.cli.common import command, opened, operator, put, put_table
from simak.settings import Settings


@click.group()
def token() -> None:
    """Which programs read the API that `simak serve-api` serves."""


@command("simak token add looker --brand Senandika --days 365", owner=True)
@click.argument("name")
@click.option("--brand", "brands", multiple=True, help="What it reads; all brands by default.")
@click.option(
    "--per-minute",
    type=click.IntRange(1, 100_000),
    default=60,
    show_default=True,
    help="Requests at most.",
)
@click.option(
    "--days", type=click.IntRange(1, 36_500), help="How long it holds; for ever by default."
)
def add(
    settings: Settings,
    as_json: bool,
    name: str,
    brands: tuple[str, ...],
    per_minute: int,
    days: int | None,
) -> None:
    """Make a token and print it: this once, for its digest alone is kept."""
    from store.tokens import give_token

    now = datetime.now(UTC)
    with opened(settings) as store:
        made = give_token(
            store, name, brands=brands, per_minute=per_minute,
            expires_at=now + timedelta(days=days) if days else None, by=operator(store), now=now,
        )  # fmt: skip
    put({"name": name, "token": made}) if as_json else click.echo(made)


@command("simak token list", name="list", owner=True)
def list_(settings: Settings, as_json: bool) -> None:
    """List the tokens; not what they are."""
    from store.tokens import tokens

    with opened(settings) as store:
        found = tokens(store)
    if as_json:
        put(found)
        return
    put_table(
        ("name", "brands", "a minute", "given by", "on", "until", "revoked"),
        [
            {
                "name": one.name,
                "brands": "(all)" if one.brands is None else ", ".join(one.brands),
                "a minute": one.per_minute,
                "given by": one.given_by,
                "on": one.given_at.astimezone(store.zone).date(),
                "until": one.expires_at.astimezone(store.zone).date() if one.expires_at else "",
                "revoked": one.revoked_at.astimezone(store.zone).date() if one.revoked_at else "",
            }
            for one in found
        ],
    )


@command("simak token revoke looker", owner=True)
@click.argument("name")
def revoke(settings: Settings, as_json: bool, name: str) -> None:
    """Let a token hold no longer, from the next request on."""
    from store.tokens import revoke_token

    with opened(settings) as store:
        revoke_token(store, name, by=operator(store), now=datetime.now(UTC))
    put({"revoked": name}) if as_json else click.echo(f"{name} holds no longer")


for one in (add, list_, revoke):
    token.add_command(one)
