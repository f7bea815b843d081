"""One run: what stands out is put on record, and what is due is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import sleep

from alerts.delivering import Delivered, deliver
from alerts.raising import raise_alerts
from alerts.reminding import remind
from simak.settings import Settings
from store.alerts import Alert
from store.engine import Store
from store.runs import hold_lease

LEASE = "alerts"
"""Runs of one store are one after the other."""


@dataclass(frozen=True, slots=True)
class AlertRun:
    """What a run brought.

    Attributes:
        alerts: the new ones.
        reminded: how many messages tell an older one again.
    """

    alerts: tuple[Alert, ...]
    delivered: Delivered
    reminded: int = 0


def run_alerts(
    store: Store,
    settings: Settings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    rest: Callable[[float], None] = sleep,
) -> AlertRun:
    """Hold the rules against the store and send what is due.

    Raises:
        StoreBusy: another run is at work.
        ConfigurationError: a rule names what there is not.
    """
    with hold_lease(store, LEASE) as lease:
        made = raise_alerts(store, settings, now())
        lease.renew()
        again = remind(store, settings, now())
        done = deliver(store, settings, now=now, rest=rest, renew=lease.renew)
    return AlertRun(tuple(made), done, again)
