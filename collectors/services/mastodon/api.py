"""Mastodon's API through Mastodon.py, whose requests all go through the project's own client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mastodon import Mastodon
from mastodon.errors import MastodonError
from mastodon.types_base import PaginationInfo

from collectors.http import USER_AGENT, HttpClient, Response, shown
from collectors.payload import json_of, list_in, number_in, text_in
from collectors.requests_session import session_through
from simak.errors import AccessDenied, ConfigurationError, SimakError, SourceChanged

PAGE = 40
"""Statuses a server gives at most per request, whatever it is asked for."""

BATCH = 20
"""Statuses a server gives at most by id at once."""

SEARCHED = 10_000
"""Results of a search that a server shows at most."""

# Servers before 3.5 do not know `types`.
_OTHER_TYPES = ["follow", "follow_request", "favourite", "reblog", "poll"]

_GONE = (404, 410)
_NEXT = re.compile(r'rel="?next\b')

# What Mastodon.py stumbles with over an answer that it does not expect.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

# Mastodon.py wants an address; where its requests go, the session says.
_ANYWHERE = "https://instance.invalid"


@dataclass(frozen=True, slots=True)
class Answer:
    """One page, newest first; `after` is what the next is asked with, None at the end."""

    records: list[Any]
    after: str | None
    quota_left: int | None


class MastodonApi:
    """Reads timelines, searches, notifications and statuses of one server.

    Records are given as the server wrote them: Mastodon.py turns an answer that is no list into
    an empty one, and a time that it does not know into one that it guesses.

    Args:
        http: every request goes through it.
        url: the server. Nothing that it answers leads to another.
        token: an account's; None for what a server shows to everybody.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     api = MastodonApi(http, url="https://mastodon.social", token=None)
        ...     api.hashtag("kopi", None).records[0]["content"]
        '<p>Ngopi dulu</p>'
    """

    def __init__(self, http: HttpClient, *, url: str, token: str | None) -> None:
        self._answer: Response | None = None
        session = session_through(http, base=url, on_answer=self._keep, also=_GONE)
        session.max_redirects = 2
        self._client, self._stranger = (
            Mastodon(
                access_token=of,
                api_base_url=_ANYWHERE,
                ratelimit_method="throw",
                version_check_mode="none",
                user_agent=USER_AGENT,
                session=session,
            )
            for of in (token, None)
        )
        self._has_token = token is not None

    def own_account(self) -> str:
        """Return the id of the token's account.

        Raises:
            AccessDenied: the token is not valid, or may not read.
            ConfigurationError: there is no Mastodon at the address.
            RetryLater, SourceChanged: as `hashtag`.
        """
        self._call(self._client.account_verify_credentials)
        account = text_in(self._json(), "id")
        if not account:
            raise SourceChanged(f"{self._place()} does not say whose token it is")
        return account

    def hashtag(self, name: str, after: str | None) -> Answer:
        """Return a page of the statuses with a hashtag.

        Raises:
            AccessDenied: the server shows them to its own users alone.
            ConfigurationError: there is no Mastodon at the address.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer is no list.
        """
        return self._listing(f"/api/v1/timelines/tag/{name}", {}, after)

    def mentions(self, after: str | None) -> Answer:
        """Return a page of the notifications of who mentions the token's account.

        Raises:
            SimakError: as `hashtag`.
        """
        filters = {"types[]": ["mention"], "exclude_types[]": _OTHER_TYPES}
        return self._listing("/api/v1/notifications", filters, after)

    def search(self, words: str, after: str | None) -> Answer:
        """Return a page of the statuses that hold words; `after` is how many came before it.

        Raises:
            SimakError: as `hashtag`.
        """
        offset = int(after or 0)
        params = {"q": words, "type": "statuses", "offset": offset}
        self._get("/api/v2/search", params)
        records = list_in(self._json(), "statuses", self._place())
        following = offset + len(records)
        more = records and following + PAGE <= SEARCHED
        return Answer(records, str(following) if more else None, self._left())

    def statuses(self, ids: Iterable[str]) -> list[Any] | None:
        """Return what is left of up to `BATCH` statuses; None where the server does not say.

        Raises:
            AccessDenied, RetryLater: as `hashtag`.
        """
        try:
            self._call(lambda: self._client.statuses(list(ids)))
            return self._list()
        except (ConfigurationError, SourceChanged):
            # Servers before 4.3, and most that are no Mastodon, have it not or another way.
            return None

    def status(self, id: str) -> Mapping[str, Any] | None:
        """Return a status; None where it is no more, or not to be seen any more.

        Raises:
            SimakError: as `hashtag`.
        """
        try:
            self._call(lambda: self._client.status(id))
        except ConfigurationError:
            # What is no Mastodon any more has a page of its own for what it does not know.
            if self._answer is None or self._answer.status not in _GONE or not self._says_error():
                raise
            return None
        status = self._json()
        if not isinstance(status, dict) or text_in(status, "id") != id:
            raise SourceChanged(f"{self._place()} answers with another status, or none")
        return status

    def is_shown_to_strangers(self, id: str) -> bool:
        """Say whether a status that the token is not shown is there: its writer may block it.

        Raises:
            RetryLater: as `hashtag`.
        """
        if not self._has_token:
            return False
        try:
            self._call(lambda: self._stranger.status(id))
        except (AccessDenied, ConfigurationError, SourceChanged):
            # Gone, or the server shows nothing to strangers.
            return False
        return text_in(self._json(), "id") == id

    def _listing(self, path: str, params: Mapping[str, Any], after: str | None) -> Answer:
        page = self._get(path, {**params, **({"max_id": after} if after else {})})
        records = self._list()
        following = getattr(page, "_pagination_next", None)
        if following is None and _NEXT.search(self._header("link")):
            raise SourceChanged(f"{self._place()} names its next page in a way not known here")
        return Answer(records, str(following["max_id"]) if following else None, self._left())

    def _get(self, path: str, params: Mapping[str, Any]) -> Any:
        """Ask for a page by where it is, as Mastodon.py lets one go on after a break."""
        page = PaginationInfo(params, _pagination_method="GET", _pagination_endpoint=path)
        page["limit"] = PAGE
        return self._call(lambda: self._client.fetch_next(page))

    def _call(self, ask: Callable[[], Any]) -> Any:
        self._answer = None
        try:
            return ask()
        except (MastodonError, *_UNREADABLE) as error:
            # Mastodon.py wraps what its session raises, and that is this project's.
            if isinstance(error.__context__, SimakError):
                raise error.__context__ from None
            if self._answer is None:
                raise SourceChanged(
                    f"Mastodon.py cannot ask for it ({type(error).__name__})"
                ) from None
            if 300 <= self._answer.status < 400:
                raise ConfigurationError(
                    f"{self._place()} leads elsewhere: set 'url' to the server's own address"
                ) from None
            if self._answer.status in _GONE:
                raise ConfigurationError(
                    f"{self._place()} is not there ({self._answer.status}): check 'url'"
                ) from None
            self._json()
            raise SourceChanged(
                f"{self._place()} answers in a way that cannot be read ({type(error).__name__})"
            ) from None

    def _keep(self, answer: Response) -> None:
        self._answer = answer

    def _json(self) -> Any:
        assert self._answer is not None
        return json_of(self._answer)

    def _list(self) -> list[Any]:
        answer = self._json()
        if not isinstance(answer, list):
            raise SourceChanged(f"{self._place()} answers with JSON that is not a list")
        return answer

    def _says_error(self) -> bool:
        try:
            return bool(text_in(self._json(), "error"))
        except SourceChanged:
            return False

    def _header(self, name: str) -> str:
        value = self._answer.headers.get(name) if self._answer is not None else None
        return value or ""

    def _left(self) -> int | None:
        # Mastodon.py says 300 where a server says nothing.
        left = number_in(self._header("x-ratelimit-remaining"))
        return None if left is None else int(left)

    def _place(self) -> str:
        return shown(self._answer.url) if self._answer is not None else "the server"
