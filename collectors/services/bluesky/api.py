"""Bluesky's API through the atproto library, whose requests all go through the project's client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from atproto_client import models
from atproto_client.client.base import ClientBase
from atproto_client.request import Response as Handed

from collectors.http import HttpClient, Response, shown
from collectors.newest_first import PlaceLost
from collectors.payload import list_in, number_in, object_of, text_in, value_in
from simak.errors import AccessDenied, ConfigurationError, SourceChanged

PAGE = 100
"""Posts the service gives at most per request."""

BATCH = 25
"""Posts it gives at most by name at once."""

_BAD_REQUEST, _UNAUTHORIZED = 400, 401
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_CODE = re.compile(r"[A-Za-z]{1,60}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One page, newest first; `cursor` is what the next is asked with, None at the end."""

    records: list[Any]
    cursor: str | None
    quota_left: int | None


class BlueskyApi:
    """Searches, and reads notifications and posts, logged in as an account.

    Records are given as the service wrote them: the library's models refuse a page for one value
    that they do not expect. It is logged in with the first request, and again when the service
    takes the session for expired.

    Args:
        http: every request goes through it.
        url: the account's server. Nothing that it answers leads to another.

    Attributes:
        did: the account's own name; "" before the first request.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     api = BlueskyApi(http, url="https://bsky.social", handle="kopi.example",
        ...                      app_password="…")
        ...     api.search("kopi").records[0]["record"]["text"]
        'Ngopi dulu'
    """

    def __init__(self, http: HttpClient, *, url: str, handle: str, app_password: str) -> None:
        self._client = ClientBase(url, _Request(http))
        self._login = models.ComAtprotoServerCreateSession.Data(
            identifier=handle, password=app_password
        )
        self._token: str | None = None
        self.did = ""

    def search(self, words: str, cursor: str | None = None, until: str | None = None) -> Answer:
        """Return a page of the posts that a search finds, of those before the time `until`.

        Raises:
            AccessDenied: handle or app password are wrong, or the account may not search.
            ConfigurationError: the service does not take the words, or is not at the address.
            PlaceLost: it does not take the cursor.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer has no list of posts.
        """
        params = models.AppBskyFeedSearchPosts.Params(
            q=words, limit=PAGE, sort="latest", cursor=cursor, until=until
        )
        answer = self._ask("app.bsky.feed.searchPosts", params)
        if answer.status == _BAD_REQUEST:
            code = _code(answer)
            if cursor is not None:
                raise PlaceLost(f"{shown(answer.url)} does not go on where it said ({code})")
            raise ConfigurationError(f"{shown(answer.url)} does not take {words!r} ({code})")
        return _page(answer, "posts")

    def mentions(self, cursor: str | None = None) -> Answer:
        """Return a page of the notifications of who mentions, answers or quotes the account.

        Raises:
            SimakError: as `search`.
        """
        params = models.AppBskyNotificationListNotifications.Params(
            limit=PAGE, cursor=cursor, reasons=["mention", "reply", "quote"]
        )
        answer = self._ask("app.bsky.notification.listNotifications", params)
        if answer.status == _BAD_REQUEST and cursor is not None:
            raise PlaceLost(f"{shown(answer.url)} does not go on where it said ({_code(answer)})")
        return _page(answer, "notifications")

    def posts(self, uris: Iterable[str]) -> list[Any]:
        """Return what is left of up to `BATCH` posts.

        Raises:
            SimakError: as `search`.
        """
        params = models.AppBskyFeedGetPosts.Params(uris=list(uris))
        return _page(self._ask("app.bsky.feed.getPosts", params), "posts").records

    def is_gone(self, uri: str) -> bool:
        """Say whether a post is no more: one whose writer blocks the account is there.

        Raises:
            SimakError: as `search`.
        """
        params = models.AppBskyFeedGetPostThread.Params(uri=uri, depth=0, parent_height=0)
        answer = self._ask("app.bsky.feed.getPostThread", params)
        if answer.status == _BAD_REQUEST:
            if _code(answer) != "NotFound":
                raise _refused(answer)
            return True
        thread = value_in(object_of(answer), "thread")
        if not isinstance(thread, dict):
            raise SourceChanged(f"{shown(answer.url)} answers with no thread")
        if not {"post", "notFound", "blocked"} & thread.keys():
            raise SourceChanged(f"{shown(answer.url)} answers with no thread known here")
        return thread.get("notFound") is True

    def log_in(self) -> None:
        """Begin a session.

        Raises:
            AccessDenied: the service takes neither handle nor app password.
            ConfigurationError, RetryLater, SourceChanged: as `search`.
        """
        answer = self._client.invoke_procedure(
            "com.atproto.server.createSession",
            data=self._login,
            input_encoding="application/json",
        ).content
        if answer.status in (_BAD_REQUEST, _UNAUTHORIZED):
            raise AccessDenied(
                f"{shown(answer.url)} gives no session ({answer.status} {_code(answer)}): check "
                "'handle' and 'app_password', which is made in the account's settings"
            )
        session = object_of(answer)
        self._token, self.did = text_in(session, "accessJwt"), text_in(session, "did")
        if not (self._token and self.did):
            raise SourceChanged(f"{shown(answer.url)} answers with no session")

    def _ask(self, name: str, params: Any) -> Response:
        """Ask, logged in; an answer of 400 is for who asked."""
        if self._token is None:
            self.log_in()
        answer = self._asked(name, params)
        if _is_expired(answer):
            self.log_in()
            answer = self._asked(name, params)
        if _is_expired(answer):
            raise AccessDenied(
                f"{shown(answer.url)} refuses a new session too ({answer.status} {_code(answer)}): "
                "check the account's rights"
            )
        return answer

    def _asked(self, name: str, params: Any) -> Response:
        answer: Response = self._client.invoke_query(
            name, params=params, headers={"Authorization": f"Bearer {self._token}"}
        ).content
        return answer


class _Request:
    """As much of the library's `Request` as its client uses.

    What it hands back holds the answer of the project's client, unread.
    """

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def get(self, url: str, **given: Any) -> Handed:
        return self._send("GET", url, given)

    def post(self, url: str, **given: Any) -> Handed:
        return self._send("POST", url, given)

    def _send(self, method: str, url: str, given: Mapping[str, Any]) -> Handed:
        content = given.get("content")
        headers = {name: value for name, value in given["headers"].items() if value}
        answer = self._http.request(
            method,
            url,
            params=given.get("params"),
            headers=headers,
            content=content.encode() if isinstance(content, str) else None,
            also=(_BAD_REQUEST, _UNAUTHORIZED),
        )
        if 300 <= answer.status < 400:
            raise ConfigurationError(
                f"{shown(answer.url)} leads elsewhere: set 'url' to the server's own address"
            )
        return Handed(True, answer.status, answer, {})


def _page(answer: Response, key: str) -> Answer:
    if answer.status == _BAD_REQUEST:
        raise _refused(answer)
    page = object_of(answer)
    records = list_in(page, key, f"{shown(answer.url)}: the answer")
    left = number_in(answer.headers.get("ratelimit-remaining"))
    return Answer(records, text_in(page, "cursor") or None, None if left is None else int(left))


def _is_expired(answer: Response) -> bool:
    if answer.status == _UNAUTHORIZED:
        return True
    return answer.status == _BAD_REQUEST and _code(answer) in _EXPIRED


def _code(answer: Response) -> str:
    """The service's word for what is wrong, which is no sentence and the same in all languages."""
    try:
        code = text_in(object_of(answer), "error")
    except SourceChanged:
        return "no reason given"
    return code if _CODE.fullmatch(code) else "no reason known here"


def _refused(answer: Response) -> SourceChanged:
    return SourceChanged(f"{shown(answer.url)} does not take what is asked ({_code(answer)})")
