"""Who stays and who leaves, from counts of customers: never guessed from what is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from insights import intervals
from insights.said import Said, said
from insights.significance import benjamini_hochberg, shares_differ
from insights.surveys.scores import within
from insights.values import NO_DATA, Value
from simak.taxonomy import PHASES, Taxonomy
from store.engine import Store
from store.filter import Filter
from store.surveys import Customers


@dataclass(frozen=True, slots=True)
class Month:
    """One month.

    Attributes:
        month: its first day.
        retention: of the customers at its start, those still there at its end.
        churn: of them, those who left.
    """

    month: date
    retention: Value
    churn: Value


@dataclass(frozen=True, slots=True)
class Retention:
    """How many customers stay.

    Attributes:
        segment: of which customers; None for all.
        source: whose counts these are.
        left_out: other sources that count the same customers, which are not added.
        retention, churn: a month's, over all `months`: of the customers at the start of each, one
            who stays ten months counts ten times.
        months: every month that was counted, oldest first.
        change: churn of the last month minus that of the month before; no data where it was not
            counted.
        p: how likely so large a change is by chance; None without.
    """

    brand: str
    segment: str | None
    source: str
    left_out: tuple[str, ...]
    retention: Value
    churn: Value
    months: tuple[Month, ...]
    change: Value
    p: float | None


def stays(start: int, lost: int) -> tuple[Value, Value]:
    """Return retention (start − lost) / start and churn lost / start, with Wilson's intervals.

    New customers are in neither. Source: Farris et al. (2010), Marketing Metrics, 2nd ed.,
    chapter 5. No data where there was nobody, or where more were lost than there were: then the
    lost hold new customers too.

    Example:
        >>> retention, churn = stays(200, 10)
        >>> retention.value, churn.value
        (0.95, 0.05)
        >>> stays(5, 7)[1].value is None
        True
    """
    if lost > start:
        return NO_DATA, NO_DATA
    return intervals.share(start - lost, start), intervals.share(lost, start)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What those who say that they leave complain about, in a phase of the journey.

    It is said in the same months, by whoever writes: it goes with leaving, and is no proof of it.

    Attributes:
        since, until: the first and last day of the months that customers were counted in.
        share: of the mentions that say they leave, those that speak badly of the phase.
        others: the same share of all other complaints.
        against: the one minus the other.
        p: how likely so large a difference is by chance, corrected for all phases; None where
            too few say that they leave.
        behind: the mentions of `share`.
    """

    brand: str
    phase: str
    since: date
    until: date
    share: Value
    others: Value
    against: Value
    p: float | None
    behind: Filter


def retention(counts: Iterable[Customers]) -> tuple[Retention, ...]:
    """Return who stayed, of all customers first, then of each segment.

    Counts of several sources are not added, for they count the same customers: the source with
    the most months is taken, of two alike the first by name. Nor are segments, for one customer
    may be in two.
    """
    by_group: dict[tuple[str, str | None], dict[str, list[Customers]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for count in counts:
        by_group[count.brand, count.segment][count.source].append(count)
    groups = sorted(by_group.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    return tuple(_retention(*group, by_source) for group, by_source in groups)


def _retention(brand: str, segment: str | None, by_source: dict[str, list[Customers]]) -> Retention:
    source = min(by_source, key=lambda name: (-len(by_source[name]), name))
    counts = sorted(by_source[source], key=lambda count: count.month)
    months = tuple(Month(c.month, *stays(c.start, c.lost)) for c in counts)
    sound = [count for count in counts if count.lost <= count.start]
    of_all = stays(sum(c.start for c in sound), sum(c.lost for c in sound))
    change, p = _change(counts)
    left_out = tuple(sorted(set(by_source) - {source}))
    return Retention(brand, segment, source, left_out, *of_all, months, change, p)


def _change(counts: Sequence[Customers]) -> tuple[Value, float | None]:
    if len(counts) < 2:
        return NO_DATA, None
    before, now = counts[-2:]
    follows = (now.month.year - before.month.year) * 12 + now.month.month - before.month.month == 1
    churn, churn_before = stays(now.start, now.lost)[1], stays(before.start, before.lost)[1]
    if not follows or churn.value is None or churn_before.value is None:
        return NO_DATA, None
    p = shares_differ(now.lost, now.start, before.lost, before.start)
    return intervals.difference(churn, churn_before), p


def leaving(
    store: Store, taxonomy: Taxonomy, filter: Filter, kept: Sequence[Retention]
) -> tuple[Leaving, ...]:
    """Return what those who leave complain about, by brand and phase.

    Args:
        filter: its days bound the months that customers were counted in.
        kept: which brands' customers were counted, and when.
    """
    rows: list[Leaving] = []
    for brand in dict.fromkeys(one.brand for one in kept):
        months = [month.month for one in kept if one.brand == brand for month in one.months]
        first, last = within(filter, min(months)).since, within(filter, max(months)).until
        assert first is not None
        assert last is not None
        all_of = Filter(brands=(brand,), since=first, until=last)
        rows += _leaving(said(store, all_of), taxonomy, all_of, brand, first, last)
    ps = iter(benjamini_hochberg([row.p for row in rows if row.p is not None]))
    return tuple(row if row.p is None else replace(row, p=float(next(ps))) for row in rows)


def _leaving(
    mentions: Said, taxonomy: Taxonomy, all_of: Filter, brand: str, first: date, last: date
) -> Iterable[Leaving]:
    leave = mentions.signal("switching")
    complain = mentions.complaint & ~leave
    for phase in PHASES:
        touchpoints = tuple(one.id for one in taxonomy if one.phase == phase)
        if not touchpoints:
            continue
        bad = mentions.speaks(touchpoints, "negative")
        share = intervals.share(mentions.count(leave & bad), mentions.count(leave))
        others = intervals.share(mentions.count(complain & bad), mentions.count(complain))
        yield Leaving(
            brand,
            phase,
            first,
            last,
            share,
            others,
            intervals.difference(share, others),
            shares_differ(share.k or 0, share.n, others.k or 0, others.n) if share.enough else None,
            all_of.but(signals=("switching",), touchpoints=touchpoints, polarity="negative"),
        )
