"""Mastodon: hashtags, searches and mentions on one server, with later edits and deletions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from collectors.failures import combined
from collectors.mastodon_api import BATCH, SEARCHED, Answer, MastodonApi
from collectors.mastodon_items import is_boost, mention_of
from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.payload import read_all, text_in, value_in
from collectors.places import State, Step, walk
from collectors.recheck import Recent
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SimakError
from simak.mention import RawMention
from simak.reasons import NO_WORDS, NOT_A_CUSTOMER, NOT_SAID, REPOST

ONE_BY_ONE = 40
"""Statuses asked for again in a run, where the server gives them one by one alone."""

# A status of another server arrives late, and is listed under its own time.
_LATE = timedelta(days=1)

_OPTIONS = ("url", "token", "hashtags", "search", "mentions")
_HASHTAG = re.compile(r"\w*[^\W\d]\w*")

Fetch = Callable[[str | None], Answer]
"""Returns the page of a listing that begins after what its argument names."""


class MastodonSource:
    """Reads what one server knows of hashtags, words and an account; and of other servers there.

    Options:
        url: the server, such as https://mastodon.social.
        token: an access token with the right `read`. Hashtags of open servers need none.
        hashtags: their names, with or without "#".
        search: words to search for, as one writes them into the server's search field.
        mentions: read who mentions the token's account; false where not given.

    Cursor: as `walk`; `url`, the server it is of; `recent` and `ids`, the statuses that are
        asked for again and what this server calls them; `asked`, the last of them asked for.

    Example:
        >>> options = {"url": "https://mastodon.social", "hashtags": ["senandika"]}
        >>> MastodonSource(name="m", brand="Senandika", options=options).asks()
        'mastodon.social: #senandika'
    """

    source = "mastodon"
    facts = Facts(
        title="Posts with a hashtag, posts found by words, mentions of an account",
        keys="access token with the right read; hashtags of open servers need none",
        per_minute=60,
        deletions=True,
        handles=(
            "The next page is the one that the Link header names, asked of the configured server.",
            "A post that two servers know is stored once: its id is its uri.",
            "Recent posts are asked for again for edits and deletions: twenty at once, or on "
            "servers before 4.3 some in each run.",
            "That none is left of twenty posts at once is believed when one of them is asked for "
            "by itself and is not there.",
            "Posts that arrive late from other servers are found within a day.",
            "A content warning is the headline above the text; the text is read out of its HTML.",
            "Boosts and the account's own posts are left out and counted.",
            "A limit's end is understood in ISO 8601; a server that sends no limits is asked as "
            "seldom as one that does.",
            "Errors are told by their status: their words are in the server's language.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        given.text("url")
        self._url = given.addresses("url")[0].rstrip("/")
        self._token = given.text("token") if "token" in options else None
        self._hashtags = [text.removeprefix("#") for text in given.texts("hashtags")]
        for hashtag in self._hashtags:
            if not _HASHTAG.fullmatch(hashtag):
                raise ConfigurationError(
                    f"source {name!r}: option 'hashtags': {hashtag!r} is no hashtag"
                )
        self._searches = given.texts("search")
        self._mentions = given.flag("mentions", False)
        if not (self._hashtags or self._searches or self._mentions):
            raise ConfigurationError(
                f"source {name!r}: give 'hashtags', 'search' or 'mentions', or several of them"
            )
        if self._token is None and (self._searches or self._mentions):
            raise ConfigurationError(
                f"source {name!r}: option 'token' is missing: 'search' and 'mentions' need one"
            )

    def asks(self) -> str:
        """Say which server and what of it."""
        labels = [f"#{name}" for name in self._hashtags]
        labels += [f"posts found by {words!r}" for words in self._searches]
        labels += ["mentions"] if self._mentions else []
        return f"{self._url.partition('://')[2]}: {', '.join(labels)}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every listing from its newest status back to what is known, then the rechecks.

        Raises:
            RetryLater: the server cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more listings; the others
                were read.
        """
        if cursor.get("url") != self._url:
            # Ids and places in listings are a server's own.
            cursor = {}
        api = MastodonApi(context.http, url=self._url, token=self._token)
        own = api.own_account() if self._token is not None else None
        run = _Run(api, context, cursor, self._url, own)
        errors: list[SimakError] = []
        at = cursor
        is_there = False
        try:
            for page in walk(cursor, context, self._places(api, run)):
                at, is_there = page.cursor, True
                yield run.page(page)
        except RetryLater:
            raise
        except SimakError as error:
            errors.append(error)
        try:
            # Where no listing can be read, what is not there says nothing.
            if is_there and not context.probe:
                yield from run.recheck(at)
        except SimakError as error:
            errors.append(error)
        if errors:
            raise combined(errors)

    def _places(self, api: MastodonApi, run: _Run) -> dict[str, Callable[[State], Iterator[Step]]]:
        places: dict[str, Callable[[State], Iterator[Step]]] = {
            f"#{name}": partial(run.listing, f"#{name}", partial(api.hashtag, name))
            for name in self._hashtags
        }
        for words in self._searches:
            label = f"posts found by {words!r}"
            places[label] = partial(run.search, label, partial(api.search, words))
        if self._mentions:
            places["mentions"] = partial(run.notifications, "mentions", api.mentions)
        return places


class _Run:
    """One run over all listings: what was seen, and what is asked for again."""

    def __init__(
        self, api: MastodonApi, context: Context, cursor: Cursor, url: str, own: str | None
    ) -> None:
        self._api, self._url, self._own = api, url, own
        self._now = context.now()
        self._recent = Recent(cursor.get("recent", {}), self._now)
        self._ids: dict[str, str] = dict(cursor.get("ids", {}))
        self._asked: str | None = cursor.get("asked")

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        recent = self._recent.state()
        self._ids = {name: id for name, id in self._ids.items() if name in recent}
        more = {"url": self._url, "recent": recent, "ids": self._ids, "asked": self._asked}
        return replace(page, cursor={**page.cursor, **more})

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

        return self._newest_first(state, read, label)

    def notifications(self, label: str, fetch: Fetch, state: State) -> Iterator[Step]:
        """Read the statuses of notifications."""

        def read(after: str | None) -> Listing:
            answer = fetch(after)
            said = [record for record in answer.records if not _says_nothing(record)]
            listing = self._read([value_in(record, "status") for record in said], label, answer)
            others = len(answer.records) - len(said)
            skipped = listing.skipped | ({NOT_SAID: others} if others else {})
            return replace(listing, skipped=skipped)

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
        """What came of asking for some statuses: those that did not come are gone."""
        listing = self._read(records, "posts asked for again")
        found = {text_in(record, "id") for record in records}
        # A record without an id could be any of them.
        gone = [name for name in batch if self._ids[name] not in found] if "" not in found else []
        deleted = [RawMention(external_id=name, deleted=True) for name in gone]
        return self.page(
            Page(
                mentions=(*listing.mentions, *deleted),
                bad=tuple(listing.bad),
                skipped=listing.skipped,
                cursor=cursor,
            )
        )

    def _newest_first(
        self, state: State, read: Callable[[str | None], Listing], label: str
    ) -> Iterator[Step]:
        return newest_first(
            state, read, label=label, order=self._order, overlap=_LATE, after_lasts=True
        )

    def _order(self, raw: RawMention) -> datetime | None:
        # A clock that is ahead must not make all that comes after it look old.
        at = raw.published_at
        return at if at is not None and at <= self._now else None

    def _read(self, records: list[Any], label: str, answer: Answer | None = None) -> Listing:
        skipped: Counter[str] = Counter()

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
        )


def _says_nothing(notification: Any) -> bool:
    """A follow or a favourite, which an old server gives too; or a mention that is gone."""
    if not isinstance(notification, dict):
        return False
    is_gone = notification.get("status", "") is None
    return is_gone or text_in(notification, "type") not in ("mention", "")
