"""A `requests.Session` for client libraries, whose requests all go through the project's client.

So retries, waits, limits and errors are the same for every source, whatever library reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http.client import responses
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from collectors.http import USER_AGENT, HttpClient
from collectors.http import Response as Answer


class _Adapter(BaseAdapter):
    def __init__(
        self,
        http: HttpClient,
        also: Iterable[int],
        base: str | None,
        on_answer: Callable[[Answer], None] | None,
    ) -> None:
        super().__init__()
        self._http, self._also, self._on_answer = http, tuple(also), on_answer
        self._base = urlsplit(base) if base else None

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body: Any = request.body
        answer = self._http.request(
            request.method or "GET",
            self._placed(request.url or ""),
            headers=_sendable(request.headers),
            content=body.encode() if isinstance(body, str) else body,
            also=self._also,
        )
        if self._on_answer is not None:
            self._on_answer(answer)
        response = requests.Response()
        response.status_code = answer.status
        response.reason = responses.get(answer.status, "")
        response.url = answer.url
        response.headers = CaseInsensitiveDict(
            # What was packed is unpacked, and what was in parts is whole.
            {
                name: value
                for name, value in answer.headers.items()
                if name not in ("content-encoding", "content-length", "transfer-encoding")
            }
        )
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.raw = BytesIO(answer.body)
        response.request = request
        return response

    def close(self) -> None:
        """Leave the connections to the HTTP client, whose they are."""

    def _placed(self, url: str) -> str:
        """Put a request of a library that knows one host only to where the settings say."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))


def session_through(
    http: HttpClient,
    *,
    also: Iterable[int] = (),
    base: str | None = None,
    on_answer: Callable[[Answer], None] | None = None,
) -> requests.Session:
    """Return a session whose requests go through `http`.

    It raises what `HttpClient.request` does, and follows redirects (of a host that was not asked
    for only where `base` is not given).

    Args:
        also: statuses that the library is to see, instead of an error.
        base: where every request goes, whatever host the library names: the service's address in
            the settings. A link that the service gives cannot lead elsewhere then.
        on_answer: told every answer, for limits that stand in headers.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     session_through(http, base="https://api.x.com").get("https://api.x.com/2/tweets")
        <Response [200]>
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    adapter = _Adapter(http, also, base, on_answer)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _sendable(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    # The client counts and packs for itself.
    own = {"content-length", "accept-encoding", "connection", "host"}
    return {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in headers.items()
        if name.lower() not in own
    }
