"""Follows the newest videos of a channel or a search, and reads the comments of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collectors.failures import combined
from collectors.newest_first import PlaceLost
from collectors.payload import list_in, text_in, time_in
from collectors.places import State, Step
from collectors.services.youtube.api import Answer, Closed, YouTubeApi, next_page
from collectors.services.youtube.threads import Threads
from collectors.source import Page
from simak.errors import BadRecord, ConfigurationError, RetryLater, SimakError, SourceChanged
from simak.reasons import UNKNOWN_SHAPE

MOST = 200
"""Videos of a channel or search that are followed at a time, the newest."""

_LATE = timedelta(days=2)
"""How long a video may take until a search finds it."""

Find = Callable[[str | None], Answer]
"""Returns the page of a list of videos that a token names, the first for None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Reads the comments of the videos of the last days in a list, the newest first.

    Args:
        days: how long a video is followed after it was published.
        now: the time of this run.
    """

    api: YouTubeApi
    threads: Threads
    days: int
    now: datetime

    def channel(self, channel: str, state: State) -> Iterator[Step]:
        """Yield the comments of a channel's videos.

        Raises:
            ConfigurationError: there is no such channel.
            SimakError: of one or more videos; the others were read.
        """
        label = f"channel {channel}"
        try:
            playlist = state.get("playlist") or self.api.uploads(channel)
        except Closed as error:
            raise ConfigurationError(
                f"{label}: {error.why}: check the option 'channels'"
            ) from error

        def find(after: str | None) -> Answer:
            return self.api.playlist(playlist, after)

        try:
            yield from self._follow(label, find, {**state, "playlist": playlist})
        except Closed as error:
            # A channel that has no video yet has no list of them either.
            note = f"{label}: {error.why}"
            yield Step(page=Page(notes=(note,)), state={"playlist": playlist}, done=True)

    def search(self, words: str, state: State) -> Iterator[Step]:
        """Yield the comments of the videos that a search finds.

        Raises:
            SimakError: of one or more videos; the others were read.
        """
        since = state.get("since") if state.get("after") else None
        if since is None:
            times = [video["at"] for video in state.get("videos", {}).values()]
            newest = datetime.fromtimestamp(max(times, default=0.0), self.now.tzinfo)
            since = f"{max(self._oldest, newest - _LATE):%Y-%m-%dT%H:%M:%SZ}"

        def find(after: str | None) -> Answer:
            return self.api.search(words, since, after)

        yield from self._follow(f"search {words!r}", find, {**state, "since": since})

    @property
    def _oldest(self) -> datetime:
        return self.now - timedelta(days=self.days)

    def _follow(self, label: str, find: Find, state: State) -> Iterator[Step]:
        state = dict(state)
        if state.get("at") not in state.get("videos", {}):
            for step in self._list(label, find, state):
                yield step
                state = dict(step.state)
        yield from self._comments(label, state)

    def _list(self, label: str, find: Find, state: State) -> Iterator[Step]:
        """Find videos that are not followed yet; the step after the last page has no `after`."""
        oldest = self._oldest.timestamp()
        known: dict[str, Any] = {
            id: video for id, video in state.get("videos", {}).items() if video["at"] >= oldest
        }
        after = state.get("after")
        is_first, asked = True, {after}
        while True:
            try:
                answer = find(after)
            except PlaceLost as error:
                if not is_first:
                    raise SourceChanged(str(error)) from error
                after, is_first = None, False
                continue
            is_first = False
            found, bad = _videos(answer, f"YouTube's answer for the videos of {label}")
            fresh = {
                id: {"at": at, "state": {}}
                for id, at in found.items()
                if at >= oldest and id not in known
            }
            known |= fresh
            newest = sorted(known, key=lambda id: (-known[id]["at"], id))
            after = next_page(answer)
            missed: tuple[str, ...] = ()
            if len(newest) > MOST or (len(newest) == MOST and after is not None and fresh):
                missed = (
                    f"{label}: more than {MOST} videos in {self.days} days: comments of the older "
                    "ones may be lost",
                )
            known = {id: known[id] for id in newest[:MOST]}
            if not fresh or missed or after in asked:
                after = None
            asked.add(after)
            first = newest[0] if newest and after is None else None
            yield Step(
                page=Page(bad=tuple(bad), missed=missed),
                state={**state, "videos": known, "after": after, "at": first},
                done=not known and after is None,
            )
            if after is None:
                return

    def _comments(self, label: str, state: State) -> Iterator[Step]:
        videos: dict[str, Any] = dict(state.get("videos", {}))
        ids = list(videos)
        start = ids.index(state["at"]) if state.get("at") in videos else len(ids)
        errors: list[SimakError] = []
        for number, id in enumerate(ids[start:], start=start + 1):
            following = ids[number] if number < len(ids) else None
            try:
                for step in self.threads.of_video(id, videos[id]["state"]):
                    videos[id] = {**videos[id], "state": step.state}
                    at = following if step.done else id
                    yield Step(
                        page=step.page,
                        state={**state, "videos": dict(videos), "at": at},
                        done=at is None,
                    )
            except Closed as error:
                note = f"{label}: of some videos: {error.why}"
                yield Step(
                    page=Page(notes=(note,)),
                    state={**state, "videos": dict(videos), "at": following},
                    done=following is None,
                )
            except RetryLater:
                raise
            except SimakError as error:
                errors.append(error)
        if errors:
            # The next run looks for new videos, and does not begin with one that fails.
            yield Step(page=Page(), state={**state, "videos": videos, "at": None}, done=True)
            raise combined(errors)


def _videos(answer: Answer, what: str) -> tuple[dict[str, float], list[BadRecord]]:
    """Return the ids in a list of videos with their times, and the items that are none."""
    found: dict[str, float] = {}
    bad: list[BadRecord] = []
    for item in list_in(answer, "items", what):
        id = text_in(item, "contentDetails", "videoId") or text_in(item, "id", "videoId")
        id = id or text_in(item, "snippet", "resourceId", "videoId")
        at = time_in(item, "contentDetails", "videoPublishedAt") or time_in(
            item, "snippet", "publishedAt"
        )
        if not id or at is None:
            bad.append(BadRecord(UNKNOWN_SHAPE, record=item))
        else:
            found[id] = at.timestamp()
    if bad and not found:
        raise SourceChanged(f"{what} holds no video that can be read: {bad[0]}")
    return found, bad
