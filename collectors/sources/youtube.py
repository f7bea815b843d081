"""YouTube: comments and replies under videos, and under the newest of channels and searches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from collectors.failures import combined
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.youtube.api import IDS, Closed, YouTubeApi
from collectors.services.youtube.items import Reading
from collectors.services.youtube.quota import Quota
from collectors.services.youtube.threads import Threads, page_of
from collectors.services.youtube.videos import Follower
from collectors.source import SPENT, Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SimakError
from simak.mention import RawMention

_VIDEO = re.compile(r"[A-Za-z0-9_-]{6,20}")
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HANDLE = re.compile(r"@[\w.·-]{3,30}")
_OPTIONS = ("key", "videos", "channels", "search", "own_channels", "days", "daily_units",
            "url")  # fmt: skip
_HALF = IDS // 2


class YouTubeSource:
    """Reads comment threads, with all their replies, with an API key.

    Options:
        key: API key of a Google Cloud project in which the YouTube Data API v3 is turned on.
        videos: ids of videos whose comments are read.
        channels: ids (UC…) or handles (@…) of channels whose newest videos are followed.
        search: words; the newest videos found by them are followed.
        own_channels: ids (UC…) of the brand's channels (on the channel's page: share, copy the
            id): what they write is a reply, no mention.
            Comments under their videos seldom name the brand: where a source reads these alone,
            say `own = true` in it too.
        days: how long a video of a channel or search is followed; 30 where not given.
        daily_units: units of the API it may spend a day; 10000 where not given. Sources that
            share a key share its units: give each its part.
        url: where the API is.

    Cursor: as `walk`; `recent`, the comments that are asked for again, and `videos`, where their
    threads stand; `spent`, the units of the day.

    Example:
        >>> YouTubeSource(
        ...     name="y", brand="Kopi Senja", options={"key": "abc", "search": "kopi senja"}
        ... ).asks()
        "YouTube: comments of search 'kopi senja'"
    """

    source = "youtube"
    facts = Facts(
        title="Comments and replies under videos, and under the newest of channels and searches",
        keys="API key",
        per_minute=600,
        deletions=True,
        deletion_days=DAYS,
        replies=True,
        handles=(
            "Pages are followed by their token, whatever the counts beside it say.",
            "Replies that do not come with their thread are asked for.",
            "New replies under threads of the last days are found though the thread stays where "
            "it is.",
            "Recent threads are asked for again by id, for edits and deletions.",
            "Comments under a video that is made private, or whose comments are turned off, are "
            "not deleted.",
            "The text as it was written is taken, else the displayed HTML as plain text.",
            "Comments that are turned off are a note; used up units end the run until midnight "
            "Pacific time; a wrong key is an error: told apart by the reason, not the status.",
            "Units are counted, a search as 100, and the run ends before the budget is passed.",
            "A page token that is too old begins the listing again.",
            "The total that a search gives is an estimate and not used.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._key = given.token("key")
        self._videos = given.texts("videos")
        self._channels = given.texts("channels")
        self._search = given.texts("search")
        self._own = frozenset(given.texts("own_channels"))
        self._days = given.whole("days", 30)
        self._daily = given.whole("daily_units", 10_000)
        self._url = given.address("url", "https://youtube.googleapis.com")
        for key, values, patterns in (
            ("videos", self._videos, (_VIDEO,)),
            ("channels", self._channels, (_CHANNEL, _HANDLE)),
            ("own_channels", self._own, (_CHANNEL,)),
        ):
            for value in values:
                if not any(pattern.fullmatch(value) for pattern in patterns):
                    raise ConfigurationError(
                        f"source {name!r}: option {key!r}: {value!r} is no id, such as stands in "
                        "the address of a video or channel"
                    )
        if not (self._videos or self._channels or self._search):
            raise ConfigurationError(
                f"source {name!r}: give 'videos', 'channels', 'search' or several of them"
            )

    def asks(self) -> str:
        """Say which videos."""
        places = [f"video {id}" for id in self._videos]
        places += [f"channel {id}" for id in self._channels]
        places += [f"search {words!r}" for words in self._search]
        return "YouTube: comments of " + ", ".join(places)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the threads of every place from the newest on, then what is asked for again.

        Raises:
            RetryLater: YouTube cannot answer now, or the units of the day are spent.
            AccessDenied, ConfigurationError, SourceChanged: of one or more places; the others
                were read.
        """
        quota = Quota(cursor.get(SPENT, {}), self._daily, context.now)
        api = YouTubeApi(context.http, key=self._key, url=self._url, quota=quota)
        run = _Run(Threads(api, self._own), quota, context, cursor)
        follower = Follower(api=api, threads=run.threads, days=self._days, now=context.now())
        places = {
            **{f"video {id}": partial(run.video, id) for id in self._videos},
            **{f"channel {id}": partial(follower.channel, id) for id in self._channels},
            **{f"search {words!r}": partial(follower.search, words) for words in self._search},
        }
        errors: list[SimakError] = []
        at = cursor
        try:
            for page in walk(cursor, context, places):
                at = page.cursor
                yield run.page(page)
        except SimakError as error:
            errors.append(error)
        try:
            if not context.probe and not any(isinstance(error, RetryLater) for error in errors):
                yield from run.recheck(at)
        except SimakError as error:
            errors.append(error)
        if errors:
            # What was spent since the last page counts too.
            yield run.page(Page(cursor=at))
            raise combined(errors)


class _Run:
    """One run over all places: what was seen, what is asked for again, and what it costs."""

    def __init__(self, threads: Threads, quota: Quota, context: Context, cursor: Cursor) -> None:
        self.threads, self._quota = threads, quota
        self._recent = Recent(cursor.get("recent", {}), context.now())
        self._videos: dict[str, str] = dict(cursor.get("videos", {}))
        self._is_open: dict[str, bool] = {}

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent and what is spent."""
        self._recent.saw(raw for raw in page.mentions if _is_named_by_thread(raw))
        recent = self._recent.state()
        self._videos |= {
            _thread_of(raw.external_id): video
            for raw in page.mentions
            if (video := raw.attributes.get("video"))
        }
        threads = {_thread_of(name) for name in recent}
        self._videos = {id: video for id, video in self._videos.items() if id in threads}
        more = {"recent": recent, "videos": self._videos, SPENT: self._quota.state()}
        return replace(page, cursor={**page.cursor, **more}, quota_left=self._quota.left)

    def video(self, video: str, state: State) -> Iterator[Step]:
        """Read a video that is named in the settings."""
        try:
            yield from self.threads.of_video(video, state)
        except Closed as error:
            note = f"video {video}: {error.why}"
            if error.reason != "commentsDisabled":
                raise ConfigurationError(f"{note}: check the option 'videos'") from error
            yield Step(page=Page(notes=(note,)), state=state, done=True)

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask again for the threads of what is recent and did not come by in this run."""
        due: dict[str, list[str]] = {}
        for name in self._recent.due():
            due.setdefault(_thread_of(name), []).append(name)
        names = list(due)
        for start in range(0, len(names), IDS):
            asked = names[start : start + IDS]
            threads, bad = self.threads.named(asked)
            reading = Reading(bad=bad)
            for thread in threads:
                reading.add(self.threads.whole(thread))
            page = page_of(reading)
            seen = {raw.external_id for raw in page.mentions}
            left = {thread.id for thread in threads}
            # A record that cannot be read could be any of them.
            gone = [
                name
                for thread in asked
                for name in due[thread]
                if name not in seen and not page.bad and (thread in left or self._shows(thread))
            ]
            if len(asked) >= _HALF and not threads:
                # So many deletions at once are likelier a failure to answer.
                note = f"YouTube knows none of {len(asked)} recent threads: asked again next time"
                page = replace(page, missed=(note,))
            else:
                deleted = tuple(
                    RawMention(external_id=name, kind="comment", channel="youtube", deleted=True)
                    for name in gone
                )
                page = replace(page, mentions=page.mentions + deleted)
            yield self.page(replace(page, cursor=cursor))

    def _shows(self, thread: str) -> bool:
        """Say whether the video of a thread shows its comments to all.

        Where it is private, or its comments are turned off, they are not deleted.
        """
        video = self._videos.get(thread)
        if video is None:
            return False
        if video not in self._is_open:
            self._is_open[video] = self.threads.is_open(video)
        return self._is_open[video]


def _thread_of(name: str) -> str:
    return name.partition(".")[0]


def _is_named_by_thread(raw: RawMention) -> bool:
    """Say whether the id tells the thread, by which it can be asked for again."""
    return _thread_of(raw.external_id) == (raw.parent_id or raw.external_id) or raw.deleted
