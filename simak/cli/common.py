"""What every command shares: its options, the settings and store they name, and output."""

from __future__ import annotations

import functools
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import structlog

from insights.values import plain
from simak.errors import ConfigurationError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings, SourceSettings, load_settings
from store.engine import Store, open_store
from store.members import as_member
from store.mentions import Privacy
from store.texts import sample_texts

if TYPE_CHECKING:
    from collectors.job import Job
    from models.engine import Engine
    from models.tagger import Tagger


@dataclass
class _Call:
    """A command that a server runs in its own process.

    Attributes:
        store: the one it is asked of.
        result: what it would print as JSON.
    """

    store: Store
    result: Any = None


_call: ContextVar[_Call | None] = ContextVar("simak_call", default=None)

MEMBER = "SIMAK_MEMBER"
"""Who runs a command through the dashboard, where members log in; nobody for whoever has the
machine."""


def command(
    example: str, *, name: str | None = None, owner: bool = False
) -> Callable[[Callable[..., None]], Any]:
    """Make a click command with --db, --config and --json, and an example in its help.

    The function gets `settings` and `as_json` before its own options.

    Args:
        owner: whether it does what an admin of all brands alone may do, and not by the store.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def run(*, db: str | None, config: Path | None, as_json: bool, **options: Any) -> None:
            if _call.get() is None:
                # On standard error, whatever that is by then: standard output is the result's.
                _log_to_standard_error()
            if db is not None:
                os.environ["SIMAK_DB"] = db  # the dashboard is a process of its own
            if config is not None:
                os.environ["SIMAK_CONFIG"] = str(config)
            settings = load_settings()
            if owner and MEMBER in os.environ:
                with opened(settings) as store:
                    store.access.require("admin", f"`simak {made.name}`")
            function(settings=settings, as_json=as_json, **options)

        wrapped = click.option(
            "--json", "as_json", is_flag=True, help="Print JSON instead of a table."
        )(run)
        wrapped = click.option(
            "--config",
            type=click.Path(path_type=Path),
            help="The settings file; simak.toml here by default.",
        )(wrapped)
        wrapped = click.option("--db", metavar="URL", help="The store, instead of the settings'.")(
            wrapped
        )
        made = click.command(name, epilog=f"Example: {example}")(wrapped)
        # Options show in the order they are written at the function, these three last.
        made.params = [p for p in made.params if p.name not in SHARED_OPTIONS] + [
            p for p in made.params if p.name in SHARED_OPTIONS
        ]
        return made

    return decorate


def _log_to_standard_error() -> None:
    """For people where one watches, as JSON lines where a file or a journal does."""
    watched = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer() if watched else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def answer(command: click.Command, arguments: Sequence[str], store: Store) -> Any:
    """Run a command that shows something, and return what its --json prints, not yet written.

    Args:
        command: made by `command`.
        arguments: its own, as on the command line.
        store: open, as whoever asks may see it; it stays open.

    Raises:
        click.UsageError: an argument is wrong.
        SimakError: as the command.
    """
    call = _Call(store)
    before = _call.set(call)
    try:
        command.main(["--json", *arguments], prog_name="simak", standalone_mode=False)
    finally:
        _call.reset(before)
    return call.result


_TEXTS = 2_000
"""Texts of the store to learn from: what they add to the time is as long as the rest."""

SHARED_OPTIONS = ("db", "config", "as_json")
"""What every command has beside its own."""
_NUMBER = re.compile(r"\(?[−+]?\d")


@contextmanager
def opened(settings: Settings, *, durable: bool = False) -> Iterator[Store]:
    """The store that the settings name, as whoever runs this may see it.

    Raises:
        NotAllowed: they have no role.
    """
    call = _call.get()
    if call is not None:
        yield call.store
        return
    store = open_store(settings.store_url, zone=settings.timezone, durable=durable)
    member = os.environ.get(MEMBER)
    try:
        if member is None:
            yield store
        else:
            with closing(as_member(store, member)) as theirs:
                yield theirs
    finally:
        store.close()


def tagger_of(settings: Settings, model: str | None = None) -> Tagger:
    """The settings' model with what was taught here, or another model as it is."""
    # They take seconds, which most commands never need.
    from models.adapt.adaptation import House
    from models.checkpoint import load_tagger

    labels, threads = settings.labels, settings.threads or None
    if model is not None:
        return load_tagger(model, labels=labels, threads=threads)
    house = House(settings.data, lambda: own_texts(settings))
    return load_tagger(settings.model, labels=labels, threads=threads, house=house)


def engine_of(settings: Settings, tagger: Tagger, name: str, address: str | None) -> Engine:
    """Return what tags: this process with `tagger`, or a Ray cluster with others like it.

    Args:
        tagger: as `tagger_of` has made it of the settings.
        name: `local` or `ray`.
        address: of the cluster; None for this machine's cores.

    Raises:
        ConfigurationError: Ray is not installed, or an address is given without it.
    """
    from models.engine import LocalEngine

    if name == "local":
        if address is not None:
            raise ConfigurationError("--address is that of a Ray cluster: add --engine ray")
        return LocalEngine(tagger)
    from models.checkpoint import load_tagger
    from models.onnx_tagger import OnnxTagger
    from models.ray_engine import RayEngine

    model, own = settings.model, tagger if isinstance(tagger, OnnxTagger) else None
    if model is not None and Path(model).exists():
        model = str(Path(model).absolute())  # a worker is in a folder of its own
    house = None if own is None else own.adaptation
    load = functools.partial(load_tagger, model, labels=settings.labels, threads=1, house=house)
    return RayEngine(load, tagger.version, address=address, gpus=own is None)


def stale_heads(settings: Settings, tagger: Tagger) -> str | None:
    """What to say where corrections have taught another model than the one in use."""
    from models.adapt.heads import read_heads

    learned = read_heads(settings.data)
    if learned is None or learned.model == tagger.version.partition("+")[0]:
        return None
    return (
        f"what corrections have taught {learned.model} is left out, for the model is "
        f"{tagger.version} now: run `simak train --with-corrections`"
    )


def own_texts(settings: Settings) -> list[str]:
    """Some of the texts in the store, to learn what is usual in this house."""
    with opened(settings) as store:
        return sample_texts(store, _TEXTS)


def operator(store: Store) -> str:
    """Return under which name what a command does is on record."""
    return store.access.who or getpass.getuser()


def privacy_of(settings: Settings) -> Privacy:
    """What is kept of a person."""
    return Privacy(settings.author_key(), settings.keep_raw)


def jobs_of(settings: Settings, names: Sequence[str] = (), *, push: bool = False) -> list[Job]:
    """Make the sources that are collected: the ones named, or all that are turned on.

    One that cannot be made fails when it is run, and stops no other.

    Args:
        push: those too whose service sends by itself, which can be probed and not collected.

    Raises:
        ConfigurationError: there is no source of a name, or none at all, or one that is named
            sends by itself.
    """
    from collectors.job import Job, Misconfigured

    known = {entry.name for entry in settings.sources}
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        raise ConfigurationError(
            f"there is no source {unknown[0]!r}; there are: {', '.join(sorted(known)) or 'none'}"
            if unknown
            else "no [[source]] in the settings: add one to simak.toml",
            path=settings.path,
        )
    jobs = []
    for entry in settings.sources:
        asked = entry.name in names
        if not asked and (names or entry.enabled is False):
            continue
        try:
            job = job_of(settings, entry)
        except ConfigurationError as error:
            job = Job(source=Misconfigured(entry.type, entry.name, entry.brand, error))
        facts = job.source.facts
        if facts.push and asked and not push:
            raise ConfigurationError(
                f"source {entry.name!r} is not collected: its service sends by itself to "
                "`simak serve-webhooks`, which must be running",
                path=settings.path,
            )
        if asked or ((push or not facts.push) and (entry.enabled or not facts.opt_in)):
            jobs.append(job)
    return jobs


def job_of(settings: Settings, entry: SourceSettings) -> Job:
    """Make a source of its settings.

    Raises:
        ConfigurationError: an option is wrong; names the line.
    """
    from collectors.job import Job
    from collectors.source import make_source

    if entry.error is not None:
        raise entry.error
    try:
        source = make_source(entry.type, name=entry.name, brand=entry.brand, options=entry.options)
    except ConfigurationError as error:
        raise ConfigurationError(str(error), path=settings.path, line=entry.line) from error
    own = source.facts.own if entry.own is None else entry.own
    return Job(
        source=source,
        max_items=entry.max_items,
        max_minutes=entry.max_minutes,
        per_minute=entry.requests_per_minute,
        relevance=None if own else settings.relevance(entry.brand),
        taxonomy=functools.partial(taxonomy_of, settings),
    )


def put(result: Any) -> None:
    """Print a result as JSON."""
    call = _call.get()
    if call is not None:
        call.result = plain(result)
    else:
        click.echo(json.dumps(plain(result), ensure_ascii=False, indent=2))


def put_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows in columns as wide as their content; numbers to the right."""
    cells = [[str(row.get(column, "")) for column in columns] for row in rows]
    widths = [
        max(len(line[place]) for line in [list(columns), *cells]) for place in range(len(columns))
    ]
    for line in [list(columns), *cells]:
        click.echo(
            "  ".join(
                text.rjust(width) if _NUMBER.match(text) else text.ljust(width)
                for text, width in zip(line, widths, strict=True)
            ).rstrip()
        )
