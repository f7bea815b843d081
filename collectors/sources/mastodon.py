"""Mastodon: hashtags, searches and mentions on one server, with later edits and deletions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from collectors.failures import combined
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS
from collectors.services.mastodon.api import MastodonApi
from collectors.services.mastodon.run import Run
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SimakError

_OPTIONS = ("url", "token", "hashtags", "search", "mentions")
_HASHTAG = re.compile(r"\w*[^\W\d]\w*")


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
    facts: ClassVar[Facts] = Facts(
        title="Posts with a hashtag, posts found by words, mentions of an account",
        keys="access token with the right read; hashtags of open servers need none",
        per_minute=60,
        deletions=True,
        deletion_days=DAYS,
        handles=(
            "The next page is the one that the Link header names, asked of the configured server.",
            "A post that two servers know is stored once: its id is its uri.",
            "Recent posts are asked for again for edits and deletions: twenty at once, or on "
            "servers before 4.3 some in each run.",
            "That none is left of twenty posts at once is believed when one of them is asked for "
            "by itself and is not there; one that strangers are shown is not gone, but its writer "
            "blocks the account.",
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
        self._url = given.address("url")
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
        run = Run(api, context, cursor, self._url)
        if self._token is not None:
            run.tell_own_apart()
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

    def _places(self, api: MastodonApi, run: Run) -> dict[str, Callable[[State], Iterator[Step]]]:
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
