"""`simak show response`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval, minutes
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.response import Response
    from insights.response.times import Times
    from insights.values import Value


@command("simak show response --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
def response(settings: Settings, as_json: bool, **selection: Any) -> None:
    """Whether, how fast and with what effect the brand answers.

    Of those answered: flatters, as whoever still waits is left out. Of all: counts them.
    """
    from insights.response import response as measure

    with opened(settings) as store:
        result = measure(
            store,
            Filter(**selection),
            hours=settings.business_hours,
            after_days=settings.unanswered_after_days,
        )
    if as_json:
        put(result)
        return
    _overall(result)
    waits = [
        ("first reply", result.first_reply),
        ("first reply to complaints", result.to_complaints),
        ("solved", result.resolution),
    ]
    rows = [row for name, times in waits for row in _times(name, times)]
    if rows:
        click.echo()
        put_table(
            ("wait for", "of whom", "n", "half within", "95 %", "nine in ten within", "95 % of it"),
            rows,
        )
        if result.business_hours is None:
            click.echo(
                "Business hours are not set: business_hours in [response] of simak.toml sets them."
            )
    if result.rows:
        click.echo()
        put_table(
            ("by", "", "mentions", "answered", "rate", "95 %", "half within", "nine in ten within"),
            [
                {
                    "by": row.by,
                    "": row.name,
                    "mentions": row.reply_rate.n,
                    "answered": row.reply_rate.k,
                    "rate": figure("share", row.reply_rate.value),
                    "95 %": interval("share", row.reply_rate),
                    "half within": minutes(row.median.value),
                    "nine in ten within": minutes(row.p90.value),
                }
                for row in result.rows
            ],
        )
    _stars(result)
    for one in result.no_data:
        click.echo(
            f"No data: {one.mentions} mentions of {one.channel} from {one.source}, where no "
            "answer was ever seen."
        )


def _overall(result: Response) -> None:
    rate = result.reply_rate
    if rate.value is None and not result.no_data:
        click.echo("No data: there are no such mentions.")
        return
    if rate.value is None:
        click.echo("No data: no answer was ever seen in the sources of these mentions.")
        return
    click.echo(
        f"{figure('share', rate.value)} of {rate.n} mentions are answered "
        f"({interval('share', rate)})."
    )
    still, late = result.unanswered, result.late
    days = f"{result.after_days} day{'s' if result.after_days > 1 else ''}"
    if still.value is not None:
        click.echo(
            f"{figure('share', still.value)} of {still.n} complaints that are at least {days} old "
            f"are unanswered to this day ({interval('share', still)})."
        )
    if late.value is not None:
        click.echo(
            f"An estimated {figure('share', late.value)} of all complaints had none within {days} "
            f"({interval('share', late)}), those younger counted as far as they go."
        )


def _times(name: str, times: Times) -> list[dict[str, Any]]:
    if times.clock.median.value is None:
        return []
    rows = []
    for kind, wait in (("", times.clock), (", business hours", times.business)):
        if wait is None:
            continue
        for whom, half, most in (
            ("those answered" if name != "solved" else "those solved", wait.median, wait.p90),
            ("all", wait.median_of_all, wait.p90_of_all),
        ):
            rows.append(
                {
                    "wait for": name + kind,
                    "of whom": whom,
                    "n": half.n,
                    "half within": _within(half, "not half of them"),
                    "95 %": _between(half),
                    "nine in ten within": _within(most, "not so many"),
                    "95 % of it": _between(most),
                }
            )
    return rows


def _within(value: Value, never: str) -> str:
    return never if value.value is None else minutes(value.value)


def _between(value: Value) -> str:
    if value.low is None:
        return ""
    longest = "longer" if value.high is None else minutes(value.high)
    return f"{minutes(value.low)} … {longest}"


def _stars(result: Response) -> None:
    answered, others, again = result.stars_answered, result.stars_not, result.stars_again
    if answered.value is None:
        return
    click.echo(
        f"\nAnswered reviews have {figure('stars', answered.value)} stars on average "
        f"({interval('stars', answered)}), the others {figure('stars', others.value)} "
        f"({interval('stars', others)})."
    )
    edited = again.up.n
    if not edited:
        click.echo(f"None of {again.answered} answered reviews was seen to be edited afterwards.")
        return
    change = again.change
    click.echo(
        f"{edited} of {again.answered} answered reviews were edited afterwards: {again.up.k} rose, "
        f"{again.down.k} fell, {again.same.k} kept their stars; "
        f"{figure('stars', change.value, change=True)} on average"
        + (
            f" ({interval('stars', change, change=True)})."
            if change.enough
            else ", too few to say more."
        )
    )
