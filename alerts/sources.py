"""Sources that fell silent, and budgets that run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from alerts.found import Details, Found
from simak.alert_settings import AlertRule
from simak.settings import Settings, SourceSettings
from store.engine import Store
from store.filter import Filter
from store.rollups import counts
from store.runs import FAILED, FRESH, STALE, Run, first_started, latest_runs

WEBHOOK = "webhook"
"""Type of the sources that send by themselves: without a run it cannot be seen that all is well."""

BUDGETS: Mapping[str, tuple[str, int]] = {
    "x": ("monthly_posts", 10_000),
    "youtube": ("daily_units", 10_000),
}
"""Types of sources that may ask for so much in a day or a month, by which option, and its default.
What a service counts anew after minutes is no budget: a source waits for it and goes on."""

GAP_HISTORY = 180
"""Days in which it is learned how long a source is silent at most."""

GAP_TIMES, GAP_LEAST = 2, 3
"""Silent for so many times its longest silence, and at least so many days, is unusual."""

GAP_MENTIONS = 30
"""A source with fewer mentions in that time may well say nothing for long."""


def find_silent(
    store: Store, settings: Settings, rule: AlertRule, brand: str, now: datetime
) -> Iterator[Found]:
    """Yield each source that brings nothing: it fails, or gives nothing for unusually long."""
    for entry, run, success in _collected(store, settings, rule, brand):
        facts = _failing(store, rule, entry, run, success, now) or _gap(store, entry, now)
        if facts is not None:
            yield _found(store, rule, entry, facts, now)


def find_budget(
    store: Store, settings: Settings, rule: AlertRule, brand: str, now: datetime
) -> Iterator[Found]:
    """Yield each source that has used most of what it may ask for."""
    for entry, run, _success in _collected(store, settings, rule, brand):
        if entry.type not in BUDGETS or run.quota_left is None or now - run.started_at > FRESH:
            continue
        option, usual = BUDGETS[entry.type]
        whole = int(entry.options.get(option, usual))
        if run.quota_left <= rule.below * whole:
            facts = {"left": run.quota_left, "whole": whole, "option": option}
            yield _found(store, rule, entry, {"source": entry.name, **facts}, now)


def _collected(
    store: Store, settings: Settings, rule: AlertRule, brand: str
) -> Iterator[tuple[SourceSettings, Run, datetime | None]]:
    """Yield the brand's sources that have been collected at least once."""
    latest = {
        run.source: (run, success) for run, success in latest_runs(store) if run.kind == "collect"
    }
    for entry in settings.sources:
        wanted = entry.enabled is not False and rule.source in (None, entry.name)
        if wanted and entry.brand == brand and entry.name in latest:
            yield entry, *latest[entry.name]


def _failing(
    store: Store,
    rule: AlertRule,
    entry: SourceSettings,
    run: Run,
    success: datetime | None,
    now: datetime,
) -> dict[str, Any] | None:
    """Return that collecting has not succeeded for too long, and why."""
    if entry.type == WEBHOOK:
        return None
    longest = timedelta(days=rule.days) if rule.days else FRESH
    if run.status == FAILED and run.retry_at is not None and run.retry_at > now:
        longest = max(longest, STALE)  # it was told to come back later, and does
    since = success or first_started(store, entry.name)
    if since is None or now - since <= longest:
        return None
    return {
        "why": "failing",
        "source": entry.name,
        "since": since.isoformat(),
        "succeeded": success is not None,
        "error": run.error if run.status == FAILED else None,
    }


def _gap(store: Store, entry: SourceSettings, now: datetime) -> dict[str, Any] | None:
    """Return that nothing new was said for far longer than ever before."""
    today = now.astimezone(store.zone).date()
    own = Filter(
        brands=(entry.brand,),
        sources=(entry.name,),
        since=today - timedelta(days=GAP_HISTORY),
        until=today,
    )
    by_day = {cell["day"]: cell["n"] for cell in counts(store, own, by=("day",)) if cell["n"]}
    if sum(by_day.values()) < GAP_MENTIONS:
        return None
    days = sorted(by_day)
    longest = max(((b - a).days - 1 for a, b in pairwise(days)), default=0)
    silent = (today - days[-1]).days - 1
    if silent < max(GAP_LEAST, GAP_TIMES * longest + 1):
        return None
    return {
        "why": "nothing",
        "source": entry.name,
        "last": days[-1].isoformat(),
        "silent": silent,
        "longest": longest,
    }


def _found(
    store: Store, rule: AlertRule, entry: SourceSettings, facts: dict[str, Any], now: datetime
) -> Found:
    today: date = now.astimezone(store.zone).date()
    return Found(rule, entry.brand, entry.name, (), today, today, lambda: Details(facts))
