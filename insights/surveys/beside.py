"""Whether what is answered and what is said go together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scipy.stats import spearmanr

from insights import intervals
from insights.intervals import Z
from insights.said import Said, said
from insights.surveys.questions import Question
from insights.surveys.scores import Score, within
from insights.values import Value
from store.engine import Store
from store.filter import Filter
from store.rollups import counts

MIN_POINTS = 10
"""Of fewer pairs a correlation says next to nothing."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What was answered, and what was said of the same by others in the same time.

    Attributes:
        touchpoint: what both are about; None is the whole.
        month: when; None is the whole period.
        answered: the answers' value.
        said: of the mentions that speak of the touchpoint, those that speak badly; of the whole,
            the mentions of negative sentiment among all tagged. Never a word of sources that
            bring answers, so that neither is computed from the other.
        behind: the mentions of `said`.
    """

    question: Question
    touchpoint: str | None
    month: date | None
    answered: Value
    said: Value
    behind: Filter


@dataclass(frozen=True, slots=True)
class Together:
    """How answers to a question and mentions go together: an association.

    Attributes:
        over: `touchpoint` or `month`: what the pairs are.
        value: the rank correlation; `n` pairs, each side of each on at least `MIN_N` cases.
    """

    question: Question
    over: str
    value: Value


def beside(
    store: Store,
    filter: Filter,
    scores: Sequence[Score],
    months: Sequence[Score],
    sources: set[str],
) -> tuple[Beside, ...]:
    """Return what was said beside what was answered, by touchpoint and by month of the whole.

    Args:
        filter: its days; the channels and sources are the answers' own.
        scores, months: what was answered, over all and by month.
        sources: those that bring answers.
    """
    rows: list[Beside] = []
    for brand in dict.fromkeys(score.question.brand for score in scores):
        own = Filter(brands=(brand,), since=filter.since, until=filter.until)
        others = {cell["source"] for cell in counts(store, own, by=("source",))} - sources
        if not others:
            continue
        own = own.but(sources=tuple(sorted(others)))
        mentions = said(store, own, by=("month",))
        by_month = {
            month: mentions.where((mentions.cells["month"] == month).to_numpy())
            for month in {score.month for score in months} - {None}
        }
        for score in (*scores, *(one for one in months if one.touchpoint is None)):
            if score.question.brand == brand:
                spoken = by_month[score.month] if score.month else mentions
                rows.append(_beside(score, spoken, own))
    return tuple(rows)


def _beside(score: Score, mentions: Said, own: Filter) -> Beside:
    days = within(own, score.month) if score.month else own
    if score.touchpoint is None:
        of = mentions.tagged
        bad = of & (mentions.cells["sentiment"] == "negative").to_numpy()
        behind = days.but(sentiments=("negative",))
    else:
        of = mentions.speaks((score.touchpoint,))
        bad = mentions.speaks((score.touchpoint,), "negative")
        behind = days.but(touchpoints=(score.touchpoint,), polarity="negative")
    rate = intervals.share(mentions.count(bad), mentions.count(of))
    return Beside(score.question, score.touchpoint, score.month, score.value, rate, behind)


def together(rows: Iterable[Beside]) -> tuple[Together, ...]:
    """Return how the pairs of each question go together, over touchpoints and over months."""
    pairs: dict[tuple[Question, str], list[tuple[float, float]]] = {}
    for row in rows:
        over = "month" if row.month else "touchpoint"
        if over == "touchpoint" and row.touchpoint is None:
            continue
        kept = pairs.setdefault((row.question, over), [])
        if row.answered.value is None or row.said.value is None:
            continue
        if row.answered.enough and row.said.enough:
            kept.append((row.answered.value, row.said.value))
    return tuple(
        Together(question, over, rank_correlation([a for a, _ in kept], [b for _, b in kept]))
        for (question, over), kept in pairs.items()
    )


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> Value:
    """Return Spearman's rank correlation of pairs, with its interval; `n` is how many pairs.

    The interval is Fisher's transform with the standard error √((1 + ρ² / 2) / (n − 3)). Source:
    Bonett and Wright (2000), Psychometrika 65, 23–28. No data below `MIN_POINTS` pairs, or where
    one side is all the same.

    Example:
        Two neighbours of ten swapped: 1 − 6 · 2 / (10 · 99).
        >>> v = rank_correlation(range(10), [1, 0, 2, 3, 4, 5, 6, 7, 8, 9])
        >>> round(v.value, 3), round(v.low, 3), round(v.high, 3)
        (0.988, 0.928, 0.998)
    """
    n = len(one)
    if n < MIN_POINTS or len(set(one)) == 1 or len(set(other)) == 1:
        return Value(None, n=n)
    rho = float(spearmanr(one, other).statistic)
    if abs(rho) >= 1 - 1e-12:  # Fisher's transform has no end there
        return Value(math.copysign(1.0, rho), n=n)
    middle, half = math.atanh(rho), Z * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return Value(rho, math.tanh(middle - half), math.tanh(middle + half), n)
