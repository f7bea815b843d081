"""`simak show consistency`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval, minutes
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.consistency import ChannelCell, ChannelRow, Consistency, TouchpointRow
    from insights.consistency.answers import AnswerRow
    from insights.values import Value


@command("simak show consistency --brand Senandika --since 2026-05-01")
@filtered
@click.option("--examples", default=3, show_default=True, help="Verbatims of each finding.")
def consistency(settings: Settings, as_json: bool, examples: int, **selection: Any) -> None:
    """Where a touchpoint is another experience on one channel than on the others.

    Only what is surely different, and by 5 points at least, is named. A channel that is worse in
    everything is told from a touchpoint that is worse on one channel.
    """
    from insights.consistency import consistency as measure
    from insights.touchpoints import examples as verbatims

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        result = measure(store, taxonomy, Filter(**selection))
        words = {
            (row.brand, row.touchpoint, cell.channel): [
                mention.text
                for mention in verbatims(
                    store,
                    result.filter.but(brands=(row.brand,), channels=(cell.channel,)),
                    row.touchpoint,
                    limit=examples,
                )
            ]
            for row in result.rows
            for cell in row.cells
            if cell.outlying == "worse"
        }
    if as_json:
        found = [
            {"brand": brand, "touchpoint": touchpoint, "channel": channel, "texts": texts}
            for (brand, touchpoint, channel), texts in words.items()
        ]
        put({"consistency": result, "examples": found})
        return
    if not result.channels:
        click.echo("No data: there are no such mentions.")
        return
    names = {id: taxonomy[id].names[settings.language] for id in taxonomy.ids}
    for row in result.rows:
        for cell in row.cells:
            if cell.own:
                click.echo(_finding(row, cell, names[row.touchpoint]))
                for text in words.get((row.brand, row.touchpoint, cell.channel), []):
                    click.echo(f"  · {' '.join(text.split())}")
    _levels(result, names)
    _rest(result)
    _channels(result)


def _finding(row: TouchpointRow, cell: ChannelCell, name: str) -> str:
    rate, expected = cell.negative_rate, figure("share", cell.expected.value)
    return (
        f"{row.brand}: {name} on {cell.channel} is {cell.outlying} than usual there: "
        f"{figure('share', rate.value)} negative ({rate.k} of {rate.n}), where the touchpoint "
        f"elsewhere and the channel otherwise lead to expect {expected}, "
        f"{_with_interval(cell.beyond)}. Against the other channels: "
        f"{_with_interval(cell.against_rest)}."
    )


def _with_interval(difference: Value) -> str:
    return (
        f"{figure('share', difference.value, change=True)} "
        f"({interval('share', difference, change=True)})"
    )


def _levels(result: Consistency, names: Mapping[str, str]) -> None:
    cells = [
        (row, cell) for row in result.rows for cell in row.cells if cell.outlying and not cell.own
    ]
    if not cells:
        return
    click.echo("\nUnlike the other channels, but by no more than may be the channel itself:")
    put_table(
        ("brand", "touchpoint", "channel", "", "negative", "of", "against others", "95 %", "usual"),
        [
            {
                "brand": row.brand,
                "touchpoint": names[row.touchpoint],
                "channel": cell.channel,
                "": cell.outlying,
                "negative": figure("share", cell.negative_rate.value),
                "of": cell.negative_rate.n,
                "against others": figure("share", cell.against_rest.value, change=True),
                "95 %": interval("share", cell.against_rest, change=True),
                "usual": figure("share", cell.expected.value),
            }
            for row, cell in cells
        ],
    )
    click.echo()


def _rest(result: Consistency) -> None:
    for brand in result.single:
        click.echo(f"{brand}: one channel alone, nothing to compare.")
    brands = sorted({row.brand for row in result.rows} - set(result.single))
    for brand in brands:
        rows = [row for row in result.rows if row.brand == brand]
        alike = sum(row.verdict == "none" for row in rows)
        few = sum(row.verdict == "too few" for row in rows)
        click.echo(
            f"{brand}: no difference to be seen in {alike} of {len(rows)} touchpoints, too few "
            f"mentions to say in {few}."
        )


def _channels(result: Consistency) -> None:
    answers = {(row.brand, row.channel): row for row in result.answers}
    click.echo()
    put_table(
        ("brand", "channel", "mentions", "complaints", "95 %", "answered", "half within", ""),
        [
            {
                "brand": row.brand,
                "channel": row.channel,
                "mentions": row.complaint_rate.n,
                "complaints": figure("share", row.complaint_rate.value),
                "95 %": interval("share", row.complaint_rate),
                "answered": figure("share", answer.reply_rate.value) if answer else "no data",
                "half within": minutes(answer.median.value) if answer else "no data",
                "": _note(row, answer),
            }
            for row in result.channels
            for answer in [answers.get((row.brand, row.channel))]
        ],
    )


def _note(channel: ChannelRow, row: AnswerRow | None) -> str:
    said = [] if channel.complaint_rate.enough else ["few"]
    if row is None:
        return ", ".join(said)
    if row.rate:
        said.append(
            f"{row.rate} answers than elsewhere "
            f"({figure('share', row.rate_against_rest.value, change=True)})"
        )
    if row.speed:
        said.append(f"{row.speed} than elsewhere")
    return ", ".join(said)
