"""Reddit: new posts and comments of subreddits, and searches, with later edits and deletions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from collectors.failures import combined
from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.payload import read_all
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.reddit.api import PAGE, RedditApi
from collectors.services.reddit.api import Listing as RedditListing
from collectors.services.reddit.items import kind_of, mention_of
from collectors.source import Context, Cursor, Facts, Page
from simak import __version__
from simak.errors import BadRecord, ConfigurationError, RetryLater, SimakError
from simak.mention import RawMention

_SUBREDDIT = re.compile(r"[A-Za-z0-9_]{2,24}")
_OPTIONS = ("client_id", "client_secret", "user_agent", "subreddits", "search", "comments",
            "reddit_url", "oauth_url")  # fmt: skip

# A post is listed under its own time when a moderator lets it through, or the search finds it.
_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stream:
    """One listing, newest first."""

    label: str
    path: str
    params: Mapping[str, Any]


class RedditSource:
    """Reads subreddits and searches with the read-only rights of an application.

    Options:
        client_id, client_secret: of an application of the type "script"
            (https://www.reddit.com/prefs/apps).
        user_agent: how the application introduces itself to Reddit.
        subreddits: names of subreddits whose new posts are read.
        comments: read their new comments too; true where not given.
        search: what to search for in posts of all subreddits.
        reddit_url, oauth_url: where Reddit is.

    Cursor: as `walk`, and `recent`, the posts and comments that are asked for again.

    Example:
        >>> keys = {"client_id": "abc", "client_secret": "def"}
        >>> RedditSource(
        ...     name="r", brand="Kopi Senja", options={**keys, "subreddits": ["indonesia"]}
        ... ).asks()
        'Reddit: new posts of r/indonesia, new comments of r/indonesia'
    """

    source = "reddit"
    facts: ClassVar[Facts] = Facts(
        title="New posts and comments of subreddits, and searches",
        keys="application of the type script (client_id, client_secret)",
        per_minute=100,
        deletions=True,
        deletion_days=DAYS,
        gaps=True,
        handles=(
            "Pages until Reddit says that there are no more, not to a counted thousand.",
            "Recent posts and comments are asked for again by name, for edits and deletions.",
            "What does not come then is not believed to be gone where it is much at once, or a "
            "subreddit could not be read.",
            "Posts that a moderator lets through later are found within a day.",
            "A listing that ends before what the last run saw is a gap.",
            "What its author deleted or a moderator removed loses its text.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._account = {
            "client_id": given.text("client_id"),
            "client_secret": given.text("client_secret"),
            "user_agent": given.text("user_agent", f"Simak/{__version__} (social listening)"),
        }
        for key in ("reddit_url", "oauth_url"):
            if urls := given.addresses(key):
                self._account[key] = urls[0].rstrip("/")
        subreddits = [text.removeprefix("r/") for text in given.texts("subreddits")]
        for subreddit in subreddits:
            if not _SUBREDDIT.fullmatch(subreddit):
                raise ConfigurationError(
                    f"source {name!r}: option 'subreddits': {subreddit!r} is no subreddit's name"
                )
        self._streams = list(_streams(subreddits, given.flag("comments", True)))
        self._streams += [_search(words) for words in given.texts("search")]
        if not self._streams:
            raise ConfigurationError(f"source {name!r}: give 'subreddits', 'search' or both")

    def asks(self) -> str:
        """Say which listings."""
        return "Reddit: " + ", ".join(stream.label for stream in self._streams)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every listing from its newest item back to what is known, then the rechecks.

        Raises:
            RetryLater: Reddit cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more listings; the others
                were read.
        """
        api = RedditApi(context.http, context.now, **self._account)
        run = _Run(api, context, cursor)
        errors: list[SimakError] = []
        at = cursor
        try:
            for page in walk(
                cursor,
                context,
                {stream.label: partial(run.stream, stream) for stream in self._streams},
            ):
                at = page.cursor
                yield run.page(page)
        except RetryLater:
            raise
        except SimakError as error:
            errors.append(error)
        try:
            if not context.probe:
                yield from run.recheck(at, is_sure=not errors)
        except SimakError as error:
            errors.append(error)
        if errors:
            raise combined(errors)


def _streams(subreddits: list[str], comments: bool) -> Iterator[_Stream]:
    for name in subreddits:
        yield _Stream(f"new posts of r/{name}", f"r/{name}/new", {})
        if comments:
            yield _Stream(f"new comments of r/{name}", f"r/{name}/comments/", {})


def _search(words: str) -> _Stream:
    return _Stream(
        f"posts found by {words!r}",
        "r/all/search/",
        {"q": words, "sort": "new", "syntax": "lucene", "t": "all"},
    )


class _Run:
    """One run over all listings: what was seen, and what is asked for again."""

    def __init__(self, api: RedditApi, context: Context, cursor: Cursor) -> None:
        self._api = api
        self._recent = Recent(cursor.get("recent", {}), context.now())

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def stream(self, stream: _Stream, state: State) -> Iterator[Step]:
        """Read one listing."""

        def fetch(after: str | None) -> Listing:
            answer = self._api.listing(stream.path, stream.params, after=after)
            mentions, bad = _read(answer, stream.label)
            return Listing(mentions=mentions, bad=bad, after=answer.after)

        return newest_first(state, fetch, label=stream.label, overlap=_LATE, window=True)

    def recheck(self, cursor: Cursor, *, is_sure: bool) -> Iterator[Page]:
        """Ask by name for what is recent and did not come by in this run.

        Args:
            is_sure: every listing was read, so that what does not come is gone, and not in a
                subreddit that was closed.
        """
        due = self._recent.due()
        for start in range(0, len(due), PAGE):
            asked = due[start : start + PAGE]
            mentions, bad = _read(self._api.items(asked), "items asked for by name")
            missed: tuple[str, ...] = ()
            # A record that cannot be read could be any of them.
            gone = set(asked) - {raw.external_id for raw in mentions} if not bad else set()
            if gone and (not is_sure or len(gone) >= PAGE // 4):
                # What was deleted comes without its text, as a rule. That nothing comes of so
                # many is likelier a failure to answer, or a subreddit that was closed.
                missed = (f"Reddit knows none of {len(gone)} recent items: asked again next time",)
            else:
                mentions += [_deleted(name) for name in asked if name in gone]
            yield self.page(
                Page(mentions=tuple(mentions), bad=tuple(bad), missed=missed, cursor=cursor)
            )


def _deleted(name: str) -> RawMention:
    return RawMention(external_id=name, kind=kind_of(name), deleted=True)


def _read(listing: RedditListing, what: str) -> tuple[list[RawMention], list[BadRecord]]:
    return read_all(listing.children, mention_of, f"Reddit's answer for {what}")
