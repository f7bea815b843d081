"""Zendesk's API through Zenpy, whose requests all go to one address through the project's client.

Zenpy says what to ask and how to log in. Its own objects are not used: one record that it cannot
make one of would cost the page, so the answers themselves are read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zenpy import Zenpy

from collectors.http import HttpClient, Response
from collectors.pace import Pace
from collectors.payload import id_in, list_in, object_of, text_in, value_in
from collectors.requests_session import session_through
from simak.errors import BadRecord, ConfigurationError, SimakError, SourceChanged

EXPORTS_PER_MINUTE = 10
"""Pages of the incremental export that Zendesk gives; other requests have their own limit."""

# It writes whole answers, which hold private notes.
logging.getLogger("zenpy").setLevel(logging.WARNING)


class ZendeskApi:
    """Asks one account.

    Args:
        http: every request goes through it, so that Zenpy never sees a status to wait for.
        url: the account's address. Whatever host Zendesk's answers name, no other is asked.
        email, token: of an agent and an API token.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     api = ZendeskApi(http, "https://kopi.zendesk.com", "a@kopi.example", "…")
        ...     api.tickets(None)["end_of_stream"]
        True
    """

    def __init__(self, http: HttpClient, url: str, email: str, token: str) -> None:
        self._pace = Pace(EXPORTS_PER_MINUTE)
        self._answer: Response | None = None
        # Zenpy knows only hosts of Zendesk's: the session leads it to `url`.
        self._zenpy = Zenpy(
            subdomain="account",
            email=email,
            token=token,
            session=session_through(http, base=url, on_answer=self._take),
            disable_cache=True,
        )

    def tickets(self, after: str | None) -> Mapping[str, Any]:
        """Return a page of the incremental export: what changed after a cursor, else all.

        Raises:
            SimakError: as `HttpClient.get`; SourceChanged where the answer is no export.
        """
        self._pace.take()
        place = {"cursor": after} if after else {"start_time": 0}
        page = self._ask(lambda: self._zenpy.tickets.incremental(include="metric_sets", **place))
        list_in(page, "tickets", "Zendesk's export")
        if not isinstance(page.get("end_of_stream"), bool):
            raise SourceChanged("Zendesk's export does not say whether there is more")
        if not isinstance(page.get("after_cursor"), str | None):
            raise SourceChanged("Zendesk's export has a cursor that is no text")
        return page

    def comments(self, ticket: str) -> list[Any] | None:
        """Return what was said in a ticket, oldest first, notes among it; None where it is gone.

        Raises:
            SimakError: as `tickets`.
        """
        try:
            page = self._ask(lambda: self._zenpy.tickets.comments(ticket=ticket))
        except ConfigurationError:
            # The address is right, as the export came from it: the ticket went meanwhile.
            return None
        return list_in(page, "comments", f"the conversation of ticket {ticket}")

    def roles(self, users: Iterable[str]) -> dict[str, str]:
        """Return the role of each user that Zendesk knows: end-user, agent or admin.

        Raises:
            SimakError: as `tickets`.
        """
        page = self._ask(lambda: self._zenpy.users(ids=list(users)))
        roles = {}
        for user in list_in(page, "users", "Zendesk's list of users"):
            try:
                roles[id_in(user, "id")] = text_in(user, "role")
            except BadRecord:
                continue
        return roles

    def _take(self, answer: Response) -> None:
        self._answer = answer

    def _ask(self, call: Callable[[], object]) -> Mapping[str, Any]:
        self._answer = None
        try:
            call()
        except SimakError:
            raise
        except Exception as error:
            # Whatever it makes of an answer; without one, there is nothing to read.
            if self._answer is None:
                raise SourceChanged(f"Zenpy could not ask ({type(error).__name__})") from error
        if self._answer is None:
            raise SourceChanged("Zenpy asked nothing")
        return object_of(self._answer)


def metrics_of(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the side-loaded metrics of a page by ticket, where they do not stand in the tickets.

    Example:
        >>> metrics_of({"metric_sets": [{"ticket_id": 7, "replies": 1}]})
        {'7': {'ticket_id': 7, 'replies': 1}}
    """
    sets = value_in(page, "metric_sets")
    return {
        str(value_in(metrics, "ticket_id")): metrics
        for metrics in (sets if isinstance(sets, list) else [])
    }
