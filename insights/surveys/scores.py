"""What was answered, of each question: over all, by touchpoint, channel, segment and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from insights import intervals
from insights.significance import benjamini_hochberg
from insights.surveys.questions import Counts, Question
from insights.values import NO_DATA, Value
from store.answers import ScoreCount, comments, score_counts
from store.engine import Store
from store.filter import Answered, Filter
from store.tables import UNDATED_DAY

_ASKED = ["brand", "metric", "low", "high", "higher_is_better", "touchpoint"]
_WHOLE = ""
"""Stands for "no touchpoint" among keys, as no two missing values are equal."""

Key = tuple[Any, ...]
"""A question and a touchpoint, in the order of `_ASKED`, and the part where there is one."""


@dataclass(frozen=True, slots=True)
class Score:
    """What some answers to one question say.

    Attributes:
        touchpoint: what was asked about; None is the whole, which is never pooled with the rest.
        channel, segment, month: the part of the answers; None for all of them.
        value: as `Question.measure` gives it; `n` and `k` count answers.
        error: the standard error of a net promoter score.
        unhappy: the share of detractors, of the dissatisfied, or of those who found it hard.
        commented: how many texts the unhappy wrote beside their answers.
        behind: these texts; None where the scale tells nobody unhappy.
        against: the value minus that of the period before; of a channel or segment minus that of
            all others; of a month minus that of the month before. No data without.
        p: how likely so large a difference is by chance, corrected for all that stand in the
            same table; None where either side has too few answers.
    """

    question: Question
    touchpoint: str | None
    channel: str | None
    segment: str | None
    month: date | None
    value: Value
    error: float | None
    unhappy: Value
    commented: int
    behind: Filter | None
    against: Value
    p: float | None


@dataclass(frozen=True)
class Answers:
    """Answers of a filter in the order of `Score`'s tables.

    Attributes:
        counts: `ScoreCount` rows, touchpoint "" where the whole was asked about.
        words: `Comments` of the unhappy, with their `month` in place of the day.
    """

    filter: Filter
    counts: pd.DataFrame
    words: pd.DataFrame


def read(store: Store, filter: Filter) -> Answers:
    """Count the answers of a filter and the words of the unhappy."""
    counts = counted(store, filter)
    asked = counts[_ASKED[:-1]].drop_duplicates().itertuples(index=False)
    which = [
        _answered(question, None, question.bad)
        for question in map(_question, asked)
        if question.bad is not None
    ]
    found = comments(store, filter, which)
    words = pd.DataFrame({field.name: getattr(found, field.name) for field in fields(found)})
    words["touchpoint"] = words["touchpoint"].fillna(_WHOLE)
    days = words.pop("day")
    first = {day: day.replace(day=1) for day in days.unique() if day != UNDATED_DAY}
    words["month"] = days.map(first)
    return Answers(filter, counts, words)


def counted(store: Store, filter: Filter) -> pd.DataFrame:
    """Count the answers of a filter, as `Answers.counts`."""
    counts = pd.DataFrame(score_counts(store, filter), columns=list(ScoreCount._fields))
    counts["touchpoint"] = counts["touchpoint"].fillna(_WHOLE)
    return counts


def table(
    now: Answers, part: str | None = None, before: pd.DataFrame | None = None
) -> tuple[Score, ...]:
    """Return what is answered, by question and touchpoint, and by a part of them.

    Args:
        part: `channel`, `segment` or `month`.
        before: the counts of the period before, for what has no part.
    """
    groups = _grouped(now.counts, part)
    wrote = _distinct(now.words, part)
    others = _others(now, groups, part, before)
    scores = [
        _score(now.filter, key, counts, wrote.get(key, 0), others.get(key), part)
        for key, counts in groups.items()
    ]
    ps = iter(benjamini_hochberg([score.p for score in scores if score.p is not None]))
    return tuple(
        score if score.p is None else replace(score, p=float(next(ps))) for score in scores
    )


def _question(key: Key) -> Question:
    brand, metric, low, high, higher_is_better, *_ = key
    return Question(brand, metric, float(low), float(high), bool(higher_is_better))


def _grouped(counts: pd.DataFrame, part: str | None) -> dict[Key, dict[float, int]]:
    keys = [*_ASKED, part] if part else _ASKED
    known = counts.dropna(subset=[part]) if part else counts
    summed = known.groupby([*keys, "score"], sort=True)["n"].sum()
    groups: dict[Key, dict[float, int]] = {}
    for index, n in summed.items():
        key: Key = index  # type: ignore[assignment]
        groups.setdefault(key[:-1], {})[float(key[-1])] = int(n)
    return groups


def _distinct(words: pd.DataFrame, part: str | None) -> Mapping[Key, int]:
    keys = [*_ASKED, part] if part else _ASKED
    known = words.dropna(subset=[part]) if part else words
    texts = known.drop_duplicates([*keys, "mention_id"]).groupby(keys).size()
    return {tuple(key): int(n) for key, n in texts.items()}  # type: ignore[arg-type]


def _others(
    now: Answers, groups: Mapping[Key, Counts], part: str | None, before: pd.DataFrame | None
) -> Mapping[Key, Counts]:
    """Return what each group is held against."""
    if part is None:
        return {} if before is None else _grouped(before, None)
    if part == "month":
        return {
            key: groups[earlier]
            for key in groups
            if (earlier := (*key[:-1], _month_before(key[-1]))) in groups
        }
    whole: dict[Key, dict[float, int]] = {}
    for (*key, _), counts in groups.items():
        total = whole.setdefault(tuple(key), {})
        for score, n in counts.items():
            total[score] = total.get(score, 0) + n
    rest = {
        key: {score: n - counts.get(score, 0) for score, n in whole[key[:-1]].items()}
        for key, counts in groups.items()
    }
    return {key: counts for key, counts in rest.items() if any(counts.values())}


def _score(
    filter: Filter, key: Key, counts: Counts, commented: int, other: Counts | None, part: str | None
) -> Score:
    question, touchpoint = _question(key), key[5] or None
    own = {part: key[6]} if part else {}
    value = question.measure(counts)
    return Score(
        question,
        touchpoint,
        own.get("channel"),
        own.get("segment"),
        own.get("month"),
        value,
        question.standard_error(counts),
        question.unhappy(counts),
        commented,
        _behind(filter, question, touchpoint, own),
        NO_DATA if other is None else intervals.difference(value, question.measure(other)),
        None if other is None else question.differ(counts, other),
    )


def _behind(
    filter: Filter, question: Question, touchpoint: str | None, own: Mapping[str, Any]
) -> Filter | None:
    if question.bad is None:
        return None
    answered = replace(
        _answered(question, touchpoint, question.bad),
        channels=(own["channel"],) if "channel" in own else filter.channels,
        segment=own.get("segment"),
    )
    days = within(filter, own["month"]) if "month" in own else filter
    return Filter(
        brands=(question.brand,),
        since=days.since,
        until=days.until,
        sources=filter.sources,
        answered=answered,
    )


def _answered(question: Question, touchpoint: str | None, scores: tuple[float, float]) -> Answered:
    return Answered(
        metric=question.metric,
        low=question.low,
        high=question.high,
        higher_is_better=question.higher_is_better,
        at_least=scores[0],
        at_most=scores[1],
        touchpoint=touchpoint,
    )


def within(filter: Filter, month: date) -> Filter:
    """Return a filter's days in a month."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return filter.but(
        since=max(filter.since or month, month), until=min(filter.until or last, last)
    )


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
