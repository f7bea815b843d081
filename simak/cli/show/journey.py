"""`simak show journey`: stages, phases and touchpoints, and what of them stands out in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import change, chosen, figure, filtered, interval, pooled, rate
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy

if TYPE_CHECKING:
    from insights.journey import Finding, Journey, Part, Weakest

STAGES = {
    "before": "before the purchase",
    "during": "during the purchase",
    "after": "after the purchase",
}
PHASES = {
    "awareness": "awareness",
    "transaction": "transaction",
    "customer_service": "customer service",
    "after_sales": "after-sales",
    "retention": "retention",
}

_READING = """
Some parts, such as refunds and service, are hardly spoken of while they work, whoever the brand
is: what got worse, or is worse than at a rival, tells more than being worse than the rest.
A model has read the mentions, and errs. Errors alike on both sides make a difference smaller, never
larger; errors that are not alike (other channels, languages, topics) can make one of some points.
So what differs by less than five points is not told."""


@command("simak show journey --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
def journey(settings: Settings, as_json: bool, **selection: Any) -> None:
    """The customer's journey by phase: where it fails, and whether the rest is good."""
    from insights.journey import journey as measure

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        result = measure(store, taxonomy, filter)
    if as_json:
        put(result)
        return
    language = settings.language
    click.echo(
        f"{result.mentions.n} mentions speak of a touchpoint; {result.complaints.n} complaints\n"
    )
    columns = (
        "part", "mentions", "negative", "95 %", "rest", "change", "of complaints", "change ",
        "weakest touchpoint",
    )  # fmt: skip
    named = [*((STAGES, part) for part in result.stages), *((PHASES, p) for p in result.phases)]
    put_table(
        columns,
        [
            _row(names[part.id], part) | {columns[-1]: _weakest(part.weakest, taxonomy, language)}
            for names, part in named
        ],
    )
    click.echo()
    put_table(
        ("touchpoint", *columns[1:-1]),
        [_row(taxonomy[p.id].names[language], p) for p in result.touchpoints],
    )
    click.echo(
        "\nNegative: of the mentions that speak of it, those that speak badly of it. Rest: the "
        "same of the other\nphases, or of the phase's other touchpoints. A complaint may blame "
        "several. (…): too few to judge by. ?: may be chance."
    )
    click.echo(note, nl=False)
    click.echo("" if result.findings else "\nNothing stands out for sure.")
    for finding in result.findings:
        click.echo(
            f"· {sentence(finding, taxonomy, language)}" + _but(finding, result, taxonomy, language)
        )
    if result.findings:
        click.echo(_READING)


def sentence(finding: Finding, taxonomy: Taxonomy, language: str) -> str:
    """Say a finding in English."""
    phase = PHASES[finding.phase]
    name = phase.capitalize()
    if finding.touchpoint is not None:
        name = f"{taxonomy[finding.touchpoint].names[language]} ({phase})"
    here = figure("share", finding.here.value)
    against = figure("share", finding.against.value)
    apart = interval("share", finding.difference, change=True)
    if finding.kind in ("worse", "better"):
        return f"{name} got {finding.kind}: {here} negative, {against} the period before ({apart})."
    rest = "the rest of the journey" if finding.touchpoint is None else "the rest of its phase"
    often = "less often" if finding.kind == "strong" else "more often"
    if finding.kind == "weak" and finding.otherwise_good:
        return (
            f"{name} is weak in an otherwise good journey: {here} negative against {against} of "
            f"{rest} ({apart})."
        )
    return f"{name} is spoken badly of {often} than {rest}: {here} against {against} ({apart})."


def _but(finding: Finding, result: Journey, taxonomy: Taxonomy, language: str) -> str:
    """Say what of a phase that is praised is blamed all the same: much praise hides it."""
    if finding.kind != "strong":
        return ""
    blamed = [
        f"{taxonomy[one.touchpoint].names[language]} {figure('share', one.here.value)}"
        for one in result.findings
        if one.touchpoint is not None and one.phase == finding.phase and one.kind == "weak"
    ]
    return f" But in it: {', '.join(blamed)}." if blamed else ""


def _row(name: str, part: Part) -> dict[str, Any]:
    return {
        "part": name,
        "touchpoint": name,
        "mentions": part.volume.n,
        "negative": rate(part.negative_rate),
        "95 %": interval("share", part.negative_rate),
        "rest": rate(part.against),
        "change": change(part.change, part.change_p),
        "of complaints": figure("share", part.complaint_share.value),
        "change ": change(part.share_change, part.share_change_p),
    }


def _weakest(weakest: Weakest | None, taxonomy: Taxonomy, language: str) -> str:
    if weakest is None:
        return "too few mentions"
    name = taxonomy[weakest.touchpoint].names[language]
    rate = figure("share", weakest.negative_rate.value)
    if weakest.next is None:
        return f"{name} {rate}, the only one with enough mentions"
    if weakest.clear:
        return f"{name} {rate}"
    return f"not clear: {name} {rate} or {taxonomy[weakest.next].names[language]}"
