"""The reader's language: gettext catalogues for words, babel for numbers, shares and dates.

The language belongs to one run of the script: `use` sets it, everything here follows. After a
text in the code has changed, bring the catalogues up to date with

    pybabel extract -k _ -k N_ -o simak.pot dashboard
    pybabel update -D simak -i simak.pot -d dashboard/locale --no-fuzzy-matching
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from simak.taxonomy import INTERFACE_LANGUAGES

LOCALE_FOLDER = Path(__file__).with_name("locale")

_language: ContextVar[str] = ContextVar("language", default=INTERFACE_LANGUAGES[0])


@cache
def catalogue(language: str) -> gettext.GNUTranslations:
    """Read the catalogue of `id` or `en`, once per process."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "simak.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def use(language: str) -> None:
    """Set the language of this run of the script."""
    _language.set(language)


def language() -> str:
    """Return the language of this run, `id` or `en`."""
    return _language.get()


def N_(message: str) -> str:  # noqa: N802 - the usual name of a marker
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


def _(message: str, **values: object) -> str:
    """Return `message` in the reader's language, with `{names}` filled in.

    Example:
        >>> use("en")
        >>> _("Page {number}", number=2)
        'Page 2'
    """
    text = catalogue(language()).gettext(message)
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Return the form that fits `n`; `{n}` is filled with the formatted number."""
    text = catalogue(language()).ngettext(singular, plural, n)
    return text.format(n=number(n), **values)


def locale() -> Locale:
    """Return babel's locale of this run."""
    return _locale(language())


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(lang)


@cache
def _pattern(digits: int, sign: str) -> numbers.NumberPattern:
    return numbers.parse_pattern("#,##0" + ("." + "0" * digits if digits else "") + sign)


def number(value: float, digits: int = 0) -> str:
    """Return a number in the reader's form.

    Example:
        >>> use("id")
        >>> number(1234.5, 1)
        '1.234,5'
    """
    text: str = numbers.format_decimal(value, format=_pattern(digits, ""), locale=locale())
    return text.replace("-", "−")


def signed(value: float, digits: int = 0) -> str:
    """Return a number with its sign; what rounds to zero has none."""
    return _with_sign(value, number(abs(value), digits), round(value, digits) == 0)


def signed_percent(value: float) -> str:
    """Return a share as a percentage with its sign."""
    return _with_sign(value, percent(abs(value)), round(value, 2) == 0)


def _with_sign(value: float, size: str, nothing: bool) -> str:
    return size if nothing else f"{'+' if value > 0 else '−'}{size}"


def percent(value: float, digits: int = 0) -> str:
    """Return a share in [0, 1] as a percentage.

    Example:
        >>> use("id")
        >>> percent(0.1234, 1)
        '12,3%'
    """
    text: str = numbers.format_percent(value, format=_pattern(digits, "%"), locale=locale())
    return text.replace("-", "−")


def between(low: str, high: str) -> str:
    """Return an interval from its ends as shown; ends with signs stand apart from the dash.

    Example:
        >>> between("53%", "76%"), between("−19", "+1")
        ('53%–76%', '−19\xa0–\xa0+1')
    """
    signed = any(end[:1] in ("−", "+") for end in (low, high))
    return f"{low}\u00a0–\u00a0{high}" if signed else f"{low}–{high}"


def day(value: date) -> str:
    """Return a day, `3 Agu 2026`."""
    text: str = dates.format_date(value, "d MMM y", locale=locale())
    return text


def month(value: date) -> str:
    """Return the month of a day, `Agu 2026`."""
    text: str = dates.format_date(value, "MMM y", locale=locale())
    return text


def days(first: date, last: date) -> str:
    """Return a span of days, as short as the two allow.

    Example:
        >>> use("en")
        >>> days(date(2026, 8, 3), date(2026, 8, 9))
        '3–9 Aug 2026'
    """
    if first == last:
        return day(first)
    form = "d MMM y"
    if first.year == last.year:
        form = "d" if first.month == last.month else "d MMM"
    return f"{dates.format_date(first, form, locale=locale())}–{day(last)}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a day and time in the store's zone, with the zone's short name."""
    local = value.astimezone(zone)
    text: str = dates.format_datetime(local, "d MMM y HH:mm", locale=locale())
    return f"{text} {local.tzname()}"


def ago(value: datetime, now: datetime) -> str:
    """Return how long ago something was, `3 jam yang lalu`."""
    text: str = dates.format_timedelta(
        value - now, add_direction=True, threshold=1.2, locale=locale()
    )
    return text


def time_locale() -> dict[str, object]:
    """Return the words that chart axes need, in the form of d3-time-format."""
    words = locale()
    return {
        "dateTime": "%A, %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        # Babel's week begins on Monday, d3's on Sunday.
        "days": [words.days["stand-alone"]["wide"][i] for i in (6, 0, 1, 2, 3, 4, 5)],
        "shortDays": [words.days["stand-alone"]["abbreviated"][i] for i in (6, 0, 1, 2, 3, 4, 5)],
        "months": [words.months["stand-alone"]["wide"][i] for i in range(1, 13)],
        "shortMonths": [words.months["stand-alone"]["abbreviated"][i] for i in range(1, 13)],
    }


def number_locale() -> dict[str, object]:
    """Return the signs that chart axes need, in the form of d3-format."""
    words = locale()
    return {
        "decimal": words.number_symbols["latn"]["decimal"],
        "thousands": words.number_symbols["latn"]["group"],
        "grouping": [3],
        "currency": ["", ""],
    }
