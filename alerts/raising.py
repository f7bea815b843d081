"""Holds the rules against the store, and puts on record what was not told yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from alerts import events, shares, sources, timing
from alerts.found import Found
from alerts.rules import rules_of
from simak.alert_settings import AlertRule
from simak.settings import Settings
from store import address
from store.alerts import Alert, add_alert, alerts, extend_alert, find_alert
from store.deliveries import Delivery
from store.engine import Store
from store.mentions import brand_names


def raise_alerts(store: Store, settings: Settings, now: datetime) -> list[Alert]:
    """Put what stands out and was not told yet on record, with where it is to go.

    What goes on is one alert, however many runs see it: what overlaps in time with one of the same
    brand, kind and subject, or begins within the rule's cooldown after it about the same
    touchpoint, is taken into it. Another touchpoint, or the same after the cooldown, is new.

    Args:
        now: the clock; nothing after its day in the store's zone is looked at.

    Returns:
        The new ones.
    """
    made = []
    today = now.astimezone(store.zone).date()
    for rule in rules_of(settings):
        for brand in _brands(store, settings, rule):
            for found in _find(store, settings, rule, brand, now, today):
                new = _raise(store, settings, found, now)
                if new is not None:
                    made.append(new)
    return made


def _brands(store: Store, settings: Settings, rule: AlertRule) -> list[str]:
    if rule.brand is not None:
        return [rule.brand]
    # A source that never brought anything has a brand all the same.
    named = (entry.brand for entry in settings.sources)
    return list(dict.fromkeys([*brand_names(store), *named]))


def _find(
    store: Store, settings: Settings, rule: AlertRule, brand: str, now: datetime, today: date
) -> Iterator[Found]:
    match rule.kind:
        case "spike" | "shift":
            return events.find(store, rule, brand, today)
        case "threshold":
            return shares.find_threshold(store, rule, brand, today)
        case "promise":
            return shares.find_promises(store, rule, brand, today)
        case "silent":
            return sources.find_silent(store, settings, rule, brand, now)
        case "budget":
            return sources.find_budget(store, settings, rule, brand, now)


def _raise(store: Store, settings: Settings, found: Found, now: datetime) -> Alert | None:
    rule = found.rule
    since = found.since - timedelta(days=rule.cooldown)
    near = alerts(store, (found.brand,), kind=rule.kind, since=since)
    known = next((one for one in near if _is_same(found, one)), None)
    if known is not None:
        _extend(store, settings, found, known, now)
        return None
    details = found.details()
    if details is None:
        return None
    new = Alert(
        found.brand,
        found.key,
        rule.name,
        rule.kind,
        found.subject,
        found.touchpoints,
        found.since,
        found.until,
        details.facts,
        None if details.behind is None else address.listing(details.behind),
        now,
        details.mentions,
    )
    new = replace(new, deliveries=_deliveries(settings, rule, new.id, now))
    # Of a brand of which nothing is stored yet there is no mention, but its source may be silent.
    return find_alert(store, new.id) if add_alert(store, new) else None


def _is_same(found: Found, known: Alert) -> bool:
    if found.subject != known.subject or known.since > found.until:
        return False
    if found.since <= known.until:
        return True
    # Near in time, it is the same where it is about nothing else.
    about, before = set(found.touchpoints) - {""}, set(known.touchpoints) - {""}
    return not about or bool(about & before)


def _extend(store: Store, settings: Settings, found: Found, known: Alert, now: datetime) -> None:
    """Take it into the alert; a rule that names other channels has it sent there too."""
    there = {one.channel for one in known.deliveries}
    wanted = _deliveries(settings, found.rule, known.id, now)
    missing = tuple(one for one in wanted if one.channel not in there)
    # A channel that was added since the rule told of it is told of what comes, not of old news.
    missing = missing if known.rule != found.rule.name else ()
    grown = found.until > known.until or not set(found.touchpoints) <= set(known.touchpoints)
    if grown or missing:
        extend_alert(
            store,
            replace(known, deliveries=missing),
            until=found.until,
            touchpoints=found.touchpoints,
            more=bool(missing),
        )


def _deliveries(
    settings: Settings, rule: AlertRule, id: str, now: datetime
) -> tuple[Delivery, ...]:
    names: Sequence[str] = [channel.name for channel in settings.channels]
    if rule.channels is not None:
        names = rule.channels
    at = timing.due(rule, now, settings)
    return tuple(Delivery(id, name, rule.digest or "", at) for name in names)
