"""Zendesk: tickets, with the first answer, response and resolution times, and satisfaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.options import Options
from collectors.payload import list_in, read_all, value_in
from collectors.places import State, Step, walk
from collectors.services.zendesk.api import ZendeskApi, metrics_of
from collectors.services.zendesk.tickets import (
    deleted,
    first_message,
    first_reply,
    is_public,
    mention_of,
    public_comments,
    ticket_id,
)
from collectors.sites import base_of, site_of
from collectors.source import Context, Cursor, Facts, Page
from collectors.tickets import without_texts
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NOT_A_CUSTOMER, UNKNOWN_SHAPE

PART = 50
"""Tickets to a page: an export gives a thousand at once, each of which may need a request."""

_GONE = "a ticket whose conversation is gone"


class ZendeskSource:
    """Reads the tickets of an account, with the rights of an agent.

    Options:
        url: the account's address, https://<name>.zendesk.com.
        email: of the agent.
        token: an API token (Admin Center, Apps and integrations, Zendesk API).

    Cursor: as `walk` with the one place `tickets`: `after`, the export's own cursor, and `last`,
    the ticket of the export's page that was read last.

    Example:
        >>> keys = {"email": "cx@kopi.example", "token": "abc"}
        >>> ZendeskSource(
        ...     name="z", brand="Kopi Senja", options={**keys, "url": "https://kopi.zendesk.com"}
        ... ).asks()
        'Zendesk: tickets of kopi.zendesk.com'
    """

    source = "zendesk"
    facts = Facts(
        title="Zendesk tickets: first message, first answer, times, satisfaction",
        keys="email of an agent and API token",
        per_minute=200,
        deletions=True,
        replies=True,
        own=True,
        handles=(
            "The incremental export is read by its cursor, which repeats no ticket at a page's "
            "border, ten requests a minute; other requests have the account's limit.",
            "The export leaves out the last minute: the next run reads it.",
            "Zendesk's links may name another host: only the configured one is asked.",
            "A ticket with the status deleted loses its text.",
            "Private notes are never read: the text is the customer's first public message, the "
            "reply the first public one of an agent.",
            "Metrics, which are empty at first, come with a later change of the ticket.",
            "A ticket changed by an answer or a rating comes again, and keeps its id.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, ("url", "email", "token"))
        url = given.address("url")
        self._url, self._site = base_of(url), site_of(url)
        # The library adds it.
        self._email = given.text("email").removesuffix("/token")
        self._token = given.text("token")

    def asks(self) -> str:
        """Say whose tickets."""
        return f"Zendesk: tickets of {self._site}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield what changed since the last run, oldest change first.

        Raises:
            SimakError: as `HttpClient.get`; SourceChanged where an answer has another shape.
        """
        api = ZendeskApi(context.http, self._url, self._email, self._token)
        run = _Run(api, self._site, self._url, probe=context.probe)
        yield from walk(cursor, context, {"tickets": run.read})


class _Run:
    """One run over an account."""

    def __init__(self, api: ZendeskApi, site: str, url: str, *, probe: bool) -> None:
        self._api, self._site, self._url, self._probe = api, site, url, probe
        self._roles: dict[str, str] = {}

    def read(self, state: State) -> Iterator[Step]:
        """Read the export from its cursor to its end."""
        after, last = state.get("after"), state.get("last")
        asked = {after}
        while True:
            export = self._api.tickets(after)
            tickets = list_in(export, "tickets", "Zendesk's export")
            following = export.get("after_cursor") or after
            is_end = export["end_of_stream"]
            if not is_end and following in asked:
                raise SourceChanged("Zendesk's export says that there is more, and not where")
            metrics = metrics_of(export)
            ids = [str(value_in(ticket, "id")) for ticket in tickets]
            # One that is not there any more has changed, and comes on a later page.
            start = ids.index(last) + 1 if last in ids else 0
            parts = range(start, len(tickets), PART) or range(start, start + 1)
            for first in parts:
                end = first + PART
                page = self._page(tickets[first:end], metrics)
                if end < len(tickets):
                    yield Step(page=page, state={"after": after, "last": ids[end - 1]})
                else:
                    yield Step(page=page, state={"after": following}, done=is_end)
            if is_end:
                return
            after, last = following, None
            asked.add(after)

    def _page(self, tickets: list[Any], metrics: Mapping[str, Any]) -> Page:
        skipped: Counter[str] = Counter()
        warnings: Counter[str] = Counter()

        def mention(ticket: Any) -> RawMention | None:
            # Either way of side-loading is in use.
            known = value_in(ticket, "metric_set") or metrics.get(ticket_id(ticket))
            return self._mention(ticket, known, skipped, warnings)

        mentions, bad = read_all(tickets, mention, "Zendesk's export")
        return Page(
            mentions=tuple(mentions),
            bad=without_texts(bad),
            skipped=dict(skipped),
            warnings=dict(warnings),
        )

    def _mention(
        self, ticket: Any, metrics: Any, skipped: Counter[str], warnings: Counter[str]
    ) -> RawMention | None:
        if value_in(ticket, "status") == "deleted":
            return deleted(ticket, self._site)
        if not isinstance(value_in(ticket, "status"), str):
            raise BadRecord(UNKNOWN_SHAPE, record=ticket)
        if not is_public(ticket):
            skipped[NOT_A_CUSTOMER] += 1
            return None
        comments = None
        if not self._probe:
            # Of every ticket: its description may be a message that was made a private note.
            comments = self._comments(ticket_id(ticket), warnings)
        text = first_message(ticket, comments)
        if text is None:
            skipped[NOT_A_CUSTOMER] += 1
            return None
        return mention_of(
            ticket,
            text=text,
            reply=self._reply(ticket, comments or []),
            metrics=metrics,
            site=self._site,
            url=self._url,
        )

    def _comments(self, ticket: str, warnings: Counter[str]) -> list[Any] | None:
        comments = self._api.comments(ticket)
        if comments is None:
            warnings[_GONE] += 1
            return None
        return public_comments(comments)

    def _reply(self, ticket: Any, comments: list[Any]) -> Any:
        requester = value_in(ticket, "requester_id")
        assignee = value_in(ticket, "assignee_id")
        authors = [value_in(comment, "author_id") for comment in comments]
        unknown = {
            str(author)
            for author in authors
            if isinstance(author, int)
            and author not in (requester, assignee)
            and str(author) not in self._roles
        }
        if unknown:
            # Who is not found is not asked for again.
            self._roles |= dict.fromkeys(unknown, "") | self._api.roles(sorted(unknown))
        return first_reply(ticket, comments, self._roles)
