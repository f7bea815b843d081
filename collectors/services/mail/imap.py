"""The connection to a mail server: one that hangs, drips or floods is left after a while."""

from __future__ import annotations

import imaplib
import ssl
import time
from contextlib import suppress
from functools import cache
from typing import Any

import httpx2
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from collectors.http import MAX_SECONDS
from simak.errors import ConfigurationError

TIMEOUT = 20.0
"""Seconds without a word from the server."""

LEAVE = 3.0
"""Seconds to say goodbye in."""

MAX_LINE = 20 * 1024 * 1024
"""The numbers of two million mails."""

MAX_LITERAL = 64 * 1024 * 1024
"""No mail is longer; a server that announces more is not believed."""


class _Patience:
    """Reads from a server no longer than a command may take, however slowly it drips.

    Mixed into a client of imaplib, which waits as long as a byte comes now and then.
    """

    file: Any
    ends = float("inf")

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise imaplib.IMAP4.error("a literal that is too long")
        found = bytearray()
        while len(found) < size:
            some = self._some()[: size - len(found)]
            if not some:
                break
            found += self.file.read(len(some))
        return bytes(found)

    def readline(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n") and len(line) <= MAX_LINE:
            some = self._some()
            if not some:
                break
            line += self.file.read(some.find(b"\n") + 1 or len(some))
        return bytes(line)

    def _some(self) -> bytes:
        if time.monotonic() > self.ends:
            raise TimeoutError
        found: bytes = self.file.peek(1)
        return found


class _Plain(_Patience, imaplib.IMAP4):
    def __init__(self, host: str, port: int) -> None:
        self.ends = time.monotonic() + MAX_SECONDS
        super().__init__(host, port, TIMEOUT)


class _Tls(_Patience, imaplib.IMAP4_SSL):
    def __init__(self, host: str, port: int) -> None:
        self.ends = time.monotonic() + MAX_SECONDS
        # The library's own takes any certificate.
        super().__init__(host, port, ssl_context=_trust(), timeout=TIMEOUT)


class Connection(BaseMailBox):
    """The library's mailbox, upon a client that is patient to a degree.

    Args:
        security: `tls`, `starttls` or `none`.

    Raises:
        ConfigurationError: the server offers no STARTTLS.
        imaplib.IMAP4.error, OSError: as `imaplib`.

    Example:
        >>> Connection("imap.example.org", 993, "tls").login("cs", "secret")  # doctest: +SKIP
    """

    client: Any

    def __init__(self, host: str, port: int, security: str) -> None:
        self._host, self._port, self._security = host, port, security
        super().__init__()

    def allow(self, seconds: float | None = None) -> None:
        """Give the server so much time, in all, for what is asked next."""
        self.client.ends = time.monotonic() + (MAX_SECONDS if seconds is None else seconds)

    def close(self, *, politely: bool) -> None:
        """Leave, with a goodbye where the connection is a good one."""
        with suppress(OSError, ValueError, imaplib.IMAP4.error, ImapToolsError, TypeError):
            if politely:
                self.allow(LEAVE)
                self.client.sock.settimeout(LEAVE)
                self.logout()
        with suppress(OSError, ValueError):
            self.client.shutdown()

    def _get_mailbox_client(self) -> Any:
        if self._security == "tls":
            return _Tls(self._host, self._port)
        client = _Plain(self._host, self._port)
        if self._security == "starttls":
            if "STARTTLS" not in client.capabilities:
                client.shutdown()
                raise ConfigurationError(
                    f'{self._host}:{self._port} offers no STARTTLS: try `security = "tls"`'
                )
            try:
                client.starttls(_trust())
            except BaseException:
                with suppress(OSError):  # half of it is TLS already
                    client.shutdown()
                raise
        return client


@cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
