"""Reads listings that give the newest first, page by page, back to what is known.

A pass begins at the newest item and ends where a whole page is as old as the last pass' newest,
or where the listing ends. Stopped in between, it goes on at the page it came to, and then another
pass reads what came meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from collectors.places import State, Step
from collectors.source import Page
from simak.errors import BadRecord, SimakError, SourceChanged
from simak.mention import RawMention

IDLE_PAGES = 3
"""Pages one after the other with nothing that was not on an earlier one, before giving up."""

EMPTY_PAGES = 20
"""The same for pages with nothing at all, which some services give amid full ones."""

LATE = timedelta(days=1)
"""Read so much of the overlap again by the pass that follows one which a run had stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a listing.

    Attributes:
        after: what to ask the next page with; None at the end.
        skipped, notes, quota_left: as in `Page`.
        left_out: when that was said which is on the page and no mention of it, as far as it has
            a place in the listing's order: the place's own posts, say.
    """

    mentions: list[RawMention]
    bad: list[BadRecord] = field(default_factory=list)
    after: str | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    quota_left: int | None = None
    left_out: list[datetime] = field(default_factory=list)

    @property
    def marks(self) -> set[str]:
        """What tells the page from others."""
        return {raw.external_id for raw in self.mentions} | {str(at) for at in self.left_out}


class PlaceLost(SimakError):
    """What to go on with (`after`) is not known to the service any more: begin at the top."""


@dataclass(slots=True)
class _Position:
    """Where a listing stands.

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


def published(raw: RawMention) -> datetime | None:
    """Return when a mention was published: the order of most listings."""
    return raw.published_at


def changed(raw: RawMention) -> datetime | None:
    """Return when a mention was last written: the order where an edit moves it to the top."""
    return raw.edited_at or raw.published_at


def newest_first(
    state: State,
    fetch: Callable[[str | None], Listing],
    *,
    label: str,
    order: Callable[[RawMention], datetime | None] = published,
    overlap: timedelta = timedelta(0),
    since: datetime | None = None,
    window: bool = False,
    repeats_end: bool = False,
    after_lasts: bool = False,
) -> Iterator[Step]:
    """Read a listing from its newest item back to what the last run saw.

    Args:
        state: where it stands; `{}` reads all there is.
        fetch: returns the page that `after` names, the first for None. Raises `PlaceLost` where
            the service no longer knows `after`.
        label: names the listing in errors and gaps.
        order: the time the listing is ordered by.
        overlap: read so much further back than what is known, for items that a service lists
            late.
        since: no further back than this.
        window: the service shows the newest alone, so that what it no longer shows is lost.
        repeats_end: pages that repeat themselves are the end, as the service is known to do so;
            else an error.
        after_lasts: the service never forgets what `after` names, so that an empty page is the
            end also where a run begins with it; else its place in the listing may be lost.

    Raises:
        SourceChanged: the pages come without end.
    """
    position = _Position(**state)
    reader = _Reader(
        fetch, position, label, order, overlap, since, window, repeats_end, after_lasts
    )
    if position.after is not None and (yield from reader.read()):
        # The pages were read already, but not what was listed late while the pass was stopped.
        reader.overlap, reader.is_second = min(overlap, LATE), True
    if position.after is None:
        yield from reader.read()


@dataclass(slots=True)
class _Reader:
    fetch: Callable[[str | None], Listing]
    position: _Position
    label: str
    order: Callable[[RawMention], datetime | None]
    overlap: timedelta
    since: datetime | None
    window: bool
    repeats_end: bool
    after_lasts: bool
    is_second: bool = False

    def read(self) -> Generator[Step, None, bool]:
        """Make one pass, or finish the one at work; return whether it came to its end.

        The end of any pass, and any page of the second one of a run, is where a stopped run leaves
        for the next place: with little room a run, the passes of one place would else follow each
        other for ever.
        """
        position = self.position
        resumed = position.after is not None
        names: set[str] = set()
        asked: set[str] = set()
        idle = empty = 0
        while True:
            if position.after is not None:
                asked.add(position.after)
            try:
                listing = self.fetch(position.after)
            except PlaceLost as error:
                if not resumed or names:
                    raise SourceChanged(str(error)) from error
                self._restart()
                return False
            marks = listing.marks
            is_empty_end = not names and not marks and listing.after is None
            if resumed and is_empty_end and not self.after_lasts:
                # The item to go on after is gone, and with it the place: start again.
                self._restart()
                return False
            idle = idle + 1 if marks and marks <= names else 0
            empty = 0 if marks else empty + 1
            names |= marks
            if idle > IDLE_PAGES or empty > EMPTY_PAGES or listing.after in asked:
                yield self._loop(listing)
                if not self.repeats_end:
                    raise SourceChanged(f"{self.label} gives pages without end or news")
                return True
            missed = self._advance(listing, is_empty=not names)
            done = position.after is None
            yield self._step(listing, missed, done=done or self.is_second)
            if done:
                return True

    def _restart(self) -> None:
        self.position.after, self.position.top, self.position.touched = None, None, False

    def _loop(self, listing: Listing) -> Step:
        """The pages repeat themselves: end there, or begin at the top another time."""
        if not self.repeats_end:
            self._restart()
            return self._step(listing, (), done=True)
        self._end()
        lost = f"{self.label}: pages are repeated from here on, so that older ones may be lost"
        return self._step(listing, (lost,), done=True)

    def _advance(self, listing: Listing, *, is_empty: bool) -> tuple[str, ...]:
        """Move behind this page; say what was missed if that ends the pass."""
        position = self.position
        times = [at.timestamp() for raw in listing.mentions if (at := self.order(raw))]
        times += [at.timestamp() for at in listing.left_out]
        tops = [*times, *([position.top] if position.top is not None else [])]
        position.top = max(tops, default=None)
        mark = None if position.mark is None else position.mark - self.overlap.total_seconds()
        position.touched = position.touched or any(
            position.mark is not None and time <= position.mark for time in times
        )
        since = None if self.since is None else self.since.timestamp()
        floor = max((time for time in (mark, since) if time is not None), default=None)
        is_known = bool(times) and floor is not None and max(times) <= floor
        position.after = listing.after
        if listing.after is not None and not is_known:
            return ()
        missed: tuple[str, ...] = ()
        if self.window and position.mark is not None and not position.touched:
            end = "is empty" if is_empty else "ends before what the last run saw"
            missed = (
                f"{self.label}: the listing {end}, so that some in between may be lost: "
                "collect more often",
            )
            if is_empty:
                # Said once: there is nothing left that the next pass could miss again.
                position.mark = None
        self._end()
        return missed

    def _end(self) -> None:
        position = self.position
        tops = [time for time in (position.mark, position.top) if time is not None]
        position.mark = max(tops, default=None)
        self._restart()

    def _step(self, listing: Listing, missed: tuple[str, ...], *, done: bool) -> Step:
        page = Page(
            mentions=tuple(listing.mentions),
            bad=tuple(listing.bad),
            skipped=listing.skipped,
            missed=missed,
            notes=listing.notes,
            quota_left=listing.quota_left,
        )
        return Step(page=page, state=asdict(self.position), done=done)
