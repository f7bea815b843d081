"""Bluesky: searches, and mentions of an account, with later edits and deletions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from collectors.failures import combined
from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.payload import read_all, text_in
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.bluesky.api import BATCH, Answer, BlueskyApi
from collectors.services.bluesky.items import mention_of, said_at
from collectors.services.bluesky.slices import read_on
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SimakError
from simak.mention import RawMention
from simak.reasons import NO_WORDS, NOT_A_CUSTOMER, NOT_SAID

URL = "https://bsky.social"

# Posts come to be known, and are listed, some time after they are said.
_LATE = timedelta(days=1)

_REASONS = ("mention", "reply", "quote", "")
_OPTIONS = ("url", "handle", "app_password", "search", "mentions")

Fetch = Callable[[str | None], tuple[Answer, str | None]]
"""Returns the page that its argument names, and what names the next."""


class BlueskySource:
    """Reads what is said on Bluesky, logged in as an account: without one it gives no searches.

    Options:
        handle: the account's, such as senandika.bsky.social.
        app_password: made in the account's settings, not its own password.
        search: what to search for: words, "#hashtags", "@handles".
        mentions: read who mentions, answers or quotes the account; false where not given.
        url: the account's server; https://bsky.social where not given.

    Cursor: as `walk`, and `recent`, the posts that are asked for again.

    Example:
        >>> account = {"handle": "senandika.bsky.social", "app_password": "abcd-efgh"}
        >>> BlueskySource(
        ...     name="b", brand="Senandika", options={**account, "search": ["#senandika"]}
        ... ).asks()
        "Bluesky: posts found by '#senandika'"
    """

    source = "bluesky"
    facts: ClassVar[Facts] = Facts(
        title="Posts found by words and hashtags, mentions of an account",
        keys="login (handle and app password)",
        per_minute=600,
        deletions=True,
        deletion_days=DAYS,
        handles=(
            "Searches go on by time range where the cursor ends, at ten thousand posts.",
            "A page with few posts, or none, is not the end while there is a cursor.",
            "A session that expires amid a run is begun again, once.",
            "A post's time is its writer's claim or when the service came to know it, whichever "
            "is earlier; a claim from before 2000 is none.",
            "Recent posts are asked for again by name, for edits and deletions; one that does not "
            "come is asked for by itself: a writer who blocks the account has deleted nothing.",
            "Kinds of embeds that are not known do not matter: records are read as they come.",
            "Posts without a language, pictures without words and the account's own posts are "
            "told apart and counted.",
            "When its limit of requests ends is read from RateLimit-Reset.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._account = {
            "url": given.address("url", URL),
            "handle": given.text("handle").removeprefix("@"),
            "app_password": given.text("app_password"),
        }
        self._searches = given.texts("search")
        self._mentions = given.flag("mentions", False)
        if not (self._searches or self._mentions):
            raise ConfigurationError(f"source {name!r}: give 'search', 'mentions' or both")

    def asks(self) -> str:
        """Say what is asked for."""
        labels = [_label(words) for words in self._searches]
        return "Bluesky: " + ", ".join([*labels, *(["mentions"] if self._mentions else [])])

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every listing from its newest post back to what is known, then the rechecks.

        Raises:
            RetryLater: the service cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more listings; the others
                were read.
        """
        api = BlueskyApi(context.http, **self._account)
        api.log_in()
        run = _Run(api, context, cursor)
        places: dict[str, Callable[[State], Iterator[Step]]] = {
            _label(words): partial(run.search, words) for words in self._searches
        }
        if self._mentions:
            places["mentions"] = run.mentions
        errors: list[SimakError] = []
        at = cursor
        try:
            for page in walk(cursor, context, places):
                at = page.cursor
                yield run.page(page)
        except RetryLater:
            raise
        except SimakError as error:
            errors.append(error)
        try:
            if not context.probe:
                yield from run.recheck(at)
        except SimakError as error:
            errors.append(error)
        if errors:
            raise combined(errors)


def _label(words: str) -> str:
    return f"posts found by {words!r}"


class _Run:
    """One run over all listings: what was seen, and what is asked for again."""

    def __init__(self, api: BlueskyApi, context: Context, cursor: Cursor) -> None:
        self._api = api
        self._now = context.now()
        self._recent = Recent(cursor.get("recent", {}), self._now)

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def search(self, words: str, state: State) -> Iterator[Step]:
        """Read what a search finds."""
        search = partial(self._api.search, words)
        return self._newest_first(state, partial(read_on, search), _label(words))

    def mentions(self, state: State) -> Iterator[Step]:
        """Read the notifications of mentions, answers and quotes."""

        def fetch(after: str | None) -> tuple[Answer, str | None]:
            answer = self._api.mentions(after)
            is_end = not answer.records and answer.cursor == after
            return answer, None if is_end else answer.cursor

        return self._newest_first(state, fetch, "mentions")

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask by name for what is recent and did not come by in this run."""
        due = self._recent.due()
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            records = self._api.posts(batch)
            listing = self._read(records, "posts asked for by name")
            found = {text_in(record, "uri") for record in records}
            told = {raw.external_id for raw in listing.mentions}
            absent = [uri for uri in batch if uri not in found]
            # One without words has lost them. One that is not given may be its writer's who
            # blocks the account: that it is gone, it says only when it is asked for by itself.
            gone = {uri for uri in found - told if not listing.bad}
            gone |= {uri for uri in absent if self._api.is_gone(uri)}
            kept = len(set(absent) - gone)
            missed = (f"Bluesky does not show {kept} posts that are there: asked again",)
            deleted = [RawMention(external_id=uri, deleted=True) for uri in batch if uri in gone]
            yield self.page(
                Page(
                    mentions=(*listing.mentions, *deleted),
                    bad=tuple(listing.bad),
                    skipped=listing.skipped,
                    missed=missed if kept else (),
                    cursor=cursor,
                )
            )

    def _newest_first(self, state: State, fetch: Fetch, label: str) -> Iterator[Step]:
        def read(after: str | None) -> Listing:
            answer, following = fetch(after)
            listing = self._read(answer.records, label)
            return replace(listing, after=following, quota_left=answer.quota_left)

        return newest_first(
            state, read, label=label, order=self._order, overlap=_LATE, after_lasts=True
        )

    def _order(self, raw: RawMention) -> datetime | None:
        return self._passed(raw.published_at)

    def _passed(self, at: datetime | None) -> datetime | None:
        # A clock that is ahead must not make all that comes after it look old.
        return at if at is not None and at <= self._now else None

    def _read(self, records: list[Any], label: str) -> Listing:
        skipped: Counter[str] = Counter()
        left_out: list[datetime] = []

        def read(view: Any) -> RawMention | None:
            if text_in(view, "author", "did") == self._api.did:
                skipped[NOT_A_CUSTOMER] += 1
            elif text_in(view, "reason") not in _REASONS:
                # A like or a follow, where the service does not leave them out.
                skipped[NOT_SAID] += 1
            elif (mention := mention_of(view)) is None:
                skipped[NO_WORDS] += 1
            else:
                return mention
            if at := self._passed(said_at(view)):
                left_out.append(at)
            return None

        mentions, bad = read_all(records, read, f"Bluesky's answer for {label}")
        return Listing(mentions=mentions, bad=bad, skipped=dict(skipped), left_out=left_out)
