"""`simak doctor`: what is wrong with the set-up, and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from simak.cli.common import command, job_of, opened, put, stale_heads, tagger_of
from simak.errors import SimakError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings

_LATEST = 100
"""Alerts whose deliveries are looked at."""

_LOW_DISK = 1_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: `ok`, `note` (works, but somebody should know) or `wrong`.
        message: what was seen and, unless ok, what to do.
    """

    part: str
    state: str
    message: str


@command("simak doctor --repair")
@click.option("--repair", is_flag=True, help="Derive labels, counts, index and copies anew first.")
def doctor(settings: Settings, as_json: bool, repair: bool) -> None:
    """Check settings, store, model, sources and disk; exit code 1 where one is wrong.

    --repair says what is not as the mentions, tags and corrections say, and derives all of it
    anew from them; they are never changed. A damaged file it cannot mend: restore a backup.
    """
    findings = [*(_run("repair", _repair, settings) if repair else ()), *find(settings)]
    put(findings) if as_json else put_findings(findings)
    sys.exit(1 if any(finding.state == "wrong" for finding in findings) else 0)


def find(settings: Settings, parts: Sequence[str] = ()) -> list[Finding]:
    """Look at these parts of the set-up, or at all of them."""
    return [
        finding
        for part, check in _PARTS.items()
        if not parts or part in parts
        for finding in _run(part, check, settings)
    ]


def put_findings(findings: Sequence[Finding]) -> None:
    """Print findings, one a line."""
    for finding in findings:
        sign = {"ok": "✓", "note": "!", "wrong": "✗"}[finding.state]
        click.echo(f"{sign} {finding.part:8}  {finding.message}")


def _run(
    part: str, check: Callable[[Settings], Iterator[tuple[str, str]]], settings: Settings
) -> Iterator[Finding]:
    try:
        for state, message in check(settings):
            yield Finding(part, state, message)
    except SimakError as error:
        yield Finding(part, "wrong", str(error))


def _repair(settings: Settings) -> Iterator[tuple[str, str]]:
    from store.repair import check_pages, differing, repair
    from store.runs import hold_lease

    with opened(settings) as store, hold_lease(store) as lease:
        check_pages(store)
        found = differing(store, renew=lease.renew)
        mentions = repair(store, renew=lease.renew)
        left = differing(store, renew=lease.renew)
    for name, places in found.items():
        yield "note", f"{name} was not as it must be, in {places} places"
    if left:
        yield "wrong", f"still not as it must be: {', '.join(left)}; please report it"
    else:
        told = "it is now" if found else "it was so before"
        yield "ok", f"all is as {mentions} mentions, their tags and corrections say; {told}"


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    taxonomy = taxonomy_of(settings)
    where = settings.path or "no simak.toml: all defaults"
    yield "ok", f"{where}; {len(taxonomy)} touchpoints, days of {settings.timezone}"
    settings.author_key()
    if settings.keep_raw:
        yield "note", "keep_raw is on: names and numbers are stored as they come"


def _store(settings: Settings) -> Iterator[tuple[str, str]]:
    from store import migrations, rollups
    from store.filter import Filter

    with opened(settings) as store:
        mentions = sum(cell["n"] for cell in rollups.counts(store, Filter()))
        with store.write():
            pass  # a read-only store is found here
        yield "ok", f"{store.url}: {mentions} mentions, version {migrations.HEAD}"
        if not mentions:
            yield "note", "it is empty: run `simak import FILE --brand NAME` or `simak sample`"


def _contents(settings: Settings) -> Iterator[tuple[str, str]]:
    from store import rollups
    from store.repair import check_pages
    from store.search import index_differs

    with opened(settings) as store:
        check_pages(store)
        rollups.verify(store)
        if index_differs(store):
            yield "wrong", "searches miss texts: run `simak doctor --repair`"
        else:
            yield "ok", "every page can be read, counts and search index agree with the mentions"


def _model(settings: Settings) -> Iterator[tuple[str, str]]:
    from store.tags import count_waiting

    tagger = tagger_of(settings)
    (tags,) = tagger.predict(["pesanan saya belum sampai, sudah seminggu, kecewa"])
    yield "ok", f"{tagger.version} loads and tags ({tags.sentiment}: {', '.join(tags.touchpoints)})"
    stale = stale_heads(settings, tagger)
    if stale:
        yield "note", stale
    with opened(settings) as store:
        waiting = count_waiting(store, tagger.version)
    if waiting:
        yield "note", f"{waiting} mentions wait to be tagged: run `simak tag`"


def _sources(settings: Settings) -> Iterator[tuple[str, str]]:
    from store.runs import FAILED, latest_runs

    if not settings.sources:
        yield "note", "none in the settings: files can be imported, nothing is collected"
        return
    with opened(settings) as store:
        latest = {run.source: (run, success) for run, success in latest_runs(store)}
    for entry in settings.sources:
        try:
            source = job_of(settings, entry).source
        except SimakError as error:
            yield "wrong", f"{entry.name}: {error}"
            continue
        if entry.enabled is False or (source.facts.opt_in and not entry.enabled):
            yield "note", f"{entry.name}: turned off; `enabled = true` turns it on"
            continue
        run, success = latest.get(entry.name, (None, None))
        if run is None and source.facts.push:
            yield "note", f"{entry.name}: nothing received yet; does `simak serve-webhooks` run?"
        elif run is None:
            yield "note", f"{entry.name}: never collected; run `simak collect {entry.name}`"
        elif run.status == FAILED:
            yield "wrong", f"{entry.name}: {run.error} (last success: {success or 'never'})"
        else:
            yield "ok", f"{entry.name}: {run.status}, last success {success or 'never'}"


def _alerts(settings: Settings) -> Iterator[tuple[str, str]]:
    from alerts.rules import rules_of
    from store.alerts import alerts
    from store.deliveries import FAILED, UNSURE

    rules = rules_of(settings)
    for channel in settings.channels:
        try:
            channel.address()
        except SimakError as error:
            yield "wrong", str(error)
    if not settings.channels:
        yield "note", "no [[channel]] in the settings: alerts stand on the dashboard alone"
    elif settings.dashboard_url is None:
        yield "note", "[dashboard] url is not set: messages carry no link"
    with opened(settings) as store:
        lost = [
            f"{one.id} to {sent.channel}"
            for one in alerts(store, limit=_LATEST)
            for sent in one.deliveries
            if sent.status in (FAILED, UNSURE)
        ]
    if lost:
        yield "note", f"not, or not surely, delivered: {', '.join(lost)}; see `simak alert list`"
    yield "ok", f"{len(rules)} rules, {len(settings.channels)} channels"


def _disk(settings: Settings) -> Iterator[tuple[str, str]]:
    folder = settings.data.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(Path(folder)).free
    state = "ok" if free > _LOW_DISK else "wrong"
    advice = "" if state == "ok" else ": free some, a full disk stops collecting"
    yield state, f"{free / 1e9:.1f} GB free at {folder}{advice}"


_PARTS = {
    "settings": _settings,
    "store": _store,
    "contents": _contents,
    "model": _model,
    "sources": _sources,
    "alerts": _alerts,
    "disk": _disk,
}
