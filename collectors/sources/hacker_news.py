"""Hacker News: stories and comments found by searches, with later edits and deletions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.hacker_news.api import ADDRESS, HackerNewsApi
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention

_ITEMS = 50
"""Items asked for one by one in a run, at most."""

_DOUBTFUL = 25
"""So many that are all gone at once are likelier a failure to answer."""

_OPTIONS = ("search", "url")


class HackerNewsSource:
    """Reads what Hacker News' search (by Algolia) finds.

    Options:
        search: what to search for in stories and comments.
        url: where the search is.

    Cursor: as `walk`, and `recent`, the stories and comments that are looked at again.

    Example:
        >>> HackerNewsSource(name="hn", brand="Kopi Senja", options={"search": "senandika"}).asks()
        "Hacker News: stories and comments found by 'senandika'"
    """

    source = "hacker_news"
    facts = Facts(
        title="Stories and comments of Hacker News found by searches",
        per_minute=166,
        deletions=True,
        deletion_days=DAYS,
        handles=(
            "A search shows 1,000 hits: past them it is cut by time, and hits of the second of "
            "the cut are neither lost nor doubled.",
            "The last two weeks are searched again each time, for edits: they move no date.",
            "What was found and is not any more is asked for by id: deleted or dead, it loses "
            "its text.",
            "The limit of 10,000 requests an hour is kept.",
            "A refused search is told in the service's words.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._queries = given.texts("search")
        if not self._queries:
            raise ConfigurationError(f"source {name!r}: give 'search': what to search for")
        self._url = given.address("url", ADDRESS)

    def asks(self) -> str:
        """Say which searches."""
        words = ", ".join(repr(query) for query in self._queries)
        return f"Hacker News: stories and comments found by {words}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every search from its newest hit back to what is known, then what vanished.

        Raises:
            RetryLater: the service cannot answer now.
            ConfigurationError, SourceChanged: of one or more searches; the others were read.
        """
        run = _Run(self._url, context, cursor)
        at = cursor
        for page in walk(
            cursor,
            context,
            {_label(query): partial(run.search, query) for query in self._queries},
        ):
            at = page.cursor
            yield run.page(page)
        # Only after searches that all went well is what they do not show gone.
        if not context.probe:
            yield from run.recheck(at)


def _label(query: str) -> str:
    return f"posts found by {query!r}"


class _Run:
    """One run over all searches: what was seen, and what is looked at again."""

    def __init__(self, url: str, context: Context, cursor: Cursor) -> None:
        self._api = HackerNewsApi(context.http, url)
        self._recent = Recent(cursor.get("recent", {}), context.now())
        self._is_whole = True

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def search(self, query: str, state: State) -> Iterator[Step]:
        """Read one search."""
        overlap = timedelta(days=DAYS)
        mark = state.get("mark")
        # What the stopped run found is not looked for again by the one that goes on.
        self._is_whole = self._is_whole and state.get("after") is None
        floor = None if mark is None else int(mark - overlap.total_seconds())

        def fetch(after: str | None) -> Listing:
            return self._api.search(query, floor, after)

        return newest_first(state, fetch, label=_label(query), overlap=overlap)

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask one by one for what was found of late and is not any more."""
        missing = self._recent.due() if self._is_whole else []
        due = missing[:_ITEMS]
        mentions: list[RawMention] = []
        unknown: list[str] = []
        bad: list[BadRecord] = []
        for id in due:
            try:
                raw = self._api.item(id)
                if raw is None:
                    unknown.append(id)
                else:
                    mentions.append(raw)
            except BadRecord as error:
                bad.append(error)
        if not due:
            return
        if bad and not mentions and not unknown:
            raise SourceChanged(f"Hacker News' items cannot be read: {bad[0]}")
        missed: tuple[str, ...] = ()
        is_alive = len(missing) < len(self._recent.state()) or any(
            not raw.deleted for raw in mentions
        )
        # It is known to lose sight of what is there: its word counts where it shows something.
        if unknown and (not is_alive or len(unknown) == len(due) >= _DOUBTFUL):
            many = len(unknown)
            missed = (f"Hacker News knows none of {many} recent posts: asked again next time",)
        else:
            mentions += [
                RawMention(external_id=id, channel="hacker_news", deleted=True) for id in unknown
            ]
        yield self.page(
            Page(mentions=tuple(mentions), bad=tuple(bad), missed=missed, cursor=cursor)
        )
