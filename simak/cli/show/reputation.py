"""`simak show reputation`."""

from __future__ import annotations

from typing import Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import chosen, figure, filtered, interval, pooled
from simak.settings import Settings


@command("simak show reputation --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month"]),
    help="The period of --json's trend.",
)
def reputation(settings: Settings, as_json: bool, every: Any, **selection: Any) -> None:
    """Volume, net sentiment, stars and complaint rate, against the period before.

    Corrected: what would be counted without the errors that the model was measured to make.
    """
    from insights.reputation import METRICS
    from insights.reputation import reputation as measure

    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        result = measure(store, filter, every=every)
    if as_json:
        put(result)
        return
    put_table(
        ("metric", "now", "95 %", "n", "corrected", "95 % of it", "change", "95 % of change"),
        [
            {
                "metric": name,
                "now": figure(name, result.now[name].value),
                "95 %": interval(name, result.now[name]),
                "n": result.now[name].n,
                "corrected": figure(name, corrected.value) if corrected else "–",
                "95 % of it": interval(name, corrected) if corrected else "–",
                "change": figure(name, change.value, change=True) if change else "–",
                "95 % of change": interval(name, change, change=True) if change else "–",
            }
            for name in METRICS
            for change, corrected in [(result.change.get(name), result.corrected.get(name))]
        ],
    )
    if result.corrected:
        click.echo(
            "\nCorrected by the errors of the model's test. Other kinds of text may be misread; "
            "many\ncomplaints of nothing in particular are a sign: `simak show touchpoints`."
        )
    click.echo(note, nl=False)
    if result.untagged:
        click.echo(f"\n{result.untagged} mentions wait to be tagged: run `simak tag`.")
