"""Serves the application over HTTP, for a proxy in front of it that speaks TLS."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from simak.errors import ConfigurationError

HEADER_SECONDS = 10.0
"""How long a request's head may take to come in."""

MAX_CONNECTIONS = 64
"""More at once are told to come again: memory stays bounded."""

_FINISH_SECONDS = 30


class _Protocol(H11Protocol):
    """HTTP that does not wait for ever for a request to begin, as uvicorn's own does."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._calm()

    def _watch(self) -> None:
        if not self._is_waiting():
            self._calm()
        elif self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self._is_waiting():
            self.transport.close()

    def _is_waiting(self) -> bool:
        return self.cycle is None or self.cycle.response_complete


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; port 0 takes a free one.

    Raises:
        ConfigurationError: the port is in use, or the address is not this machine's.

    Example:
        >>> with listen("127.0.0.1", 0) as listening:
        ...     listening.getsockname()[0]
        '127.0.0.1'
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=MAX_CONNECTIONS)
    except (OSError, OverflowError, UnicodeError) as error:
        raise ConfigurationError(
            f"nothing can be received at {host}:{port} ({error}): stop what runs there, or "
            "choose another with --host and --port"
        ) from error


def make_server(app: Starlette) -> uvicorn.Server:
    """Return what serves `app`: `run(sockets=[…])` until the process is told to stop.

    Deliveries under way are finished then.

    Example:
        >>> make_server(Starlette()).started
        False
    """
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        # Its lines hold whole addresses, and Meta's verification carries the token in one.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    return uvicorn.Server(config)
