"""`simak query test`: what a brand's query keeps and drops of the texts that are stored."""

from __future__ import annotations

import click

from simak.cli.common import command, opened, put, put_table
from simak.errors import ConfigurationError
from simak.relevance import parse_query
from simak.settings import Settings


@click.group()
def query() -> None:
    """Which texts are about a brand: its query in the settings."""


@command("simak query test Senandika --query 'senandika AND NOT lowongan'")
@click.argument("brand")
@click.option("--query", "text", help="Try this one, instead of the settings'.")
@click.option("--context", multiple=True, help="A word of which one must occur too.")
@click.option("--examples", default=5, show_default=True, help="How many texts of each to show.")
def test(
    settings: Settings,
    as_json: bool,
    brand: str,
    text: str | None,
    context: tuple[str, ...],
    examples: int,
) -> None:
    """Show what the query of BRAND would keep and drop of the texts in the store; change nothing.

    All texts of the brand are tried, also those of its own places (reviews of its app, tickets),
    of which a collector keeps everything.
    """
    from store.query_trial import try_query

    relevance = parse_query(text, context) if text else settings.relevance(brand)
    if relevance is None:
        raise ConfigurationError(
            f"brand {brand!r} has no query: write one under [[brand]] in simak.toml, or try one "
            "with --query",
            path=settings.path,
        )
    with opened(settings) as store:
        trial = try_query(store, brand, relevance, examples=examples)
    kept, dropped = trial.kept, trial.dropped
    if as_json:
        put({"query": relevance.query, "context": relevance.context, "kept": kept,
             "dropped": dropped})  # fmt: skip
        return
    words = f", with one of {', '.join(relevance.context)}" if relevance.context else ""
    click.echo(f"{relevance.query}{words}\n")
    put_table(
        ("source", "kept", "dropped"),
        [
            {
                "source": source,
                "kept": kept.by_source.get(source, 0),
                "dropped": dropped.by_source.get(source, 0),
            }
            for source in sorted(kept.by_source.keys() | dropped.by_source.keys())
        ]
        + [{"source": "all", "kept": kept.n, "dropped": dropped.n}],
    )
    for title, side in (("kept", kept), ("dropped", dropped)):
        if side.examples:
            click.echo(f"\n{title}, {len(side.examples)} of {side.n}")
        for id, source, said in side.examples:
            line = " ".join(said.split())
            click.echo(f"  {id:>6}  {source}: {line[:150]}{'…' if len(line) > 150 else ''}")


query.add_command(test)
