"""News and forum feeds: RSS and Atom, Google News and Google Alerts among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, ClassVar

from collectors.http import Response, shown
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.services.feeds.feed import Feed, FeedEntry, parse_feed
from collectors.services.feeds.identity import Entry, Identities
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError
from simak.mention import RawMention

_NOT_MODIFIED = 304


class RssSource:
    """Reads one feed or several; each is a page.

    Options:
        url: address of the feed, or a list of addresses.
        channel: what `mention.channel` holds; `news` where not given.

    Cursor: as `walk`, for each feed what it sent to ask again with (`etag`, `modified`) and what
    `collectors.services.feeds.identity` remembers of its entries.

    Example:
        >>> source = RssSource(
        ...     name="berita", brand="Kopi Senja", options={"url": "https://example.org/feed"}
        ... )
        >>> source.asks()
        'feed https://example.org/feed'
    """

    source = "rss"
    facts: ClassVar[Facts] = Facts(
        title="News, blog and forum feeds: RSS and Atom, Google News, Google Alerts",
        gaps=True,
        handles=(
            "An article is known by its guid where that is stable in the feed, else by its "
            "canonical link, else by the number in its link: guids that are given anew each day, "
            "a host that moved and a slug that was edited neither double nor swallow articles.",
            "A window that rolled over between two runs is a gap.",
            "Asks for changes alone (ETag, Last-Modified).",
            "An ill-formed feed gives what can be read of it, with a note; a web page is an error.",
            "The outlet is taken out of Google News' titles.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, ("url", "channel"))
        self._urls = given.addresses("url")
        if not self._urls:
            raise ConfigurationError(f"source {name!r}: option 'url' is missing")
        self._channel = given.text("channel", "news")

    def asks(self) -> str:
        """Say which feeds, without their queries."""
        return "feed " + ", ".join(shown(url) for url in self._urls)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield a page for each feed.

        Raises:
            SimakError: one or more feeds could not be read; the others were.
        """
        feeds = {_key(url): partial(self._poll, url, context) for url in self._urls}
        yield from walk(cursor, context, feeds, one_service=False)

    def _poll(self, url: str, context: Context, state: State) -> Iterator[Step]:
        place = shown(url)
        headers = {
            "Accept": "application/rss+xml, application/atom+xml, application/xml, */*;q=0.1"
        }
        if state.get("etag"):
            headers["If-None-Match"] = state["etag"]
        if state.get("modified"):
            headers["If-Modified-Since"] = state["modified"]
        response = context.http.get(url, headers=headers)
        if response.status == _NOT_MODIFIED:
            note = f"{place}: not changed since the last run"
            yield Step(page=Page(notes=(note,)), state=state, done=True)
            return
        feed = parse_feed(response.body, url=response.url, place=place, headers=response.headers)
        identities = Identities(state, url)
        ids = identities.names(
            [Entry(e.guid, e.link, e.title or e.text[:200], e.published) for e in feed.entries]
        )
        mentions = tuple(
            self._mention(id_, entry, feed) for id_, entry in zip(ids, feed.entries, strict=True)
        )
        missed: tuple[str, ...] = ()
        notes = feed.notes
        window = state.get("window", 0)
        if not feed.entries:
            notes += (f"{place}: the feed has no entries",)
            missed = (f"{place}: the {window} entries of the last run are gone",) if window else ()
        elif identities.lost:
            missed = (
                f"{place}: none of the {identities.lost} entries of the last run is left, so that "
                "some in between may be lost: collect more often",
            )
        page = Page(mentions=mentions, bad=feed.bad, missed=missed, notes=notes)
        yield Step(
            page=page, state={**identities.state(), **_validators(response, feed)}, done=True
        )

    def _mention(self, id_: str, entry: FeedEntry, feed: Feed) -> RawMention:
        return RawMention(
            external_id=id_,
            text=entry.text,
            title=entry.title or None,
            channel=self._channel,
            kind="article",
            author=entry.author,
            published_at=entry.published,
            edited_at=entry.updated,
            url=entry.link or None,
            language=feed.language,
            attributes={"outlet": entry.outlet} if entry.outlet else {},
        )


def _validators(response: Response, feed: Feed) -> dict[str, str]:
    """What to send back next time; nothing for a feed cut short, which may be whole then."""
    if not feed.is_whole:
        return {}
    names = {"etag": "etag", "modified": "last-modified"}
    return {key: value for key, name in names.items() if (value := response.headers.get(name))}


def _key(url: str) -> str:
    # The address may hold a secret, and the cursor is stored.
    return blake2b(url.encode(), digest_size=8).hexdigest()
