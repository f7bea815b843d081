"""`simak show drivers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import chosen, figure, filtered, interval, pooled
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import FUNCTIONS

if TYPE_CHECKING:
    from insights.drivers import DriverRow, Drivers, Part
    from insights.values import Value

_PARTS, _ROWS = 10, 5
"""Of many parts these are shown, with so many rows each; --json has them all."""

_READING = """
impact: by how much the share of mentions that complain would fall without the complaints about
  this alone. A complaint about something else too would still be one.
mean stars: by how much they would rise without the mentions behind that impact.
blamed, praised: stars less or more where it is spoken of badly or well, everything else that is
  said being equal.
explains: how much of the differences between stars goes with it."""


@command("simak show drivers --brand Senandika --by facet:product")
@filtered
@click.option(
    "--by",
    help="Within each channel, source, language, brand or facet:NAME; or owner, by function.",
)
@click.option("--examples", default=3, show_default=True, help="Verbatims of each of the top 3.")
def drivers(
    settings: Settings, as_json: bool, by: str | None, examples: int, **selection: Any
) -> None:
    """What weighs most on complaints and stars: touchpoints by impact, not by volume."""
    from insights.drivers import drivers as measure
    from insights.touchpoints import examples as verbatims

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = "" if by == "brand" else pooled(store, filter)
        result = measure(store, taxonomy, filter, by=by)
        words = {}
        if by is None:
            alone = filter.but(alone=True)
            words = {
                row.id: [
                    mention.text for mention in verbatims(store, alone, row.id, limit=examples)
                ]
                for row in result.parts[0].rows[:3]
            }
    if as_json:
        put({"drivers": result, "examples": words})
        return
    if by is None and not result.parts[0].complaint_share.n:
        click.echo("no tagged mentions")
        return
    names = {t.id: t.names[settings.language] for t in taxonomy} if by != "owner" else {}
    _put_parts(result, names or {owner: owner.replace("_", " ") for owner in FUNCTIONS})
    for id, texts in words.items():
        click.echo(f"\n{names[id]}, and nothing else")
        for text in texts:
            click.echo(f"  · {' '.join(text.split())}")
    click.echo(f"{_READING}\n{result.meaning}")
    click.echo(note, nl=False)


def _put_parts(result: Drivers, names: Mapping[str, str]) -> None:
    if not result.parts:
        click.echo(f"no mention says anything of {result.by}")
    whole = len(result.parts) == 1 and not result.parts[0].name
    shown = [part for part in result.parts if whole or part.complaint_share.enough][:_PARTS]
    for part in shown:
        _put_part(part, names, rows=None if whole else _ROWS)
        click.echo()
    if len(result.parts) > len(shown):
        few = sum(not part.complaint_share.enough for part in result.parts)
        rest = f"{len(result.parts) - len(shown)} {'more' if shown else 'parts'}"
        click.echo(f"{'… and ' if shown else ''}{rest}, {few} with too few mentions to rank")


def _put_part(part: Part, names: Mapping[str, str], rows: int | None) -> None:
    complaining, rated = part.complaint_share, part.stars.value is not None
    click.echo(
        f"{part.name + ': ' if part.name else ''}{complaining.k or 0} of {complaining.n} mentions "
        f"complain, {figure('share', complaining.value)}: {figure('share', part.shared.value)} of "
        f"several things at once, {figure('share', part.unplaced.value)} of none in particular"
        + (f"; {figure('stars', part.stars.value)} stars on average" if rated else "")
    )
    if not complaining.enough:
        click.echo("too few mentions to rank")
        return
    columns = ["", "complaints", "impact", "95 %"]
    if rated:
        columns += ["mean stars", "95 % of them"]
    if part.regression:
        columns += ["blamed", "95 % of it", "praised", "explains"]
    put_table(columns, [_row(row, names) for row in part.rows[:rows]])
    if part.regression:
        click.echo(
            f"All that is said explains {figure('share', part.regression.r2)} of the differences "
            f"between the stars of {part.regression.n} mentions."
        )
        for id in part.regression.together:
            click.echo(f"{names[id]} goes with another nearly always and cannot be told apart.")


def _row(row: DriverRow, names: Mapping[str, str]) -> dict[str, Any]:
    effect = row.effect
    return {
        "": names[row.id] if row.enough else f"{names[row.id]} (too few)",
        "complaints": row.complaints.k,
        "impact": figure("share", _fall(row.impact).value, change=True),
        "95 %": interval("share", _fall(row.impact), change=True),
        "mean stars": figure("stars", row.stars.value, change=True),
        "95 % of them": interval("stars", row.stars, change=True),
        "blamed": _stars(effect.blamed if effect else None),
        "95 % of it": interval("stars", effect.blamed, change=True) if effect else "",
        "praised": _stars(effect.praised if effect else None),
        "explains": figure("share", effect.explained) if effect else "–",
    }


def _fall(impact: Value) -> Value:
    from insights.values import Value

    if impact.value is None or impact.low is None or impact.high is None:
        return impact
    return Value(-impact.value, -impact.high, -impact.low, impact.n)


def _stars(value: Value | None) -> str:
    return (
        "–" if value is None or value.value is None else figure("stars", value.value, change=True)
    )
