"""Keeps what a reader sees in step with its owners: correction, else tag, else untagged.

`relabel` is the one way into `label` and what hangs on it, `wording` and the daily and monthly
rollups.
Every writer calls it inside its own transaction with the mentions it touched, so a page, a list
and a count can never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from simak.tags import uncertainty
from store import sketches, wordings
from store.engine import REBUILD, ROWS_PER_WRITE, Store
from store.responses import answer_in
from store.segments import Facet, facet_ids, facets_in, known_facets
from store.speech import Spoken, known_profiles, profile_ids, spoken
from store.tables import (
    MONTHLY,
    UNDATED,
    UNDATED_DAY,
    UNPLACED,
    UNTAGGED,
    correction,
    daily_count,
    daily_touchpoint,
    facet,
    label,
    label_facet,
    label_reply,
    label_touchpoint,
    mention,
    meta,
    monthly_profile,
    tag,
    wording,
)

_Deltas = dict[tuple[Any, ...], list[float]]

_SHARED_KEY = ("brand_id", "day", "channel", "source", "language")
"""What the keys of all rollups begin with, in `_Deltas`."""

_RENEWED_AFTER = 100 * ROWS_PER_WRITE

_READ = 2_000
"""Mentions that are compared at once."""

_PLACED = ("brand_id", "sort_at", "channel", "source", "language")
"""Columns of a label that what hangs on it repeats, so that lists and counts need no join."""

_BESIDE = (label_touchpoint, label_facet, label_reply)
"""What hangs on a label."""


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
    said: _Deltas = defaultdict(lambda: [0.0] * 4)
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
        _add(counts, touchpoints, said, old, old_touchpoints, -1)
        for table in (*_BESIDE, label):
            connection.execute(delete(table).where(table.c.mention_id.in_(old)))
    current = _current(store, connection, mention_ids, profile_ids)
    new = current.labels
    _add(counts, touchpoints, said, new, current.touchpoints, 1)
    if new:
        connection.execute(insert(label), list(new.values()))
    for table, rows in (
        (label_touchpoint, _touchpoint_rows(current)),
        (label_facet, _facet_rows(connection, current, facet_ids)),
        (label_reply, _reply_rows(current)),
    ):
        if rows:
            connection.execute(insert(table), rows)
    for daily, own_key, deltas in (
        (daily_count, ("sentiment",), counts),
        (daily_touchpoint, ("touchpoint", "polarity"), touchpoints),
    ):
        _apply(connection, daily, (*_SHARED_KEY, *own_key), deltas)
        _apply(connection, MONTHLY[daily], (*_SHARED_KEY, *own_key), _by_month(deltas))
    _apply(connection, monthly_profile, (*_SHARED_KEY, "profile_id"), _by_month(said))
    wordings.apply(connection, old.values(), new.values(), current.unsure)
    sketches.forget(
        connection,
        [id for id, row in old.items() if row["text_hash"] != new[id]["text_hash"]],
    )


def rebuild(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Compute every label and rollup anew from mentions, tags and corrections.

    Stopped, it begins again when the store is next opened.

    Args:
        renew: called now and then, to hold on to a lease.

    Returns:
        How many mentions were labelled.
    """
    with store.write() as connection:
        connection.execute(delete(meta).where(meta.c.key == REBUILD))
        connection.execute(insert(meta).values(key=REBUILD, value="begun"))
        rollups = (*MONTHLY, *MONTHLY.values(), monthly_profile)
        for table in (*rollups, wording, *_BESIDE, label, facet):
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
                connection.execute(delete(meta).where(meta.c.key == REBUILD))
        if not ids:
            return done
        done, last = done + len(ids), ids[-1]
        if done % _RENEWED_AFTER == 0:
            renew()


def differing(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Return how many mentions have another label, touchpoint, facet or reply than `relabel` gives.

    Args:
        renew: called now and then, to hold on to a lease.
    """
    different, last = 0, 0
    while True:
        with store.read() as connection:
            ids = connection.scalars(
                select(mention.c.id).where(mention.c.id > last).order_by(mention.c.id).limit(_READ)
            ).all()
            if not ids:
                return different
            current = _current(store, connection, ids, known_profiles)
            expected = _by_mention(
                (label, list(current.labels.values())),
                (label_touchpoint, _touchpoint_rows(current)),
                (label_facet, _facet_rows(connection, current, known_facets)),
                (label_reply, _reply_rows(current)),
            )
            kept = _by_mention(
                *(
                    (table, connection.execute(rows).mappings().all())
                    for table in (label, *_BESIDE)
                    for rows in [select(table).where(table.c.mention_id.in_(ids))]
                )
            )
        different += sum(expected.get(id) != kept.get(id) for id in ids)
        last = ids[-1]
        renew()


def _by_mention(
    *rows: tuple[Table, Sequence[Mapping[Any, Any]]],
) -> dict[int, set[tuple[Any, ...]]]:
    found: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for table, some in rows:
        names = table.c.keys()
        for row in some:
            found[row["mention_id"]].add((table.name, *(row[name] for name in names)))
    return found


def day_and_sort(store: Store, published_at: datetime | None) -> tuple[Any, datetime]:
    """Return the day in the store's zone and the instant that lists sort by."""
    if published_at is None:
        return UNDATED_DAY, UNDATED
    return published_at.astimezone(store.zone).date(), published_at


@dataclass
class _Current:
    """What mentions are to a reader now.

    Attributes:
        labels: rows of `label`, by mention.
        touchpoints: (mention, touchpoint, polarity).
        facets: what a mention can be segmented by.
        answers: what is known of its answer.
        unsure: how unsure the model is of their texts.
    """

    labels: dict[int, dict[str, Any]] = field(default_factory=dict)
    touchpoints: list[tuple[int, str, str]] = field(default_factory=list)
    facets: dict[int, list[Facet]] = field(default_factory=dict)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    unsure: dict[wordings.Key, float] = field(default_factory=dict)


def _current(
    store: Store,
    connection: Connection,
    mention_ids: Sequence[int],
    ids_of: Callable[[Connection, Iterable[Spoken]], dict[Spoken, int]],
) -> _Current:
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
            mention.c.product,
            mention.c.version,
            mention.c.attributes,
            mention.c.reply,
            mention.c.reply_at,
            tag.c.language.label("detected"),
            tag.c.sentiment.label("tag_sentiment"),
            tag.c.complaint.label("tag_complaint"),
            tag.c.touchpoints.label("tag_touchpoints"),
            tag.c.signals.label("tag_signals"),
            tag.c.text_hash.label("tagged_hash"),
            tag.c.scores,
            correction.c.sentiment.label("own_sentiment"),
            correction.c.complaint.label("own_complaint"),
            correction.c.touchpoints.label("own_touchpoints"),
            correction.c.signals.label("own_signals"),
        )
        .select_from(mention.outerjoin(tag).outerjoin(correction))
        .where(mention.c.id.in_(mention_ids))
    )
    current = _Current()
    said: dict[int, Spoken] = {}
    for row in rows:
        day, sort_at = day_and_sort(store, row.published_at)
        corrected = row.own_sentiment is not None
        one = current.labels[row.id] = {
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
            "waits": row.has_text and row.tagged_hash != row.text_hash,
        }
        if row.has_text and row.tagged_hash == row.text_hash:
            current.unsure[row.brand_id, row.text_hash] = uncertainty(row.scores)
        found = row.own_touchpoints if corrected else row.tag_touchpoints or {}
        placed = {name: entry["polarity"] for name, entry in found.items()}
        if one["complaint"] and "negative" not in placed.values():
            placed[UNPLACED] = "negative"
        current.touchpoints += [(row.id, name, polarity) for name, polarity in placed.items()]
        signals = row.own_signals if corrected else row.tag_signals or ()
        said[row.id] = spoken(one["sentiment"], one["complaint"], placed, signals)
        current.facets[row.id] = facets_in(row.product, row.version, row.attributes)
        answer = answer_in(row.published_at, row.reply, row.reply_at, row.attributes)
        if answer is not None:
            current.answers[row.id] = answer
    ids = ids_of(connection, said.values())
    for id, one in current.labels.items():
        one["profile_id"] = ids.get(said[id])
    return current


def _touchpoint_rows(current: _Current) -> list[dict[str, Any]]:
    repeated = (*_PLACED, "sentiment", "complaint")
    return [
        {
            "mention_id": id,
            "touchpoint": touchpoint,
            "polarity": polarity,
            **{name: current.labels[id][name] for name in repeated},
        }
        for id, touchpoint, polarity in current.touchpoints
    ]


def _facet_rows(
    connection: Connection,
    current: _Current,
    ids_of: Callable[[Connection, Iterable[Facet]], dict[Facet, int]],
) -> list[dict[str, Any]]:
    ids = ids_of(connection, {one for facets in current.facets.values() for one in facets})
    return [
        {"mention_id": id, "facet_id": ids[one], **_counted(current.labels[id])}
        for id, facets in current.facets.items()
        for one in facets
        if one in ids
    ]


def _reply_rows(current: _Current) -> list[dict[str, Any]]:
    return [
        {"mention_id": id, **answer, **_counted(current.labels[id])}
        for id, answer in current.answers.items()
    ]


def _counted(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*_PLACED, "profile_id", "stars")}


def _base_language(declared: str | None) -> str:
    return declared.split("-")[0].split("_")[0].lower() if declared else "unknown"


def _add(
    counts: _Deltas,
    touchpoint_counts: _Deltas,
    said: _Deltas,
    labels: dict[int, dict[str, Any]],
    touchpoints: Iterable[Any],
    sign: int,
) -> None:
    keys: dict[int, tuple[Any, ...]] = {}
    for id, row in labels.items():
        key = keys[id] = tuple(row[name] for name in _SHARED_KEY)
        stars = row["stars"]
        rated = (0, 0.0, 0.0) if stars is None else (1, stars, stars**2)
        for cell, values in (
            (counts[(*key, row["sentiment"])], (1, row["complaint"], *rated)),
            (said[(*key, row["profile_id"])], (1, *rated)),
        ):
            for place, value in enumerate(values):
                cell[place] += sign * value
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
