"""`simak show touchpoints`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import change, chosen, figure, filtered, interval, pooled, rate
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings

if TYPE_CHECKING:
    from insights.values import Value

_MANY = 1 / 3
"""Of app reviews that complain a tenth blames nothing, of tweets to airlines up to three tenths."""


@command("simak show touchpoints --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
@click.option("--examples", default=3, show_default=True, help="Verbatims of each of the top 3.")
def touchpoints(settings: Settings, as_json: bool, examples: int, **selection: Any) -> None:
    """The touchpoints behind the complaints, ranked."""
    from insights.touchpoints import examples as verbatims
    from insights.touchpoints import touchpoints as measure

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        result = measure(store, taxonomy, filter)
        words = {
            row.id: [mention.text for mention in verbatims(store, filter, row.id, limit=examples)]
            for row in result.rows[:3]
        }
    if as_json:
        put({"touchpoints": result, "examples": words})
        return
    click.echo(f"{result.complaints} complaints{_vague(result.unplaced)}\n")
    put_table(
        ("touchpoint", "owner", "complaints", "share", "95 %", "change", "negative of mentions"),
        [
            {
                "touchpoint": taxonomy[row.id].names[settings.language],
                "owner": row.owner,
                "complaints": row.complaint_share.k,
                "share": figure("share", row.complaint_share.value),
                "95 %": interval("share", row.complaint_share),
                "change": change(row.change, row.change_p),
                "negative of mentions": f"{rate(row.negative_rate)} of {row.mentions}",
            }
            for row in result.rows
        ],
    )
    click.echo("\nA complaint may blame several. (…): too few to judge by. ?: may be chance.")
    click.echo(note, nl=False)
    for id, texts in words.items():
        click.echo(f"\n{taxonomy[id].names[settings.language]}")
        for text in texts:
            click.echo(f"  · {' '.join(text.split())}")


def _vague(unplaced: Value) -> str:
    """Say how many complaints blame nothing, and what it is a sign of where they are many."""
    if unplaced.value is None:
        return ""
    said = f", {rate(unplaced)} of nothing in particular"
    if unplaced.enough and (unplaced.low or 0.0) > _MANY:
        return f"{said}: so many that the model may have misread them. Read some before you judge"
    return said
