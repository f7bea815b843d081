"""Sends what is due: once to each channel, again after a failure, and then given up and shown.

A delivery is claimed in the store before it is sent. A run that is killed between the two leaves
it claimed, and nobody can tell whether it arrived: it is marked `unsure`, shown, and not sent
again (at most once). So a channel never gets the same twice, and what may be lost is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import tenacity

from alerts import timing
from alerts.messages import Message, digest, message
from alerts.sending import send
from simak.alert_settings import ChannelSettings
from simak.errors import ConfigurationError, RetryLater, SimakError
from simak.settings import Settings
from store.alerts import Alert, find_alert, mutes
from store.deliveries import (
    FAILED,
    MUTED,
    SENT,
    WAITING,
    Delivery,
    claim,
    due,
    give_up_unsure,
    settle,
    withdraw,
)
from store.engine import Store

TRIES = 3
"""Within one run, with growing waits between them."""

Sleep = Callable[[float], None]


@dataclass(slots=True)
class Delivered:
    """What came of a run's deliveries.

    Attributes:
        sent, muted: how many.
        failed: channel to why, of those that failed in this run, to be tried again or given up.
        given_up: how many were given up for good.
        unsure: how many another run was sending when it was killed.
    """

    sent: int = 0
    muted: int = 0
    given_up: int = 0
    unsure: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def deliver(
    store: Store,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    rest: Sleep,
    renew: Callable[[], None] = lambda: None,
) -> Delivered:
    """Send what is due. The caller is the only one that does so in this store, by its lease.

    A channel that fails in all tries gets nothing more in this run.

    Args:
        now: the clock, aware UTC.
        rest: waits so many seconds.
        renew: called before each message, to keep the lease.
    """
    done = Delivered(unsure=give_up_unsure(store))
    waiting = _unmuted(store, due(store, now()), now(), done)
    for together in _gathered(waiting):
        channel = together[0].channel
        if channel in done.failed:
            continue
        renew()
        claimed = claim(store, together, now())
        if not claimed:
            continue
        try:
            _send(settings, channel, _written(store, settings, claimed), rest)
        except SimakError as error:
            done.failed[channel] = str(error)
            _failed(store, claimed, str(error), now(), done)
        else:
            settle(store, claimed, SENT, now=now())
            done.sent += len(claimed)
    return done


def channel_of(settings: Settings, name: str) -> ChannelSettings:
    """Return a channel of the settings.

    Raises:
        ConfigurationError: there is none of this name.
    """
    for channel in settings.channels:
        if channel.name == name:
            return channel
    raise ConfigurationError(
        f"there is no [[channel]] {name!r} in the settings; there is "
        + (", ".join(channel.name for channel in settings.channels) or "none"),
        path=settings.path,
    )


def _send(settings: Settings, channel: str, written: Message, rest: Sleep) -> None:
    address = channel_of(settings, channel).address()
    for attempt in tenacity.Retrying(
        stop=tenacity.stop_after_attempt(TRIES),
        wait=tenacity.wait_exponential(multiplier=2),
        retry=tenacity.retry_if_exception_type(RetryLater),
        sleep=rest,
        reraise=True,
    ):
        with attempt:
            send(address, written)


def _failed(
    store: Store, claimed: Sequence[Delivery], error: str, now: datetime, done: Delivered
) -> None:
    for one in claimed:
        again = timing.again(one.tries + 1, now)
        status = FAILED if again is None else WAITING
        settle(store, [one], status, now=now, error=error, again_at=again)
        done.given_up += again is None


def _unmuted(
    store: Store, found: Sequence[Delivery], now: datetime, done: Delivered
) -> list[tuple[Delivery, Alert]]:
    today = now.astimezone(store.zone).date()
    muted = mutes(store, today)
    kept = []
    for one in found:
        alert = find_alert(store, one.alert_id)
        if one.reminder and alert.acknowledged_at is not None:
            withdraw(store, one)
        elif any(mute.silences(alert, today) for mute in muted):
            settle(store, [one], MUTED, now=now)
            done.muted += 1
        else:
            kept.append((one, alert))
    return kept


def _gathered(found: Sequence[tuple[Delivery, Alert]]) -> Iterator[list[Delivery]]:
    """Yield what goes in one message each: a channel's digest together, anything else alone."""
    together: dict[tuple[str, str], list[Delivery]] = {}
    for one, alert in found:
        together.setdefault((one.channel, one.digest or alert.id), []).append(one)
    yield from together.values()


def _written(store: Store, settings: Settings, claimed: Sequence[Delivery]) -> Message:
    found = [(find_alert(store, one.alert_id), one.reminder) for one in claimed]
    every = claimed[0].digest
    return digest(store, settings, found, every) if every else message(store, settings, *found[0])
