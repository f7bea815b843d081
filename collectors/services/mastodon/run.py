"""A run over the listings of a Mastodon server: what it saw, and what it asks for again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from collectors.newest_first import Listing, newest_first
from collectors.payload import read_all, text_in, time_in, value_in
from collectors.places import State, Step
from collectors.recheck import Recent
from collectors.services.mastodon.api import BATCH, SEARCHED, Answer, MastodonApi
from collectors.services.mastodon.items import is_boost, mention_of
from collectors.source import Context, Cursor, Page
from simak.errors import ConfigurationError
from simak.mention import RawMention
from simak.reasons import NO_WORDS, NOT_A_CUSTOMER, NOT_SAID, REPOST

ONE_BY_ONE = 40
"""Statuses asked for again in a run, where the server gives them one by one alone."""

# A status of another server arrives late, and is listed under its own time.
_LATE = timedelta(days=1)

Fetch = Callable[[str | None], Answer]
"""Returns the page of a listing that begins after what its argument names."""


class Run:
    """One run over all listings of a server.

    Args:
        cursor: where the last run left off: `recent` and `ids`, the statuses that are asked for
            again and what this server calls them; `asked`, the last of them asked for.
        url: the server, noted in the cursor.
    """

    def __init__(self, api: MastodonApi, context: Context, cursor: Cursor, url: str) -> None:
        self._api, self._url = api, url
        self._own: str | None = None
        self._notes: tuple[str, ...] = ()
        self._now = context.now()
        self._recent = Recent(cursor.get("recent", {}), self._now)
        self._ids: dict[str, str] = dict(cursor.get("ids", {}))
        self._asked: str | None = cursor.get("asked")

    def tell_own_apart(self) -> None:
        """Find out whose token it is.

        Raises:
            AccessDenied: the token is not valid.
            RetryLater, SourceChanged: as `MastodonApi.own_account`.
        """
        try:
            self._own = self._api.own_account()
        except ConfigurationError:
            # Not every server that speaks this language says so.
            self._notes = ("the server does not say whose token it is: own posts are kept",)

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        recent = self._recent.state()
        self._ids = {name: id for name, id in self._ids.items() if name in recent}
        more = {"url": self._url, "recent": recent, "ids": self._ids, "asked": self._asked}
        notes, self._notes = (*self._notes, *page.notes), ()
        return replace(page, cursor={**page.cursor, **more}, notes=notes)

    def listing(self, label: str, fetch: Fetch, state: State) -> Iterator[Step]:
        """Read the statuses of a listing."""

        def read(after: str | None) -> Listing:
            answer = fetch(after)
            return self._read(answer.records, label, answer)

        return self._newest_first(state, read, label)

    def search(self, label: str, fetch: Fetch, state: State) -> Iterator[Step]:
        """Read the statuses of a search, and say where one may look for more than it gives."""

        def read(after: str | None) -> Listing:
            answer = fetch(after)
            listing = self._read(answer.records, label, answer)
            notes: tuple[str, ...] = ()
            if not answer.records and after is None:
                notes = (f"{label}: none; a server without full-text search answers so too",)
            if answer.records and answer.after is None:
                notes = (f"{label}: the server shows the newest {SEARCHED:,} and no older ones",)
            return replace(listing, notes=notes)

        # A server that does not know `offset` gives the newest again and again.
        return self._newest_first(state, read, label, repeats_end=True)

    def notifications(self, label: str, fetch: Fetch, state: State) -> Iterator[Step]:
        """Read the statuses of notifications."""

        def read(after: str | None) -> Listing:
            answer = fetch(after)
            said = [record for record in answer.records if not _says_nothing(record)]
            others = [record for record in answer.records if _says_nothing(record)]
            listing = self._read([value_in(record, "status") for record in said], label, answer)
            skipped = listing.skipped | ({NOT_SAID: len(others)} if others else {})
            times = [at for one in others if (at := self._passed(time_in(one, "created_at")))]
            return replace(listing, skipped=skipped, left_out=[*listing.left_out, *times])

        return self._newest_first(state, read, label)

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask for what is recent and did not come by in this run."""
        due = [name for name in self._recent.due() if name in self._ids]
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            asked = [self._ids[name] for name in batch]
            records = self._api.statuses(asked)
            found = {text_in(record, "id") for record in records or ()} & set(asked)
            if records is None or (not found and self._api.status(asked[0]) is not None):
                # The server does not give several at once, or not those that it is asked for.
                yield from self._one_by_one(due[start:], cursor)
                return
            yield self._checked(batch, records, cursor)

    def _one_by_one(self, due: list[str], cursor: Cursor) -> Iterator[Page]:
        """Ask for some of them, going on after the one that the last run ended with."""
        start = due.index(self._asked) + 1 if self._asked in due else 0
        chosen = (due[start:] + due[:start])[:ONE_BY_ONE]
        for at in range(0, len(chosen), BATCH):
            batch = chosen[at : at + BATCH]
            records = [self._api.status(self._ids[name]) for name in batch]
            self._asked = batch[-1]
            yield self._checked(batch, [record for record in records if record], cursor)

    def _checked(self, batch: list[str], records: list[Any], cursor: Cursor) -> Page:
        """What came of asking for some statuses: those that nobody is shown are gone."""
        listing = self._read(records, "posts asked for again")
        found = {text_in(record, "id") for record in records}
        # A record without an id could be any of them.
        gone = [name for name in batch if self._ids[name] not in found] if "" not in found else []
        deleted = [
            RawMention(external_id=name, deleted=True)
            for name in gone
            if not self._api.is_shown_to_strangers(self._ids[name])
        ]
        return self.page(
            Page(
                mentions=(*listing.mentions, *deleted),
                bad=tuple(listing.bad),
                skipped=listing.skipped,
                cursor=cursor,
            )
        )

    def _newest_first(
        self,
        state: State,
        read: Callable[[str | None], Listing],
        label: str,
        *,
        repeats_end: bool = False,
    ) -> Iterator[Step]:
        return newest_first(
            state,
            read,
            label=label,
            order=self._order,
            overlap=_LATE,
            repeats_end=repeats_end,
            after_lasts=True,
        )

    def _order(self, raw: RawMention) -> datetime | None:
        return self._passed(raw.published_at)

    def _passed(self, at: datetime | None) -> datetime | None:
        # A clock that is ahead must not make all that comes after it look old.
        return at if at is not None and at <= self._now else None

    def _read(self, records: list[Any], label: str, answer: Answer | None = None) -> Listing:
        skipped: Counter[str] = Counter()
        left_out: list[datetime] = []

        def read(status: Any) -> RawMention | None:
            reason = None
            mention = None
            if is_boost(status):
                reason = REPOST
            elif self._own is not None and text_in(status, "account", "id") == self._own:
                reason = NOT_A_CUSTOMER
            elif (mention := mention_of(status)) is None:
                reason = NO_WORDS
            if reason is not None:
                skipped[reason] += 1
                if at := self._passed(time_in(status, "created_at")):
                    left_out.append(at)
            elif mention is not None and (id := text_in(status, "id")):
                self._ids[mention.external_id] = id
            return mention

        mentions, bad = read_all(records, read, f"the server's answer for {label}")
        return Listing(
            mentions=mentions,
            bad=bad,
            after=answer.after if answer else None,
            skipped=dict(skipped),
            quota_left=answer.quota_left if answer else None,
            left_out=left_out,
        )


def _says_nothing(notification: Any) -> bool:
    """A follow or a favourite, which an old server gives too; or a mention that is gone."""
    if not isinstance(notification, dict):
        return False
    is_gone = notification.get("status", "") is None
    return is_gone or text_in(notification, "type") not in ("mention", "")
