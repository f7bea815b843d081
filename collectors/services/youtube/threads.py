"""Reads the comment threads of videos, each with all its replies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.newest_first import Listing, newest_first
from collectors.payload import list_in
from collectors.places import State, Step
from collectors.services.youtube.api import IDS, Closed, YouTubeApi, next_page
from collectors.services.youtube.items import Reading, Thread, read_thread, threads_in
from collectors.source import Page
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_TEXT

OVERLAP = timedelta(days=3)
"""New replies do not bring an old thread to the top: so much further back is read again."""


class Threads:
    """Reads threads.

    A thread of which not all replies came along is owed: the rest of it is asked for after the
    page, one thread at a time, so that a run which is stopped, or has spent its units, has still
    got somewhere.

    Args:
        own: ids of the brand's channels, whose comments are its replies.
    """

    def __init__(self, api: YouTubeApi, own: Collection[str]) -> None:
        self._api, self._own = api, own

    def of_video(self, video: str, state: State) -> Iterator[Step]:
        """Yield the threads of a video, the newest first, from `state` on.

        Raises:
            Closed: it has none to give.
            SimakError: as `YouTubeApi.threads`.
        """
        listed: State = state.get("listed", {})
        if owed := state.get("owed"):
            # Of a run that was stopped: what had come with them is gone.
            threads, bad = self.named(owed)
            yield from self._owed(threads, bad, listed, last=False)
        owing: list[Thread] = []

        def fetch(after: str | None) -> Listing:
            nonlocal owing
            answer = self._api.threads(video, after)
            what = f"YouTube's answer for the comments of video {video}"
            threads, bad = threads_in(list_in(answer, "items", what), what)
            owing = [thread for thread in threads if not thread.is_whole]
            reading = self._read(threads, bad, what)
            return Listing(
                mentions=reading.mentions,
                bad=reading.bad,
                after=next_page(answer),
                skipped=reading.skipped,
            )

        steps = newest_first(
            listed, fetch, label=f"comments of video {video}", order=_begun, overlap=OVERLAP
        )
        for step in steps:
            # The listing counted what is owed too: it goes by their times.
            now, later = owing, {thread.id for thread in owing}
            kept = tuple(raw for raw in step.page.mentions if _thread_id(raw) not in later)
            page = replace(step.page, mentions=kept)
            state = {"listed": step.state, "owed": [thread.id for thread in now]}
            # A pass that came to its end is enough for now, where a run may take few pages: with
            # the days that are read again there would always be another to begin.
            is_end = step.state["after"] is None
            yield Step(page=page, state=state, done=is_end and not now)
            yield from self._owed(now, [], step.state, last=is_end)

    def named(self, ids: Iterable[str]) -> tuple[list[Thread], list[BadRecord]]:
        """Return what is left of threads asked for by id.

        Raises:
            SimakError: as `YouTubeApi.threads_named`.
        """
        ids = list(ids)
        found: list[Thread] = []
        bad: list[BadRecord] = []
        for start in range(0, len(ids), IDS):
            items = self._api.threads_named(ids[start : start + IDS])
            threads, wrong = threads_in(items, "YouTube's answer for threads asked for by id")
            found += threads
            bad += wrong
        return found, bad

    def is_open(self, video: str) -> bool:
        """Say whether the comments of a video can be seen.

        Raises:
            SimakError: as `YouTubeApi.threads`.
        """
        try:
            self._api.threads(video)
        except Closed:
            return False
        return True

    def whole(self, thread: Thread) -> Reading:
        """Return a thread with all its replies, asking for those that did not come along."""
        replies = list(thread.replies)
        unseen: list[BadRecord] = []
        if not thread.is_whole:
            try:
                replies += self._api.replies(thread.id)
            except Closed:
                # Of this thread alone: the next ones are not to wait for it, night after night.
                unseen.append(BadRecord(NO_TEXT, record={"replies of": thread.id}))
        reading = read_thread(thread, replies, self._own)
        reading.bad += unseen
        return reading

    def _read(self, threads: list[Thread], bad: list[BadRecord], what: str) -> Reading:
        """Read what came with a page; of a thread that is owed, for its time alone."""
        reading = Reading(bad=bad)
        is_read = not threads
        for thread in threads:
            one = read_thread(thread, thread.replies, self._own)
            is_read = is_read or bool(one.mentions or one.skipped)
            reading.add(one if thread.is_whole else Reading(mentions=one.mentions))
        if not is_read:
            raise SourceChanged(f"{what} holds no comment that can be read")
        return reading

    def _owed(
        self, threads: list[Thread], bad: list[BadRecord], listed: State, *, last: bool
    ) -> Iterator[Step]:
        for i, thread in enumerate(threads, start=1):
            reading = self.whole(thread)
            if i == 1:
                reading.bad += bad
            left = [other.id for other in threads[i:]]
            state = {"listed": listed, "owed": left}
            yield Step(page=page_of(reading), state=state, done=last and not left)


def page_of(reading: Reading) -> Page:
    """Return what was read as a page without a cursor."""
    return Page(
        mentions=tuple(reading.mentions), bad=tuple(reading.bad), skipped=dict(reading.skipped)
    )


def _begun(raw: RawMention) -> datetime | None:
    """Return when a thread was begun, which is what they are ordered by."""
    return raw.published_at if raw.parent_id is None else None


def _thread_id(raw: RawMention) -> str:
    return raw.parent_id or raw.external_id
