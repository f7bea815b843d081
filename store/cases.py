"""What people do about mentions: who has taken one on, by when, and how far it has come.

A mention has one case at most. Whatever becomes of it is kept, and so is the case of a mention
whose text is edited or erased: that somebody was answered is no word of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, Select, func, insert, select, update

from simak.errors import ConfigurationError, StoreError
from store.engine import ROWS_PER_WRITE, Store
from store.filter import CaseIs
from store.tables import case_change, mention, mention_case

STATUSES = ("open", "in_progress", "waiting", "done")
"""How far a case has come; all but the last are still to be done."""

UNFINISHED = STATUSES[:-1]

_FIELDS = ("status", "owner", "due", "note")


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands.

    Attributes:
        owner: who has it, as people call them; None where nobody has yet.
        status: one of `STATUSES`.
        note: the last one written.
        due: the day by which it should be done.
    """

    mention_id: int
    owner: str | None
    status: str
    note: str | None
    due: date | None
    opened_by: str
    opened_at: datetime
    changed_by: str
    changed_at: datetime

    def overdue(self, today: date) -> bool:
        """Whether it should have been done before `today` and is not."""
        return self.due is not None and self.due < today and self.status in UNFINISHED


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One change of a case: `field` is one of status, owner, due, note; a day is written as
    2026-05-31. The first ones of a case come from nothing."""

    field: str
    before: str | None
    after: str | None
    by: str
    at: datetime


class Fields(TypedDict, total=False):
    """What can be said of a case; what is not named stays as it is."""

    owner: str | None
    status: str
    note: str | None
    due: date | None


def save_cases(
    store: Store, mention_ids: Sequence[int], *, by: str, now: datetime, **fields: Unpack[Fields]
) -> int:
    """Open a case on each of some mentions, or change the one that it has.

    A case is opened with the status `open`, unless another is named. They are written some at a
    time: where it ends by an error, those before are done.

    Args:
        by: who does so.
        fields: `owner`, `status`, `note`, `due`; None takes one away.

    Returns:
        How many were opened or changed; one that is as wanted already is left alone.

    Raises:
        ConfigurationError: there is no such status.
        StoreError: there is no such mention.
    """
    wanted = _checked(fields)
    done = 0
    ids = sorted(set(mention_ids))
    for start in range(0, len(ids), ROWS_PER_WRITE):
        with store.write() as connection:
            some = ids[start : start + ROWS_PER_WRITE]
            done += _save(connection, some, wanted, {"changed_by": by, "changed_at": now})
        store.pause()
    return done


def cases_of(store: Store, mention_ids: Sequence[int]) -> dict[int, Case]:
    """Return the cases of those mentions that have one."""
    with store.read() as connection:
        rows = connection.execute(
            select(mention_case).where(mention_case.c.mention_id.in_(mention_ids))
        )
        return {row.mention_id: Case(**row._mapping) for row in rows}


def owners(store: Store) -> list[str]:
    """Return everybody who has a case, in the order of their names."""
    own = mention_case.c.owner
    with store.read() as connection:
        found = select(own).where(own.is_not(None)).distinct().order_by(own)
        return [name for name in connection.scalars(found) if name]


def history(store: Store, mention_id: int) -> list[CaseChange]:
    """Return all that became of a mention's case, the first of it first."""
    columns = (case_change.c[name] for name in CaseChange.__dataclass_fields__)
    with store.read() as connection:
        rows = connection.execute(
            select(*columns)
            .where(case_change.c.mention_id == mention_id)
            .order_by(case_change.c.id)
        )
        return [CaseChange(*row) for row in rows]


def with_case(wanted: CaseIs) -> Select[tuple[int]]:
    """Select the ids of the mentions that have such a case."""
    found = select(mention_case.c.mention_id)
    if wanted.statuses:
        found = found.where(mention_case.c.status.in_(wanted.statuses))
    if wanted.owner is not None:
        # Nobody's are kept as NULL.
        found = found.where(func.coalesce(mention_case.c.owner, "") == wanted.owner)
    if wanted.due_before is not None:
        found = found.where(mention_case.c.due < wanted.due_before)
    return found


def _checked(fields: Fields) -> dict[str, Any]:
    wanted: dict[str, Any] = dict(fields)
    if wanted.get("status", STATUSES[0]) not in STATUSES:
        raise ConfigurationError(
            f"a case cannot be {wanted['status']!r}: it is one of {', '.join(STATUSES)}"
        )
    for name in ("owner", "note"):
        if name in wanted:
            wanted[name] = (wanted[name] or "").strip() or None
    return wanted


def _save(
    connection: Connection, ids: Sequence[int], wanted: dict[str, Any], who: dict[str, Any]
) -> int:
    # Two people who open the same case take turns here. SQLite has one writer anyway.
    there = connection.scalars(
        select(mention.c.id).where(mention.c.id.in_(ids)).order_by(mention.c.id).with_for_update()
    ).all()
    if missing := set(ids) - set(there):
        raise StoreError(f"there is no mention {min(missing)}")
    rows = connection.execute(select(mention_case).where(mention_case.c.mention_id.in_(ids)))
    known = {row["mention_id"]: dict(row) for row in rows.mappings()}
    opened, log = [], []
    done = 0
    for id in ids:
        old = known.get(id) or dict.fromkeys(_FIELDS)
        new = {name: old[name] for name in _FIELDS} | wanted
        new["status"] = new["status"] or STATUSES[0]
        changed = [name for name in _FIELDS if new[name] != old[name]]
        log += [
            {
                "mention_id": id,
                "field": name,
                "before": _told(old[name]),
                "after": _told(new[name]),
                "by": who["changed_by"],
                "at": who["changed_at"],
            }
            for name in changed
        ]
        done += bool(changed)
        if id not in known:
            since = {"opened_by": who["changed_by"], "opened_at": who["changed_at"]}
            opened.append({"mention_id": id, **new, **since, **who})
        elif changed:
            connection.execute(
                update(mention_case)
                .where(mention_case.c.mention_id == id)
                .values({name: new[name] for name in changed} | who)
            )
    if opened:
        connection.execute(insert(mention_case), opened)
    if log:
        connection.execute(insert(case_change), log)
    return done


def _told(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
