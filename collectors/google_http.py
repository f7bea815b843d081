"""Google's client library, whose requests all go through the project's own HTTP client."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import httplib2

from collectors.http import HttpClient, Response, shown
from collectors.payload import object_of, text_in, value_in
from simak.errors import AccessDenied, ConfigurationError, SimakError, SourceChanged

_SAID = frozenset({400, 403, 404})
"""Refusals whose reason is in the body; the HTTP client says what the others mean."""

_KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"})
_RIGHTS = frozenset({401, 403})
_WORD = re.compile(r"[\w.-]{1,60}", re.ASCII)


class GoogleHttp:
    """As much of `httplib2.Http` as Google's client library uses.

    Retries, waits and errors are the HTTP client's; the library sees only JSON objects that came
    with a success, so that it has nothing to retry, to log or to misread.

    Args:
        headers: go with every request. A key belongs here: an address is logged, a header is not.
        refused: makes an error of an answer that says no.

    Example:
        >>> http = GoogleHttp(HttpClient(), headers={"X-Goog-Api-Key": "…"})
        >>> build("youtube", "v3", http=http, static_discovery=True)  # doctest: +SKIP
    """

    def __init__(
        self,
        http: HttpClient,
        *,
        headers: Mapping[str, str],
        refused: Callable[[Response], SimakError] | None = None,
    ) -> None:
        self._http, self._headers = http, headers
        self._refused = refused or refusal

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Make a request as `httplib2.Http.request` does.

        Raises:
            SimakError: as `HttpClient.request` and `refused`.
        """
        kept = {k: v for k, v in (headers or {}).items() if k in ("accept", "content-type")}
        response = self._http.request(
            method,
            uri,
            headers={**kept, **self._headers},
            content=body.encode() if isinstance(body, str) else body,
            also=_SAID,
        )
        if response.status >= 300:
            raise self._refused(response)
        if "error" in object_of(response):
            raise self._refused(response)
        return httplib2.Response({"status": str(response.status)}), response.body


def reasons_in(response: Response) -> list[str]:
    """Return the words by which Google says why it refuses, the plainest first.

    They are in `error.errors[].reason`, newer ones in `error.details[].reason`; `error` may be a
    bare word too.

    Example:
        >>> from httpx2 import Headers
        >>> body = b'{"error": {"errors": [{"reason": "commentsDisabled"}]}}'
        >>> reasons_in(Response(403, "https://a.example", Headers(), body))
        ['commentsDisabled']
    """
    try:
        error = value_in(json.loads(response.body), "error")
    except (ValueError, RecursionError):
        return []
    found = [error] if isinstance(error, str) else []
    for key in ("errors", "details"):
        entries = value_in(error, key)
        if isinstance(entries, list):
            found += [text_in(entry, "reason") for entry in entries]
    return [word for word in found if _WORD.fullmatch(word)]


def refusal(response: Response) -> SimakError:
    """Return the error that an answer which says no is, as any of Google's services means it."""
    place, reasons = shown(response.url), reasons_in(response)
    said = ", ".join([str(response.status), *dict.fromkeys(reasons)])
    if response.status in _RIGHTS or _KEY.intersection(reasons):
        return AccessDenied(
            f"{place} refuses access ({said}): check the key and what it is limited to, and that "
            "the API is turned on in its Google Cloud project"
        )
    if response.status == 404:
        return ConfigurationError(f"{place} is not there ({said}): check the address and the names")
    return SourceChanged(f"{place} refuses what it is asked ({said}), which is not known here")
