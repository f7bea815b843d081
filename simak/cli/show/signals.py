"""`simak show signals`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import chosen, figure, filtered, interval, pooled, rate
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy

if TYPE_CHECKING:
    from insights.signals import Link, SignalRow
    from insights.values import Value

_POINTS = 12
"""The latest weeks or months are shown; --json has them all."""

_READING = """
tags right: of what the model tags so, what a person would. tags found: of what a person would tag
  so, what the model does. Both in its test; (…): few were tested. Read the mentions too.
loyal, recommending: also who complains as a customer of long standing.
times: how many times as often as in all other mentions. alike: as in the other mentions that
  speak badly, or well, of anything: above 1 it is this touchpoint, not just any blame or praise.
  Only what is above 1 in both by more than chance is shown; --json has the rest."""

_WORDS = {
    "switching": "leaving",
    "advocacy": "loyal, recommending",
    "anxiety": "worry",
    "high_effort": "effort",
    "broken_promise": "broken promise",
    "no_reply": "no reply",
}


@command("simak show signals --brand Senandika --every month")
@filtered
@click.option("--every", type=click.Choice(["week", "month"]), help="The period of the table.")
@click.option(
    "--examples", default=2, show_default=True, help="Verbatims of what goes with each most."
)
def signals(settings: Settings, as_json: bool, every: Any, examples: int, **selection: Any) -> None:
    """Who leaves, recommends, worries or has trouble: how often, and what goes with it."""
    from insights.signals import LINKED
    from insights.signals import signals as measure
    from store.lists import list_mentions
    from store.models import latest_model

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        model = latest_model(store)
        result = measure(store, taxonomy, filter, every=every)
        shown = {
            signal: [link for link in result.links if link.signal == signal and link.stands_out]
            for signal in LINKED
        }
        words = {
            signal: [row.text for row in list_mentions(store, links[0].behind, limit=examples)]
            for signal, links in shown.items()
            if links
        }
    if as_json:
        put({"signals": result, "examples": words})
        return
    tested = model.quality.get("labels", {}) if model else {}
    put_table(
        ("signal", "mentions", "share", "95 %", "change", "95 % of it", "tags right", "tags found"),
        [
            {
                "signal": _WORDS[row.id],
                "mentions": row.share.k or 0,
                "share": rate(row.share),
                "95 %": interval("share", row.share),
                "change": figure("share", row.change.value, change=True) + _moved(row.change, row.p)
                if row.change
                else "–",
                "95 % of it": interval("share", row.change, change=True) if row.change else "",
                "tags right": _tested(tested.get(row.id), "precision"),
                "tags found": _tested(tested.get(row.id), "recall"),
            }
            for row in result.rows
        ],
    )
    click.echo()
    _put_points(result.rows, result.every)
    for signal, links in shown.items():
        held = any(link.signal == signal for link in result.links)
        _put_links(signal, links, taxonomy, settings.language, held=held)
        for text in words.get(signal, ()):
            click.echo(f"  · {' '.join(text.split())}")
    click.echo(_READING)
    click.echo(result.meaning)
    click.echo(note, nl=False)


def _tested(figures: Mapping[str, float] | None, name: str) -> str:
    if not figures:
        return "–"
    from insights.values import Value

    return rate(Value(figures[name], n=int(figures["n"])))


def _put_points(rows: tuple[SignalRow, ...], every: str) -> None:
    put_table(
        (every, *(_WORDS[row.id] for row in rows), "of"),
        [
            {
                every: f"{points[0].start:{'%Y-%m' if every == 'month' else '%Y-%m-%d'}}",
                "of": points[0].share.n,
            }
            | {
                _WORDS[row.id]: rate(point.share) + _moved(point.change, point.p)
                for row, point in zip(rows, points, strict=True)
            }
            for points in list(zip(*(row.points for row in rows), strict=True))[-_POINTS:]
        ],
    )
    click.echo(
        "(…): too few to judge by. ↑ ↓: more or less than the period before, by more than chance"
    )


def _moved(change: Value | None, p: float | None) -> str:
    from insights.signals import SURE

    if change is None or change.value is None or p is None or p >= SURE:
        return ""
    return " ↑" if change.value > 0 else " ↓"


def _put_links(
    signal: str, links: list[Link], taxonomy: Taxonomy, language: str, *, held: bool
) -> None:
    click.echo(f"\nWhat goes with {_WORDS[signal]}")
    if not links:
        nothing = "nothing more than with any other blame or praise"
        click.echo(f"  {nothing if held else 'too few mentions to tell'}")
        return
    put_table(
        ("touchpoint", "spoken of", "share", "of", "95 %", "all others", "times", "alike"),
        [
            {
                "touchpoint": taxonomy[link.touchpoint].names[language],
                "spoken of": "badly" if link.polarity == "negative" else "well",
                "share": figure("share", link.share.value),
                "of": link.share.n,
                "95 %": interval("share", link.share),
                "all others": figure("share", link.others.value),
                "times": _times(link.times),
                "alike": _times(link.alike),
            }
            for link in links
        ],
    )


def _times(ratio: Value) -> str:
    ends = " … ".join("∞" if end is None else f"{end:.1f}" for end in (ratio.low, ratio.high))
    return f"{'∞' if ratio.value is None else f'{ratio.value:.1f}'} ({ends})"
