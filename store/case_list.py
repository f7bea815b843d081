"""The cases there are: what is to be done, by whom, and what is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from store.cases import UNFINISHED, Case
from store.engine import Store
from store.filter import CaseIs, Filter
from store.selection import conditions
from store.tables import label, mention_case

_NO_DAY = date.max

Place = tuple[date, int]
"""Where a page of the list ends."""


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases there are.

    Attributes:
        statuses: by status.
        owners: of the unfinished ones, by who has them, the most first; "" for nobody.
        overdue: unfinished, and due before today.
    """

    statuses: Mapping[str, int]
    owners: Mapping[str, int]
    overdue: int


def cases(
    store: Store, filter: Filter, *, limit: int = 50, after: Place | None = None
) -> list[Case]:
    """Return the cases of the mentions that `filter` selects: what is due first, first.

    Args:
        filter: `Filter.case` chooses among the cases; without it all are meant.
        limit: at most so many.
        after: the `place` of the last one of the page before; None starts at the top.
    """
    due = func.coalesce(mention_case.c.due, _NO_DAY)
    found = _found(store, filter).order_by(due, mention_case.c.mention_id).limit(limit)
    if after is not None:
        found = found.where(tuple_(due, mention_case.c.mention_id) > tuple_(*after))
    with store.read() as connection:
        return [Case(**row._mapping) for row in connection.execute(found)]


def place(one: Case) -> Place:
    """Return where a case stands in the list."""
    return one.due or _NO_DAY, one.mention_id


def count_cases(store: Store, filter: Filter, *, today: date) -> CaseCounts:
    """Count the cases of the mentions that `filter` selects.

    Each number opens its mentions: those of a status by `CaseIs(statuses=…)`, of an owner by
    `CaseIs(statuses=UNFINISHED, owner=…)`, what is overdue by `late(today)`.
    """
    found = _found(store, filter).subquery()
    is_late = (found.c.due < today) & found.c.status.in_(UNFINISHED)
    counted = select(
        found.c.status,
        found.c.owner,
        func.count().label("n"),
        func.sum(case((is_late, 1), else_=0)).label("late"),
    ).group_by(found.c.status, found.c.owner)
    with store.read() as connection:
        rows = connection.execute(counted).all()
    statuses: dict[str, int] = {}
    owners: dict[str, int] = {}
    for row in rows:
        statuses[row.status] = statuses.get(row.status, 0) + row.n
        if row.status in UNFINISHED:
            owners[row.owner or ""] = owners.get(row.owner or "", 0) + row.n
    most = sorted(owners.items(), key=lambda item: (-item[1], item[0]))
    return CaseCounts(statuses, dict(most), sum(row.late for row in rows))


def late(today: date) -> CaseIs:
    """Return what an overdue case is, for `Filter.case`."""
    return CaseIs(statuses=UNFINISHED, due_before=today)


def _found(store: Store, filter: Filter) -> Select[tuple[object, ...]]:
    where: list[ColumnElement[bool]] = conditions(store, filter, label)
    return (
        select(mention_case)
        .join(label, label.c.mention_id == mention_case.c.mention_id)
        .where(*where)
    )
