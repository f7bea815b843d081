"""Keeps what a reader sees in step with its owners: correction, else tag, else untagged.

`relabel` is the one way into `label`, `label_touchpoint`, `wording` and the daily and monthly
rollups.
Every writer calls it inside its own transaction with the mentions it touched, so a page, a list
and a count can never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from simak.tags import uncertainty
from store import wordings
from store.engine import ROWS_PER_WRITE, Store
from store.tables import (
    MONTHLY,
    UNDATED,
    UNDATED_DAY,
    UNPLACED,
    UNTAGGED,
    correction,
    daily_count,
    daily_touchpoint,
    label,
    label_touchpoint,
    mention,
    tag,
    wording,
)

_Deltas = dict[tuple[Any, ...], list[float]]

_SHARED_KEY = ("brand_id", "day", "channel", "source", "language")
"""What the keys of all rollups begin with, in `_Deltas`."""

_REPEATED = ("brand_id", "sort_at", "channel", "source", "language", "sentiment", "complaint")
"""Columns of a label that its touchpoints repeat, so that their lists need no join."""


def relabel(store: Store, connection: Connection, mention_ids: Sequence[int]) -> None:
    """Bring the labels and rollups of `mention_ids` up to date, in the caller's transaction."""
    if not mention_ids:
        return
    # Two writers of one mention (the tagger and a person) take turns here, so that the second
    # subtracts what the first has added. SQLite has one writer anyway.
    connection.execute(
        select(mention.c.id)
        .where(mention.c.id.in_(mention_ids))
        .order_by(mention.c.id)
        .with_for_update()
    )
    counts: _Deltas = defaultdict(lambda: [0.0] * 5)
    touchpoints: _Deltas = defaultdict(lambda: [0.0] * 2)
    old_labels = connection.execute(
        select(label).where(label.c.mention_id.in_(mention_ids))
    ).mappings()
    old = {row["mention_id"]: dict(row) for row in old_labels}
    if old:
        old_touchpoints = connection.execute(
            select(
                label_touchpoint.c.mention_id,
                label_touchpoint.c.touchpoint,
                label_touchpoint.c.polarity,
            ).where(label_touchpoint.c.mention_id.in_(old))
        ).all()
        _add(counts, touchpoints, old, old_touchpoints, -1)
        connection.execute(delete(label_touchpoint).where(label_touchpoint.c.mention_id.in_(old)))
        connection.execute(delete(label).where(label.c.mention_id.in_(old)))
    new, new_touchpoints, unsure = _current(store, connection, mention_ids)
    _add(counts, touchpoints, new, new_touchpoints, 1)
    if new:
        connection.execute(insert(label), list(new.values()))
    if new_touchpoints:
        connection.execute(
            insert(label_touchpoint),
            [
                {
                    "mention_id": id,
                    "touchpoint": touchpoint,
                    "polarity": polarity,
                    **{name: new[id][name] for name in _REPEATED},
                }
                for id, touchpoint, polarity in new_touchpoints
            ],
        )
    for daily, own_key, deltas in (
        (daily_count, ("sentiment",), counts),
        (daily_touchpoint, ("touchpoint", "polarity"), touchpoints),
    ):
        _apply(connection, daily, (*_SHARED_KEY, *own_key), deltas)
        _apply(connection, MONTHLY[daily], (*_SHARED_KEY, *own_key), _by_month(deltas))
    wordings.apply(connection, old.values(), new.values(), unsure)


def rebuild(store: Store) -> int:
    """Compute every label and rollup anew from mentions, tags and corrections.

    Returns:
        How many mentions were labelled.
    """
    with store.write() as connection:
        for table in (*MONTHLY, *MONTHLY.values(), wording, label_touchpoint, label):
            connection.execute(delete(table))
    done, last = 0, 0
    while True:
        with store.write() as connection:
            ids = connection.scalars(
                select(mention.c.id)
                .where(mention.c.id > last)
                .order_by(mention.c.id)
                .limit(ROWS_PER_WRITE)
            ).all()
            relabel(store, connection, ids)
        if not ids:
            return done
        done, last = done + len(ids), ids[-1]


def day_and_sort(store: Store, published_at: datetime | None) -> tuple[Any, datetime]:
    """Return the day in the store's zone and the instant that lists sort by."""
    if published_at is None:
        return UNDATED_DAY, UNDATED
    return published_at.astimezone(store.zone).date(), published_at


def _current(
    store: Store, connection: Connection, mention_ids: Sequence[int]
) -> tuple[dict[int, dict[str, Any]], list[tuple[int, str, str]], dict[wordings.Key, float]]:
    """Return the labels, their (mention, touchpoint, polarity), and how unsure their texts are."""
    rows = connection.execute(
        select(
            mention.c.id,
            mention.c.brand_id,
            mention.c.channel,
            mention.c.source,
            mention.c.published_at,
            mention.c.stars,
            mention.c.text_hash,
            ((mention.c.text != "") & mention.c.deleted_at.is_(None)).label("has_text"),
            mention.c.language.label("declared"),
            tag.c.language.label("detected"),
            tag.c.sentiment.label("tag_sentiment"),
            tag.c.complaint.label("tag_complaint"),
            tag.c.touchpoints.label("tag_touchpoints"),
            tag.c.text_hash.label("tagged_hash"),
            tag.c.scores,
            correction.c.sentiment.label("own_sentiment"),
            correction.c.complaint.label("own_complaint"),
            correction.c.touchpoints.label("own_touchpoints"),
        )
        .select_from(mention.outerjoin(tag).outerjoin(correction))
        .where(mention.c.id.in_(mention_ids))
    )
    labels: dict[int, dict[str, Any]] = {}
    touchpoints: list[tuple[int, str, str]] = []
    unsure: dict[wordings.Key, float] = {}
    for row in rows:
        day, sort_at = day_and_sort(store, row.published_at)
        corrected = row.own_sentiment is not None
        labels[row.id] = {
            "mention_id": row.id,
            "brand_id": row.brand_id,
            "day": day,
            "sort_at": sort_at,
            "channel": row.channel,
            "source": row.source,
            "language": row.detected or _base_language(row.declared),
            "sentiment": row.own_sentiment if corrected else row.tag_sentiment or UNTAGGED,
            "complaint": bool(row.own_complaint if corrected else row.tag_complaint),
            "stars": row.stars,
            "text_hash": row.text_hash if row.has_text else None,
            "corrected": corrected,
        }
        if row.has_text and row.tagged_hash == row.text_hash:
            unsure[row.brand_id, row.text_hash] = uncertainty(row.scores)
        found = row.own_touchpoints if corrected else row.tag_touchpoints or {}
        placed = [(row.id, name, entry["polarity"]) for name, entry in found.items()]
        if labels[row.id]["complaint"] and all(p != "negative" for _, _, p in placed):
            placed.append((row.id, UNPLACED, "negative"))
        touchpoints += placed
    return labels, touchpoints, unsure


def _base_language(declared: str | None) -> str:
    return declared.split("-")[0].split("_")[0].lower() if declared else "unknown"


def _add(
    counts: _Deltas,
    touchpoint_counts: _Deltas,
    labels: dict[int, dict[str, Any]],
    touchpoints: Iterable[Any],
    sign: int,
) -> None:
    keys: dict[int, tuple[Any, ...]] = {}
    for id, row in labels.items():
        key = keys[id] = tuple(row[name] for name in _SHARED_KEY)
        cell = counts[(*key, row["sentiment"])]
        cell[0] += sign
        cell[1] += sign * row["complaint"]
        if row["stars"] is not None:
            cell[2] += sign
            cell[3] += sign * row["stars"]
            cell[4] += sign * row["stars"] ** 2
    for id, touchpoint, polarity in touchpoints:
        cell = touchpoint_counts[(*keys[id], touchpoint, polarity)]
        cell[0] += sign
        cell[1] += sign * labels[id]["complaint"]


def _by_month(deltas: _Deltas) -> _Deltas:
    months: _Deltas = {}
    for (brand, day, *rest), delta in deltas.items():
        key = (brand, day.replace(day=1), *rest)
        known = months.get(key)
        months[key] = (
            list(delta) if known is None else [a + b for a, b in zip(known, delta, strict=True)]
        )
    return months


def _apply(connection: Connection, table: Table, keys: tuple[str, ...], deltas: _Deltas) -> None:
    values = [column.name for column in table.c if column.name not in keys]
    rows = [
        dict(zip((*keys, *values), (*key, *delta), strict=True))
        for key, delta in sorted(deltas.items())  # one order everywhere: no deadlock
        if any(delta)
    ]
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: table.c[name] + statement.excluded[name] for name in values},
        ),
        rows,
    )
