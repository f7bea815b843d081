"""`simak show voice`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.share_of_voice import BrandVoice, Month, Move, Profile

_UNSURE = 0.05
_TOLD = 10


@command("simak show voice --brand Senandika --brand Griyakita --since 2026-05-01")
@filtered
def voice(settings: Settings, as_json: bool, **selection: Any) -> None:
    """A brand (the first) among its rivals: how much, how, about what, and who is left for whom.

    What differs from the first more than chance explains is marked *.
    """
    from insights.share_of_voice import moves
    from insights.share_of_voice import share_of_voice as measure

    taxonomy = taxonomy_of(settings)
    names = {entry.name: entry.relevance.names() for entry in settings.brands}
    with opened(settings) as store:
        result = measure(store, taxonomy, Filter(**selection))
        moved = moves(store, Filter(**selection), names)
    if as_json:
        put({**vars(result), "moves": moved})
        return
    if not result.brands:
        click.echo("No data: nothing was collected of these brands in these days.")
        return
    _put_brands(result.brands)
    titles = {touchpoint.id: touchpoint.names[settings.language] for touchpoint in taxonomy}
    _put_profiles(result.brands[0].brand, result.profiles, titles)
    _put_months(result.brands, result.trend)
    _put_moves(moved)


def _put_brands(brands: Sequence[BrandVoice]) -> None:
    put_table(
        (
            *("brand", "mentions", "share", "95 %", "without copies", "net sentiment", "its 95 %"),
            *("complaints", "of these 95 %"),
        ),
        [
            {
                "brand": row.brand,
                "mentions": row.share.k,
                "share": figure("share", row.share.value),
                "95 %": interval("share", row.share),
                "without copies": figure("share", row.without_copies.value),
                "net sentiment": _marked(
                    figure("share", row.net_sentiment.value), row.p.get("net_sentiment")
                ),
                "its 95 %": interval("share", row.net_sentiment),
                "complaints": _marked(
                    figure("share", row.complaint_rate.value), row.p.get("complaint_rate")
                ),
                "of these 95 %": interval("share", row.complaint_rate),
            }
            for row in brands
        ],
    )
    click.echo("Shares are of what was collected, not of all that was said.")
    chosen, *rivals = brands
    apart = [row for row in rivals if not row.against]
    if apart:
        told = "; ".join(f"{row.brand} {_collected(row)}" for row in apart)
        click.echo(
            f"\nNot compared with {chosen.brand} ({_collected(chosen)}), as most of it is from "
            f"other months or channels: {told}. Choose days and channels that both have."
        )


def _put_profiles(chosen: str, profiles: Sequence[Profile], titles: Mapping[str, str]) -> None:
    own = {row.touchpoint: row.share for row in profiles if row.brand == chosen}
    differing = [row for row in profiles if row.p is not None and row.p < _UNSURE]
    differing.sort(key=lambda row: -abs(row.against.value or 0))
    if differing:
        click.echo("\nWhere the complaints differ most")
    for row in differing[:_TOLD]:
        more, base = (row.against.value or 0) < 0, own[row.touchpoint]
        click.echo(
            f"  {titles[row.touchpoint]}: {'more' if more else 'less'} of {chosen}'s complaints "
            f"({figure('share', base.value)} of {base.n}) than of {row.brand}'s "
            f"({figure('share', row.share.value)} of {row.share.n})"
        )


def _put_months(brands: Sequence[BrandVoice], months: Sequence[Month]) -> None:
    by_month: dict[str, dict[str, Any]] = {}
    for row in months:
        cell = by_month.setdefault(f"{row.month:%Y-%m}", {"mentions": 0})
        cell["mentions"] = row.share.n
        few = "" if row.net_sentiment.enough else " (few)"
        cell[row.brand] = (
            f"{figure('share', row.share.value)}, {figure('share', row.net_sentiment.value)}{few}"
            if row.share.k
            else "–"
        )
    if by_month:
        click.echo("\nShare of voice and net sentiment by month")
        names = [row.brand for row in brands]
        put_table(
            ("month", "mentions", *names),
            [{"month": month, **cell} for month, cell in by_month.items()],
        )


def _put_moves(moves: Sequence[Move]) -> None:
    if not moves:
        return
    click.echo("\nThose who say that they leave, and name a rival")
    put_table(
        ("left", "names", "texts", "of those who leave", "goes there", "comes from there"),
        [
            {
                "left": move.brand,
                "names": move.rival,
                "texts": move.named.k,
                "of those who leave": f"{figure('share', move.named.value)} of {move.named.n}",
                "goes there": move.going.k,
                "comes from there": move.coming.k,
            }
            for move in moves
        ],
    )
    for move in moves:
        there, back = move.going, move.back
        if move.p is not None and move.p < _UNSURE and (there.value or 0) > (back.value or 0):
            click.echo(
                f"{move.brand} is left for {move.rival} in {there.k} of {there.n} mentions, "
                f"the other way in {back.k} of {back.n}: more than chance explains."
            )
    click.echo(
        "A name alone says no way: only where the words do is it counted as going or coming, so "
        "both are too low."
    )


def _collected(row: BrandVoice) -> str:
    days = f"{row.first:%Y-%m} … {row.last:%Y-%m}" if row.first and row.last else "undated"
    return f"{days}, {', '.join(row.channels)}"


def _marked(text: str, p: float | None) -> str:
    return f"{text} *" if p is not None and p < _UNSURE else text
