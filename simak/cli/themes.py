"""`simak themes`: what complaints and praise are about, found in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simak.cli.common import command, opened, put, put_table
from simak.settings import Settings
from store.engine import Store
from store.runs import Lease, hold_lease

if TYPE_CHECKING:
    from insights.themes.find import Found


@command("simak themes --brand Senandika")
@click.option("--brand", "brands", multiple=True, help="All brands by default.")
def themes(settings: Settings, as_json: bool, brands: tuple[str, ...]) -> None:
    """Find what complaints and praise are about, or bring it up to date.

    The first time every text is read once more, which takes minutes; then only new ones are.
    """
    with opened(settings) as store, hold_lease(store) as lease:
        found = find_all(store, settings, lease, brands)
    if as_json:
        put(found)
        return
    put_table(
        ("brand", "of", "themes", "texts looked at", "grouped anew", "new", "merged", "split",
         "renamed", "gone"),
        [
            {
                "brand": one.brand,
                "of": "complaints" if one.polarity == "negative" else "praise",
                "themes": one.themes,
                "texts looked at": one.placed,
                "grouped anew": "yes" if one.grouped else "no",
                **{
                    kind: sum(change.change == kind for change in one.changes)
                    for kind in ("new", "merged", "split", "renamed", "gone")
                },
            }
            for one in found
        ],
    )  # fmt: skip
    click.echo("\nRead them: simak show themes")


def find_all(
    store: Store, settings: Settings, lease: Lease, brands: tuple[str, ...] = ()
) -> list[Found]:
    """Bring the themes up to date, by the shipped encoder."""
    from insights.themes.find import find_themes
    from models.embedding import Embedding

    embedding = Embedding(threads=settings.threads or None)
    return find_themes(store, embedding, brands=brands, renew=lease.renew)
