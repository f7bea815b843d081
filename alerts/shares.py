"""Shares above a threshold, by the lower end of their interval, and promises broken more often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from alerts.found import Details, Found, narrowed, subject_of
from insights.intervals import growth, share
from insights.promises import promises
from insights.telling import telling
from simak.alert_settings import AlertRule
from simak.tags import SENTIMENTS
from store.engine import Store
from store.filter import Filter
from store.lists import count

DAYS = 7
MINIMUM = 50
"""Mentions that a share rests on, and:"""

MINIMUM_BROKEN = 5
"""mentions that say that a promise was broken, where a rule does not say them."""

QUOTES = 3


def find_threshold(store: Store, rule: AlertRule, brand: str, today: date) -> Iterator[Found]:
    """Yield it where a share of the last days lies above the rule's, beyond chance."""
    days = rule.days or DAYS
    window = narrowed(rule, brand).but(since=today - timedelta(days=days - 1), until=today)
    behind, among = _sides(rule, window)
    n = count(store, among).n
    if n < (rule.minimum or MINIMUM):
        return
    value = share(count(store, behind).n, n)
    if value.low is None or value.low <= rule.above:
        return
    facts = {
        "metric": rule.metric,
        "touchpoint": rule.touchpoint,
        "above": rule.above,
        "days": days,
        "share": [value.value, value.low, value.high],
        "k": value.k,
        "n": n,
    }
    yield Found(
        rule,
        brand,
        subject_of(
            rule, rule.metric, f"above {rule.above:g} in {days} days", rule.touchpoint or "all"
        ),
        (rule.touchpoint or "",),
        today,
        today,
        lambda: Details(facts, behind, _ids(store, behind)),
    )


def find_promises(store: Store, rule: AlertRule, brand: str, today: date) -> Iterator[Found]:
    """Yield each promise that more say was broken than in as many days before, beyond chance."""
    days = rule.days or DAYS
    window = narrowed(rule, brand).but(since=today - timedelta(days=days - 1), until=today)
    for row in promises(store, window).rows:
        promise, broken = row.promise, row.all.broken.k or 0
        if rule.touchpoint not in (None, promise.touchpoint):
            continue
        if broken < (rule.minimum or MINIMUM_BROKEN):
            continue
        earlier = row.all.behind_broken.but(since=window.since, until=window.until).previous()
        assert earlier is not None
        before = count(store, earlier).n
        rise = growth(broken, before)
        if before and (rise.low is None or rise.low <= 0):
            continue
        behind = row.all.behind_broken
        facts = {
            "promise": promise.text,
            "touchpoint": promise.touchpoint,
            "broken": broken,
            "kept": row.all.kept.k or 0,
            "before": before,
            "days": days,
        }

        def details(facts: dict[str, object] = facts, behind: Filter = behind) -> Details:
            return Details(facts, behind, _ids(store, behind))

        yield Found(
            rule,
            brand,
            subject_of(rule, f"promise {promise.id}"),
            (promise.touchpoint,),
            today,
            today,
            details,
        )


def _sides(rule: AlertRule, window: Filter) -> tuple[Filter, Filter]:
    """Return the mentions a share counts, and those it is of."""
    of = (rule.touchpoint,) if rule.touchpoint else ()
    if rule.metric == "complaint_share":
        complaints = window.but(complaint=True)
        return complaints.but(touchpoints=of, polarity="negative"), complaints
    among = window.but(touchpoints=of, sentiments=SENTIMENTS)
    if rule.metric == "complaint_rate":
        return among.but(complaint=True), among
    if of:
        return among.but(polarity="negative"), among
    return window.but(sentiments=("negative",)), among


def _ids(store: Store, behind: Filter) -> tuple[int, ...]:
    return tuple(row.id for row in telling(store, behind, limit=QUOTES))
