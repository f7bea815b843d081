"""`simak show segments`: what there is to segment by, and how the segments fare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import chosen, figure, filtered, interval, pooled
from simak.errors import ConfigurationError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import Taxonomy

if TYPE_CHECKING:
    from insights.segments import SegmentRow
    from insights.values import Value


@command("simak show segments --by region --brand Senandika")
@filtered
@click.option("--by", "facet", help="Without it, what there is to segment by is listed.")
def segments(settings: Settings, as_json: bool, facet: str | None, **selection: Any) -> None:
    """Customers by region, product or any attribute that came with their words."""
    from insights.segments import segments as measure
    from store.segments import facets_of

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        filter = chosen(store, selection)
        note = pooled(store, filter)
        known = facets_of(store, filter.brands)
        if facet is not None and facet not in known:
            raise ConfigurationError(
                f"nothing has a {facet!r}; there is: {', '.join(known) or 'nothing to segment by'}"
            )
        result = None if facet is None else measure(store, taxonomy, filter, facet)
    if as_json:
        put({"facets": known} if result is None else result)
        return
    if result is None:
        put_table(
            ("segment by", "values"), [{"segment by": f, "values": n} for f, n in known.items()]
        )
        return
    rows = [_row(row, taxonomy, settings.language) for row in result.rows]
    put_table(tuple(rows[0]) if rows else ("segment",), rows)
    if result.segments > len(result.rows):
        click.echo(f"\n{result.segments - len(result.rows)} further segments are not shown.")
    click.echo(f"\n{result.without.n} mentions have no {result.facet}. (…): too few to judge by.")
    click.echo(note, nl=False)


def _row(row: SegmentRow, taxonomy: Taxonomy, language: str) -> dict[str, Any]:
    different = ""
    if row.p is not None and row.p < 0.05:
        more = (row.complaint_rate.value or 0) > (row.others.value or 0)
        than = figure("share", row.others.value)
        different = f" {'more' if more else 'less'} than the others' {than}"
    return {
        "segment": row.value,
        "mentions": row.volume.n,
        "complaints": _shown("share", row.complaint_rate) + different,
        "95 %": interval("share", row.complaint_rate),
        "net sentiment": _shown("net_sentiment", row.net_sentiment),
        "stars": _shown("stars", row.stars).replace("+", ""),
        "weakest touchpoint": _weakest(row, taxonomy, language),
        "its complaints differ in": _standout(row, taxonomy, language),
    }


def _shown(metric: str, value: Value) -> str:
    if value.value is None:
        return "–"
    shown = figure(metric, value.value)
    return shown if value.enough else f"({shown})"


def _weakest(row: SegmentRow, taxonomy: Taxonomy, language: str) -> str:
    if row.weakest is None:
        return "too few mentions"
    name = taxonomy[row.weakest.touchpoint].names[language]
    rate = figure("share", row.weakest.negative_rate.value)
    if row.weakest.next is None:
        return f"{name} {rate}, the only one with enough mentions"
    if row.weakest.clear:
        return f"{name} {rate}"
    return f"not clear: {name} {rate} or {taxonomy[row.weakest.next].names[language]}"


def _standout(row: SegmentRow, taxonomy: Taxonomy, language: str) -> str:
    if row.standout is None:
        return "–" if row.complaint_rate.k and row.complaint_rate.k >= 30 else "too few complaints"
    here, others = row.standout.here.value, row.standout.others.value
    name = taxonomy[row.standout.touchpoint].names[language]
    return f"{name}: {figure('share', here)} of them, {figure('share', others)} of the others'"
