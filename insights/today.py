"""What is new of a brand since a day: what a team reads first in the morning.

What is new is counted over the days since; rates are of at least a week, as a day or two hold too
few mentions to compare, and against as many days before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from insights.actions import ActionEffect, actions
from insights.brief import Broken, Happened, Topic, broken_promises, happened, topics
from insights.reputation import Reputation, reputation
from insights.spikes import Event, Spikes
from insights.touchpoints import Touchpoints, touchpoints
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.tables import UNTAGGED

WEEK = 7

LONGEST = 90
"""Days that are told at most: who was away for longer reads the other pages."""

EVENTS = 4
"""Events that are explained, and for each so many mentions:"""

QUOTES = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """So many mentions: those of `behind`."""

    n: int
    behind: Filter


@dataclass(frozen=True, slots=True)
class Worse:
    """A promise of which more say that it was broken than in the days before.

    Attributes:
        before: how many said so then.
    """

    broken: Broken
    before: Counted


@dataclass(frozen=True)
class Today:
    """What is new but for what stood out: `insights.spikes` finds that, `told` explains it.

    Attributes:
        mentions, complaints: of the new days.
        waiting: of all days, mentions without a tag.
        week: rates of the last days, at least `WEEK`, against as many before.
        touchpoints: what was behind the complaints of those days.
        themes: what complaints of those days are about that is new or risen.
        promises: that more say to be broken in those days than before.
        verdicts: of actions, those that could not be given before the new days, or differed.
    """

    filter: Filter
    mentions: Counted
    complaints: Counted
    waiting: Counted
    week: Reputation
    touchpoints: Touchpoints
    themes: tuple[Topic, ...]
    promises: tuple[Worse, ...]
    verdicts: tuple[ActionEffect, ...]


def new_days(last: date, seen: date | None) -> tuple[date, date]:
    """Return the first and the last of the new days.

    Args:
        last: the last day with a mention.
        seen: the day of the last visit, which may have missed its evening; None, or a day after
            the last: the last week.

    Example:
        >>> since, until = new_days(date(2026, 10, 31), date(2026, 10, 29))
        >>> since.isoformat(), until.isoformat()
        ('2026-10-29', '2026-10-31')
    """
    if seen is None or seen > last:
        return last - timedelta(days=WEEK - 1), last
    return max(seen, last - timedelta(days=LONGEST - 1)), last


def week_of(filter: Filter) -> Filter:
    """Return the days that rates are of: the new ones, and as many before as make a week.

    Args:
        filter: of the new days.
    """
    assert filter.since is not None
    assert filter.until is not None
    return filter.but(since=min(filter.since, filter.until - timedelta(days=WEEK - 1)))


def today(store: Store, taxonomy: Taxonomy, filter: Filter) -> Today:
    """Gather what is new.

    Args:
        filter: one brand, and the new days.
    """
    week = week_of(filter)
    complaints = filter.but(complaint=True)
    waiting = filter.but(since=None, until=None, sentiments=(UNTAGGED,))
    return Today(
        filter,
        Counted(count(store, filter).n, filter),
        Counted(count(store, complaints).n, complaints),
        Counted(count(store, waiting).n, waiting),
        reputation(store, week, every="day"),
        touchpoints(store, taxonomy, week),
        topics(store, week),
        _worse(store, week),
        _verdicts(store, filter),
    )


def strongest(found: Spikes) -> tuple[Event, ...]:
    """Return the events that are told, at most `EVENTS`."""
    return found.events[:EVENTS]


def told(store: Store, event: Event) -> Happened:
    """Say what made an event, in the words of some who wrote of it."""
    return happened(store, event, limit=QUOTES)


def _worse(store: Store, week: Filter) -> tuple[Worse, ...]:
    earlier = week.previous()
    assert earlier is not None
    found = []
    for broken in broken_promises(store, week):
        behind = broken.kept.behind_broken.but(since=earlier.since, until=earlier.until)
        before = Counted(count(store, behind).n, behind)
        if (broken.kept.broken.k or 0) > before.n:
            found.append(Worse(broken, before))
    return tuple(found)


def _verdicts(store: Store, filter: Filter) -> tuple[ActionEffect, ...]:
    assert filter.since is not None
    whole = filter.but(since=None)
    given = [row for row in actions(store, whole).rows if row.verdict != "not_enough_data"]
    if not given:
        return ()
    then = actions(store, whole.but(until=filter.since - timedelta(days=1))).rows
    before = {row.action.id: row.verdict for row in then}
    return tuple(row for row in given if before.get(row.action.id) != row.verdict)
