"""`simak show promises`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.promises import Kept, PromiseRow
    from insights.values import Value


@command("simak show promises --brand Senandika")
@filtered
@click.option("--examples", default=3, show_default=True, help="Verbatims of either side.")
def promises(settings: Settings, as_json: bool, examples: int, **selection: Any) -> None:
    """How promises are kept, as far as customers say, and in whose words.

    Register them with `simak promise add`. The kept-rate is of the mentions that speak of the
    promise, not of all customers: who got what was promised seldom writes about it. Compare it
    with other months and channels.
    """
    from insights.promises import promises as measure
    from insights.telling import telling
    from store.promises import SIDES

    with opened(settings) as store:
        result = measure(store, Filter(**selection))
        words = {
            row.promise.id: {
                side: [
                    mention.text for mention in telling(store, row.all.behind(side), limit=examples)
                ]
                for side in SIDES
            }
            for row in result.rows
        }
    if as_json:
        put({"promises": result, "examples": words})
        return
    if not result.rows:
        click.echo('None: simak promise add "sent the same day" --brand B --touchpoint delivery …')
    names = {one.id: one.names[settings.language] for one in taxonomy_of(settings)}
    for row in result.rows:
        _put(row, names.get(row.promise.touchpoint, row.promise.touchpoint))
        for side, texts in words[row.promise.id].items():
            if texts:
                click.echo(f"\n{side}: simak show mentions --promise {row.promise.id}:{side}")
            for text in texts:
                click.echo(f"  · {' '.join(text.split())}")
        click.echo()


def _put(row: PromiseRow, touchpoint: str) -> None:
    promise, whole = row.promise, row.all
    until = f" until {promise.until}" if promise.until else ""
    click.echo(
        f"{promise.id}. {promise.brand}: “{promise.text}” ({touchpoint}), "
        f"since {promise.since}{until}"
    )
    click.echo(
        f"{row.mentions} mentions of the touchpoint; {whole.rate.n} of them say whether it was "
        f"kept: {whole.kept.k} kept, {whole.broken.k} broken"
    )
    general = [side for side, query in row.queries.items() if query == "general"]
    if general:
        click.echo(
            f"No query of its own for {' and '.join(general)}: counted is what names any promise "
            "or estimate."
        )
    put_table(
        ("of", "kept-rate", "95 %", "kept", "broken", "note"),
        [
            _line("all", whole),
            *(_line(f"{month:%b %Y}", part) for month, part in row.months.items()),
            *(_line(channel, part) for channel, part in row.channels.items()),
        ],
    )
    from insights import intervals

    start = row.start
    if start is None:
        click.echo("There is too little from before or since it began to compare.")
        return
    click.echo(f"The {start.days} days since it began, against the {start.days} before:")
    _put_change("kept-rate", start.kept_before.rate, start.kept_after.rate, start.kept_change)
    _put_change(
        "negative of the touchpoint's mentions",
        start.negative_before,
        start.negative_after,
        start.negative_change,
    )
    moved = intervals.difference(start.brand_after, start.brand_before)
    _put_change("negative of all mentions", start.brand_before, start.brand_after, moved)


def _put_change(name: str, before: Value, after: Value, change: Value) -> None:
    moved = (
        f": {figure('share', change.value, change=True)} ({interval('share', change, change=True)})"
        if change.value is not None
        else ""
    )
    click.echo(
        f"  {name} {figure('share', before.value)} of {before.n}, then "
        f"{figure('share', after.value)} of {after.n}{moved}"
    )


def _line(name: str, part: Kept) -> dict[str, Any]:
    return {
        "of": name,
        "kept-rate": figure("share", part.rate.value),
        "95 %": interval("share", part.rate),
        "kept": part.kept.k,
        "broken": part.broken.k,
        "note": "" if part.rate.enough else "few",
    }
