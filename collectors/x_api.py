"""X's API v2 through tweepy, whose requests all go through the project's own HTTP client."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
import tweepy

from collectors.http import USER_AGENT, HttpClient, Response, looks_like, shown
from collectors.payload import text_in, value_in
from collectors.requests_session import session_through
from collectors.x_budget import Ask
from simak.errors import AccessDenied, ConfigurationError, SimakError, SourceChanged

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


@dataclass(frozen=True, slots=True)
class Found:
    """One answer.

    Attributes:
        posts: as X gives them, the newest first.
        users: handle by id.
        others: posts that these refer to, by id.
        errors: what X could not give.
        token: where the next page begins; None at the end.
    """

    posts: list[Any]
    users: Mapping[str, str]
    others: Mapping[str, Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]
    token: str | None = None

    @property
    def read(self) -> int:
        """How many posts X gave, for the budget."""
        return len(self.posts) + len(self.others)


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


def found_in(answer: Any, what: str) -> Found:
    """Return what is in an answer of a listing.

    Raises:
        AccessDenied, ConfigurationError, SourceChanged: there is no list of posts, and X does not
            say that there are none.

    Example:
        >>> found_in({"meta": {"result_count": 0}}, "the search for 'kopi'").posts
        []
    """
    found = _read(answer, what)
    if not found.posts:
        if found.errors:
            raise _failure(found.errors, what)
        # Nothing is nothing only where X says so.
        if value_in(answer, "meta", "result_count") != 0:
            raise SourceChanged(f"X's answer to {what} has no posts and does not say that it is so")
    token = value_in(answer, "meta", "next_token")
    if not isinstance(token, str | None):
        raise SourceChanged(f"X's answer to {what} names a next page in a shape not known here")
    return Found(found.posts, found.users, found.others, found.errors, token or None)


def posts_in(answer: Any, what: str) -> Found:
    """Return what is in the answer to a request for posts by id, of which none may be left.

    Raises:
        SourceChanged: it has neither posts nor says of one that it is not there.
    """
    found = _read(answer, what)
    if not found.posts and not any(is_missing(e) or is_refusal(e) for e in found.errors):
        if found.errors:
            raise _failure(found.errors, what)
        raise SourceChanged(f"X's answer to {what} has no posts and does not say why")
    return found


def _read(answer: Any, what: str) -> Found:
    if not isinstance(answer, Mapping):
        raise SourceChanged(f"X's answer to {what} is no object")
    data, errors = answer.get("data", []), answer.get("errors", [])
    if not isinstance(data, list) or not isinstance(errors, list):
        raise SourceChanged(f"X's answer to {what} has no list of posts: its shape is not known")
    return Found(
        posts=data,
        users={
            id: name
            for user in _included(answer, "users")
            if (id := text_in(user, "id")) and (name := text_in(user, "username"))
        },
        others={id: post for post in _included(answer, "tweets") if (id := text_in(post, "id"))},
        errors=[error if isinstance(error, Mapping) else {} for error in errors],
    )


def _included(answer: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    records = value_in(answer, "includes", kind)
    return [r for r in records if isinstance(r, Mapping)] if isinstance(records, list) else []


def title_of(error: Mapping[str, Any]) -> str:
    """Return what X calls an error.

    Example:
        >>> title_of({"title": "Not Found Error", "value": "12"})
        'Not Found Error'
    """
    return (text_in(error, "title") or text_in(error, "message"))[:100] or "an error without a name"


def is_refusal(error: Mapping[str, Any]) -> bool:
    """Say whether an error is about what one may not see: protected, suspended, withheld."""
    return title_of(error) in ("Authorization Error", "Forbidden")


def is_missing(error: Mapping[str, Any]) -> bool:
    """Say whether an error is about what is not there, or not there any more."""
    return title_of(error) == "Not Found Error"


def _failure(errors: Sequence[Mapping[str, Any]], what: str) -> SimakError:
    first = errors[0]
    words = f"X does not answer {what}: {title_of(first)}"
    if detail := text_in(first, "detail")[:300]:
        words += f" ({detail})"
    if is_refusal(first):
        return AccessDenied(f"{words}; check the rights of the application")
    if is_missing(first):
        return ConfigurationError(f"{words}; check the options of the source")
    return SourceChanged(words)


def _refusal(error: tweepy.BadRequest, kind: str) -> SimakError:
    names = set()
    for told in error.api_errors:
        if isinstance(parameters := value_in(told, "parameters"), Mapping):
            names |= {str(name) for name in parameters}
    message = "; ".join(str(text) for text in error.api_messages)[:300]
    names |= {name for name in _PARAMETERS if f"'{name}'" in message}
    return Refused(f"X refuses {kind} (400): {message or 'it does not say why'}", frozenset(names))
