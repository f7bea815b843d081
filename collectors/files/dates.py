"""Times as exports write them, in Indonesian and English; all are returned in UTC.

A time without a zone is taken as UTC: Google Play's exports mean it so, and nothing in other
files says better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

_YEARS = range(1971, 2101)
"""Others are typing errors, or zeros of some other epoch."""

_MAX_CHARS = 64

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari",
            "feb february februari peb pebruari",
            "mar march maret mrt",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august agu agt ags agustus",
            "sep sept september",
            "oct october okt oktober",
            "nov november nop nopember",
            "dec december des desember",
        ),
        start=1,
    )
    for name in names.split()
}

_ZONES = {
    "z": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "wib": 7.0,
    "wita": 8.0,
    "wit": 9.0,
    "sgt": 8.0,
    "myt": 8.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
}
"""Hours east; the American ones are RFC 2822's, section 4.3."""

_WEEKDAY = r"(?:[A-Za-z']{2,9}\.?,?\s+)?"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?"
)
_ZONE = r"(?P<zone>[A-Za-z]{1,4}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)"
_REST = rf"(?:[T\s,]+(?:pukul\s+|jam\s+|at\s+)?{_CLOCK}(?:\s*{_ZONE})?(?:\s*\([^)]*\))?)?$"
_WORD_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_REST}",
        rf"(?P<first>\d{{1,2}})[-/.](?P<second_number>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d\d){_REST}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+{_WORD_MONTH},?[\s./-]+"
        rf"(?P<year>\d{{4}}|\d\d){_REST}",
        rf"{_WEEKDAY}{_WORD_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_REST}",
        # asctime, with the zone that Twitter puts before the year
        rf"{_WEEKDAY}{_WORD_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?:\s+{_ZONE})?\s+(?P<year>\d{{4}})$",
    )
)
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d\d)(?!\d)")
_NUMBER = re.compile(r"(\d{5,17})(?:\.(\d+))?$")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})(?!\d)")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


def read_time(value: str, *, month_first: bool = False) -> datetime | None:
    """Return the time in UTC, or None where it cannot be read.

    Understood are ISO 8601, RFC 2822, `3 Mei 2026 14.05 WIB`, `May 3, 2026`, numbers such as
    `3/5/2026`, seconds and milliseconds since 1970, and day numbers of Excel.

    Args:
        month_first: `3/5/2026` is the fifth of March, not the third of May.

    Example:
        >>> read_time("3 Mei 2026 14.05 WIB").isoformat()
        '2026-05-03T07:05:00+00:00'
    """
    try:
        if value[4:5] == "-" and value[7:8] == "-":
            time = _read_iso(value) or _read(value, month_first)
        else:
            time = _read(value, month_first)
        if time is None or time.year not in _YEARS:
            return None
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        return None


def read_month(value: str, *, month_first: bool = False) -> date | None:
    """Return the first day of a month, or None where it cannot be read.

    A day or a time stands for the month it lies in where it was written.

    Example:
        >>> [str(read_month(text)) for text in ("Mei 2026", "2026-05", "05/2026", "May-26")]
        ['2026-05-01', '2026-05-01', '2026-05-01', '2026-05-01']
    """
    value = value.strip()
    if match := _YEAR_MONTH.match(value):
        value = f"{match[1]}-{int(match[2]):02}-01"
    elif match := _MONTH_YEAR.fullmatch(value):
        value = f"{match[2]}-{int(match[1]):02}-01"
    time = read_time(value, month_first=month_first) or read_time(f"1 {value}")
    return None if time is None else date(time.year, time.month, 1)


def month_comes_first(values: Iterable[str]) -> bool | None:
    """Say how numbers such as `3/5/2026` are meant: True, False, or None where nothing shows it.

    A number over 12 can only be a day. Where a file has both orders, the commoner one counts.

    Example:
        >>> month_comes_first(["3/5/2026", "4/31/2026"])
        True
    """
    day_first = month_first = 0
    for value in values:
        match = _NUMERIC.match(value)
        if match:
            day_first += int(match[1]) > 12
            month_first += int(match[2]) > 12
    return None if day_first == month_first else month_first > day_first


def has_ambiguous(values: Iterable[str]) -> bool:
    """Say whether any of the times can be read in both orders."""
    matches = (_NUMERIC.match(value) for value in values)
    return any(match and int(match[1]) <= 12 and int(match[2]) <= 12 for match in matches)


def _read_iso(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _read(value: str, month_first: bool) -> datetime | None:
    value = value.strip()
    if len(value) > _MAX_CHARS:
        return None
    number = _NUMBER.match(value)
    if number:
        return _from_number(number[1], number[2] or "0")
    for pattern in _PATTERNS:
        match = pattern.match(value)
        if match:
            return _from_parts(match.groupdict(), month_first)
    return None


def _from_number(whole: str, fraction: str) -> datetime | None:
    digits, number = len(whole), float(f"{whole}.{fraction}")
    if digits == 5:
        days = timedelta(seconds=round(number * 86_400))
        return _EXCEL_EPOCH + days
    if digits == 8:
        return datetime(int(whole[:4]), int(whole[4:6]), int(whole[6:]), tzinfo=UTC)
    if digits in (9, 10):
        return datetime.fromtimestamp(number, UTC)
    if digits in (12, 13):
        return datetime.fromtimestamp(number / 1e3, UTC)
    if digits in (15, 16):
        return datetime.fromtimestamp(number / 1e6, UTC)
    return None


def _from_parts(parts: dict[str, str | None], month_first: bool) -> datetime | None:
    if parts.get("first"):
        day, month = int(parts["first"] or 0), int(parts["second_number"] or 0)
        if month_first:
            day, month = month, day
    else:
        name = (parts["month"] or "").lower()
        month, day = int(name) if name.isdigit() else _MONTHS[name], int(parts["day"] or 0)
    year = int(parts["year"] or 0)
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    return datetime(
        *(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0)),
        tzinfo=_zone(parts["zone"]),
    )


def _zone(name: str | None) -> timezone:
    if not name:
        return UTC
    name = name.lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    match = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", name)
    if match is None:
        raise ValueError(f"zone {name!r} is not known")
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
