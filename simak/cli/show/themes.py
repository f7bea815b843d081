"""`simak show themes`: what complaints, or praise, are about below the touchpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval, touchpoint_name
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy
from store.filter import Filter

if TYPE_CHECKING:
    from insights.themes.reading import ThemeRow
    from store.themes import Polarity


@command("simak show themes --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
@click.option("--positive", is_flag=True, help="What is praised, instead of what is complained of.")
@click.option("--examples", default=2, show_default=True, help="Verbatims of each theme.")
def themes(
    settings: Settings, as_json: bool, positive: bool, examples: int, **selection: Any
) -> None:
    """What complaints are about, in people's own words; `simak themes` finds it."""
    from insights.themes.reading import themes as measure
    from insights.themes.verbatims import verbatims

    polarity: Polarity = "positive" if positive else "negative"
    with opened(settings) as store:
        result = measure(store, Filter(**selection), polarity=polarity)
        texts = verbatims(store, result.rows, polarity=polarity, limit=examples)
    if as_json:
        put({"themes": result, "examples": texts})
        return
    if not result.mentions:
        click.echo("No themes yet: run `simak themes`. A brand needs 80 different texts for them.")
        return
    if not sum(result.mentions.values()):
        click.echo("No data: nothing of the kind was said.")
        return
    taxonomy = taxonomy_of(settings)
    what = "mentions that praise and do not complain" if positive else "complaints"
    for brand, n in result.mentions.items():
        click.echo(f"\n{brand}: {n} {what}\n")
        rows = [row for row in result.rows if row.brand == brand]
        put_table(
            ("id", "theme", "mentions", "share", "95 %", "change", "mostly about", "words"),
            [_line(row, taxonomy, settings.language) for row in rows],
        )
        for rest in (rest for rest in result.rest if rest.brand == brand):
            why = "too short to say" if rest.why == "short" else "like nothing else"
            click.echo(f"{rest.share.k} ({figure('share', rest.share.value)}) {why}")
        for row in rows if examples else ():
            click.echo(f"\n{row.phrase}")
            for mention in texts[row.id]:
                click.echo(f"  · {' '.join(mention.text.split())}")
    if any(row.p is not None for row in result.rows):
        click.echo("\n* more than chance, with as many themes looked at")
    click.echo("\nRead one: simak show mentions --theme ID")
    if result.waiting:
        click.echo(f"\n{result.waiting} mentions wait to be looked at: run `simak themes`.")


def _line(row: ThemeRow, taxonomy: Taxonomy, language: str) -> dict[str, Any]:
    change = "–"
    if row.change is not None:
        sure = "*" if row.p is not None and row.p < 0.05 else ""
        change = figure("share", row.change.value, change=True) + sure
    beside = row.touchpoints[:1]
    return {
        "id": row.id,
        "theme": f"{row.phrase} (new)" if row.is_new else row.phrase,
        "mentions": row.share.k,
        "share": figure("share", row.share.value),
        "95 %": interval("share", row.share),
        "change": change,
        "mostly about": ", ".join(
            f"{touchpoint_name(part.name, taxonomy, language)} {figure('share', part.share.value)}"
            for part in beside
        ),
        "words": ", ".join(row.words),
    }
