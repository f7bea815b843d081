"""Tells an alert once more that was sent and that nobody has taken note of."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from alerts import timing
from alerts.rules import rules_of
from simak.settings import Settings
from store.alerts import Alert, find_alert
from store.deliveries import Delivery, add_reminders, unnoted
from store.engine import Store

LATE = timedelta(days=7)
"""What was to be told again longer ago stays untold: after a pause nobody gets it all at once."""

LASTING = ("silent", "budget")
"""Kinds that are over when the source works again; the others tell of what has been."""


def remind(store: Store, settings: Settings, now: datetime) -> int:
    """Put a reminder on its way of each alert that waits for too long, to each channel it went to.

    Whoever takes note before it goes gets none. To be called when the rules have been held against
    the store: what still lasts is known by then.

    Returns:
        How many.
    """
    wait = timedelta(hours=settings.remind_after_hours)
    if not wait:
        return 0
    rules = {rule.name: rule for rule in rules_of(settings)}
    channels = {channel.name for channel in settings.channels}
    today = now.astimezone(store.zone).date()
    found = []
    for sent in unnoted(store, now - wait - LATE):
        alert = find_alert(store, sent.alert_id)
        rule = rules.get(alert.rule)
        if rule is None or sent.channel not in channels or _is_over(alert, today):
            continue
        assert sent.sent_at is not None  # it was sent
        at = timing.remind(rule, sent.sent_at, now, settings)
        if at is not None:
            found.append(
                Delivery(
                    sent.alert_id, sent.channel, rule.digest or "", at,
                    brand_id=sent.brand_id, reminder=True,
                )
            )  # fmt: skip
    add_reminders(store, found)
    return len(found)


def _is_over(alert: Alert, today: date) -> bool:
    return alert.kind in LASTING and alert.until < today
