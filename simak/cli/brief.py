"""`simak brief`: one week of a brand on one page, or as a report to hand on."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.errors import ConfigurationError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import INTERFACE_LANGUAGES

_LAST = "last"

_FORMATS = ("md", "html", "pdf", "pptx", "xlsx")


class _Week(click.ParamType[date | None]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date | None:
        if value == _LAST or isinstance(value, date):
            return None if value == _LAST else value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write one such as 2026-05-31", param, ctx)


@command("simak brief --brand Senandika --week --format pdf --out week.pdf")
@click.option("--brand", required=True, help="Whose week.")
@click.option(
    "--week",
    type=_Week(),
    is_flag=False,
    flag_value=_LAST,
    default=_LAST,
    help="The week of this day; without a day the last whole week with data.",
)
@click.option("--language", type=click.Choice(INTERFACE_LANGUAGES), help="That of the settings.")
@click.option(
    "--format",
    type=click.Choice(_FORMATS),
    default="md",
    show_default=True,
    help="Markdown, a web page, PDF, slides or a workbook; all but md with charts.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; md and html go to standard output without one.",
)
def brief(
    settings: Settings,
    as_json: bool,
    brand: str,
    week: date | None,
    language: str | None,
    format: Any,
    out: Path | None,
) -> None:
    """One page (Markdown), or a report: what moved, why, which touchpoints, in whose words.

    It is made of the store's numbers and texts alone.
    """
    from dashboard import i18n
    from dashboard.report import report
    from insights.brief import brief as gather

    if out is None and not as_json and format not in ("md", "html"):
        raise ConfigurationError(f"{format} is no text: name a file with --out week.{format}")
    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        found = gather(store, taxonomy, brand, day=week, after_days=settings.unanswered_after_days)
    if as_json:
        put(found)
        return
    i18n.use(language or settings.language)
    made = report(found, taxonomy, format)
    if out is None:
        click.echo(made, nl=False)
        return
    try:
        out.write_bytes(made)
    except OSError as error:
        raise ConfigurationError(f"cannot write {out}: {error.strerror}") from error
    click.echo(f"{out}: {len(made):,} bytes", err=True)
