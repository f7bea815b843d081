"""Reddit: new posts and comments of subreddits, and searches, with later edits and deletions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from collectors.failures import combined
from collectors.options import Options
from collectors.reddit_api import PAGE, Listing, RedditApi
from collectors.reddit_items import kind_of, mention_of
from collectors.source import Context, Cursor, Page
from simak import __version__
from simak.errors import BadRecord, ConfigurationError, RetryLater, SimakError, SourceChanged
from simak.mention import RawMention

RECHECK_DAYS = 14
"""How long a post or comment is looked at again for edits and deletion."""

RECHECK_ITEMS = 1_000
"""How many at most, the newest: ten requests a run."""

IDLE_PAGES = 3
"""Pages one after the other with nothing that was not on an earlier one, before giving up."""

_SUBREDDIT = re.compile(r"[A-Za-z0-9_]{2,24}")
_OPTIONS = ("client_id", "client_secret", "user_agent", "subreddits", "search", "comments",
            "reddit_url", "oauth_url")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stream:
    """One listing, newest first."""

    label: str
    path: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class _Place:
    """Where a stream stands.

    Attributes:
        mark: time of the newest item of the last pass that came to its end, epoch seconds.
        after: where the pass at work goes on; None between passes.
        top: newest item of the pass at work.
        touched: whether that pass has come to anything as old as `mark`.
    """

    mark: float | None = None
    after: str | None = None
    top: float | None = None
    touched: bool = False


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

    Cursor: `{"streams": {key: place}, "recent": {fullname: created}}`.

    Example:
        >>> keys = {"client_id": "abc", "client_secret": "def"}
        >>> RedditSource(
        ...     name="r", brand="Kopi Senja", options={**keys, "subreddits": ["indonesia"]}
        ... ).asks()
        'Reddit: new posts of r/indonesia, new comments of r/indonesia'
    """

    source = "reddit"

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
        run = _Run(api, context, cursor, [stream.label for stream in self._streams])
        errors: list[SimakError] = []
        for stream in self._streams:
            try:
                yield from run.read(stream)
            except RetryLater:
                raise
            except SimakError as error:
                errors.append(error)
        try:
            yield from run.recheck()
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
    """One run over all streams: the cursor as it grows, and what was seen."""

    def __init__(self, api: RedditApi, context: Context, cursor: Cursor, labels: list[str]) -> None:
        self._api, self._context = api, context
        known = cursor.get("streams", {})
        self._places: dict[str, Any] = {label: known[label] for label in labels if label in known}
        self._recent: dict[str, float] = dict(cursor.get("recent", {}))
        self._seen: set[str] = set()
        self._left = context.max_items

    def read(self, stream: _Stream) -> Iterator[Page]:
        """Finish the pass that was interrupted, if one was, and then make one from the top."""
        place = _Place(**self._places.get(stream.label, {}))
        if place.after is not None:
            yield from self._pass(stream, place)
        if place.after is None:
            yield from self._pass(stream, place)

    def _pass(self, stream: _Stream, place: _Place) -> Iterator[Page]:
        """Page until the end, or until a whole page holds nothing newer than the last pass."""
        resumed = place.after is not None
        names: set[str] = set()
        idle = 0
        while self._left > 0:
            listing = self._api.listing(stream.path, stream.params, after=place.after)
            if resumed and not names and not listing.children:
                # The item to go on after is gone, and with it the place: start again.
                place.after, place.top, place.touched = None, None, False
                return
            mentions, bad = _read(listing, stream.label)
            fresh = {raw.external_id for raw in mentions} - names
            idle = 0 if fresh else idle + 1
            if idle > IDLE_PAGES:
                raise SourceChanged(f"Reddit gives pages of {stream.label} without end or news")
            names |= fresh
            missed = self._advance(place, listing, mentions, stream, is_empty=not names)
            self._places[stream.label] = asdict(place)
            yield self._page(mentions, bad, missed)
            if place.after is None:
                return

    def _advance(
        self,
        place: _Place,
        listing: Listing,
        mentions: list[RawMention],
        stream: _Stream,
        *,
        is_empty: bool,
    ) -> tuple[str, ...]:
        """Move the place behind this page; say what was missed if that ends the pass."""
        times = [raw.published_at.timestamp() for raw in mentions if raw.published_at]
        place.top = max([*times, *([place.top] if place.top is not None else [])], default=None)
        known = [time for time in times if place.mark is not None and time <= place.mark]
        place.touched = place.touched or bool(known)
        place.after = listing.after
        if listing.after is not None and not (known and len(known) == len(times)):
            return ()
        missed: tuple[str, ...] = ()
        if place.mark is not None and not place.touched:
            end = "is empty" if is_empty else "ends before what the last run saw"
            missed = (
                f"{stream.label}: Reddit's listing {end}, so that some in between may be lost: "
                "collect more often",
            )
        tops = [time for time in (place.mark, place.top) if time is not None]
        place.mark, place.after = max(tops, default=None), None
        place.top, place.touched = None, False
        return missed

    def recheck(self) -> Iterator[Page]:
        """Ask by name for what is recent and did not come by in this run."""
        due = [name for name in self._recent if name not in self._seen]
        for start in range(0, len(due), PAGE):
            if self._left <= 0:
                return
            asked = due[start : start + PAGE]
            mentions, bad = _read(self._api.items(asked), "items asked for by name")
            missed: tuple[str, ...] = ()
            # A record that cannot be read could be any of them.
            gone = set(asked) - {raw.external_id for raw in mentions} if not bad else set()
            if len(gone) >= PAGE // 4 and not mentions:
                # So many deletions at once are likelier a failure to answer.
                missed = (f"Reddit knows none of {len(gone)} recent items: asked again next time",)
            else:
                mentions += [self._deleted(name) for name in asked if name in gone]
            yield self._page(mentions, bad, missed)

    def _deleted(self, name: str) -> RawMention:
        return RawMention(external_id=name, kind=kind_of(name), deleted=True)

    def _page(
        self, mentions: list[RawMention], bad: list[BadRecord], missed: tuple[str, ...]
    ) -> Page:
        self._left -= len(mentions)
        for raw in mentions:
            self._seen.add(raw.external_id)
            if raw.deleted:
                self._recent.pop(raw.external_id, None)
            elif raw.published_at:
                self._recent[raw.external_id] = raw.published_at.timestamp()
        oldest = (self._context.now() - timedelta(days=RECHECK_DAYS)).timestamp()
        newest_first = sorted(self._recent.items(), key=lambda item: (-item[1], item[0]))
        self._recent = {
            name: created for name, created in newest_first[:RECHECK_ITEMS] if created >= oldest
        }
        return Page(
            mentions=tuple(mentions),
            bad=tuple(bad),
            missed=missed,
            cursor={"streams": dict(self._places), "recent": dict(self._recent)},
        )


def _read(listing: Listing, what: str) -> tuple[list[RawMention], list[BadRecord]]:
    mentions: list[RawMention] = []
    bad: list[BadRecord] = []
    for child in listing.children:
        try:
            mentions.append(mention_of(child))
        except BadRecord as error:
            bad.append(error)
    if bad and not mentions:
        raise SourceChanged(f"Reddit's answer for {what} holds no post and no comment: {bad[0]}")
    return mentions, bad
