"""Freshdesk: tickets, with the first answer, response and resolution times, and satisfaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from collectors.options import Options
from collectors.payload import id_in, read_all
from collectors.places import State, Step, walk
from collectors.services.freshdesk.api import FreshdeskApi, NotGiven
from collectors.services.freshdesk.lists import read_list
from collectors.services.freshdesk.tickets import (
    deleted,
    first_message,
    first_reply,
    has_conversation,
    is_gone,
    is_outbound,
    may_be_rated,
    mention_of,
    satisfaction_of,
    ticket_id,
)
from collectors.sites import base_of, site_of
from collectors.source import Context, Cursor, Facts, Page
from collectors.tickets import without_texts
from simak.mention import RawMention
from simak.reasons import NOT_A_CUSTOMER

_LABELS = {None: "the list of tickets", "deleted": "the list of deleted tickets",
           "spam": "the list of spam"}  # fmt: skip


class FreshdeskSource:
    """Reads the tickets of an account, with the rights of an agent.

    Options:
        url: the account's address, https://<name>.freshdesk.com.
        key: the agent's API key (Profile settings).

    Cursor: as `walk`, for the lists `tickets`, `deleted`, `spam` and `ratings` how far each was
    read.

    Example:
        >>> FreshdeskSource(
        ...     name="f",
        ...     brand="Kopi Senja",
        ...     options={"url": "https://kopi.freshdesk.com", "key": "abc"},
        ... ).asks()
        'Freshdesk: tickets of kopi.freshdesk.com'
    """

    source = "freshdesk"
    facts = Facts(
        title="Freshdesk tickets: first message, first answer, times, satisfaction",
        keys="API key of an agent",
        per_minute=200,
        deletions=True,
        replies=True,
        gaps=False,
        own=True,
        handles=(
            "Asks for changes since a time, so that tickets older than 30 days come too.",
            "A hundred tickets to a page; the time of the last one is where the next request "
            "begins, as lists stop after some pages; of tickets changed in the same second none "
            "is lost or read twice. A list that stops all the same is a gap.",
            "Deleted tickets and spam, which are in lists of their own, lose their text.",
            "Private notes are never read: the text is the customer's first message, the reply "
            "the first public one of an agent.",
            "A ticket that an agent opened has the customer's first public answer as its text.",
            "A rating, which does not change its ticket, brings it again.",
            "An answer without a list, such as an error in a 200, is an error.",
            "Times with any offset (+10:00) are UTC.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, ("url", "key"))
        url = given.address("url")
        self._url, self._site = base_of(url), site_of(url)
        self._key = given.text("key")

    def asks(self) -> str:
        """Say whose tickets."""
        return f"Freshdesk: tickets of {self._site}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield what changed since the last run, oldest change first, then what was rated.

        Raises:
            SimakError: of one or more lists, as `HttpClient.get`; SourceChanged where an answer
                has another shape. The other lists were read.
        """
        api = FreshdeskApi(context.http, self._url, self._key)
        run = _Run(api, self._site, self._url, probe=context.probe)
        yield from walk(
            cursor,
            context,
            {
                "tickets": partial(run.tickets, None),
                "deleted": partial(run.tickets, "deleted"),
                "spam": partial(run.tickets, "spam"),
                "ratings": run.ratings,
            },
        )


class _Run:
    """One run over an account."""

    def __init__(self, api: FreshdeskApi, site: str, url: str, *, probe: bool) -> None:
        self._api, self._site, self._url, self._probe = api, site, url, probe
        self._skipped: Counter[str] = Counter()

    def tickets(self, filter: str | None, state: State) -> Iterator[Step]:
        """Read the list of tickets, or that of deleted ones or spam."""

        def mention(ticket: Any) -> RawMention | None:
            return self._mention(ticket) if filter is None else self._gone(ticket)

        label = _LABELS[filter]
        return read_list(
            state,
            lambda since, page: self._api.tickets(since, page, filter),
            partial(self._page, mention, label),
            key="updated_at",
            label=label,
        )

    def ratings(self, state: State) -> Iterator[Step]:
        """Read the new ratings, each of which brings its ticket again."""
        label = "the list of satisfaction ratings"
        read = partial(self._page, self._rated, label)
        try:
            yield from read_list(state, self._api.ratings, read, key="created_at", label=label)
        except NotGiven as error:
            yield Step(page=Page(notes=(str(error),)), state=state, done=True)

    def _page(
        self, read: Callable[[Any], RawMention | None], label: str, records: list[Any]
    ) -> Page:
        self._skipped.clear()
        mentions, bad = read_all(records, read, label)
        return Page(mentions=tuple(mentions), bad=without_texts(bad), skipped=dict(self._skipped))

    def _mention(self, ticket: Any) -> RawMention | None:
        id = ticket_id(ticket)
        if is_gone(ticket):
            return deleted(ticket, self._site)
        conversations: list[Any] = []
        ratings: list[Any] = []
        if not self._probe:
            if has_conversation(ticket) or is_outbound(ticket):
                conversations = self._api.conversations(id) or []
            if may_be_rated(ticket):
                ratings = self._api.ratings_of(id) or []
        text = first_message(ticket, conversations)
        if text is None:
            self._skipped[NOT_A_CUSTOMER] += 1
            return None
        return mention_of(
            ticket,
            text=text,
            reply=first_reply(conversations),
            satisfaction=satisfaction_of(ratings),
            site=self._site,
            url=self._url,
        )

    def _gone(self, ticket: Any) -> RawMention | None:
        """Read a ticket of the lists of what is gone; only what says so itself is deleted."""
        if not is_gone(ticket):
            whole = self._api.ticket(ticket_id(ticket))
            if whole is not None and not is_gone(whole):
                return None
        return deleted(ticket, self._site)

    def _rated(self, rating: Any) -> RawMention | None:
        if self._probe:
            return None
        ticket = self._api.ticket(id_in(rating, "ticket_id"))
        return None if ticket is None else self._mention(ticket)
