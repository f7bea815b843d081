"""Spikes and changes of level that are bad and real, by the functions that the dashboard asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from alerts.found import Details, Found, narrowed, subject_of
from insights.brief import Happened, happened
from insights.spikes import Event, Part, spikes
from simak.alert_settings import AlertRule
from store.engine import Store
from store.tables import UNPLACED

RECENT_DAYS = 7
"""What was known longer ago is no news: old reviews that are imported today raise no alarm."""

QUOTES = 3
_NAMED = 5


def find(store: Store, rule: AlertRule, brand: str, today: date) -> Iterator[Found]:
    """Yield the events of the last days, the strongest first.

    A day that has not ended can hold more than usual already. Whether a level has changed is
    judged by whole days.
    """
    last = today if rule.kind == "spike" else today - timedelta(days=1)
    since = today - timedelta(days=RECENT_DAYS)
    seen = spikes(store, narrowed(rule, brand).but(until=last)).within(since)
    for event in seen.events:
        # Complaints that blame nothing tell nobody what to do, and are among all mentions too.
        if event.head.touchpoint == UNPLACED:
            continue
        if event.head.kind == rule.kind and event.known >= since and _is_bad(event):
            found = _found(store, rule, brand, event)
            if rule.touchpoint not in (None, *found.touchpoints):
                continue
            if (event.head.seen.k or 0) >= (rule.minimum or 0) or not _is_more(event):
                yield found


def _is_more(event: Event) -> bool:
    return (event.head.ratio.value or 0) > 1


def _is_bad(event: Event) -> bool:
    return event.head.polarity == ("negative" if _is_more(event) else "positive")


def _found(store: Store, rule: AlertRule, brand: str, event: Event) -> Found:
    head = event.head
    findings = (head, *event.also)
    return Found(
        rule,
        brand,
        subject_of(rule, head.polarity, "more" if _is_more(event) else "fewer"),
        tuple(dict.fromkeys(one.touchpoint or "" for one in findings)),
        min(one.since for one in findings),
        max(one.until for one in findings),
        lambda: _details(happened(store, event, limit=QUOTES)),
    )


def _details(one: Happened) -> Details | None:
    if not (one.real and one.bad):
        return None
    head, why = one.event.head, one.why
    more = _is_more(one.event)
    facts: dict[str, Any] = {
        "polarity": head.polarity,
        "touchpoint": head.touchpoint,
        "more": more,
        "since": head.since.isoformat(),
        "until": head.until.isoformat(),
        "seen": head.seen.k,
        "usual": head.expected.value,
        "ratio": [head.ratio.value, head.ratio.low, head.ratio.high],
        "also": [[other.touchpoint or "", other.seen.k] for other in one.event.also[:_NAMED]],
    }
    if more:
        facts |= {
            "words": [[told.word.word, told.seen.k] for told in why.words[:_NAMED]],
            "touchpoints": _parts(why.touchpoints),
            # A channel that gives as large a part of them as ever explains nothing.
            "channels": _parts([part for part in why.channels if part.apart]),
            "facets": [[part.dimension, *rest] for part, rest in _named(why.facets)],
        }
    # Of what is said less often than before, the words that are left explain nothing.
    quoted = one.verbatims if more else ()
    return Details(facts, head.behind, tuple(row.id for row in quoted))


def _parts(parts: Any) -> list[list[Any]]:
    return [rest for _part, rest in _named(parts)]


def _named(parts: Any) -> list[tuple[Part, list[Any]]]:
    above = [part for part in parts if part.excess > 0][:_NAMED]
    return [(part, [part.name, part.seen.k]) for part in above]
