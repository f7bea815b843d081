"""Answers to surveys, counted, and the words behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from store.engine import Store
from store.filter import Answered, Filter
from store.tables import UNDATED, brand, label, survey_answer

_QUESTION = ("metric", "low", "high", "higher_is_better")
_PART = ("touchpoint", "channel", "segment")


class ScoreCount(NamedTuple):
    """How many answered so; fields as in `simak.survey.SurveyAnswer`.

    Attributes:
        month: the first day of the month it was answered in; None where that is not known.
    """

    brand: str
    metric: str
    low: float
    high: float
    higher_is_better: bool
    touchpoint: str | None
    channel: str
    segment: str | None
    source: str
    month: date | None
    score: float
    n: int


@dataclass(frozen=True, slots=True)
class Comments:
    """Words beside answers, column by column, for there may be many; as in `ScoreCount`.

    Attributes:
        day: (W,), the day of the words, `UNDATED_DAY` where it is not known.
    """

    brand: Sequence[str] = ()
    metric: Sequence[str] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    higher_is_better: Sequence[bool] = ()
    touchpoint: Sequence[str | None] = ()
    channel: Sequence[str] = ()
    segment: Sequence[str | None] = ()
    day: Sequence[date] = ()
    mention_id: Sequence[int] = ()


def score_counts(store: Store, filter: Filter) -> list[ScoreCount]:
    """Return how often each score was given, apart by all that is known of an answer.

    Args:
        filter: brands, days, channels, sources and touchpoints, the answers' own. Where a day is
            set, undated ones are left out.
    """
    keys = [survey_answer.c[name] for name in (*_QUESTION, *_PART, "source", "month", "score")]
    found: list[ScoreCount] = []
    with store.read() as connection:
        for brand_id, name in connection.execute(_brands(filter)).all():
            # One brand at a time: its answers stand in the index as they are grouped here.
            statement = (
                select(*keys, func.count())
                .where(survey_answer.c.brand_id == brand_id, *asked(store, filter))
                .group_by(*keys)
            )
            found += [ScoreCount._make((name, *row)) for row in connection.execute(statement).all()]
    return found


def comments(store: Store, filter: Filter, which: Sequence[Answered]) -> Comments:
    """Return the words beside any of these answers, as `Filter.answered` finds them.

    Args:
        filter: brands, days and sources of the words; channels and touchpoints of the answers.
        which: the questions and scores; their touchpoint, channels and segment are not asked for.
    """
    if not which:
        return Comments()
    start, end = filter.instants(store.zone)
    where = [or_(*(_scores(one) for one in which)), *_named(filter)]
    if filter.brands:
        owners = select(brand.c.id).where(brand.c.name.in_(filter.brands))
        where.append(label.c.brand_id.in_(owners))
    if filter.dated:
        where.append(label.c.sort_at >= start if start else label.c.sort_at > UNDATED)
    if end:
        where.append(label.c.sort_at < end)
    columns = [survey_answer.c[name] for name in (*_QUESTION, *_PART)]
    statement = (
        select(brand.c.name, *columns, label.c.day, label.c.mention_id)
        .join(label, label.c.mention_id == survey_answer.c.mention_id)
        .join(brand, brand.c.id == label.c.brand_id)
        .where(*where)
    )
    with store.read() as connection:
        return Comments(*zip(*connection.execute(statement).all(), strict=True))


def beside(answered: Answered) -> Select[tuple[int | None]]:
    """Select the ids of the mentions written beside such answers."""
    table = survey_answer
    where = [table.c.mention_id.is_not(None), _scores(answered)]
    where.append(table.c.touchpoint.is_not_distinct_from(answered.touchpoint))
    if answered.channels:
        where.append(table.c.channel.in_(answered.channels))
    if answered.segment is not None:
        where.append(table.c.segment == answered.segment)
    return select(table.c.mention_id).where(*where)


def asked(store: Store, filter: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter on answers, but for its brands."""
    where, (start, end) = _named(filter), filter.instants(store.zone)
    if start is not None:
        where.append(survey_answer.c.answered_at >= start)
    if end is not None:
        where.append(survey_answer.c.answered_at < end)
    return where


def _named(filter: Filter) -> list[ColumnElement[bool]]:
    return [
        survey_answer.c[name].in_(values)
        for name, values in (
            ("channel", filter.channels),
            ("source", filter.sources),
            ("touchpoint", filter.touchpoints),
        )
        if values
    ]


def _scores(answered: Answered) -> ColumnElement[bool]:
    columns = survey_answer.c
    same = [columns[name] == getattr(answered, name) for name in _QUESTION]
    return and_(*same, columns.score.between(answered.at_least, answered.at_most))


def _brands(filter: Filter) -> Select[int, str]:
    named = select(brand.c.id, brand.c.name).order_by(brand.c.name)
    return named.where(brand.c.name.in_(filter.brands)) if filter.brands else named
