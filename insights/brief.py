"""One week of a brand on one page: what moved, why, where, in whose words, what to look at.

It holds numbers and customers' words alone. What is said of them in sentences is the renderer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from insights import intervals
from insights.actions import ActionEffect, actions
from insights.around import Around, around
from insights.consistency import ChannelCell, consistency
from insights.drivers import drivers
from insights.promises import Kept, promises
from insights.reputation import Reputation, reputation
from insights.response import response
from insights.said import said
from insights.spikes import Event, Explanation, explain, spikes
from insights.spikes import verbatims as of_finding
from insights.telling import telling
from insights.themes.reading import ThemeRow, themes
from insights.themes.verbatims import verbatims as of_theme
from insights.touchpoints import Touchpoints, examples
from insights.values import MIN_N, Value
from simak.errors import ConfigurationError
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow
from store.promises import Promise
from store.rollups import span

MOST = 3
"""Of each kind, and of each one's verbatims."""

CHANNEL_DAYS = 91
"""A week is too short to compare channels: a quarter is taken."""

RECENT_DAYS = 120
"""Actions older than this are no news."""

ALPHA = 0.05

Kind = Literal["touchpoint", "risen", "event", "theme", "unanswered", "promise", "channel"]
"""Why something is to be looked at; see `Look`."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """A touchpoint behind the week's complaints.

    Attributes:
        complaints: of all complaints, those that speak badly of it.
        impact: by how much the complaint share would fall without those about it alone.
        change: of `complaints` against the week before; None where there was nothing.
    """

    touchpoint: str
    owner: str
    complaints: Value
    impact: Value
    change: Value | None
    behind: Filter
    verbatims: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """A spike or a change of level, and what made it.

    Attributes:
        bad: whether it is more bad or less good words than usual.
        real: whether neither copies nor what was collected explain it.
    """

    event: Event
    why: Explanation
    bad: bool
    real: bool
    verbatims: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A theme that is new, or of which more is said than in the week before."""

    theme: ThemeRow
    verbatims: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise of which customers said in the week that it was broken."""

    promise: Promise
    kept: Kept
    verbatims: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Outlier:
    """A touchpoint that is worse on one channel than on the others, over `CHANNEL_DAYS`."""

    touchpoint: str
    cell: ChannelCell


@dataclass(frozen=True, slots=True)
class Praised:
    """The touchpoint that most speak well of, complaining of nothing.

    Attributes:
        share: of all tagged mentions.
    """

    touchpoint: str
    share: Value
    behind: Filter
    verbatims: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Something to look at, with the mentions it is about.

    Attributes:
        kind: `touchpoint` weighs most, `risen` a clearly larger share of the complaints than the
            week before, `event` a spike or a new level, `theme` a new theme, `unanswered`
            complaints, `promise` a broken one, `channel` one that is worse than the others.
        about: the touchpoint, theme, promise or channel.
        owner: the function whose it is, where it is one's.
    """

    kind: Kind
    about: str
    owner: str | None
    value: Value
    behind: Filter


@dataclass(frozen=True)
class Brief:
    """One week of a brand.

    Attributes:
        reputation: against the week before.
        enough: whether the week holds enough tagged mentions to speak of rates.
        touchpoints: highest impact first, at most `MOST`.
        events: those that began in the week, bad and real ones first, at most `MOST`.
        themes: what complaints are about that is new or risen, at most `MOST`.
        praised: None where nobody praised a touchpoint.
        promises: those said to be broken in the week, the most often first, at most `MOST`.
        channels: touchpoints that are worse on one channel, over the last quarter.
        unanswered: of the complaints of the four weeks before it that are old enough, those
            without an answer.
        actions: of the last `RECENT_DAYS`, the latest first, at most `MOST`.
        look_at: most pressing first.
        around: what the week is read against.
    """

    brand: str
    since: date
    until: date
    reputation: Reputation
    enough: bool
    touchpoints: tuple[Blamed, ...]
    events: tuple[Happened, ...]
    themes: tuple[Topic, ...]
    praised: Praised | None
    promises: tuple[Broken, ...]
    channels: tuple[Outlier, ...]
    unanswered: Value
    unanswered_behind: Filter | None
    actions: tuple[ActionEffect, ...]
    look_at: tuple[Look, ...]
    around: Around


def week_of(store: Store, brand: str, day: date | None = None) -> tuple[date, date]:
    """Return the Monday and Sunday of the week of `day`, or of the last whole week with data.

    Raises:
        ConfigurationError: the brand has no dated mention.
    """
    if day is None:
        _, last = span(store, (brand,))
        if last is None:
            raise ConfigurationError(
                f"there is no dated mention of {brand!r}; `simak show reputation` lists what is"
            )
        day = last if last.weekday() == 6 else last - timedelta(days=last.weekday() + 1)
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def brief(
    store: Store, taxonomy: Taxonomy, brand: str, *, day: date | None = None, after_days: int = 3
) -> Brief:
    """Gather one week of a brand.

    Args:
        day: any of the week's; None takes the last whole week with data.
        after_days: a complaint without an answer for so long counts as unanswered.

    Raises:
        ConfigurationError: the brand has no dated mention.
    """
    since, until = week_of(store, brand, day)
    filter = Filter(brands=(brand,), since=since, until=until)
    moved = reputation(store, filter, every="day")
    stands = around(store, taxonomy, filter)
    blamed = _blamed(store, taxonomy, filter, stands.ranking)
    events = _events(store, filter)
    grown = topics(store, filter)
    broken = broken_promises(store, filter)
    channels = _channels(store, taxonomy, filter)
    answers = response(store, filter.but(since=until - timedelta(days=27)), after_days=after_days)
    done = actions(store, filter.but(since=None))
    return Brief(
        brand,
        since,
        until,
        moved,
        moved.now["complaint_rate"].enough,
        blamed,
        events,
        grown,
        _praised(store, taxonomy, filter),
        broken,
        channels,
        answers.unanswered,
        answers.unanswered_behind,
        _recent(done.rows, until),
        tuple(
            _look_at(
                taxonomy, blamed, events, grown, broken, channels,
                (answers.unanswered, answers.unanswered_behind),
            )
        ),
        stands,
    )  # fmt: skip


def _blamed(
    store: Store, taxonomy: Taxonomy, filter: Filter, ranking: Touchpoints
) -> tuple[Blamed, ...]:
    parts = drivers(store, taxonomy, filter).parts
    if not parts:
        return ()
    changes = {row.id: row.change for row in ranking.rows}
    return tuple(
        Blamed(
            row.id,
            taxonomy[row.id].owner,
            row.complaints,
            row.impact,
            changes.get(row.id),
            row.behind,
            tuple(examples(store, filter, row.id, limit=MOST)),
        )
        for row in [row for row in parts[0].rows if row.complaints.k][:MOST]
    )


def _events(store: Store, filter: Filter) -> tuple[Happened, ...]:
    found = [happened(store, event, limit=MOST) for event in spikes(store, filter).events]
    found.sort(key=lambda one: (not one.real, not one.bad, one.event.head.p))
    return tuple(found[:MOST])


def happened(store: Store, event: Event, *, limit: int) -> Happened:
    """Say what made an event, with so many of its mentions at most."""
    head = event.head
    more = (head.ratio.value or 0) > 1
    why = explain(store, head)
    return Happened(
        event,
        why,
        more == (head.polarity == "negative"),
        not (why.copied or why.collection.changed),
        tuple(of_finding(store, why, limit=limit)),
    )


def topics(store: Store, filter: Filter) -> tuple[Topic, ...]:
    """Return what complaints are about that is new or risen, at most `MOST`."""
    grown = [
        row
        for row in themes(store, filter).rows
        if row.share.k
        and (row.is_new or (_above(row.change) and row.p is not None and row.p < ALPHA))
    ]
    chosen = sorted(grown, key=lambda row: (not row.is_new, -(row.share.k or 0)))[:MOST]
    words = of_theme(store, chosen, polarity="negative", limit=MOST)
    return tuple(Topic(row, tuple(words[row.id])) for row in chosen)


def _praised(store: Store, taxonomy: Taxonomy, filter: Filter) -> Praised | None:
    found = said(store, filter)
    counts = {
        id: found.count(found.speaks((id,), "positive") & ~found.complaint) for id in taxonomy.ids
    }
    best = max(counts, key=lambda id: counts[id])
    if not counts[best]:
        return None
    behind = filter.but(touchpoints=(best,), polarity="positive", complaint=False)
    return Praised(
        best,
        intervals.share(counts[best], found.count(found.tagged)),
        behind,
        tuple(telling(store, behind, limit=MOST)),
    )


def broken_promises(store: Store, filter: Filter) -> tuple[Broken, ...]:
    """Return the promises that are said to be broken, the most often first, at most `MOST`."""
    told = [row for row in promises(store, filter).rows if row.all.broken.k]
    told.sort(key=lambda row: -(row.all.broken.k or 0))
    return tuple(
        Broken(
            row.promise,
            row.all,
            tuple(telling(store, row.all.behind_broken, limit=MOST)),
        )
        for row in told[:MOST]
    )


def _channels(store: Store, taxonomy: Taxonomy, filter: Filter) -> tuple[Outlier, ...]:
    assert filter.until is not None
    quarter = filter.but(since=filter.until - timedelta(days=CHANNEL_DAYS - 1))
    return tuple(
        Outlier(row.touchpoint, cell)
        for row in consistency(store, taxonomy, quarter).rows
        for cell in row.cells
        if cell.outlying == "worse" and cell.own
    )[:MOST]


def _recent(rows: Sequence[ActionEffect], until: date) -> tuple[ActionEffect, ...]:
    first = until - timedelta(days=RECENT_DAYS)
    recent = [row for row in rows if first < row.action.day <= until]
    return tuple(sorted(recent, key=lambda row: row.action.day, reverse=True)[:MOST])


def _above(change: Value | None) -> bool:
    return change is not None and change.low is not None and change.low > 0


def _look_at(
    taxonomy: Taxonomy,
    blamed: tuple[Blamed, ...],
    events: tuple[Happened, ...],
    topics: tuple[Topic, ...],
    broken: tuple[Broken, ...],
    channels: tuple[Outlier, ...],
    unanswered: tuple[Value, Filter | None],
) -> list[Look]:
    looks = [
        Look("event", one.event.head.touchpoint or one.event.head.polarity,
             _owner(taxonomy, one.event.head.touchpoint), one.event.head.seen,
             one.event.head.behind)
        for one in events
        if one.bad and one.real
    ]  # fmt: skip
    for one in blamed:
        if _above(one.change) and one.complaints.n >= MIN_N:
            looks.append(Look("risen", one.touchpoint, one.owner, one.complaints, one.behind))
    if blamed and blamed[0].impact.enough:
        first = blamed[0]
        looks.append(Look("touchpoint", first.touchpoint, first.owner, first.impact, first.behind))
    looks += [
        Look("theme", one.theme.phrase, None, one.theme.share, one.theme.behind)
        for one in topics
        if one.theme.is_new
    ]
    looks += [
        Look("promise", one.promise.text, _owner(taxonomy, one.promise.touchpoint),
             one.kept.broken, one.kept.behind_broken)
        for one in broken
    ]  # fmt: skip
    value, behind = unanswered
    if value.k and behind is not None:
        looks.append(Look("unanswered", "", "customer_service", value, behind))
    looks += [
        Look("channel", f"{one.touchpoint}:{one.cell.channel}", _owner(taxonomy, one.touchpoint),
             one.cell.negative_rate, one.cell.behind)
        for one in channels
    ]  # fmt: skip
    return looks


def _owner(taxonomy: Taxonomy, touchpoint: str | None) -> str | None:
    return taxonomy[touchpoint].owner if touchpoint in taxonomy.ids else None
