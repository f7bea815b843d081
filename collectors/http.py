"""The one door to the network for sources: retries, limits, and errors a person can act on."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx2
import stamina
import structlog
from tenacity.nap import sleep

from collectors.pace import Pace, retry_after
from simak import __version__
from simak.errors import (
    AccessDenied,
    ConfigurationError,
    RetryLater,
    SimakError,
    SourceChanged,
)

USER_AGENT = f"Simak/{__version__}"

MAX_BODY_BYTES = 32 * 1024 * 1024
"""A longer answer is no page of mentions. Counted after decompression."""

MAX_WAIT = 60.0
"""Seconds a service may make a run wait; told to wait longer, the run ends and says until when."""

MAX_SECONDS = 120.0
"""Seconds one answer may take in all, so that one that drips byte by byte ends too."""

ATTEMPTS = 4
MAX_REDIRECTS = 5

_TIMEOUT = httpx2.Timeout(20.0, connect=10.0)
_TOO_OFTEN = 429
_SOON = frozenset({408, 425, _TOO_OFTEN})

# Their messages hold whole addresses, and a query may be a key.
for _name in ("httpx2", "httpcore2", "prawcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    structlog.get_logger("simak.http").info(
        "asked again", attempt=details.retry_num, wait=details.wait_for, why=str(details.caused_by)
    )


stamina.instrumentation.set_on_retry_hooks([_log_retry])


@cache
def _ssl_context() -> ssl.SSLContext:
    # Reading the certificates takes longer than most requests: once for all clients.
    return httpx2.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, read to its end.

    Attributes:
        url: the address that answered, redirects followed.
        headers: names in any case.
    """

    status: int
    url: str
    headers: httpx2.Headers
    body: bytes


class _Passing(Exception):
    """A failure that may be over in a moment; `wait` is how long the service asks for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class HttpClient:
    """Makes requests on behalf of one source.

    What a service is known to get over (no connection, 408, 425, 429, 5xx) is tried
    `ATTEMPTS` times with exponential backoff and jitter, or after the time the service names.

    Args:
        now: the clock, aware UTC.
        pace: how many requests a minute it makes at most; None is as many as are asked.
        seconds: after so many it makes no request any more, and breaks off the one it waits for:
            a source that hangs ends.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     http.get("https://example.org/feed.xml").status
        200
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Pace | None = None,
        seconds: float | None = None,
    ) -> None:
        self._now = now
        self._pace = pace or Pace(None)
        self._ends = None if seconds is None else time.monotonic() + seconds
        self._client = httpx2.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=_TIMEOUT,
            max_redirects=MAX_REDIRECTS,
            verify=_ssl_context(),
        )

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask for `url`, following redirects; 2xx and 304 are answers, all else is an error.

        Raises:
            AccessDenied: 401, 403 or 451.
            ConfigurationError: 404, 410, or an address that is none.
            RetryLater: unreachable, too slow, 429 or 5xx, after the retries.
            SourceChanged: any other status, too many redirects, or a body without end.
        """
        return self.request("GET", url, params=params, headers=headers, follow_redirects=True)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        auth: tuple[str, str] | None = None,
        follow_redirects: bool = False,
        also: Iterable[int] = (),
    ) -> Response:
        """Make any request.

        Args:
            data, json, content: the body as form fields, as JSON or as it is.
            auth: name and password (HTTP Basic).
            follow_redirects: else a 3xx is an answer.
            also: statuses to return that would be errors.

        Raises:
            AccessDenied, ConfigurationError, RetryLater, SourceChanged: as `get`.
        """
        place = shown(url)
        if not is_address(url):
            raise ConfigurationError(f"{place!r} is no address: write https://…")
        wanted = frozenset(also)
        try:
            request = self._client.build_request(
                method, url, params=params, headers=headers, data=data, json=json, content=content
            )
            for attempt in stamina.retry_context(
                on=_backoff, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=MAX_WAIT
            ):
                with attempt:
                    response = self._send(request, auth, follow_redirects, place)
                    self._check_passing(response, wanted, place)
        except _Passing as error:
            until = None
            if error.wait is not None:
                until = self._now() + timedelta(seconds=error.wait)
            raise RetryLater(str(error), retry_at=until) from error
        except UnicodeEncodeError:
            raise ConfigurationError(
                f"{place!r} cannot be asked: its address or a key holds a character that cannot be "
                "sent; copy it again"
            ) from None
        except (httpx2.InvalidURL, UnicodeError) as error:
            raise ConfigurationError(f"{place!r} is no address: check it") from error
        _check_final(response, wanted, place)
        return response

    def wait(self, seconds: float, *, why: str) -> None:
        """Rest as a service asks, before the next request.

        Raises:
            RetryLater: it would be longer than `MAX_WAIT`; says until when.
        """
        if seconds > MAX_WAIT:
            raise RetryLater(why, retry_at=self._now() + timedelta(seconds=seconds))
        if seconds > 0:
            sleep(seconds)

    def _send(
        self,
        request: httpx2.Request,
        auth: tuple[str, str] | None,
        follow_redirects: bool,
        place: str,
    ) -> Response:
        host = urlsplit(place).netloc
        self._check_time(host)
        self._pace.take()
        started = time.monotonic()
        body = bytearray()
        try:
            answer = self._client.send(
                request,
                stream=True,
                auth=auth or httpx2.USE_CLIENT_DEFAULT,
                follow_redirects=follow_redirects,
            )
            try:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY_BYTES:
                        size = MAX_BODY_BYTES // 1024**2
                        raise SourceChanged(f"{place} answers with more than {size} MB: not read")
                    if time.monotonic() - started > MAX_SECONDS:
                        raise _Passing(f"{host} takes too long to answer: try again later")
                    self._check_time(host)
            finally:
                answer.close()
        except httpx2.TooManyRedirects as error:
            raise SourceChanged(f"{place} redirects without end: check the address") from error
        except httpx2.TimeoutException as error:
            raise _Passing(f"{host} does not answer in time: try again later") from error
        except httpx2.DecodingError as error:
            raise SourceChanged(f"{place} answers with a damaged compressed body") from error
        except httpx2.UnsupportedProtocol as error:
            raise SourceChanged(f"{place} redirects to what is no web address") from error
        except httpx2.LocalProtocolError:
            # Its words hold the header, and the header a key.
            raise ConfigurationError(
                f"{place} cannot be asked: a key holds a line break or another character that "
                "cannot be sent; copy it again"
            ) from None
        except httpx2.TransportError as error:
            raise _Passing(
                f"{host} cannot be reached ({_reason(error)}): check the address and the "
                "connection, or try again later"
            ) from error
        return Response(answer.status_code, str(answer.url), answer.headers, bytes(body))

    def _check_time(self, host: str) -> None:
        if self._ends is not None and time.monotonic() > self._ends:
            raise RetryLater(
                f"{host} took all the minutes this source has in a run: the next run goes on"
            )

    def _check_passing(self, response: Response, wanted: frozenset[int], place: str) -> None:
        status = response.status
        if status in wanted or not (status in _SOON or 500 <= status <= 599):
            return
        host = urlsplit(place).netloc
        if status == _TOO_OFTEN:
            reason = f"{host} says it is asked too often (429): try again later"
        else:
            reason = f"{host} has a problem of its own ({status}): try again later"
        raise _Passing(reason, retry_after(response.headers, self._now()))


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, _Passing):
        return False
    if error.wait is None:
        return True
    return error.wait if error.wait <= MAX_WAIT else False


def _check_final(response: Response, wanted: frozenset[int], place: str) -> None:
    status = response.status
    if 200 <= status < 400 or status in wanted:
        return
    raise _error_of(status, place)


def _error_of(status: int, place: str) -> SimakError:
    if status == 401:
        return AccessDenied(f"{place} wants a valid credential (401): check the source's keys")
    if status in (403, 451):
        return AccessDenied(
            f"{place} refuses access ({status}): check the credential and its rights"
        )
    if status in (404, 410):
        return ConfigurationError(f"{place} is not there ({status}): check the address")
    return SourceChanged(f"{place} answered with status {status}, which is not known here")


def is_address(url: str) -> bool:
    """Say whether `url` is a whole http(s) address.

    Example:
        >>> is_address("https://example.org/feed"), is_address("example.org/feed")
        (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def shown(url: str) -> str:
    """Return `url` as it may be shown and logged: without user, query and fragment.

    Example:
        >>> shown("https://me:secret@example.org/feed?token=1")
        'https://example.org/feed'
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{host}{parts.path}" if host else parts.path


def _reason(error: Exception) -> str:
    """The system's words for a failed connection, which never hold the address."""
    text = str(error)
    return text if text and "://" not in text else type(error).__name__


def looks_like(body: bytes) -> str:
    """Say in words what a body that is not what was asked for seems to be.

    Example:
        >>> looks_like(b"<!DOCTYPE html><title>Log in</title>")
        'a web page'
    """
    start = body[:512].lstrip().lower()
    if not start:
        return "an empty document"
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "a web page"
    if start[:1] in (b"{", b"["):
        return "JSON, whole or broken"
    return "a document of another kind"
