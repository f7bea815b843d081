"""Sends a message to a channel through apprise; the channel's address is told to nobody.

Apprise says no more than whether it could send, and writes the rest into its log, addresses
included. Its log is kept from everywhere, and of it only an HTTP status is passed on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from alerts.messages import Message
from simak.errors import AccessDenied, ConfigurationError, RetryLater

_STATUS = re.compile(r"error=(\d{3})\b")

_REFUSED = (401, 403, 404, 410)
"""Statuses that come again however often it is tried, until somebody mends the channel."""


def send(address: str, message: Message) -> None:
    """Send a message once.

    Args:
        address: an apprise URL, such as of Slack, Teams, Telegram, WhatsApp, mail or a webhook.

    Raises:
        ConfigurationError: apprise does not know such an address.
        AccessDenied: the service refuses it.
        RetryLater: the service cannot be reached, or is not able to.
    """
    import apprise  # it takes long to load, and most runs send nothing

    said: list[str] = []
    with _kept(said):
        asset = apprise.AppriseAsset(app_id="Simak", app_desc="Simak", app_url="")
        # What instantiate() makes of an address, it may also raise with the address in it.
        try:
            service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
        except Exception:
            service = None
        if service is None:
            raise ConfigurationError(
                "the address is none that apprise knows: copy it anew, in the form that "
                "docs/alerts.md shows for its service"
            )
        body = message.text(service.body_maxlen - len(message.title) - 2)
        sent = False
        try:
            sent = bool(
                service.notify(
                    body=body, title=message.title, body_format=apprise.NotifyFormat.TEXT
                )
            )
        except Exception:  # a plugin's own mistake: its words may hold the address
            said.append("the plugin failed")
    if not sent:
        raise _failure(said)


def _failure(said: list[str]) -> RetryLater | AccessDenied:
    statuses = [int(found[1]) for line in said for found in _STATUS.finditer(line)]
    if not statuses:
        return RetryLater("the service cannot be reached, or did not take the message")
    status = statuses[-1]
    name = next((f" {one.phrase}" for one in HTTPStatus if one == status), "")
    if status in _REFUSED:
        return AccessDenied(
            f"the service refuses it ({status}{name}): is its address still right, and its token?"
        )
    return RetryLater(f"the service answered {status}{name}")


@contextmanager
def _kept(said: list[str]) -> Iterator[None]:
    """Keep what apprise and the libraries below it log from everybody."""

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    keeper = Keeper(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [(one.propagate, one.handlers[:], one.level) for one in loggers]
    for one in loggers:
        one.propagate, one.handlers = False, [keeper]
        one.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for one, (propagate, handlers, level) in zip(loggers, before, strict=True):
            one.propagate, one.handlers = propagate, handlers
            one.setLevel(level)
