"""`simak brief`: one week of a brand on one page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.taxonomy import INTERFACE_LANGUAGES

_LAST = "last"


class _Week(click.ParamType[date | None]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date | None:
        if value == _LAST or isinstance(value, date):
            return None if value == _LAST else value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write one such as 2026-05-31", param, ctx)


@command("simak brief --brand Senandika --week")
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
def brief(
    settings: Settings, as_json: bool, brand: str, week: date | None, language: str | None
) -> None:
    """One page (Markdown): what moved, why, which touchpoints, in whose words, what to look at.

    It is made of the store's numbers and texts alone.
    """
    from dashboard import i18n
    from dashboard.brief import page
    from insights.brief import brief as gather

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        found = gather(store, taxonomy, brand, day=week, after_days=settings.unanswered_after_days)
    if as_json:
        put(found)
        return
    i18n.use(language or settings.language)
    click.echo(page(found, taxonomy), nl=False)
