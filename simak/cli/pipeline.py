"""`simak import`, `collect`, `tag`, `sample`: what fills the store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from simak.cli.common import (
    command,
    engine_of,
    jobs_of,
    opened,
    privacy_of,
    put,
    put_table,
    stale_heads,
    tagger_of,
)
from simak.cli.progress import bar
from simak.settings import Settings
from store.engine import Store
from store.runs import DONE, Lease, Run, hold_lease

SAMPLE = Path(__file__).parents[1] / "sample" / "senandika.jsonl"


@command("simak import reviews.csv --brand Senandika --dry-run", name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--brand", help="Whose mentions these are.")
@click.option("--brand-column", help="The column that names the brand of each row.")
@click.option("--preset", help="google_play_scraper, google_play_console, app_store_connect, …")
@click.option("--map", "mapping", metavar="FIELD=COLUMN,…", help="Such as text=isi,stars=nilai.")
@click.option("--channel", help="Where the customers spoke, such as whatsapp.")
@click.option("--source", help="Where the file is from; ids are unique within it.")
@click.option("--dry-run", is_flag=True, help="Show how the file is read; store nothing.")
def import_(
    settings: Settings,
    as_json: bool,
    file: Path,
    brand: str | None,
    dry_run: bool,
    mapping: str | None,
    **options: str | None,
) -> None:
    """Import a file of reviews: CSV, TSV, JSONL or XLSX, also gzipped.

    Format, encoding, separator and columns are found out; --dry-run shows what was found. The
    same file again changes nothing, and completes an import that was stopped.
    """
    from collectors.files.columns import parse_mapping
    from collectors.files.plan import Wishes
    from collectors.files.preview import preview

    fields = parse_mapping(mapping) if mapping else {}
    if dry_run:
        wishes: dict[str, Any] = {"path": file, "mapping": fields, **options}
        shown = preview(Wishes(**wishes), brand=brand or "")
        if as_json:
            put(shown)
        else:
            _put_preview(shown)
        return
    with opened(settings) as store:
        run = _import(store, settings, file, brand or "", {**options, "mapping": fields})
    put_runs([run], as_json)
    if not as_json and run.status == DONE:
        click.echo("Now tag them: simak tag")
    sys.exit(0 if run.status == DONE else 1)


@command("simak collect kopi-news kopi-reddit")
@click.argument("names", nargs=-1, metavar="[SOURCE]…")
@click.option("--full", is_flag=True, help="From the beginning, not from where the source stands.")
def collect(settings: Settings, as_json: bool, names: tuple[str, ...], full: bool) -> None:
    """Collect from the sources in simak.toml: all that are turned on, or the ones named.

    A source that fails stops no other; the exit code is then 1.
    """
    from collectors import runner

    jobs = jobs_of(settings, names)
    with opened(settings) as store, bar("items") as advance:
        runs = runner.collect(
            store, jobs, privacy=privacy_of(settings), full=full, on_page=per_page(advance)
        )
    put_runs(runs, as_json)
    sys.exit(0 if all(run.status == DONE for run in runs) else 1)


@command("simak tag")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What tags: this process, or a Ray cluster.",
)
@click.option(
    "--address", metavar="HOST:PORT", help="The Ray cluster; without it, this machine's cores."
)
def tag(settings: Settings, as_json: bool, engine: str, address: str | None) -> None:
    """Tag what is untagged or changed, group copies, look for promises.

    Stopped, the next run goes on.
    """
    with opened(settings) as store:
        run = tag_all(store, settings, engine=engine, address=address)
    if as_json:
        put(run)
    else:
        click.echo(f"{run.new} mentions tagged ({run.asked})")


@command("simak sample")
def sample(settings: Settings, as_json: bool) -> None:
    """Fill an empty store with the bundled sample: a fictional brand, its rival and a year.

    A store that holds anything else is left as it is.
    """
    from store.filter import Filter
    from store.rollups import counts

    with opened(settings) as store:
        if any(cell["source"] != "sample" for cell in counts(store, Filter(), by=("source",))):
            click.echo("The store holds mentions of your own: the sample stays out.", err=True)
            return
        runs = [
            _import(store, settings, SAMPLE, "", {"brand_column": "brand", "source": "sample"}),
            tag_all(store, settings),
        ]
        _put_on_record(store)
    if as_json:
        put(runs)
    else:
        click.echo(f"The sample is in the store: {runs[0].new} new, {runs[1].new} tagged.")


def _put_on_record(store: Store) -> None:
    """Put on record what the sample's brand has promised and done, once."""
    from store.actions import actions, add_action
    from store.promises import add_promise, promises

    brand, now = "Senandika", datetime.now(UTC)
    if not promises(store):
        add_promise(
            store, brand=brand, text="dikirim di hari yang sama", touchpoint="delivery",
            since=date(2026, 1, 1), now=now,
        )  # fmt: skip
    if not actions(store):
        add_action(
            store, brand=brand, text="kemasan baru", touchpoint="packaging",
            day=date(2026, 8, 3), by="Sari", now=now,
        )  # fmt: skip


def _import(
    store: Store, settings: Settings, file: Path, brand: str, options: dict[str, Any]
) -> Run:
    from collectors.http import HttpClient
    from collectors.job import Job, make_context
    from collectors.runner import run_source
    from collectors.source import make_source

    source = make_source(
        "file", name=file.name, brand=brand, options={"path": str(file), **options}
    )
    with hold_lease(store) as lease, HttpClient() as http, bar("rows") as advance:
        return run_source(
            store,
            Job(source=source),
            make_context(source.name, http=http),
            privacy=privacy_of(settings),
            lease=lease,
            kind="import",
            on_page=per_page(advance),
        )


def tag_all(
    store: Store,
    settings: Settings,
    lease: Lease | None = None,
    *,
    engine: str = "local",
    address: str | None = None,
) -> Run:
    """Tag what waits, group the copies, look for promises; takes the lease where none is given.

    Args:
        engine, address: as for `engine_of`.
    """
    from models.tagging import tag_store
    from store.copies import find_copies
    from store.promises import refresh_promises
    from store.tags import count_waiting

    tagger = tagger_of(settings)
    tags = engine_of(settings, tagger, engine, address)
    stale = stale_heads(settings, tagger)
    if stale:
        click.echo(stale, err=True)
    with (
        nullcontext(lease) if lease else hold_lease(store) as held,
        bar("texts", total=count_waiting(store, tagger.version)) as advance,
    ):
        run = tag_store(store, tagger, held, engine=tags, progress=advance)
        find_copies(store, renew=held.renew)
        refresh_promises(store, renew=held.renew)
        return run


def per_page(advance: Callable[[int], None]) -> Callable[[Run], None]:
    """Return what moves a bar on by what each page of a run brought."""
    seen: dict[int, int] = {}

    def on_page(run: Run) -> None:
        advance(run.got - seen.get(run.id, 0))
        seen[run.id] = run.got

    return on_page


def _put_preview(shown: Any) -> None:
    packed = ", gzipped" if shown.gzipped else ""
    details = ", ".join(
        f"{name} {value!r}"
        for name, value in (("encoding", shown.encoding), ("separator", shown.separator))
        if value
    )
    click.echo(f"{shown.path}: {shown.format}{packed} {details}")
    click.echo(f"preset {shown.preset}, source {shown.source}, channel {shown.channel}\n")
    columns = dict(shown.mapping)
    if shown.brand_column:
        columns["brand"] = shown.brand_column
    put_table(("field", "column"), [{"field": f, "column": c} for f, c in columns.items()])
    if shown.attributes:
        click.echo(f"\nkept as attributes: {', '.join(shown.attributes)}")
    if shown.left_out:
        click.echo(f"\nleft out: {', '.join(shown.left_out)}")
    for note in shown.notes:
        click.echo(f"note: {note}")
    for number, row in enumerate(shown.rows, 1):
        click.echo(f"\nrow {number}")
        for field, value in row.items():
            text = " ".join(value.split())
            click.echo(f"  {field:10} {text[:160]}{'…' if len(text) > 160 else ''}")


def put_runs(runs: list[Run], as_json: bool) -> None:
    """Print what runs brought, with what was left out and why."""
    if as_json:
        put(runs)
        return
    put_table(
        ("source", "status", "got", "new", "edited", "unchanged", "deleted", "skipped"),
        [
            {
                "source": run.source,
                "status": run.status,
                "got": run.got,
                "new": run.new,
                "edited": run.edited,
                "unchanged": run.unchanged,
                "deleted": run.deleted,
                "skipped": sum(run.skipped.values()),
            }
            for run in runs
        ],
    )
    for run in runs:
        for reason, n in run.skipped.items():
            click.echo(f"{run.source}: {n} skipped: {reason}")
        for note in run.notes:
            click.echo(f"{run.source}: {note}")
        if run.error:
            click.secho(f"{run.source}: {run.error}", fg="red", err=True)
