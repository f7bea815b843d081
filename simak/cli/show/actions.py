"""`simak show actions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.actions import ActionEffect

_VERDICTS = {
    "helped": "helped",
    "made_worse": "made worse",
    "no_change_seen": "no change seen",
    "not_enough_data": "not enough data yet",
}


@command("simak show actions --brand Senandika")
@filtered
@click.option("--days", default=60, show_default=True, help="Days to look at on either side.")
@click.option("--rival", "rivals", multiple=True, help="A brand to compare with; none by default.")
def actions(
    settings: Settings, as_json: bool, days: int, rivals: tuple[str, ...], **selection: Any
) -> None:
    """What actions did to their touchpoint: before against after, and against what would have been.

    Record them with `simak action add`. A change in time is the action's doing only as long as
    nothing else of the kind happened in the same weeks. What would have been is told by another
    touchpoint of the brand, or by the same one of a --rival, whichever went along best before.
    """
    from insights.actions import actions as measure

    with opened(settings) as store:
        result = measure(store, Filter(**selection), days=days, rivals=rivals)
    if as_json:
        put(result)
        return
    if not result.rows:
        click.echo('None: simak action add "new packaging" --brand B --touchpoint packaging …')
        return
    names = {one.id: one.names[settings.language] for one in taxonomy_of(settings)}
    put_table(
        ("id", "action", "touchpoint", "day", "verdict", "before", "after", "effect", "95 %"),
        [
            {
                "id": row.action.id,
                "action": row.action.text,
                "touchpoint": names.get(row.action.touchpoint or "", "all of the brand"),
                "day": row.action.day,
                "verdict": _VERDICTS[row.verdict],
                **_figures(row),
            }
            for row in result.rows
        ],
    )
    for row in result.rows:
        click.echo(f"\n{row.action.id}. {row.action.text}, {row.action.brand}")
        for line in _lines(row, names):
            click.echo(f"  {line}")


def _figures(row: ActionEffect) -> dict[str, str]:
    if row.negative is None:
        return {}
    effect = row.comparison.effect.effect if row.comparison else row.negative.change
    return {
        "before": figure("share", row.negative.before.value),
        "after": figure("share", row.negative.after.value),
        "effect": figure("share", effect.value, change=True),
        "95 %": interval("share", effect, change=True),
    }


def _lines(row: ActionEffect, names: dict[str, str]) -> list[str]:
    lines = []
    if row.negative is not None and row.complaints is not None:
        shares = [
            ("negative of its mentions", row.negative),
            ("share of the complaints" if row.action.touchpoint else "complaints", row.complaints),
        ]
        if row.brand is not None:
            shares.append(("negative of all mentions", row.brand))
        lines.append(f"{row.weeks} weeks before and after:")
        for name, change in shares:
            lines.append(
                f"{name}: {figure('share', change.before.value)} of {change.before.n}, then "
                f"{figure('share', change.after.value)} of {change.after.n}: "
                f"{figure('share', change.change.value, change=True)} "
                f"({interval('share', change.change, change=True)})"
            )
    if row.comparison is not None:
        other = row.comparison
        name = other.name if other.kind == "rival" else names.get(other.name, other.name)
        what = f"the same at {name}" if other.kind == "rival" else f"{name} of the same brand"
        lines.append(
            f"compared with {what}, which went along best before: "
            f"{figure('share', other.negative.before.value)}, then "
            f"{figure('share', other.negative.after.value)}, so "
            f"{figure('share', other.effect.expected.value)} was to be expected"
        )
    elif row.p is not None:
        lines.append("nothing went along with it before: only before and after are compared")
    if row.interrupted is not None:
        trend = row.interrupted
        lines.append(
            "against its own trend: odds of a bad word "
            f"× {trend.middle.value:.2f} ({trend.middle.low:.2f} … {trend.middle.high:.2f})"
        )
    if row.shared:
        lines.append(
            "all else that was said of the brand moved the same way: it may not be the action, "
            "but something that touched all, such as who was collected"
        )
    if row.p_adjusted is not None:
        lines.append(f"p {row.p:.3f}, corrected for all actions shown {row.p_adjusted:.3f}")
    if row.missing is not None:
        missing = row.missing
        wanted = "" if missing.needed is None else f" of {missing.needed} needed on either side"
        when = (
            "there will not be as many in these weeks"
            if missing.days is None
            else f"about {missing.days} days more"
        )
        lines.append(f"{missing.n} mentions{wanted} so far; {when}")
    return lines
