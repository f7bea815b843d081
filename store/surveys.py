"""What customers answered in surveys, and how many of them there were; nothing is computed here.

Of an answer's comment only a link is kept: the words are a mention like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, select, update

from simak.survey import CustomerCount, SurveyAnswer
from store import mentions
from store.answers import asked
from store.engine import ROWS_PER_WRITE, Store
from store.erasures import kept_out
from store.filter import Filter
from store.mentions import Privacy, Saved, brand_id, row_of, storable
from store.privacy import mask
from store.tables import brand as brand_table
from store.tables import customer_count, mention, survey_answer

ANSWERS_PER_WRITE = ROWS_PER_WRITE // 2
"""Each may bring a comment, which is a row too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is stored; fields as in `simak.survey.SurveyAnswer`.

    Attributes:
        mention_id: the mention that holds the comment; None where nothing was written.
    """

    id: int
    brand: str
    metric: str
    score: float
    low: float
    high: float
    higher_is_better: bool
    answered_at: datetime | None
    touchpoint: str | None
    channel: str
    segment: str | None
    mention_id: int | None


@dataclass(frozen=True, slots=True)
class Customers:
    """How many customers a brand had in a month; fields as in `simak.survey.CustomerCount`.

    Attributes:
        source: whose count it is.
    """

    brand: str
    month: date
    segment: str | None
    start: int
    new: int
    lost: int
    source: str


def save_answers(
    store: Store,
    connection: Connection,
    answers: Sequence[SurveyAnswer],
    *,
    brand: str,
    source: str,
    privacy: Privacy,
    now: datetime,
) -> Saved:
    """Store answers of one brand and source with their comments, in the caller's transaction.

    An answer that is already there and has changed is replaced. At most `ANSWERS_PER_WRITE`
    should come at once.

    Returns:
        How many answers were what: one whose comment alone has changed is edited, and comments
        are not counted beside their answers; those of people who were erased are left out.
    """
    owner = brand_id(connection, brand)
    # An answer has no author of its own: it goes with its comment, or by its id.
    comments = (
        row_of(answer.comment, owner, source, privacy, now) for answer in answers if answer.comment
    )
    ids = (
        {"source": source, "external_id": answer.external_id, "author_key": None}
        for answer in answers
    )
    out = kept_out(connection, chain(comments, ids), privacy)
    given = len(answers)
    answers = [
        answer
        for answer in answers
        if answer.external_id not in out
        and not (answer.comment and answer.comment.external_id in out)
    ]
    links, reworded = _save_comments(
        store, connection, answers, owner, brand=brand, source=source, privacy=privacy, now=now
    )
    rows = {answer.external_id: _row(store, answer, links, privacy) for answer in answers}
    known = {
        old["external_id"]: old
        for old in connection.execute(
            select(survey_answer).where(
                survey_answer.c.brand_id == owner,
                survey_answer.c.source == source,
                survey_answer.c.external_id.in_(rows),
            )
        ).mappings()
    }
    saved = Saved(kept_out=given - len(answers))
    fresh = [
        {"brand_id": owner, "source": source, "external_id": id, "collected_at": now} | row
        for id, row in rows.items()
        if id not in known
    ]
    if fresh:
        connection.execute(insert(survey_answer), fresh)
        saved.new = len(fresh)
    for answer in {answer.external_id: answer for answer in answers}.values():
        old = known.get(answer.external_id)
        if old is None:
            continue
        row = rows[answer.external_id]
        if answer.comment is None or row["mention_id"] is None:
            # Nothing is said of a comment, or that there is none where there never was.
            row["mention_id"] = old["mention_id"]
        if changed := {key: value for key, value in row.items() if old[key] != value}:
            connection.execute(
                update(survey_answer).where(survey_answer.c.id == old["id"]).values(changed)
            )
        if changed or (answer.comment and answer.comment.external_id in reworded):
            saved.edited += 1
        else:
            saved.unchanged += 1
    return saved


def _save_comments(
    store: Store,
    connection: Connection,
    answers: Sequence[SurveyAnswer],
    owner: int,
    *,
    brand: str,
    source: str,
    privacy: Privacy,
    now: datetime,
) -> tuple[dict[str, int], set[str]]:
    """Return the mention of each comment, by its external id, and which have changed."""
    said = {answer.comment.external_id: answer.comment for answer in answers if answer.comment}

    def stored() -> dict[str, tuple[int, str]]:
        return {
            row.external_id: (row.id, row.content_hash)
            for row in connection.execute(
                select(mention.c.id, mention.c.external_id, mention.c.content_hash).where(
                    mention.c.brand_id == owner,
                    mention.c.source == source,
                    mention.c.external_id.in_(said),
                )
            )
        }

    before = stored()
    # No words where there were none is nothing that was erased.
    written = [raw for id, raw in said.items() if id in before or not raw.deleted]
    if written:
        mentions.save(
            store, connection, written, brand=brand, source=source, privacy=privacy, now=now
        )
    after = stored()
    reworded = {id for id, row in before.items() if after[id] != row}
    return {id: row[0] for id, row in after.items()}, reworded


def _row(
    store: Store, answer: SurveyAnswer, links: dict[str, int], privacy: Privacy
) -> dict[str, Any]:
    segment = answer.segment and storable(answer.segment)
    at = answer.answered_at
    return {
        "metric": answer.metric,
        "score": float(answer.score),
        "low": float(answer.low),
        "high": float(answer.high),
        "higher_is_better": answer.higher_is_better,
        "answered_at": at,
        "month": at and at.astimezone(store.zone).date().replace(day=1),
        "touchpoint": answer.touchpoint,
        "channel": answer.channel,
        "segment": segment if privacy.keep_raw or not segment else mask(segment),
        "mention_id": answer.comment and links.get(answer.comment.external_id),
    }


def save_customers(
    connection: Connection,
    counts: Sequence[CustomerCount],
    *,
    brand: str,
    source: str,
    now: datetime,
) -> Saved:
    """Store counts of one brand and source in the caller's transaction; changed ones are replaced.

    At most `ROWS_PER_WRITE` should come at once.
    """
    owner = brand_id(connection, brand)
    known = {
        (old.month, old.segment): old
        for old in connection.execute(
            select(customer_count).where(
                customer_count.c.brand_id == owner,
                customer_count.c.source == source,
                customer_count.c.month.in_({count.month for count in counts}),
            )
        )
    }
    saved = Saved()
    for count in counts:
        segment = storable(count.segment or "")
        old = known.get((count.month, segment))
        values = {"start": count.start, "new": count.new, "lost": count.lost}
        if old is None:
            key = {"brand_id": owner, "source": source, "month": count.month, "segment": segment}
            connection.execute(insert(customer_count).values(key | values | {"collected_at": now}))
            saved.new += 1
        elif (old.start, old.new, old.lost) != (count.start, count.new, count.lost):
            connection.execute(
                update(customer_count).where(customer_count.c.id == old.id).values(values)
            )
            saved.edited += 1
        else:
            saved.unchanged += 1
    return saved


def answers(
    store: Store, filter: Filter, *, metric: str | None = None, segment: str | None = None
) -> list[Answer]:
    """Return the answers of a filter, oldest first, undated ones last.

    Of the filter its brands, days, channels, sources and touchpoints are asked for: an answer has
    no sentiment, language or words. Where a day is set, undated ones are left out.
    """
    table = survey_answer
    wanted = [*_owned(table, filter), *asked(store, filter)]
    for column, value in ((table.c.metric, metric), (table.c.segment, segment)):
        if value is not None:
            wanted.append(column == value)
    columns = [column for column in table.c if column.name in Answer.__dataclass_fields__]
    statement = (
        select(brand_table.c.name.label("brand"), *columns)
        .join(brand_table, brand_table.c.id == table.c.brand_id)
        .where(and_(True, *wanted))
        .order_by(table.c.answered_at.is_(None), table.c.answered_at, table.c.id)
    )
    with store.read() as connection:
        return [Answer(**row) for row in connection.execute(statement).mappings()]


def customer_counts(store: Store, filter: Filter) -> list[Customers]:
    """Return the counts of a filter's brands and sources, by brand, segment and month.

    Every month counts that has a day between its first and last day. Where two sources count the
    same customers, both are returned.
    """
    table = customer_count
    wanted = _owned(table, filter)
    if filter.since is not None:
        wanted.append(table.c.month >= filter.since.replace(day=1))
    if filter.until is not None:
        wanted.append(table.c.month <= filter.until)
    statement = (
        select(
            brand_table.c.name, table.c.month, table.c.segment, table.c.start, table.c.new,
            table.c.lost, table.c.source,
        )
        .join(brand_table, brand_table.c.id == table.c.brand_id)
        .where(and_(True, *wanted))
        .order_by(brand_table.c.name, table.c.segment, table.c.month, table.c.id)
    )  # fmt: skip
    with store.read() as connection:
        return [
            Customers(name, month, segment or None, *counted)
            for name, month, segment, *counted in connection.execute(statement)
        ]


def _owned(table: Table, filter: Filter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filter.brands:
        named = select(brand_table.c.id).where(brand_table.c.name.in_(filter.brands))
        wanted.append(table.c.brand_id.in_(named))
    if filter.sources:
        wanted.append(table.c.source.in_(filter.sources))
    return wanted
