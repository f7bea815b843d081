"""Google's APIs through Google's own clients, whose requests all go through the project's own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError

from collectors.http import HttpClient, Response, shown
from collectors.payload import json_of, number_in, object_of, text_in, value_in
from simak.errors import AccessDenied, ConfigurationError, RetryLater, SimakError, SourceChanged

# Their messages hold whole addresses, and a query may be a key.
for _name in ("googleapiclient", "google.auth"):
    logging.getLogger(_name).setLevel(logging.WARNING)

TOKEN_URI = "https://oauth2.googleapis.com/token"

_OK, _BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 400, 401, 403, 404
_SAID = (_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND)
"""Refusals whose reason is in the body; the HTTP client says what the others mean."""

_KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"})
_TOO_MUCH = frozenset(
    {
        "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded",
        "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED",
    }
)  # fmt: skip
_TURNED_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_PASSING = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})
_WORD = re.compile(r"[A-Za-z_]{1,60}")
_OWN_HEADERS = frozenset({"accept-encoding", "content-length", "user-agent"})


@dataclass(frozen=True, slots=True)
class _Token:
    """As much of `google.auth.transport.Response` as google-auth reads."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class GoogleTransport:
    """What google-auth gets its tokens with: a `google.auth.transport.Request`.

    Anything but a token is an error at once, so that google-auth never retries or sleeps.

    Example:
        >>> credentials.refresh(GoogleTransport(context.http))  # doctest: +SKIP
    """

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> _Token:
        """Make the request.

        Raises:
            AccessDenied: the credential is refused.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer holds no token.
        """
        answer = self._http.request(
            method, url, headers=headers, content=body,
            also=(_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN),
        )  # fmt: skip
        if answer.status != _OK:
            raise _no_token(answer)
        token = object_of(answer)
        lasts = number_in(token, "expires_in")
        if not text_in(token, "access_token") or lasts is None or not 0 < lasts < 1e7:
            raise SourceChanged(f"{shown(url)} answers with something that holds no token")
        return _Token(answer.status, {}, answer.body)


def _no_token(answer: Response) -> SimakError:
    place, reason = shown(answer.url), _reason_of_token(answer)
    if reason in _PASSING:
        return RetryLater(f"{place} has a problem of its own ({reason}): try again later")
    if 300 <= answer.status < 400:
        return ConfigurationError(f"{place} leads elsewhere ({answer.status}): check the address")
    said = f"{answer.status}, {reason}" if reason else str(answer.status)
    if reason == "invalid_grant":
        return AccessDenied(
            f"{place} gives no token ({said}): the key or the refresh token was withdrawn or has "
            "expired, or this machine's clock is wrong; make a new one"
        )
    return AccessDenied(f"{place} gives no token ({said}): check the source's keys")


def _reason_of_token(answer: Response) -> str:
    try:
        return _word(value_in(json_of(answer), "error"))
    except SourceChanged:
        return ""


class GoogleHttp:
    """As much of `httplib2.Http` as google-api-python-client uses, and a way without it.

    Retries, waits and errors are the HTTP client's. The credential's token is renewed when it is
    about to end, and once when it is refused.

    Args:
        http: every request goes through it.
        credentials: of google-auth; None where a header holds a key.
        headers: go with every request. A key belongs here: an address is logged, a header is not.
        refused: makes an error of an answer that says no, 400 among them; without it that is left
            to google-api-python-client, which makes it an `HttpError`.

    Example:
        >>> http = GoogleHttp(context.http, headers={"X-Goog-Api-Key": "…"})  # doctest: +SKIP
        >>> build("youtube", "v3", http=http, static_discovery=True)  # doctest: +SKIP
    """

    def __init__(
        self,
        http: HttpClient,
        credentials: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        refused: Callable[[Response], SimakError] | None = None,
    ) -> None:
        self._http, self._credentials = http, credentials
        self._headers, self._refused = dict(headers or {}), refused
        self._transport = GoogleTransport(http)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Answer with a JSON object, or with a 400.

        Raises:
            SimakError: as `send`; SourceChanged also where the body is no JSON object.
        """
        also = (_BAD_REQUEST,) if self._refused is None else ()
        answer = self.send(method, uri, headers=headers, body=body, also=also)
        if answer.status == _OK and "error" in object_of(answer):
            raise (self._refused or refusal)(answer)
        given = {"status": str(answer.status), "content-type": "application/json"}
        return httplib2.Response(given), answer.body

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        also: Collection[int] = (),
    ) -> Response:
        """Make a request with the credential's token; 200 is an answer, and what is in `also`.

        Raises:
            AccessDenied: 401 with a new token too, 403, or no token is given.
            RetryLater: unreachable, out of order, or a quota is used up, whatever its status.
            ConfigurationError: 404 or 410.
            SourceChanged: any other status.
        """
        content = body.encode() if isinstance(body, str) else body
        while True:
            sent = {k: v for k, v in (headers or {}).items() if k.lower() not in _OWN_HEADERS}
            sent |= self._headers
            fresh = self._authorize(sent)
            answer = self._http.request(
                method, url, params=params, headers=sent, content=content,
                also=(*_SAID, *also),
            )  # fmt: skip
            if answer.status != _UNAUTHORIZED or self._credentials is None or fresh:
                break
            self._credentials.token = None
        if answer.status == _OK or answer.status in also:
            return answer
        raise (self._refused or refusal)(answer)

    def _authorize(self, headers: dict[str, str]) -> bool:
        """Add the token; say whether it was made for this request."""
        if self._credentials is None:
            return False
        fresh = not self._credentials.valid
        try:
            # Not `before_request`: that also starts a thread which asks where the token is valid.
            if fresh:
                self._credentials.refresh(self._transport)
            self._credentials.apply(headers)
        except (GoogleAuthError, ValueError) as error:
            # It takes what it is given for well formed: times, and the text's encoding.
            raise AccessDenied(
                f"Google gives no token ({type(error).__name__}): check the source's keys"
            ) from error
        return fresh


def refusal(answer: Response) -> SimakError:
    """Return the error that an answer which says no is, as any of Google's services means it."""
    place, status = shown(answer.url), answer.status
    reasons = reasons_of(answer)
    said = ", ".join([str(status), *sorted(reasons)])
    if reasons & _TOO_MUCH:
        return RetryLater(f"{place} says that its quota is used up ({said}): try again later")
    if reasons & _TURNED_OFF:
        return AccessDenied(
            f"{place} refuses access ({said}): turn the API on in the Google Cloud project that "
            "the credential belongs to"
        )
    if status == _UNAUTHORIZED or reasons & _KEY:
        return AccessDenied(f"{place} wants a valid credential ({said}): check the source's keys")
    if status == _FORBIDDEN:
        return AccessDenied(f"{place} refuses access ({said}): check the credential and its rights")
    if status == _NOT_FOUND:
        return ConfigurationError(f"{place} is not there ({said}): check the address and the names")
    if 300 <= status < 400:
        return ConfigurationError(f"{place} leads elsewhere ({status}): check the address")
    return SourceChanged(f"{place} answered with status {said}, which is not known here")


def reasons_of(answer: Response) -> frozenset[str]:
    """Return the reasons an error of Google gives, in its words; empty where it gives none.

    They are in `error.status`, `error.errors[].reason` and, newer ones, `error.details[].reason`;
    `error` may be a bare word too.

    Example:
        >>> from httpx2 import Headers
        >>> body = b'{"error": {"code": 404, "status": "NOT_FOUND"}}'
        >>> sorted(reasons_of(Response(404, "https://a.example", Headers(), body)))
        ['NOT_FOUND']
    """
    try:
        error = value_in(json_of(answer), "error")
    except SourceChanged:
        return frozenset()
    words = [error, value_in(error, "status")]
    for key in ("errors", "details"):
        listed = value_in(error, key)
        if isinstance(listed, list):
            words += [value_in(one, "reason") for one in listed]
    return frozenset(filter(None, map(_word, words)))


def _word(value: Any) -> str:
    # Shown to people: nothing that could be a key or a whole text.
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""
