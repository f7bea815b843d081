"""`simak show spikes`: days that stood out, levels that changed, and what made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import filtered, touchpoint_name
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy
from store.filter import Filter

LISTED = 20
"""Events in the table; JSON has all."""

if TYPE_CHECKING:
    from insights.spikes import Explanation, Finding
    from insights.spikes.explain import Part


@command("simak show spikes --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
@click.option(
    "--explain", "explained", default=5, show_default=True, help="So many of the strongest."
)
def spikes(settings: Settings, as_json: bool, explained: int, **selection: Any) -> None:
    """Days with far more mentions than expected, and levels that changed, with what made them.

    Expected is what the weeks before say of such a day: level, trend and weekday. The strongest
    come first: many mentions above many, before few above hardly any.
    """
    from insights.spikes import explain, verbatims
    from insights.spikes import spikes as measure

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        result = measure(store, Filter(**selection))
        told = [
            (why, verbatims(store, why))
            for event in result.events[:explained]
            for why in (explain(store, event.head),)
        ]
    if as_json:
        explanations = [{"explanation": why, "examples": rows} for why, rows in told]
        put({"spikes": result, "explained": explanations})
        return
    if result.judged_from is None:
        click.echo("Not enough data: a series needs 56 days and 30 mentions before it is judged.")
        return
    click.echo(
        f"{result.series} series watched, {result.too_small} too small; "
        f"judged from {result.judged_from} on"
    )
    if result.not_collected:
        click.echo(
            "Not fully collected, and left out of what is expected: "
            f"{len(result.not_collected)} days, the last {result.not_collected[-1]}"
        )
    if not result.events:
        click.echo("\nNothing stood out.")
        return
    click.echo()
    put_table(
        ("what", "days", "brand", "about", "seen", "expected", "usual", "times", "95 %", "also"),
        [
            {
                "what": _kind(head),
                "days": _days(head),
                "brand": head.brand,
                "about": _about(head, taxonomy, settings.language),
                "seen": head.seen.k,
                "expected": _number(head.expected.value),
                "usual": f"{head.expected.low:.0f} … {head.expected.high:.0f}",
                "times": _times(head.ratio.value),
                "95 %": f"{_times(head.ratio.low)} … {_times(head.ratio.high)}",
                "also": len(event.also) or "",
            }
            for event in result.events[:LISTED]
            for head in (event.head,)
        ],
    )
    more = len(result.events) - LISTED
    if more > 0:
        click.echo(f"{more} more, less strong: choose fewer days or brands, or --json for all.")
    for event, (why, rows) in zip(result.events, told, strict=False):
        click.echo(f"\n{_title(event.head, taxonomy, settings.language)}")
        for line in _lines(why, taxonomy, settings.language):
            click.echo(f"  {line}")
        if event.also:
            names = ", ".join(_about(one, taxonomy, settings.language) for one in event.also)
            click.echo(f"  At the same time: {names}")
        if event.known < event.head.found:
            click.echo(f"  Some of it was known on {event.known}, before the rest.")
        for row in rows:
            click.echo(f"  · {' '.join(row.text.split())}")


def _lines(why: Explanation, taxonomy: Taxonomy, language: str) -> list[str]:
    finding = why.finding
    one_day = finding.since == finding.until
    lines = [
        f"{finding.seen.k} mentions where {_number(finding.expected.value)} were to be expected; "
        f"19 of 20 such {'days' if one_day else 'periods'} have {finding.expected.low:.0f} to "
        f"{finding.expected.high:.0f}. By chance: {_chance(finding.p)}."
    ]
    if finding.kind == "shift":
        lines.append(
            f"Known on {finding.found}, {(finding.found - finding.since).days + 1} days in."
        )
    up = (finding.ratio.value or 0) > 1
    for label, parts in (
        ("Touchpoints", why.touchpoints),
        ("Sources", why.sources),
        ("Channels", why.channels),
        ("About", why.facets),
    ):
        if label == "Channels" and [p.name for p in parts] == [p.name for p in why.sources]:
            continue
        said = [_part(part, taxonomy, language) for part in parts if (part.excess > 0) == up][:3]
        if said:
            lines.append(f"{label}: {', '.join(said)}")
    if why.words:
        words = ", ".join(f"{one.word.word} ({one.seen.k})" for one in why.words)
        lines.append(f"Words said more often than in the 8 weeks before: {words}")
    if why.posts and why.posts[0].n > 1:
        lines.append(f"{why.posts[0].n} answer one post: {why.posts[0].url or why.posts[0].id}")
    copies = (why.own.n or 0) - (why.own.k or 0)
    if copies:
        lines.append(
            f"{copies} of {why.own.n} repeat another's words"
            + ("; without them it would not stand out." if why.copied else ".")
        )
    return [*lines, *_collected(why)]


def _collected(why: Explanation) -> list[str]:
    known = why.collection
    lines = [f"New source {one.source} since {one.day}: {one.n} of these." for one in known.begun]
    lines += [f"Source {one.source} gave its last on {one.day}." for one in known.ended]
    lines += [
        f"The run of {run.source} on {run.started_at.date()} {run.status}." for run in known.failed
    ]
    if known.changed:
        lines.append("COLLECTION CHANGED: what is collected has changed, and that explains it.")
    return lines


def _title(finding: Finding, taxonomy: Taxonomy, language: str) -> str:
    about = _about(finding, taxonomy, language)
    times = _times(finding.ratio.value)
    return f"{_kind(finding).capitalize()}, {_days(finding)}: {finding.brand}, {about}, {times}"


def _kind(finding: Finding) -> str:
    if finding.kind == "spike":
        return "spike"
    return "shift up" if (finding.ratio.value or 0) > 1 else "shift down"


def _days(finding: Finding) -> str:
    if finding.kind == "shift":
        return f"from {finding.since}"
    same = finding.since == finding.until
    return f"{finding.since}" if same else f"{finding.since} … {finding.until}"


def _about(finding: Finding, taxonomy: Taxonomy, language: str) -> str:
    if finding.touchpoint is None:
        return f"all {finding.polarity}"
    return f"{touchpoint_name(finding.touchpoint, taxonomy, language)} {finding.polarity}"


def _part(part: Part, taxonomy: Taxonomy, language: str) -> str:
    if part.dimension == "touchpoint":
        name = touchpoint_name(part.name, taxonomy, language)
    else:
        plain = part.dimension in ("source", "channel")
        name = part.name if plain else f"{part.dimension} {part.name}"
    return f"{name} {part.seen.k} (usually {_number(part.usual)})"


def _number(value: float | None) -> str:
    return "no data" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _times(value: float | None) -> str:
    return "no data" if value is None else f"{value:.1f}×"


def _chance(p: float) -> str:
    return "less than 1 in a million" if p < 1e-6 else f"1 in {1 / p:,.0f}"
