"""Reads what services answer: JSON of which nothing can be taken for granted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.http import Response, looks_like, shown
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_ID


def json_of(response: Response) -> Any:
    """Return the JSON of an answer's body.

    Raises:
        SourceChanged: it is none; says what it is instead.

    Example:
        >>> from httpx2 import Headers
        >>> json_of(Response(200, "https://a.example/x", Headers(), b'{"ok": 1}'))
        {'ok': 1}
    """
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise SourceChanged(
            f"{shown(response.url)} answers with {looks_like(response.body)} instead of JSON"
        ) from error


def object_of(response: Response) -> Mapping[str, Any]:
    """Return the JSON object of an answer's body.

    Raises:
        SourceChanged: it holds something else.
    """
    value = json_of(response)
    if not isinstance(value, dict):
        raise SourceChanged(f"{shown(response.url)} answers with JSON that is not an object")
    return value


def list_in(answer: Any, key: str, what: str) -> list[Any]:
    """Return the list under `key`, which must be there: a list that is missing is not empty.

    Raises:
        SourceChanged: there is none; `what` names the answer.

    Example:
        >>> list_in({"reviews": []}, "reviews", "Trustpilot's answer")
        []
    """
    value = answer.get(key) if isinstance(answer, Mapping) else None
    if not isinstance(value, list):
        raise SourceChanged(f"{what} has no list {key!r}: its shape is not known here")
    return value


def text_in(record: Any, *path: str | int) -> str:
    """Return the text at the end of a path of keys and places, stripped; "" where there is none.

    Example:
        >>> text_in({"a": [{"b": " ya "}]}, "a", 0, "b"), text_in({"a": 1}, "a")
        ('ya', '')
    """
    value = value_in(record, *path)
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def value_in(record: Any, *path: str | int) -> Any:
    """Return whatever is at the end of a path of keys and places; None where there is nothing.

    Example:
        >>> value_in([[1, 2]], 0, 1), value_in({"a": None}, "a", "b")
        (2, None)
    """
    for step in path:
        if isinstance(step, str):
            record = record.get(step) if isinstance(record, Mapping) else None
        elif isinstance(record, list) and -len(record) <= step < len(record):
            record = record[step]
        else:
            return None
    return record


def id_in(record: Any, *path: str | int) -> str:
    """Return an id as text, which services write as a text or as a whole number.

    Raises:
        BadRecord: there is none.

    Example:
        >>> id_in({"id": 17}, "id")
        '17'
    """
    value = value_in(record, *path)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    # No database takes a NUL, and an id of nothing else would be none.
    id = value.replace("\x00", "").strip() if isinstance(value, str) else ""
    if not id:
        raise BadRecord(NO_ID, record=record)
    return id[:200]


def number_in(record: Any, *path: str | int) -> float | None:
    """Return a number, also one written as text; None where there is none.

    Example:
        >>> number_in({"rating": "4"}, "rating"), number_in({"rating": True}, "rating")
        (4.0, None)
    """
    value = value_in(record, *path)
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None  # NaN is not


def stars_in(record: Any, *path: str | int) -> float | None:
    """Return one to five stars; None for anything else.

    Example:
        >>> stars_in({"rating": 5}, "rating"), stars_in({"rating": 0}, "rating")
        (5.0, None)
    """
    number = number_in(record, *path)
    return number if number is not None and 1 <= number <= 5 else None


def time_in(record: Any, *path: str | int) -> datetime | None:
    """Return a time written in ISO 8601, or in seconds since 1970, in UTC; None where not known.

    A time without a zone is UTC: the services that leave it out say so.

    Example:
        >>> time_in({"at": "2026-05-01T08:00:00+07:00"}, "at").isoformat()
        '2026-05-01T01:00:00+00:00'
        >>> time_in({"at": "1780272000"}, "at").isoformat()
        '2026-06-01T00:00:00+00:00'
    """
    value = value_in(record, *path)
    seconds = number_in(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        if not isinstance(value, str):
            return None
        at = datetime.fromisoformat(value.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_all(
    records: Iterable[Any], read: Callable[[Any], RawMention | None], what: str
) -> tuple[list[RawMention], list[BadRecord]]:
    """Read each record of a page; the ones that cannot be read are told apart.

    Args:
        read: returns the mention, or None for what is none (a header, a service message), or
            raises BadRecord.
        what: names the answer in the error.

    Raises:
        SourceChanged: not one of them can be read: it is the shape that is not known.
    """
    mentions: list[RawMention] = []
    bad: list[BadRecord] = []
    seen = False
    for record in records:
        try:
            mention = read(record)
        except BadRecord as error:
            bad.append(error)
            continue
        seen = True
        if mention is not None:
            mentions.append(mention)
    if bad and not seen:
        raise SourceChanged(f"{what} holds no record that can be read: {bad[0]}")
    return mentions, bad
