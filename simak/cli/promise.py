"""`simak promise …`: what the brand promises, and how to recognise that it was kept or broken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import Day
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings

if TYPE_CHECKING:
    from store.promises import Side

_QUERY = "A query, such as '\"same day\" OR sameday'; see `simak promise test`."


@click.group()
def promise() -> None:
    """The register of promises that `simak show promises` measures."""


def check_touchpoint(settings: Settings, id: str) -> str:
    """Return the touchpoint's id, if there is one.

    Raises:
        ConfigurationError: there is none.
    """
    from simak.errors import ConfigurationError

    known = taxonomy_of(settings).ids
    if id not in known:
        raise ConfigurationError(f"there is no touchpoint {id!r}; there are: {', '.join(known)}")
    return id


@command(
    'simak promise add "sent the same day" --brand Senandika --touchpoint delivery '
    "--since 2026-02-01 --broken '\"same day\" OR sameday' --kept '\"same day\" OR sameday'"
)
@click.argument("text")
@click.option("--brand", required=True, help="Whose promise it is.")
@click.option("--touchpoint", required=True, help="What it is about, such as delivery.")
@click.option("--since", type=Day(), required=True, help="Its first day.")
@click.option("--until", type=Day(), help="Its last day; it still holds by default.")
@click.option("--broken", default="", help=f"How a breach is recognised. {_QUERY}")
@click.option("--kept", default="", help="How a confirmation is recognised.")
def add(
    settings: Settings, as_json: bool, touchpoint: str, text: str, brand: str, **given: Any
) -> None:
    """Register a promise in the brand's words, and look for it in the texts there are.

    Of the texts that a query finds those count that speak badly of the touchpoint (broken), or
    well and are not negative over all (kept). The same query for both is often the best: whatever
    names the promise. Without one, texts count that name any promise or estimate ("tepat waktu",
    "estimasi", "on time").
    """
    from store.promises import add_promise

    check_touchpoint(settings, touchpoint)
    with opened(settings) as store:
        made = add_promise(
            store, brand=brand, text=text, touchpoint=touchpoint, now=datetime.now(UTC), **given
        )
    if as_json:
        put(made)
    else:
        click.echo(f"Promise {made.id} is registered: simak show promises --brand {brand}")


@command("simak promise list", name="list")
def list_(settings: Settings, as_json: bool) -> None:
    """List the promises."""
    from store.promises import promises

    with opened(settings) as store:
        found = promises(store)
    if as_json:
        put(found)
    elif found:
        put_table(
            ("id", "brand", "promise", "touchpoint", "since", "until", "broken", "kept"),
            [
                {
                    "id": one.id,
                    "brand": one.brand,
                    "promise": one.text,
                    "touchpoint": one.touchpoint,
                    "since": one.since,
                    "until": one.until or "",
                    "broken": one.broken or "general",
                    "kept": one.kept or "general",
                }
                for one in found
            ],
        )
    else:
        click.echo("None are registered: simak promise add TEXT --brand B --touchpoint T --since D")


@command("simak promise remove 3")
@click.argument("id", type=int)
def remove(settings: Settings, as_json: bool, id: int) -> None:
    """Remove a promise from the register."""
    from store.promises import remove_promise

    with opened(settings) as store:
        remove_promise(store, id)
    put({"removed": id}) if as_json else click.echo(f"Promise {id} is removed.")


@command("simak promise test --brand Senandika --touchpoint delivery --broken '\"same day\"'")
@click.option("--brand", required=True, help="Whose promise it is.")
@click.option("--touchpoint", required=True, help="What it is about, such as delivery.")
@click.option("--since", type=Day(), help="Its first day; all texts by default.")
@click.option("--broken", help="A query of breaches; the general one by default.")
@click.option("--kept", help="A query of confirmations; the general one by default.")
@click.option("--examples", default=5, show_default=True, help="How many texts of each to show.")
def test(
    settings: Settings,
    as_json: bool,
    brand: str,
    touchpoint: str,
    since: date | None,
    broken: str | None,
    kept: str | None,
    examples: int,
) -> None:
    """Show which texts a promise's queries would count; store nothing."""
    from simak.promised import GENERAL
    from store.promise_trial import try_promise

    check_touchpoint(settings, touchpoint)
    queries: dict[Side, str] = {"broken": broken or GENERAL, "kept": kept or GENERAL}
    with opened(settings) as store:
        found = try_promise(store, brand, touchpoint, queries, since=since, examples=examples)
    if as_json:
        put(found)
        return
    for side, one in found.items():
        click.echo(
            f"{side}: {one.query}\n{one.texts} texts are found, {one.counted} of them speak "
            f"{'badly' if side == 'broken' else 'well'} of {touchpoint} and count"
        )
        for title, texts in (("count", one.examples), ("speak of something else", one.others)):
            if texts:
                click.echo(f"  {title}:")
            for text in texts:
                line = " ".join(text.split())
                click.echo(f"    · {line[:200]}{'…' if len(line) > 200 else ''}")
        click.echo()


for _command in (add, list_, remove, test):
    promise.add_command(_command)
