"""Turns the rows of a survey's file into answers, comments and counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collectors.files.columns import find_column, plain_name
from collectors.files.dates import read_month, read_time
from collectors.files.rows import TEXT_CUT, TIME_UNREAD
from collectors.files.table import Row, bad_row
from collectors.files.values import content_id, or_empty, read_channel, read_id
from collectors.survey.columns import Asked, Columns, metric_named
from simak.errors import BadRecord, ConfigurationError
from simak.mention import MAX_TEXT_CHARS, RawMention
from simak.reasons import (
    COUNT_UNREAD,
    NO_CONTENT,
    OFF_SCALE,
    OTHER_CONTENT,
    ROW_REPEATED,
    UNKNOWN_SHAPE,
    UNKNOWN_TOUCHPOINT,
)
from simak.survey import CustomerCount, SurveyAnswer
from simak.taxonomy import Taxonomy

CHANNEL = "survey"
"""Of answers whose file does not say where they were asked."""

_SCORE = re.compile(
    r"(-?\d{1,6}(?:[.,]\d{1,6})?)\s*(?:(?:/|of|out of|dari)\s*(\d{1,6}))?(?:\s*[-–—:(].*)?",
    re.IGNORECASE | re.DOTALL,
)
_COUNT = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+|\d{1,12})(?:[.,]0{1,2})?")
_ORDINAL = re.compile(r"\d{1,6}")
_REACHES_A_PERSON = re.compile(r".*@.*|(?:\+?62|0)8\d{7,11}", re.DOTALL)

_MAX_SEGMENT_CHARS = 200


@dataclass(slots=True)
class Batch:
    """What some rows have given.

    Attributes:
        mentions: comments without a score.
    """

    rows: int = 0
    answers: list[SurveyAnswer] = field(default_factory=list)
    mentions: list[RawMention] = field(default_factory=list)
    customers: list[CustomerCount] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> int:
        """How much of it can be stored."""
        return len(self.answers) + len(self.mentions) + len(self.customers)


def touchpoint_names(taxonomy: Taxonomy, asked: Asked) -> dict[str, str]:
    """Return the touchpoint that each plain name stands for: ids, names, and the settings' own.

    Raises:
        ConfigurationError: the settings name a touchpoint that there is not.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> touchpoint_names(load_taxonomy(), Asked())["pengiriman"]
        'delivery'
    """
    for name, id in asked.touchpoints.items():
        if id not in taxonomy.ids:
            raise ConfigurationError(
                f"option 'touchpoints': {name!r} is to be {id!r}, which is none of "
                f"{', '.join(taxonomy.ids)}"
            )
    names = {plain_name(name): one.id for one in taxonomy for name in (*one.names.values(), one.id)}
    return names | {plain_name(name): id for name, id in asked.touchpoints.items()}


def read_score(value: str) -> float | None:
    """Return a score, or None where there is none to be read.

    Example:
        >>> [read_score(text) for text in ("9", "4,5", "10 - Sangat mungkin", "puas")]
        [9.0, 4.5, 10.0, None]
    """
    match = _SCORE.fullmatch(value.strip())
    return float(match[1].replace(",", ".")) if match else None


def read_count(value: str) -> int | None:
    """Return a number of customers, with or without separators of thousands.

    Example:
        >>> [read_count(text) for text in ("1.250", "1,250,000", "12.0", "banyak", "-3")]
        [1250, 1250000, 12, None, None]
    """
    match = _COUNT.fullmatch(value.strip())
    return int(re.sub(r"\D", "", match[1])) if match else None


class RowReader:
    """Reads the rows of one file.

    Args:
        columns: of the table, as it was opened.
        file: its name, which tells undated rows without an id from another file's.
        warnings: values that could not be read are counted here.

    Raises:
        ConfigurationError: a column is gone that was there when the file was looked at.
    """

    def __init__(
        self,
        columns: Sequence[str],
        found: Columns,
        asked: Asked,
        *,
        file: str,
        touchpoints: Mapping[str, str],
        month_first: bool,
        warnings: Counter[str],
    ) -> None:
        def places(fields: Mapping[str, str]) -> dict[str, int]:
            return {
                key: columns.index(find_column(columns, name, "file"))
                for key, name in fields.items()
            }

        self._columns, self._asked, self._file = columns, asked, file
        self._places, self._metrics = places(found.fields), places(found.metrics)
        self._counts = found.counts
        self._touchpoints, self._month_first = touchpoints, month_first
        self._warnings = warnings
        self._seen: dict[int, int] = {}
        self._alike: Counter[int] = Counter()

    def read(self, row: Row, batch: Batch) -> None:
        """Add to `batch` what a row gives, bad or good."""
        values = {key: or_empty(row[1][place]) for key, place in self._places.items()}
        try:
            if self._counts:
                self._count(row, values, batch)
            else:
                self._answer(row, values, batch)
        except BadRecord as bad:
            batch.bad.append(self._kept(bad, row))

    def _count(self, row: Row, values: dict[str, str], batch: Batch) -> None:
        month = read_month(values["month"], month_first=self._month_first)
        start, new, lost = (read_count(values[key]) for key in ("start", "new", "lost"))
        if month is None or start is None or new is None or lost is None:
            raise BadRecord(COUNT_UNREAD)
        segment = values.get("segment", "")[:_MAX_SEGMENT_CHARS] or None
        count = CustomerCount(month=month, start=start, new=new, lost=lost, segment=segment)
        if self._is_new((month, segment), (start, new, lost), batch):
            batch.customers.append(count)

    def _answer(self, row: Row, values: dict[str, str], batch: Batch) -> None:
        scores, said = self._scores(row[1], values), values.get("comment", "")
        if not said and not any(scores.values()):
            raise BadRecord(NO_CONTENT)
        touchpoint = self._touchpoints.get(plain_name(values.get("touchpoint", "")))
        if values.get("touchpoint") and touchpoint is None:
            raise BadRecord(UNKNOWN_TOUCHPOINT)
        at = self._time(values.get("time", ""))
        content = (*scores.values(), *(values[key] for key in values if key != "id"))
        id = self._id(values, at, content)
        # The first metric of the file, whether or not it was answered: what a customer fills in
        # later does not make a second comment.
        comment_id = f"{id}-{next(iter(scores))}"
        if not self._is_new(comment_id, content, batch):
            return
        channel = read_channel(values.get("channel", "")) or CHANNEL
        segment = values.get("segment", "")[:_MAX_SEGMENT_CHARS] or None
        known = {**scores, "segment": segment or "", "touchpoint": touchpoint or ""}
        if len(said) > MAX_TEXT_CHARS:
            self._warnings[TEXT_CUT] += 1
        words = RawMention(
            external_id=comment_id,
            text=said[:MAX_TEXT_CHARS],
            channel=channel,
            kind="answer",
            published_at=at,
            attributes={key: value for key, value in known.items() if value},
            deleted=not said,
        )
        answered = False
        for metric, score in scores.items():
            if not score:
                continue  # not every customer is asked everything
            low, high = self._asked.scales[metric]
            try:
                answer = SurveyAnswer(
                    external_id=f"{id}-{metric}",
                    metric=metric,
                    score=self._score(score, high),
                    low=low,
                    high=high,
                    higher_is_better=metric not in self._asked.lower_is_better,
                    answered_at=at,
                    touchpoint=touchpoint,
                    channel=channel,
                    segment=segment,
                    comment=words if "comment" in values else None,
                )
            except BadRecord as bad:
                batch.bad.append(self._kept(bad, row))
            else:
                batch.answers.append(answer)
                answered = True
        if said and not answered:
            batch.mentions.append(words)

    def _scores(self, row: Sequence[str], values: Mapping[str, str]) -> dict[str, str]:
        """Return what each metric's cell holds, at least one."""
        if self._metrics:
            return {metric: or_empty(row[place]) for metric, place in self._metrics.items()}
        metric = metric_named(values["metric"])
        if metric is None:
            raise BadRecord(UNKNOWN_SHAPE)
        return {metric: values["score"]}

    @staticmethod
    def _score(value: str, high: float) -> float:
        score, match = read_score(value), _SCORE.fullmatch(value.strip())
        if score is None or match is None or (match[2] and float(match[2]) != high):
            raise BadRecord(OFF_SCALE)
        return score

    def _id(self, values: Mapping[str, str], at: datetime | None, content: Sequence[str]) -> str:
        if id := read_id(values.get("id", "")):
            if _REACHES_A_PERSON.fullmatch(re.sub(r"[\s().-]", "", id)):
                return content_id(id)
            # A file that numbers its rows has the next month's numbered alike.
            return f"{id}-{at:%Y%m%d}" if at and _ORDINAL.fullmatch(id) else id
        when = "" if at else self._file
        id = content_id(*content, when)
        self._alike[hash(id)] += 1
        number = self._alike[hash(id)]
        return id if number == 1 else f"{id}-{number}"

    def _is_new(self, key: object, content: object, batch: Batch) -> bool:
        """Say whether this key comes for the first time, and count it where it does not.

        Of what came before only hashes are kept, some 100 bytes a row.

        Raises:
            BadRecord: it came before with another content.
        """
        before = self._seen.get(hash(key))
        if before is None:
            self._seen[hash(key)] = hash(content)
            return True
        if before != hash(content):
            raise BadRecord(OTHER_CONTENT)
        batch.skipped[ROW_REPEATED] += 1
        return False

    def _time(self, value: str) -> datetime | None:
        time = read_time(value, month_first=self._month_first) if value else None
        if value and time is None:
            self._warnings[TIME_UNREAD] += 1
        return time

    def _kept(self, bad: BadRecord, row: Row) -> BadRecord:
        reason = str(bad)
        return bad_row(reason, row[0], dict(zip(self._columns, row[1], strict=False)))
