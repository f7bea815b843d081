"""Who stays and who leaves, from counts of customers: never guessed from what is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from insights import intervals
from insights.significance import shares_differ
from insights.values import NO_DATA, Value
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


def _retention(
    brand: str, segment: str | None, by_source: dict[str, list[Customers]]
) -> Retention:
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
