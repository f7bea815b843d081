"""X's API v2 through tweepy, whose requests all go through the project's own HTTP client."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
import tweepy

from collectors.http import USER_AGENT, HttpClient, Response, looks_like, shown
from collectors.payload import value_in
from collectors.requests_session import session_through
from collectors.services.x.answers import Found, found_in, posts_in
from collectors.services.x.budget import Ask
from simak.errors import AccessDenied, SimakError, SourceChanged

ADDRESS = "https://api.x.com"

_NO_CREDITS = 402
_POST_FIELDS = ["author_id", "created_at", "edit_history_tweet_ids", "lang", "note_tweet",
                "referenced_tweets"]  # fmt: skip
_ALONE = ["author_id"]
_WHOLE = ["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id"]
_PARAMETERS = ("since_id", "start_time", "next_token", "pagination_token", "query")

# It logs the headers of every request, and the token stands in them.
logging.getLogger("tweepy").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which part of a listing is asked for.

    Attributes:
        since: only posts newer than this one.
        start: only posts not older; X does not take it together with `since`.
        token: where the last page ended.
    """

    since: str | None = None
    start: datetime | None = None
    token: str | None = None


class Refused(SimakError):
    """X refuses a parameter; `names` holds which."""

    def __init__(self, message: str, names: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.names = names


class XApi:
    """Asks X with an application's bearer token.

    Args:
        http: every request goes through it.
        now: the clock.
        url: where X is.

    Example:
        >>> api = XApi(HttpClient(), datetime.now, bearer_token="…")  # doctest: +SKIP
        >>> api.search("senandika", Ask(10, True), Question()).posts[0]["text"]  # doctest: +SKIP
        'Kopi Senandika enak banget'
    """

    def __init__(
        self,
        http: HttpClient,
        now: Callable[[], datetime],
        *,
        bearer_token: str,
        url: str = ADDRESS,
    ) -> None:
        self._http, self._now = http, now
        self._client = tweepy.Client(bearer_token, return_type=dict, wait_on_rate_limit=False)
        self._client.user_agent = USER_AGENT
        self._client.session = session_through(
            http, also=(400, _NO_CREDITS), base=url, on_answer=self._see
        )
        self._answer: Response | None = None
        self._rests: dict[str, datetime] = {}

    def search(self, query: str, ask: Ask, question: Question) -> Found:
        """Return a page of the posts of the last seven days that fit a query.

        Raises:
            AccessDenied, ConfigurationError, RetryLater, SourceChanged: as `HttpClient.get`.
            Refused: X does not take a parameter.
        """
        answer = self._ask(
            "recent search",
            lambda: self._client.search_recent_tweets(
                query,
                since_id=question.since,
                start_time=question.start,
                next_token=question.token,
                **_shape(ask),
            ),
        )
        return found_in(answer, f"the search for {query!r}")

    def mentions(self, user: str, ask: Ask, question: Question) -> Found:
        """Return a page of the posts that mention a user.

        Raises:
            SimakError: as `search`.
        """
        answer = self._ask(
            "mentions",
            lambda: self._client.get_users_mentions(
                user,
                since_id=question.since,
                start_time=question.start,
                pagination_token=question.token,
                **_shape(ask),
            ),
        )
        return found_in(answer, f"the mentions of user {user}")

    def posts(self, ids: list[str]) -> Found:
        """Return what is left of up to 100 posts asked for by id; `errors` names the others.

        Raises:
            SimakError: as `search`.
        """
        answer = self._ask(
            "posts by id",
            lambda: self._client.get_tweets(ids, tweet_fields=_POST_FIELDS, expansions=_ALONE),
        )
        return posts_in(answer, "the request for posts by id")

    def _ask(self, kind: str, call: Callable[[], Any]) -> Any:
        if kind in self._rests:
            self._http.wait(
                (self._rests.pop(kind) - self._now()).total_seconds(),
                why=f"X's limit of requests ({kind}) is used up: it says when there are more",
            )
        self._answer = None
        try:
            answer = call()
        except tweepy.BadRequest as error:
            raise _refusal(error, kind) from error
        except tweepy.HTTPException as error:
            status = error.response.status_code
            if status == _NO_CREDITS:
                raise AccessDenied(
                    "X wants to be paid (402): its account has no credits left; buy some in X's "
                    "developer console"
                ) from error
            raise SourceChanged(f"X answers {kind} with status {status}, not known here") from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError,
                requests.RequestException) as error:  # fmt: skip
            raise SourceChanged(self._unreadable(kind)) from error
        self._note_limit(kind)
        return answer

    def _see(self, answer: Response) -> None:
        self._answer = answer

    def _unreadable(self, kind: str) -> str:
        if self._answer is None:
            return f"X's answer to {kind} cannot be read"
        body = looks_like(self._answer.body)
        return f"{shown(self._answer.url)} answers with {body} that is not what was asked for"

    def _note_limit(self, kind: str) -> None:
        """Remember when requests of a kind are allowed again, where none is left."""
        headers = self._answer.headers if self._answer is not None else {}
        try:
            left = float(headers["x-rate-limit-remaining"])
            reset = float(headers["x-rate-limit-reset"])
            wait = timedelta(seconds=reset - self._now().timestamp())
            if left < 1:
                self._rests[kind] = self._now() + wait
        except (KeyError, ValueError, OverflowError):
            return


def _shape(ask: Ask) -> dict[str, Any]:
    return {
        "max_results": ask.size,
        "tweet_fields": _POST_FIELDS,
        "user_fields": ["username"],
        "expansions": _WHOLE if ask.whole else _ALONE,
    }


def _refusal(error: tweepy.BadRequest, kind: str) -> SimakError:
    names = set()
    for told in error.api_errors:
        if isinstance(parameters := value_in(told, "parameters"), Mapping):
            names |= {str(name) for name in parameters}
    message = "; ".join(str(text) for text in error.api_messages)[:300]
    names |= {name for name in _PARAMETERS if f"'{name}'" in message}
    return Refused(f"X refuses {kind} (400): {message or 'it does not say why'}", frozenset(names))
