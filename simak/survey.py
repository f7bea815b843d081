"""What customers answer when they are asked, and how many of them there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import COUNT_UNREAD, LOST_MORE, OFF_SCALE, UNKNOWN_SHAPE

METRICS = ("nps", "csat", "ces")
"""Net promoter score, customer satisfaction, customer effort."""

SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0)}
"""The lowest and the highest answer that each is usually asked on."""

MAX_CUSTOMERS = 2_000_000_000
"""More than this is a typing error, and more than a column of the store holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """One score that one customer gave.

    Attributes:
        external_id: the source's own id, stable when the answer is edited.
        metric: one of `METRICS`.
        low, high: the ends of the scale that was asked on, both possible.
        higher_is_better: whether a high score is a good one; an effort score ("how hard was it?")
            says False.
        answered_at: an aware datetime, or None where not known.
        touchpoint: an id of the taxonomy, or None where the answer is about the whole.
        comment: the mention that holds what was written beside it; several answers of one
            customer may name the same. One that is `deleted` says that nothing is written there
            (any more), None that it is not known.

    Raises:
        BadRecord: no such metric, or the score is outside its scale.

    Example:
        >>> SurveyAnswer(external_id="r1-nps", metric="nps", score=9, low=0, high=10).score
        9
    """

    external_id: str
    metric: str
    score: float
    low: float
    high: float
    higher_is_better: bool = True
    answered_at: datetime | None = None
    touchpoint: str | None = None
    channel: str = "survey"
    segment: str | None = None
    comment: RawMention | None = None

    def __post_init__(self) -> None:
        said = {"id": self.external_id, "metric": self.metric, "score": self.score}
        if self.metric not in METRICS:
            raise BadRecord(UNKNOWN_SHAPE, record=said)
        if not self.low <= self.score <= self.high:
            raise BadRecord(OFF_SCALE, record=said | {"scale": [self.low, self.high]})


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCount:
    """How many customers there were in a month.

    Attributes:
        month: its first day.
        start: at its beginning.
        new, lost: won and lost within it.
        segment: of which customers; None for all.

    Raises:
        BadRecord: a count is below zero or beyond reason, or more were lost than there were.

    Example:
        >>> CustomerCount(month=date(2026, 5, 1), start=100, new=20, lost=5).lost
        5
    """

    month: date
    start: int
    new: int
    lost: int
    segment: str | None = None

    def __post_init__(self) -> None:
        counts = {"start": self.start, "new": self.new, "lost": self.lost}
        said = {"month": self.month.isoformat()} | counts
        if self.month.day != 1 or not all(0 <= n <= MAX_CUSTOMERS for n in counts.values()):
            raise BadRecord(COUNT_UNREAD, record=said)
        if self.lost > self.start + self.new:
            raise BadRecord(LOST_MORE, record=said)
