"""Freshdesk's API: lists of tickets and ratings, and what was said in a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.http import HttpClient, Response, shown
from collectors.pace import Pace
from collectors.payload import json_of, text_in
from simak.errors import SimakError, SourceChanged

PER_PAGE = 100
"""Records to a page: the most that Freshdesk gives."""

SHORT_LISTS = 10
LONG_LISTS = 300
"""Pages after which lists stop: some filtered ones after ten."""

LISTS_PER_MINUTE = 20
"""Lists of tickets that the smallest paid plan gives; other requests have their own limit."""

_REFUSED = (403, 404, 410)


class NotGiven(SimakError):
    """The plan or the key does not give this."""


class FreshdeskApi:
    """Asks one account.

    Args:
        http: every request goes through it.
        url: the account's address, without a slash at its end.
        key: of an agent.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     FreshdeskApi(http, "https://kopi.freshdesk.com", "…").conversations("7")
        []
    """

    def __init__(self, http: HttpClient, url: str, key: str) -> None:
        self._http, self._url, self._key = http, url, key
        self._pace = Pace(LISTS_PER_MINUTE)
        self._has_ratings = True

    def tickets(
        self, since: datetime, page: int, filter: str | None = None
    ) -> tuple[list[Any], bool] | None:
        """Return a page of the tickets changed since a time, oldest change first.

        Args:
            filter: `deleted` or `spam`; else those that are neither.

        Returns:
            The tickets, and whether there are more; None where the list stops.

        Raises:
            SimakError: as `HttpClient.get`; SourceChanged where the answer is no list.
        """
        self._pace.take()
        params = {
            "updated_since": _stamp(since),
            "order_by": "updated_at",
            "order_type": "asc",
            "include": "stats,description",
            **({"filter": filter} if filter else {}),
        }
        return self._page("/api/v2/tickets", params, page)

    def ratings(self, since: datetime, page: int) -> tuple[list[Any], bool] | None:
        """Return a page of the satisfaction ratings given since a time.

        Returns:
            As `tickets`.

        Raises:
            NotGiven: the plan or the key does not give them.
            SimakError: as `tickets`.
        """
        path = "/api/v2/surveys/satisfaction_ratings"
        params = {"created_since": _stamp(since), "per_page": PER_PAGE, "page": page}
        response = self._ask(path, params, (*_REFUSED, *_beyond(page)))
        if response.status in _REFUSED:
            raise NotGiven(
                "satisfaction ratings are not in this account's plan, or not for its key"
            )
        return None if response.status in _beyond(page) else _records(response)

    def ticket(self, id: str) -> Mapping[str, Any] | None:
        """Return one ticket; None where it is gone.

        Raises:
            SimakError: as `tickets`.
        """
        response = self._ask(f"/api/v2/tickets/{id}", {"include": "stats"}, (404, 410))
        if response.status in _REFUSED:
            return None
        answer = json_of(response)
        if not isinstance(answer, Mapping) or "id" not in answer:
            raise SourceChanged(f"Freshdesk's answer for ticket {id} is no ticket")
        return answer

    def conversations(self, ticket: str) -> list[Any] | None:
        """Return what was said in a ticket after its first message; None where it is gone.

        Raises:
            SimakError: as `tickets`.
        """
        found: list[Any] = []
        for page in range(1, SHORT_LISTS + 1):
            answer = self._page(
                f"/api/v2/tickets/{ticket}/conversations", {}, page, also=(404, 410)
            )
            if answer is None:
                return found or None
            found += answer[0]
            if not answer[1]:
                break
        return found

    def ratings_of(self, ticket: str) -> list[Any] | None:
        """Return the ratings of one ticket; None where the plan or the key does not give them.

        Raises:
            SimakError: as `tickets`.
        """
        if not self._has_ratings:
            return None
        path = f"/api/v2/tickets/{ticket}/satisfaction_ratings"
        response = self._ask(path, {}, _REFUSED)
        # What the plan or the key does not give for one ticket, it gives for none.
        self._has_ratings = response.status != 403
        return None if response.status in _REFUSED else _list_of(response)

    def _page(
        self, path: str, params: Mapping[str, Any], page: int, also: tuple[int, ...] = ()
    ) -> tuple[list[Any], bool] | None:
        also += _beyond(page)
        response = self._ask(path, {**params, "per_page": PER_PAGE, "page": page}, also)
        return None if response.status in also else _records(response)

    def _ask(self, path: str, params: Mapping[str, Any], also: tuple[int, ...]) -> Response:
        response = self._http.request(
            "GET", self._url + path, params=params, auth=(self._key, "X"), also=also
        )
        if 300 <= response.status < 400:
            raise SourceChanged(f"{shown(self._url + path)} leads elsewhere: check 'url'")
        return response


def _beyond(page: int) -> tuple[int, ...]:
    """What a list may answer beyond its tenth page: that this is no page."""
    return (400,) if page > SHORT_LISTS else ()


def _records(response: Response) -> tuple[list[Any], bool]:
    records = _list_of(response)
    is_linked = 'rel="next"' in response.headers.get("link", "")
    return records, bool(records) and (is_linked or len(records) >= PER_PAGE)


def _list_of(response: Response) -> list[Any]:
    answer = json_of(response)
    if not isinstance(answer, list):
        said = text_in(answer, "message") or text_in(answer, "description")
        raise SourceChanged(
            f"{shown(response.url)} answers with no list" + (f": {said[:200]}" if said else "")
        )
    return answer


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
