"""`simak show …`: the insights, and the mentions behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.tags import SENTIMENTS
from store.filter import Filter

if TYPE_CHECKING:
    from insights.values import Value


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write one such as 2026-05-31", param, ctx)


def _filtered(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--language", "languages", multiple=True, help="id, en, jv, su, mixed, …"),
        click.option("--channel", "channels", multiple=True, help="Such as google_play."),
        click.option("--until", type=_Day(), help="The last day."),
        click.option("--since", type=_Day(), help="The first day."),
        click.option("--brand", "brands", multiple=True, help="All brands by default."),
    ):
        function = option(function)
    return function


@click.group()
def show() -> None:
    """Show numbers with their intervals, and the mentions behind them."""


@command("simak show reputation --brand Senandika --since 2026-05-01 --until 2026-05-31")
@_filtered
@click.option("--every", type=click.Choice(["day", "week", "month"]), help="The trend's period.")
def reputation(settings: Settings, as_json: bool, every: Any, **selection: Any) -> None:
    """Volume, net sentiment, stars and complaint rate, against the period before.

    Corrected: what would be counted without the errors that the model was measured to make.
    """
    from insights.reputation import METRICS
    from insights.reputation import reputation as measure

    with opened(settings) as store:
        result = measure(store, Filter(**selection), every=every)
    if as_json:
        put(result)
        return
    put_table(
        ("metric", "now", "95 %", "n", "corrected", "95 % of it", "change", "95 % of change"),
        [
            {
                "metric": name,
                "now": _figure(name, result.now[name].value),
                "95 %": _range(name, result.now[name]),
                "n": result.now[name].n,
                "corrected": _figure(name, corrected.value) if corrected else "–",
                "95 % of it": _range(name, corrected) if corrected else "–",
                "change": _figure(name, change.value, change=True) if change else "–",
                "95 % of change": _range(name, change, change=True) if change else "–",
            }
            for name in METRICS
            for change, corrected in [(result.change.get(name), result.corrected.get(name))]
        ],
    )
    if result.untagged:
        click.echo(f"\n{result.untagged} mentions wait to be tagged: run `simak tag`.")


@command("simak show touchpoints --brand Senandika --since 2026-05-01 --until 2026-05-31")
@_filtered
@click.option("--examples", default=3, show_default=True, help="Verbatims of each of the top 3.")
def touchpoints(settings: Settings, as_json: bool, examples: int, **selection: Any) -> None:
    """The touchpoints behind the complaints, ranked."""
    from insights.touchpoints import examples as verbatims
    from insights.touchpoints import touchpoints as measure

    filter = Filter(**selection)
    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        result = measure(store, taxonomy, filter)
        words = {
            row.id: [mention.text for mention in verbatims(store, filter, row.id, limit=examples)]
            for row in result.rows[:3]
        }
    if as_json:
        put({"touchpoints": result, "examples": words})
        return
    click.echo(f"{result.complaints} complaints\n")
    put_table(
        ("touchpoint", "owner", "complaints", "share", "95 %", "change", "negative of mentions"),
        [
            {
                "touchpoint": taxonomy[row.id].names[settings.language],
                "owner": row.owner,
                "complaints": row.complaint_share.k,
                "share": _figure("share", row.complaint_share.value),
                "95 %": _range("share", row.complaint_share),
                "change": _figure("share", row.change.value, change=True) if row.change else "–",
                "negative of mentions": f"{_figure('share', row.negative_rate.value)}"
                f" of {row.mentions}",
            }
            for row in result.rows
        ],
    )
    for id, texts in words.items():
        click.echo(f"\n{taxonomy[id].names[settings.language]}")
        for text in texts:
            click.echo(f"  · {' '.join(text.split())}")


@command("simak show mentions --brand Senandika --touchpoint delivery --polarity negative")
@_filtered
@click.option("--touchpoint", help="A touchpoint id, such as delivery.")
@click.option("--polarity", type=click.Choice(SENTIMENTS))
@click.option("--sentiment", "sentiments", multiple=True, type=click.Choice(SENTIMENTS))
@click.option("--complaint/--no-complaint", default=None, help="Only complaints, or only others.")
@click.option(
    "--search", help='Words that must occur; "in quotes" together; kirim* for beginnings.'
)
@click.option("--limit", default=20, show_default=True)
def mentions(settings: Settings, as_json: bool, limit: int, **selection: Any) -> None:
    """The mentions themselves, newest first, with their count."""
    from store.lists import count, list_mentions

    filter = Filter(**selection)
    with opened(settings) as store:
        total = count(store, filter)
        rows = list_mentions(store, filter, limit=limit)
    if as_json:
        put({"count": total.n, "count_is_capped": total.capped, "mentions": rows})
        return
    click.echo(f"{total.n}{' or more' if total.capped else ''} mentions\n")
    for row in rows:
        when = row.published_at.astimezone(store.zone).date() if row.published_at else "undated"
        stars = "" if row.stars is None else f" {row.stars:g}★"
        found = ", ".join(f"{name} {tag.polarity}" for name, tag in row.touchpoints.items())
        click.echo(f"{when} {row.brand} {row.channel}{stars} [{row.sentiment}] {found}")
        click.echo(f"  {' '.join(row.text.split())}")


@command("simak show copies --brand Senandika --since 2026-05-01")
@_filtered
@click.option("--limit", default=20, show_default=True)
def copies(settings: Settings, as_json: bool, limit: int, **selection: Any) -> None:
    """Texts that many accounts have copied, with how often and when."""
    from store.copies import copy_groups
    from store.lists import count

    filter = Filter(**selection)
    with opened(settings) as store:
        groups = copy_groups(store, filter, limit=limit)
        total, without = count(store, filter).n, count(store, filter.but(copies=False)).n
    if as_json:
        put({"mentions": total, "without_copies": without, "groups": groups})
        return
    click.echo(f"{total} mentions, {without} without what repeats another's words\n")
    for group in groups:
        first, last = (at.astimezone(store.zone).date() for at in (group.first, group.last))
        days = f"{first} … {last}"
        click.echo(f"{group.n} times by {group.accounts} accounts, {days}, {group.brand}")
        click.echo(f"  {' '.join(group.text.split())}")


for _command in (reputation, touchpoints, mentions, copies):
    show.add_command(_command)


def _figure(metric: str, value: float | None, *, change: bool = False) -> str:
    if value is None:
        return "no data"
    if metric == "volume" and not change:
        return f"{value:.0f}"
    # A change of a share is in percentage points; volume grows by percent of itself.
    unit = "" if metric == "stars" else " pp" if change and metric != "volume" else " %"
    text = f"{value:+.2f}" if metric == "stars" else f"{100 * value:+.1f}"
    return (text if change else text.removeprefix("+")).replace("-", "−") + unit


def _range(metric: str, value: Value, *, change: bool = False) -> str:
    if value.low is None or value.high is None:
        return ""
    ends = (_figure(metric, end, change=change) for end in (value.low, value.high))
    return " … ".join(ends)
