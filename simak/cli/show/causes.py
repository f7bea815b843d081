"""`simak show causes`: causes of an inconsistent experience, and the functions that own them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import change, chosen, figure, filtered, interval, pooled, rate
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy

if TYPE_CHECKING:
    from insights.causes import CauseRow, FunctionRow


@command("simak show causes --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
def causes(settings: Settings, as_json: bool, **selection: Any) -> None:
    """What is behind an inconsistent experience, and which functions own it."""
    from insights.causes import causes as measure
    from simak.causes import load_causes

    taxonomy = taxonomy_of(settings)
    rules = load_causes(taxonomy, settings.taxonomy)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        result = measure(store, taxonomy, rules, filter)
    if as_json:
        put(result)
        return
    if not result.complaints.n:
        click.echo("no complaints")
        return
    names = {rule.id: rule.names[settings.language] for rule in rules}
    click.echo(
        f"{result.complaints.n} complaints; {figure('share', result.explained.value)} give a sign "
        "of one of these causes\n"
    )
    put_table(
        ("cause", "complaints", "share", "95 %", "change", "through"),
        [_cause(row, names[row.id]) for row in result.causes],
    )
    click.echo()
    put_table(
        ("function", "complaints", "share", "95 %", "change", "worst change", "top cause"),
        [_function(row, taxonomy, names, settings.language) for row in result.functions],
    )
    click.echo(
        "\nA complaint may have several causes and blame several functions. What customers say is "
        "a sign of a cause,\nno proof. (…): too few to judge by. ?: may be chance. Top cause: of "
        "the function's complaints."
    )
    click.echo(note, nl=False)


def _cause(row: CauseRow, name: str) -> dict[str, Any]:
    return {
        "cause": name,
        "complaints": "–" if row.complaint_share.k is None else row.complaint_share.k,
        "share": rate(row.complaint_share),
        "95 %": interval("share", row.complaint_share),
        "change": change(row.change, row.change_p),
        "through": _channels(row),
    }  # fmt: skip


def _channels(row: CauseRow) -> str:
    if row.complaint_share.value is None:
        return "needs one brand with enough mentions in two channels"
    return ", ".join(row.channels) if row.behind else "none stands out for sure"


def _function(
    row: FunctionRow, taxonomy: Taxonomy, names: dict[str, str], language: str
) -> dict[str, Any]:
    worst = cause = "–"
    if row.worst is not None:
        grown = figure("share", row.worst.change.value, change=True)
        worst = f"{taxonomy[row.worst.touchpoint].names[language]} {grown}"
    if row.cause is not None:
        cause = f"{names[row.cause.id]} {figure('share', row.cause.share.value)}"
        if row.cause.next is not None and not row.cause.clear:
            cause = f"not clear: {cause} or {names[row.cause.next]}"
    return {
        "function": row.id.replace("_", " "),
        "complaints": row.complaint_share.k or 0,
        "share": rate(row.complaint_share),
        "95 %": interval("share", row.complaint_share),
        "change": change(row.change, row.change_p),
        "worst change": worst,
        "top cause": cause,
    }
