"""`simak erase` and `simak disclose`: what people may ask of those who hold what they wrote."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import click

from simak.cli.common import command, opened, operator, privacy_of, put, put_table
from simak.cli.retention import retention_of, tried
from simak.errors import ConfigurationError
from simak.own_touchpoints import FILE, forget_examples, read_own
from simak.settings import Settings
from store import audit
from store.disclosure import disclose as find_all
from store.engine import Store
from store.erasing import TELLING, Removed
from store.erasing import erase as erase_person
from store.expiry import expire
from store.person import Person, by_key, by_name, by_words
from store.privacy import mask
from store.runs import hold_lease
from store.traces import Trace, compact, files, in_files, indexed, said_by_others, traces

_AUTHOR = click.option("--author", metavar="NAME", help="As the source writes the author's name.")
_KEY = click.option("--author-key", metavar="KEY", help="As lists and exports have it.")


@dataclass(slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        removed: table, or file, to how many of its rows lost something or went.
        by_source: mentions by brand and source.
        others: how many of the person's texts others have said word for word: those stay.
        named: where the name stands all the same, in what others have written.
        left: where something of theirs is all the same.
    """

    dry_run: bool
    removed: dict[str, int] = field(default_factory=dict)
    by_source: dict[str, int] = field(default_factory=dict)
    others: int = 0
    named: list[Trace] = field(default_factory=list)
    left: list[Trace] = field(default_factory=list)


@command('simak erase --author "Budi Santoso" --dry-run', owner=True)
@_AUTHOR
@_KEY
@click.option("--text", metavar="TEXT", help="Words that stand in what is to go.")
@click.option("--expired", is_flag=True, help="What is older than retention_days.")
@click.option("--days", type=click.IntRange(0), help="Count as if it were so; 0 is for ever.")
@click.option("--source", metavar="NAME", help="The days are of this source alone.")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
def erase(
    settings: Settings,
    as_json: bool,
    author: str | None,
    author_key: str | None,
    text: str | None,
    expired: bool,
    days: int | None,
    source: str | None,
    dry_run: bool,
) -> None:
    """Erase a person, or what is older than is kept, and show that nothing is left of it.

    Days, stars and labels stay as numbers of nobody. What a person wrote until now is not
    collected again, from any source. Close the dashboard first: on SQLite the file is written
    anew. Exit code 1: something is left, and the last lines say where.
    """
    _one_of(author=author, author_key=author_key, text=text, expired=expired or None)
    if days is not None or source is not None:
        if not (expired and dry_run) or days is None:
            raise ConfigurationError("--days, and --source with it, count: --expired --dry-run")
        settings = tried(settings, days or None, source)
    now = datetime.now(UTC)
    with opened(settings, durable=True) as store:
        if expired:
            _expire(store, settings, now, dry_run=dry_run, as_json=as_json)
            return
        person = _person(settings, author, author_key, text)
        if dry_run:
            found = erase_person(store, person, privacy_of(settings), now=now, dry_run=True)
            done = _result(found, dry_run=True)
            done.removed |= _counted(FILE, _examples(settings, found, person))
        else:
            with hold_lease(store) as lease:
                found = erase_person(store, person, privacy_of(settings), now=now)
                lease.renew()
                done = _result(found, dry_run=False)
                examples = _examples(settings, found, person)
                forget_examples(settings.data, examples)
                done.removed |= _counted(FILE, examples)
                compact(store)
                lease.renew()
                _prove(store, settings, found, person, done)
            # Numbers alone, and nobody's name.
            audit.record(store, who=operator(store), did="erased", now=now, about=done.removed)
    put(done) if as_json else _show(done)
    sys.exit(1 if done.left else 0)


@command('simak disclose --author "Budi Santoso" --json', owner=True)
@_AUTHOR
@_KEY
def disclose(settings: Settings, as_json: bool, author: str | None, author_key: str | None) -> None:
    """Print all that is held of a person: texts, their versions, tags, corrections and cases."""
    _one_of(author=author, author_key=author_key)
    with opened(settings) as store:
        held = find_all(store, _person(settings, author, author_key, None))
    if as_json:
        put(held)
        return
    for name in held.__dataclass_fields__:
        rows = getattr(held, name)
        click.echo(f"{name.replace('_', ' ')}: {len(rows)}")
        for row in rows:
            click.echo("")
            for column, value in row.items():
                if value not in (None, "", {}, []):
                    click.echo(f"  {column:14} {value}")
        click.echo("")


def _one_of(**given: object) -> None:
    if sum(value is not None for value in given.values()) != 1:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ConfigurationError(f"give one of {names}")


def _person(
    settings: Settings, author: str | None, author_key: str | None, text: str | None
) -> Person:
    if author is not None:
        return by_name(author, privacy_of(settings))
    return by_key(author_key) if author_key is not None else by_words(text or "")


def _result(found: Removed, *, dry_run: bool) -> Erased:
    return Erased(
        dry_run,
        {name: n for name, n in sorted(found.rows.items()) if n},
        dict(sorted(found.by_source.items())),
    )


def _counted(name: str, items: Sequence[object]) -> dict[str, int]:
    return {name: len(items)} if items else {}


def _examples(settings: Settings, found: Removed, person: Person) -> list[str]:
    """Return the examples of own touchpoints that are of the person."""
    said = [word for word in found.words if len(word) >= TELLING]
    said += [person.name] if person.name else []
    return [
        example.text
        for own in read_own(settings.data)
        for example in own.examples
        if any(word in example.text for word in said)
    ]


def _prove(store: Store, settings: Settings, found: Removed, person: Person, done: Erased) -> None:
    words = {word for word in found.words if len(word) >= TELLING}
    words |= {mask(word) for word in person.words}
    others = said_by_others(store, words)
    done.others = len(others)
    words -= others
    done.left = traces(store, words)
    if n := indexed(store):
        done.left.append(Trace("search index", n))
    done.left += in_files(files(store), words)
    own = {path.resolve() for path in files(store)}
    beside = [
        path for path in settings.data.rglob("*") if path.is_file() and path.resolve() not in own
    ]
    done.left += in_files(beside, words)
    if person.name:
        done.named = [*traces(store, [person.name]), *in_files(beside, [person.name])]


def _expire(
    store: Store, settings: Settings, now: datetime, *, dry_run: bool, as_json: bool
) -> None:
    retention = retention_of(settings)
    if not (retention.ends or dry_run):
        raise ConfigurationError(
            "nothing expires: set [privacy] retention_days, or retention_days of a [[source]]",
            path=settings.path,
        )
    if dry_run:
        gone = expire(store, retention, now=now, dry_run=True)
    else:
        with hold_lease(store) as lease:
            gone = expire(store, retention, now=now, renew=lease.renew)
            compact(store)
    if as_json:
        put({"dry_run": dry_run, "expired": gone})
        return
    click.echo(f"{gone.mentions} mentions and {gone.bad_records} unread records "
               f"{'would be' if dry_run else 'are'} erased")  # fmt: skip


def _show(done: Erased) -> None:
    if not (done.removed or done.left):
        click.echo("Nothing is held of that person.")
        return
    put_table(("what", "rows"), [{"what": k, "rows": n} for k, n in done.removed.items()])
    click.echo("")
    put_table(("mentions of", "n"), [{"mentions of": k, "n": n} for k, n in done.by_source.items()])
    if done.dry_run:
        click.echo("\nNothing is changed yet.")
        return
    if done.others:
        click.echo(f"\n{done.others} of the texts others have said too: theirs stay.")
    for trace in done.named:
        click.echo(f"The name also stands in {trace.place} ({trace.rows}), in words not theirs.")
    for trace in done.left:
        click.secho(f"left: {trace.place}, {trace.rows}", fg="red", err=True)
    if not done.left:
        click.echo("\nNothing is left in any table, the search index, or the files.")
