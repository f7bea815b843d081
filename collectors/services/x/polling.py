"""Reads a listing of X back to what the last run saw, as X says it should be: by `since_id`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from collectors.newest_first import EMPTY_PAGES, IDLE_PAGES
from collectors.payload import text_in
from collectors.places import State, Step
from collectors.services.x.answers import Found
from collectors.services.x.api import Question, Refused
from collectors.services.x.budget import Ask, Budget
from collectors.services.x.items import Posts, posted_at, read_posts
from collectors.source import Page
from simak.errors import ConfigurationError, SourceChanged

WINDOW = timedelta(days=7)
"""How far back the recent search goes."""

OVERLAP = timedelta(minutes=5)
"""Read so much again where a run begins at a time: X takes a moment to list a post."""


@dataclass(frozen=True, slots=True)
class Place:
    """A listing of X.

    Attributes:
        label: names it in errors and gaps.
        fetch: asks for a page.
        least: the smallest page X gives.
        reach: how many posts X lists at most; None where that is a matter of time.
        option: what to check where X refuses the question for good.
    """

    label: str
    fetch: Callable[[Ask, Question], Found]
    least: int
    reach: int | None
    option: str


@dataclass(slots=True)
class _Position:
    """Where a listing stands.

    Attributes:
        since: newest post of the passes that came to their end.
        polled: when the last of them began, epoch seconds.
        token: where the pass at work goes on; None between passes.
        top: newest post of the pass at work.
        began: when that pass began, epoch seconds.
        read: posts of that pass so far.
    """

    since: str | None = None
    polled: float | None = None
    token: str | None = None
    top: str | None = None
    began: float | None = None
    read: int = 0


class Poll:
    """One run over one listing.

    Args:
        state: where it stands; `{}` reads all that X still gives.
        own: ids of accounts whose posts are no customer's.
        probe: a smallest page is enough.

    A pass begins at the newest post and ends where X has no more that are newer than the last
    pass' newest. Stopped in between, it goes on at the page it came to, and then another pass
    reads what came meanwhile.
    """

    def __init__(
        self,
        place: Place,
        state: State,
        budget: Budget,
        now: Callable[[], datetime],
        *,
        own: Collection[str] = (),
        probe: bool = False,
    ) -> None:
        self._place, self._budget, self._now = place, budget, now
        self._own, self._probe = own, probe
        self._at = _Position(**state)

    def steps(self) -> Iterator[Step]:
        """Yield the pages.

        Raises:
            RetryLater: the month's posts are used up.
            ConfigurationError: X does not understand the question.
            SourceChanged: the pages come without end, or in a shape not known.
        """
        if self._at.token is not None:
            yield from self._pass(last=False)
        if self._at.token is None:
            yield from self._pass(last=True)

    def _pass(self, *, last: bool) -> Iterator[Step]:
        at, label = self._at, self._place.label
        resumed = at.token is not None
        names: set[str] = set()
        asked: set[str | None] = set()
        missed: list[str] = []
        idle = empty = 0
        while True:
            if at.began is None:
                at.began = self._now().timestamp()
            token = at.token
            try:
                found = self._place.fetch(self._ask(), self._question())
            except Refused as error:
                missed += self._without(error, may_restart=resumed and not names)
                continue
            self._budget.spend(found.read)
            asked.add(token)
            posts = read_posts(found, self._own, label)
            ids = {text_in(post, "id") for post in found.posts}
            idle = idle + 1 if ids and ids <= names else 0
            empty = 0 if ids else empty + 1
            names |= ids
            if (
                idle > IDLE_PAGES
                or empty > EMPTY_PAGES
                or (found.token is not None and found.token in asked)
            ):
                self._restart()
                yield self._step(posts, missed, done=True)
                raise SourceChanged(f"{label}: X gives pages without end or news")
            missed += self._advance(found)
            done = at.token is None
            yield self._step(posts, missed, done=done and last)
            missed = []
            if done:
                return

    def _ask(self) -> Ask:
        ask = self._budget.ask(self._place.least)
        return Ask(self._place.least, whole=False) if self._probe else ask

    def _question(self) -> Question:
        start = None
        if self._at.since is None and self._at.polled is not None:
            start = datetime.fromtimestamp(self._at.polled, UTC) - OVERLAP
        return Question(since=self._at.since, start=start, token=self._at.token)

    def _without(self, error: Refused, *, may_restart: bool) -> list[str]:
        """Leave out what X refuses; say what is missed for it.

        Raises:
            ConfigurationError, SourceChanged: nothing can be left out.
        """
        at = self._at
        if "since_id" in error.names and at.since is not None:
            was_quiet = self._is_old(posted_at(at.since)) and not self._is_old(at.polled)
            at.since = None
            self._restart()
            # Nobody wrote for long, and yet X was asked: from then on there is nothing missing.
            if was_quiet:
                return []
            at.polled = None
        elif "start_time" in error.names and at.polled is not None:
            at.polled = None
            self._restart()
        elif error.names & {"next_token", "pagination_token"} and may_restart and at.token:
            self._restart()
            return []
        elif error.names & {"query", "id"}:
            raise ConfigurationError(f"{error}: check {self._place.option!r} of the source")
        else:
            raise SourceChanged(str(error))
        return [
            f"{self._place.label}: X no longer lists what followed the last run, so that posts "
            f"from before the last {WINDOW.days} days may be lost: collect more often"
        ]

    def _is_old(self, time: datetime | float | None) -> bool:
        if isinstance(time, datetime):
            time = time.timestamp()
        return time is None or time <= (self._now() - WINDOW).timestamp()

    def _advance(self, found: Found) -> list[str]:
        """Move behind this page; say what was missed if that ends the pass."""
        at = self._at
        at.top = _newest(at.top, *(text_in(post, "id") for post in found.posts))
        at.read += len(found.posts)
        at.token = found.token
        if at.token is not None:
            return []
        reach, read, knew = self._place.reach, at.read, at.polled is not None
        at.since = _newest(at.since, at.top or "")
        at.polled = at.began
        self._restart()
        if reach is not None and knew and read >= reach:
            return [
                f"{self._place.label}: X lists the last {reach} alone and there were as many, so "
                "that earlier ones may be lost: collect more often"
            ]
        return []

    def _restart(self) -> None:
        at = self._at
        at.token, at.top, at.began, at.read = None, None, None, 0

    def _step(self, posts: Posts, missed: list[str], *, done: bool) -> Step:
        page = Page(
            mentions=tuple(posts.mentions),
            bad=tuple(posts.bad),
            skipped=posts.skipped,
            warnings=posts.warnings,
            missed=tuple(missed),
            quota_left=self._budget.left(),
        )
        return Step(page=page, state=asdict(self._at), done=done)


def _newest(known: str | None, *ids: str) -> str | None:
    """The highest of some ids, as numbers; what is no number is none of X's."""
    numbers = [id for id in (known, *ids) if id and id.isascii() and id.isdecimal()]
    return max(numbers, key=lambda id: (len(id), id), default=known)
