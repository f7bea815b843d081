"""Whether, how fast and with what effect the brand answers.

Only where an answer has ever been seen can there be a reply rate: a source that brings none says
nothing about who answers there, and is no data. Until when a source was watched is its last sign
of life (`store.response_counts.last_seen`); a source whose old mentions are not read again shows
too few answers, which nothing here can mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from insights import intervals
from insights.response.times import DAY, EPOCH, Clock, Times, by_clock, known_waits, times
from insights.response.waits import quantile
from insights.said import Said, said
from insights.values import NO_DATA, Value
from simak.hours import BusinessHours, local_days
from simak.tags import SENTIMENTS
from store.engine import Store
from store.filter import Filter
from store.response_counts import Asked, RatedAgain, answering, asked, last_seen, rated_again
from store.responses import UNKNOWN, Replies, replies
from store.speech import Profile, profiles

By = Literal["channel", "source", "sentiment", "complaint"]

Way = Literal["up", "down", "same"]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """The answers to one channel, source, sentiment, or to complaints.

    Attributes:
        by, name: such as "channel" and "email"; of complaints "yes" or "no".
        reply_rate: of all mentions there.
        median, p90: minutes to the answer, of the answered.
        behind: selects the answered.
    """

    by: By
    name: str
    reply_rate: Value
    median: Value
    p90: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class StarsAgain:
    """What became of the stars of reviews that were edited after the brand's answer.

    Attributes:
        answered: how many reviews with stars were answered.
        up, down, same: of those edited since, whose stars rose, fell and stayed.
        change: mean of the stars now minus those at the answer.
        mentions: the ids behind up, down and same.
    """

    answered: int
    up: Value
    down: Value
    same: Value
    change: Value
    mentions: Mapping[Way, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Mentions of a source and channel where no answer was ever seen: no data."""

    source: str
    channel: str
    mentions: int


@dataclass(frozen=True)
class Response:
    """How the brand answers.

    Attributes:
        reply_rate: of all mentions where answers are seen; `behind` selects the answered.
        first_reply, to_complaints: the wait for the first answer, of all and of complaints.
        resolution: the wait for a ticket's end, of sources that tell it.
        unanswered: of the complaints old enough, at least `after_days` whole days, those that
            have no answer to this day; `unanswered_behind` selects them, None without any.
        late: the share of complaints that had no answer `after_days` after they were written,
            those younger counted as far as they go: an estimate, of no mentions to be opened.
        stars_answered, stars_not: mean stars of reviews that were answered, and of the others.
        rows: by channel, source, sentiment and complaint.
        no_data: where no answer was ever seen, most mentions first.
    """

    filter: Filter
    after_days: int
    business_hours: str | None
    reply_rate: Value
    behind: Filter | None
    first_reply: Times
    to_complaints: Times
    resolution: Times
    unanswered: Value
    unanswered_behind: Filter | None
    late: Value
    stars_answered: Value
    stars_not: Value
    rows: tuple[ReplyRow, ...]
    stars_again: StarsAgain
    no_data: tuple[Unseen, ...]


def response(
    store: Store, filter: Filter, *, hours: BusinessHours | None = None, after_days: int = 3
) -> Response:
    """Measure the answers to the mentions that `filter` selects.

    Args:
        hours: when somebody is there to answer, in the store's zone; None counts by the clock
            alone.
        after_days: a complaint without an answer for so long counts as unanswered.

    Example:
        >>> from store.engine import open_store
        >>> response(open_store("sqlite://"), Filter()).reply_rate.value is None
        True
    """
    # Before what they are held against, which may grow meanwhile: never more answers than asked.
    known = replies(store, filter)
    seen = answering(store)
    clock = Clock(store.zone, hours, last_seen(store, filter.brands))
    all = said(store, filter, by=("source", "channel"))
    counted = (
        all.cells["source"].isin(seen.sources) & all.cells["channel"].isin(seen.channels)
    ).to_numpy()
    there = all.where(counted)
    behind = _answered(filter, there)
    questions = asked(store, filter)
    here = [one for one in questions if one.source in seen.sources and one.channel in seen.channels]
    answers = known.where(known.answered)
    resolved = known.where(known.resolved != UNKNOWN)
    spoken = profiles(store, np.unique(answers.profile).tolist())
    complaints = answers.where(_says(answers, spoken, lambda profile: profile.complaint))
    of_complaints = [(one.source, one.day, one.complaints) for one in here]
    unanswered, unanswered_behind = _unanswered(clock, complaints, here, behind, after_days)
    return Response(
        filter,
        after_days,
        None if hours is None else hours.text,
        intervals.share(len(answers), there.count()),
        behind,
        times(clock, answers.replied, answers, [(one.source, one.day, one.n) for one in here]),
        times(clock, complaints.replied, complaints, of_complaints),
        times(
            clock,
            resolved.resolved,
            resolved,
            [(one.source, one.day, one.n) for one in questions if one.source in seen.resolving],
        ),
        unanswered,
        unanswered_behind,
        by_clock(clock, complaints.replied, complaints, of_complaints).after(after_days * DAY),
        *_stars(there, answers),
        () if behind is None else _rows(there, answers, spoken, behind),
        _stars_again(rated_again(store, filter), answers),
        _no_data(all.where(~counted)),
    )


def _answered(filter: Filter, there: Said) -> Filter | None:
    """Return what selects the answered among all that could be."""
    if there.cells.empty:
        return None
    return filter.but(
        sources=tuple(sorted(set(there.cells["source"]))),
        channels=tuple(sorted(set(there.cells["channel"]))),
        replied=True,
    )


def _says(
    answers: Replies, spoken: Mapping[int, Profile], holds: Callable[[Profile], bool]
) -> NDArray[np.bool_]:
    """Return (N,), whether what each answered mention says holds."""
    return np.isin(answers.profile, [id for id, profile in spoken.items() if holds(profile)])


def _unanswered(
    clock: Clock,
    complaints: Replies,
    here: Sequence[Asked],
    behind: Filter | None,
    after_days: int,
) -> tuple[Value, Filter | None]:
    """Return the share of complaints without an answer among those old enough, by whole days."""
    last = None if behind is None else clock.last_day(behind.sources, after_days)
    if behind is None or last is None or (behind.since and behind.since > last):
        return NO_DATA, None
    until = last if behind.until is None else min(last, behind.until)
    asked = sum(one.complaints for one in here if one.day is not None and one.day <= until)
    dated = complaints.said[complaints.said != UNKNOWN]
    answered = int((local_days(dated, clock.zone) <= (until - EPOCH).days).sum())
    still = behind.but(replied=False, complaint=True, until=until)
    return intervals.share(asked - answered, asked), still


def _stars(there: Said, answers: Replies) -> tuple[Value, Value]:
    """Return the mean stars of the answered and of the others."""
    _, n, total, squares = there.sums()
    own = answers.stars[~np.isnan(answers.stars)]
    own_sums = (len(own), float(own.sum()), float((own * own).sum()))
    rest = (n - own_sums[0], total - own_sums[1], squares - own_sums[2])
    return intervals.mean(*own_sums), intervals.mean(*rest)


def _rows(
    there: Said, answers: Replies, spoken: Mapping[int, Profile], behind: Filter
) -> tuple[ReplyRow, ...]:
    rows = []
    waits = known_waits(answers)

    def add(
        by: By, name: str, cells: NDArray[np.bool_], own: NDArray[np.bool_], behind: Filter
    ) -> None:
        n = there.count(cells)
        if n:
            waited = waits[own & (waits != UNKNOWN)]
            rate = intervals.share(int(own.sum()), n)
            rows.append(
                ReplyRow(by, name, rate, quantile(waited, 0.5), quantile(waited, 0.9), behind)
            )

    cells = there.cells
    for channel in behind.channels:
        at = (cells["channel"] == channel).to_numpy()
        add("channel", channel, at, answers.channel == channel, behind.but(channels=(channel,)))
    for source in behind.sources:
        at = (cells["source"] == source).to_numpy()
        add("source", source, at, answers.source == source, behind.but(sources=(source,)))
    for sentiment in SENTIMENTS:
        at = (cells["sentiment"] == sentiment).to_numpy()
        own = _says(answers, spoken, lambda said, one=sentiment: said.sentiment == one)  # type: ignore[misc]
        add("sentiment", sentiment, at, own, behind.but(sentiments=(sentiment,)))
    for complaint, name in ((True, "yes"), (False, "no")):
        own = _says(answers, spoken, lambda said, one=complaint: said.complaint is one)  # type: ignore[misc]
        at = there.complaint == complaint
        add("complaint", name, at, own, behind.but(complaint=complaint))
    return tuple(rows)


def _stars_again(rated: Sequence[RatedAgain], answers: Replies) -> StarsAgain:
    ways: dict[Way, tuple[int, ...]] = {
        "up": tuple(one.mention_id for one in rated if one.after > one.before),
        "down": tuple(one.mention_id for one in rated if one.after < one.before),
        "same": tuple(one.mention_id for one in rated if one.after == one.before),
    }
    up, down, same = (intervals.share(len(ids), len(rated)) for ids in ways.values())
    change = np.array([one.after - one.before for one in rated])
    squares = float((change * change).sum())
    return StarsAgain(
        int((~np.isnan(answers.stars)).sum()),
        up,
        down,
        same,
        intervals.mean(len(rated), float(change.sum()), squares, lowest=-4.0, highest=4.0),
        ways,
    )


def _no_data(silent: Said) -> tuple[Unseen, ...]:
    n: Counter[tuple[str, str]] = Counter()
    cells = silent.cells
    for source, channel, count in zip(cells["source"], cells["channel"], cells["n"], strict=True):
        n[source, channel] += int(count)
    return tuple(Unseen(*place, count) for place, count in n.most_common())
