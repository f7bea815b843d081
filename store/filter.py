"""Which mentions are meant: one filter for lists, counts, insights and the dashboard's URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simak.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Which answers to a survey, for the mentions that were written beside them.

    Attributes:
        metric, low, high, higher_is_better: the question, as in `simak.survey.SurveyAnswer`.
        at_least, at_most: the scores that count, both included.
        touchpoint: what was asked about; None is the whole.
        channels: any of these.
        segment: None takes all.

    Example:
        >>> detractors = Answered(metric="nps", low=0, high=10, at_least=0, at_most=6)
        >>> Filter(brands=("Senandika",), answered=detractors).by_row
        True
    """

    metric: str
    low: float
    high: float
    higher_is_better: bool = True
    at_least: float
    at_most: float
    touchpoint: str | None = None
    channels: tuple[str, ...] = ()
    segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIs:
    """Which cases, for the mentions that have one; an empty field takes all.

    Attributes:
        statuses: any of these, `store.cases.STATUSES`.
        owner: who has it; "" for nobody.
        due_before: the day before which it should be done: with `store.cases.UNFINISHED` and
            today, what is overdue.

    Example:
        >>> Filter(case=CaseIs(statuses=("open",), owner="Ana")).by_row
        True
    """

    statuses: tuple[str, ...] = ()
    owner: str | None = None
    due_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A selection of mentions; an empty field selects all.

    Attributes:
        brands, channels, sources, languages, sentiments: any of these.
        since, until: first and last day, both inclusive, in the store's zone. Where either is
            set, undated mentions are left out.
        complaint: only complaints (True), only others (False).
        touchpoints: mentions that speak of any of these, with `polarity` where that is set.
        alone: with `touchpoints` and `polarity`: only mentions that speak so of no other.
        signals: mentions that give any of these.
        facets: mentions that have all of these (name, value): `product`, `version` or any
            attribute that came with them, such as ("region", "Jawa Barat").
        replied: only mentions that the brand has answered (True), only others (False).
        mark: only mentions of a stored group, by its kind and name: `store.marks`.
        answered: only mentions that were written beside such answers to a survey.
        case: only mentions that somebody has opened such a case on.
        search: words that must all occur, and more: `store.search`.
        has_rating: only mentions with stars.
        text_hash: only mentions with the very text of this hash, `store.mentions.text_hash`.
        copies: False leaves out all but the first of texts that many accounts have copied.
        copy_group: only the mentions of this group of copies, `store.copies`.

    Example:
        >>> Filter(brands=("Senandika",), touchpoints=("delivery",)).dated
        False
    """

    brands: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    complaint: bool | None = None
    touchpoints: tuple[str, ...] = ()
    polarity: str | None = None
    alone: bool = False
    signals: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    replied: bool | None = None
    mark: tuple[str, str] | None = None
    answered: Answered | None = None
    case: CaseIs | None = None
    search: str | None = None
    has_rating: bool = False
    text_hash: str | None = None
    copies: bool = True
    copy_group: int | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ConfigurationError(f"since {self.since} is after until {self.until}")

    @property
    def dated(self) -> bool:
        """Whether a day is set, so that undated mentions are left out."""
        return self.since is not None or self.until is not None

    @property
    def by_row(self) -> bool:
        """Whether it picks by what no rollup is kept by: words, a text, copies, stars, replies …"""
        return bool(
            self.search
            or self.text_hash
            or self.has_rating
            or self.signals
            or self.facets
            or self.mark
            or self.answered
            or self.case
            or self.copy_group is not None
            or self.replied is not None
        )

    def but(self, **changes: Any) -> Filter:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    def previous(self) -> Filter | None:
        """Return the same filter over the period of equal length just before.

        None where the period is not bounded on both sides, or there is no such calendar before.

        Example:
            >>> f = Filter(since=date(2026, 5, 8), until=date(2026, 5, 14)).previous()
            >>> f.since.isoformat(), f.until.isoformat()
            ('2026-05-01', '2026-05-07')
        """
        if self.since is None or self.until is None:
            return None
        days = timedelta(days=(self.until - self.since).days + 1)
        if self.since - date.min < days:
            return None
        return self.but(since=self.since - days, until=self.since - timedelta(days=1))

    def instants(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Return [start, end) of the days in UTC."""

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), zone).astimezone(UTC)

        return (
            # At the two ends of the calendar there is nothing beyond to leave out.
            midnight(self.since) if self.since and self.since > date.min else None,
            midnight(self.until + timedelta(days=1))
            if self.until and self.until < date.max
            else None,
        )
