"""Reads a list of topics from the one with the last activity back to what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from collectors.places import State, Step
from collectors.services.discourse.api import SEARCH_PAGES, Position, Topic, Topics
from collectors.source import Page
from simak.errors import SourceChanged

OVERLAP = timedelta(minutes=2)
"""Read so much further back: a forum shows strangers a page that is up to a minute old."""

IDLE_PAGES = SEARCH_PAGES + 1
"""Pages one after the other with no topic that was not on an earlier one, before giving up: a
search that goes on before a day may begin with as many."""

ReadTopic = Callable[[Topic, float | None, int | None], Iterator[tuple[Page, int | None]]]
"""Reads a topic as far back as a time, from what is left of it: pages, with what is then left."""


@dataclass(slots=True)
class _Stand:
    """Where a list of topics stands.

    Attributes:
        mark: activity of the newest topic when the last whole pass began, epoch seconds.
        top: the same of the pass at work; None between passes.
        at: the page the pass at work came to; None between passes.
        done: activity of the last topic that pass finished.
        finished: the topics of that page that it finished.
        topic, left: the topic it was stopped in, and how many of its posts are left.
    """

    mark: float | None = None
    top: float | None = None
    at: Position | None = None
    done: float | None = None
    finished: list[str] = field(default_factory=list)
    topic: str | None = None
    left: int | None = None


def read_topics(
    state: State, fetch: Callable[[Position], Topics], read: ReadTopic, *, label: str
) -> Iterator[Step]:
    """Read every topic of a list in which something happened since the last pass.

    A pass that was stopped goes on where it came to, and then another one reads what happened
    meanwhile.

    Args:
        state: where it stands; `{}` reads all topics.
        fetch: returns the page at a position.
        label: names the list in errors.

    Raises:
        SourceChanged: the pages come without end.
    """
    stand = _Stand(**state)
    if stand.at is not None:
        yield from _pass(stand, fetch, read, label, last=False)
    yield from _pass(stand, fetch, read, label, last=True)


def _pass(
    stand: _Stand,
    fetch: Callable[[Position], Topics],
    read: ReadTopic,
    label: str,
    *,
    last: bool,
) -> Iterator[Step]:
    floor = None if stand.mark is None else stand.mark - OVERLAP.total_seconds()
    seen: set[str] = set()
    idle = 0
    position = stand.at if stand.at is not None else {}
    while True:
        page = fetch(position)
        times = [topic.at.timestamp() for topic in page.topics if topic.at]
        if stand.at is None:
            # Only here: what moves up later belongs to the next pass.
            stand.top = max(times, default=None)
        stand.at = position
        fresh = [topic for topic in page.topics if topic.id not in seen]
        seen |= {topic.id for topic in fresh}
        idle = 0 if fresh else idle + 1
        if page.next is not None and idle > IDLE_PAGES:
            raise SourceChanged(f"{label} gives pages without end or news")
        is_changed = False
        for topic in fresh:
            for step in _topic(stand, topic, floor, read):
                is_changed = True
                yield step
        unpinned = [topic.at.timestamp() for topic in page.topics if topic.at and not topic.pinned]
        is_known = bool(unpinned) and floor is not None and max(unpinned) <= floor
        rest = Page(bad=tuple(page.bad), missed=page.missed)
        if is_known or page.next is None:
            tops = [time for time in (stand.mark, stand.top) if time is not None]
            stand.mark = max(tops, default=None)
            stand.top = stand.at = stand.done = stand.topic = stand.left = None
            stand.finished = []
            yield Step(page=rest, state=asdict(stand), done=last)
            return
        if is_changed:
            # That took its time: where a topic was deleted meanwhile, another moved up to this
            # page from the next.
            continue
        position = stand.at = page.next
        stand.finished = []
        if rest.bad or rest.missed:
            yield Step(page=rest, state=asdict(stand))


def _topic(stand: _Stand, topic: Topic, floor: float | None, read: ReadTopic) -> Iterator[Step]:
    at = None if topic.at is None else topic.at.timestamp()
    if at is not None and floor is not None and at <= floor:
        return
    is_ordered = at is not None and not topic.pinned
    if topic.id in stand.finished:
        return
    if is_ordered and stand.done is not None and at is not None and at > stand.done:
        return  # read on an earlier page that it moved down from, or of the next pass
    left = stand.left if stand.topic == topic.id else None
    for page, rest in read(topic, floor, left):
        stand.topic, stand.left = (topic.id, rest) if rest else (None, None)
        if not rest:
            stand.finished.append(topic.id)
            stand.done = at if is_ordered else stand.done
        yield Step(page=page, state=asdict(stand))
