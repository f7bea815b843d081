"""A person's word on a text, which stands whatever is collected or tagged later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from simak.errors import StoreError
from simak.tags import SENTIMENTS, Tags
from store import audit
from store.engine import ROWS_PER_WRITE, Store
from store.labels import relabel
from store.tables import correction, mention, replaced_correction, tag

_SAID = ("sentiment", "complaint", "touchpoints", "signals")


@dataclass(frozen=True, slots=True)
class TagChange:
    """What to change in the tags of mentions; all else stays as it is shown.

    Attributes:
        sentiment: one of `SENTIMENTS`; None leaves it.
        complaint: None leaves it.
        touchpoints: touchpoint id to its polarity, or to None, which takes it away.

    Raises:
        ValueError: there is no such sentiment or polarity.

    Example:
        >>> TagChange(touchpoints={"price": None, "delivery": "negative"}).sentiment is None
        True
    """

    sentiment: str | None = None
    complaint: bool | None = None
    touchpoints: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for said in (self.sentiment, *self.touchpoints.values()):
            if said is not None and said not in SENTIMENTS:
                raise ValueError(f"{said!r} is none of {', '.join(SENTIMENTS)}")


def correct(store: Store, mention_id: int, tags: Tags, *, by: str, now: datetime) -> None:
    """Put `tags` in the model's place for one mention.

    Raises:
        StoreError: there is no such mention.
    """
    said = {
        "sentiment": tags.sentiment,
        "complaint": tags.complaint,
        "touchpoints": {n: {"polarity": t.polarity} for n, t in tags.touchpoints.items()},
        "signals": list(tags.signals),
    }
    with store.write() as connection:
        if not _hold(connection, [mention_id]):
            raise StoreError(f"there is no mention {mention_id}")
        _put(store, connection, {mention_id: said}, by, now)


def correct_many(
    store: Store, mention_ids: Sequence[int], change: TagChange, *, by: str, now: datetime
) -> int:
    """Change the tags of many mentions in one way, `ROWS_PER_WRITE` a transaction.

    What is shown of a mention already as it should be is left alone, and so is what nobody has
    tagged yet, unless `change` says its sentiment.

    Args:
        now: with `by`, what `take_back` knows these corrections by.

    Returns:
        How many mentions were changed.
    """
    done = 0
    ids = sorted(set(mention_ids))
    for start in range(0, len(ids), ROWS_PER_WRITE):
        with store.write() as connection:
            held = _hold(connection, ids[start : start + ROWS_PER_WRITE])
            said = {}
            for id, shown in _shown(connection, held).items():
                changed = _changed(shown, change)
                if changed != shown and changed["sentiment"] is not None:
                    said[id] = changed
            _put(store, connection, said, by, now)
        done += len(said)
        store.pause()
    return done


def withdraw(store: Store, mention_id: int, *, by: str, now: datetime) -> None:
    """Take a correction back: the model's tag shows again."""
    with store.write() as connection:
        _note(connection, "withdrew a correction", [mention_id], by, now)
        for table in (correction, replaced_correction):
            connection.execute(delete(table).where(table.c.mention_id == mention_id))
        relabel(store, connection, [mention_id])


def take_back(store: Store, *, by: str, at: datetime) -> int:
    """Undo what one person corrected at one moment: what was shown before shows again.

    A mention that anybody has corrected since is left alone.

    Args:
        by, at: as `correct` and `correct_many` were told.

    Returns:
        How many mentions were changed.
    """
    own, old = correction.c, replaced_correction.c
    done = 0
    while True:
        with store.write() as connection:
            ids = connection.scalars(
                select(own.mention_id)
                .where(own.corrected_by == by, own.corrected_at == at)
                .order_by(own.mention_id)
                .limit(ROWS_PER_WRITE)
            ).all()
            before = [
                {name: value for name, value in row.items() if name != "replaced_at"}
                for row in connection.execute(
                    select(replaced_correction).where(
                        old.mention_id.in_(ids), old.replaced_at == at
                    )
                ).mappings()
            ]
            if not ids:
                return done
            for table in (correction, replaced_correction):
                connection.execute(delete(table).where(table.c.mention_id.in_(ids)))
            if before:
                connection.execute(insert(correction), before)
            relabel(store, connection, ids)
            _note(connection, "took corrections back", ids, by, at)
        done += len(ids)
        store.pause()


def _note(connection: Connection, did: str, ids: Sequence[int], by: str, now: datetime) -> None:
    owners = connection.scalars(
        select(mention.c.brand_id).where(mention.c.id.in_(ids)).distinct()
    ).all()
    audit.note(
        connection,
        who=by,
        did=did,
        now=now,
        brand_id=owners[0] if len(owners) == 1 else None,
        about={"mentions": list(ids)},
    )


def _hold(connection: Connection, ids: Sequence[int]) -> Sequence[int]:
    """Return which of the mentions there are; nobody else writes about them before the end."""
    held = select(mention.c.id).where(mention.c.id.in_(ids)).order_by(mention.c.id)
    return connection.scalars(held.with_for_update()).all()


def _shown(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what is said of mentions: the correction where there is one, else the tag."""
    shown: dict[int, dict[str, Any]] = {}
    for table in (tag, correction):
        columns = (table.c[name] for name in _SAID)
        rows = connection.execute(
            select(table.c.mention_id, *columns).where(table.c.mention_id.in_(ids))
        )
        for row in rows.mappings():
            shown[row["mention_id"]] = {
                "sentiment": row["sentiment"],
                "complaint": row["complaint"],
                "touchpoints": {
                    name: {"polarity": found["polarity"]}
                    for name, found in row["touchpoints"].items()
                },
                "signals": list(row["signals"]),
            }
    nothing: dict[str, Any] = {
        "sentiment": None,
        "complaint": False,
        "touchpoints": {},
        "signals": [],
    }
    return {id: shown.get(id, nothing) for id in ids}


def _changed(shown: Mapping[str, Any], change: TagChange) -> dict[str, Any]:
    touchpoints = dict(shown["touchpoints"])
    for name, polarity in change.touchpoints.items():
        if polarity is None:
            touchpoints.pop(name, None)
        else:
            touchpoints[name] = {"polarity": polarity}
    return {
        **shown,
        "sentiment": change.sentiment or shown["sentiment"],
        "complaint": shown["complaint"] if change.complaint is None else change.complaint,
        "touchpoints": touchpoints,
    }


def _put(
    store: Store,
    connection: Connection,
    said: Mapping[int, Mapping[str, Any]],
    by: str,
    now: datetime,
) -> None:
    """Put corrections in place, and keep those that they replace."""
    if not said:
        return
    there = select(correction).where(correction.c.mention_id.in_(said))
    before = [
        {**row, "replaced_at": now}
        for row in connection.execute(there).mappings()
        # Said again at the same moment: what was before that is what to go back to.
        if (row["corrected_by"], row["corrected_at"]) != (by, now)
    ]
    replaced = [row["mention_id"] for row in before]
    connection.execute(
        delete(replaced_correction).where(replaced_correction.c.mention_id.in_(replaced))
    )
    if before:
        connection.execute(insert(replaced_correction), before)
    connection.execute(delete(correction).where(correction.c.mention_id.in_(said)))
    connection.execute(
        insert(correction),
        [
            {"mention_id": id, **tags, "corrected_by": by, "corrected_at": now}
            for id, tags in said.items()
        ],
    )
    relabel(store, connection, list(said))
    _note(connection, "corrected", list(said), by, now)
