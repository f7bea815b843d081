"""Reddit's API through PRAW, whose requests all go through the project's own HTTP client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import praw
from praw.exceptions import PRAWException
from prawcore.exceptions import OAuthException, PrawcoreException, RequestException

from collectors.http import HttpClient, Response, shown
from simak.errors import AccessDenied, ConfigurationError, SourceChanged

PAGE = 100
"""Items Reddit gives at most per request."""

_UNAUTHORIZED = 401
_CHECK = "check 'client_id', 'client_secret' and that the application is of the type \"script\""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing; `after` is where the next begins, None at the end."""

    children: tuple[Mapping[str, Any], ...]
    after: str | None


class RedditApi:
    """Reads listings with an application's own (read-only) rights.

    Args:
        http: every request goes through it.
        now: the clock.

    Example:
        >>> api = RedditApi(HttpClient(), datetime.now, client_id="…", client_secret="…",
        ...                 user_agent="…")  # doctest: +SKIP
        >>> api.listing("r/indonesia/new").children[0]["data"]["title"]  # doctest: +SKIP
        'Paket saya belum sampai'
    """

    def __init__(
        self,
        http: HttpClient,
        now: Callable[[], datetime],
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        reddit_url: str = "https://www.reddit.com",
        oauth_url: str = "https://oauth.reddit.com",
    ) -> None:
        self._reddit = praw.Reddit(
            client_id=client_id,
            client_secret=client_secret,
            user_agent=user_agent,
            reddit_url=reddit_url,
            oauth_url=oauth_url,
            check_for_updates=False,
            check_for_async=False,
            requestor_kwargs={"session": _Session(http, now)},
        )

    def listing(
        self, path: str, params: Mapping[str, Any] | None = None, *, after: str | None = None
    ) -> Listing:
        """Return the page of the listing at `path` that begins after `after`.

        Raises:
            AccessDenied: the keys are wrong, or the place is private.
            ConfigurationError: there is no such place.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer is no listing.
        """
        asked = {"limit": PAGE, **(params or {}), **({"after": after} if after else {})}
        return _as_listing(self._get(path, asked), path)

    def items(self, fullnames: Iterable[str]) -> Listing:
        """Return what is left of up to `PAGE` posts and comments asked for by name.

        Raises:
            SimakError: as `listing`.
        """
        path = "api/info/"
        return _as_listing(self._get(path, {"id": ",".join(fullnames)}), path)

    def _get(self, path: str, params: dict[str, Any]) -> Any:
        try:
            return self._reddit.request(method="GET", path=path, params=params)
        except RequestException as error:
            # PRAW wraps what its session raises, and that is this module's.
            raise error.original_exception from None
        except OAuthException as error:
            raise AccessDenied(f"Reddit gives no token ({error.error}): {_CHECK}") from error
        except (PrawcoreException, PRAWException) as error:
            raise SourceChanged(f"Reddit's answer to {path} cannot be read: {error}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceChanged(
                f"Reddit's answer to the request for a token cannot be read "
                f"({type(error).__name__})"
            ) from error


def _as_listing(answer: Any, path: str) -> Listing:
    data = answer.get("data") if isinstance(answer, Mapping) else None
    children = data.get("children") if isinstance(data, Mapping) else None
    after = data.get("after") if isinstance(data, Mapping) else None
    if not isinstance(children, list) or not isinstance(after, str | None):
        raise SourceChanged(f"Reddit's answer to {path} is no listing")
    return Listing(tuple(c if isinstance(c, Mapping) else {} for c in children), after or None)


class _Session:
    """As much of `requests.Session` as PRAW uses.

    Retries, waits and errors are the HTTP client's; PRAW sees only successes, and one 401 for
    which it gets a new token.
    """

    def __init__(self, http: HttpClient, now: Callable[[], datetime]) -> None:
        self.headers: dict[str, str] = {}
        self._http, self._now = http, now
        self._rest_until: datetime | None = None
        self._refused = False

    def close(self) -> None:
        """Leave the connections to the HTTP client, whose they are."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Iterable[tuple[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: Any,
    ) -> _Answer:
        if self._rest_until is not None:
            self._http.wait(
                (self._rest_until - self._now()).total_seconds(),
                why="Reddit's limit of requests is used up: it says when there are more",
            )
        is_token = auth is not None
        response = self._http.request(
            method.upper(),
            url,
            params=params,
            headers={**self.headers, **(headers or {})},
            data=dict(data) if data is not None else None,
            auth=auth,
            also=(_UNAUTHORIZED,),
        )
        self._rest_until = self._limit(response)
        place = shown(url)
        if 300 <= response.status < 400:
            raise ConfigurationError(f"{place} leads elsewhere: there is no such subreddit")
        if response.status == _UNAUTHORIZED and is_token:
            raise AccessDenied(f"{place} gives no token (401): {_CHECK}")
        if response.status == _UNAUTHORIZED and self._refused:
            raise AccessDenied(f"{place} refuses a new token too (401): check the source's keys")
        if not is_token:
            self._refused = response.status == _UNAUTHORIZED
        return _Answer(response)

    def _limit(self, response: Response) -> datetime | None:
        """When requests are allowed again, where none is left."""
        try:
            left = float(response.headers["x-ratelimit-remaining"])
            reset = float(response.headers["x-ratelimit-reset"])
            return self._now() + timedelta(seconds=reset) if left < 1 else None
        except (KeyError, ValueError, OverflowError):
            return None


class _Answer:
    """As much of `requests.Response` as PRAW uses."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        # Without the rate limit: PRAW would sleep on its own for it.
        self.headers = {
            name: value
            for name, value in response.headers.items()
            if not name.startswith("x-ratelimit")
        }
        self._body = response.body

    @property
    def text(self) -> str:
        return self._body.decode("utf-8", "replace")

    def json(self) -> Any:
        try:
            return json.loads(self._body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
