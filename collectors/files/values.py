"""Stars, languages, channels and ids as exports write them."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qs, urlsplit

_NUMBER = re.compile(r"(?:bintang\s*)?(\d+(?:[.,]\d+)?)\s*(?:(?:/|of|out of|dari)\s*5)?\s*", re.I)
_UNIT = re.compile(r"(?:stars?|bintang|★|⭐)?\.?", re.I)
_FULL, _EMPTY = "★⭐🌟", "☆✩"

_EMPTY_WORDS = frozenset(("nan", "nat", "null", "none", "n/a", "#n/a", "na", "-", "nil"))

_LANGUAGES = {
    "in": "id",  # what Java, Android and Twitter call Indonesian
    "ind": "id",
    "indonesian": "id",
    "indonesia": "id",
    "bahasa indonesia": "id",
    "bahasa": "id",
    "eng": "en",
    "english": "en",
    "inggris": "en",
    "bahasa inggris": "en",
}

_DAMAGED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d{2}$")
_MAX_ID_CHARS = 200


def or_empty(value: str) -> str:
    """Return the value without blanks around it, "" where it spells that there is none."""
    if not value:
        return value
    value = value.strip()
    return "" if value.lower() in _EMPTY_WORDS else value


@lru_cache(maxsize=4096)
def read_stars(value: str) -> float | None:
    """Return 1 to 5, or None for whatever else.

    Example:
        >>> [read_stars(text) for text in ("4,5", "5 stars", "★★★★☆", "3/5", "8", "bagus")]
        [4.5, 5.0, 4.0, 3.0, None, None]
    """
    value = value.strip().replace("\ufe0f", "")
    if value and all(char in _FULL + _EMPTY for char in value):
        stars = float(sum(char in _FULL for char in value))
    else:
        match = _NUMBER.match(value)
        if match is None or not _UNIT.fullmatch(value, match.end()):
            return None
        stars = float(match[1].replace(",", "."))
    return stars if 1 <= stars <= 5 else None


@lru_cache(maxsize=4096)
def read_language(value: str) -> str | None:
    """Return a BCP 47 tag, or None where it is none.

    Example:
        >>> [read_language(text) for text in ("in", "en_US", "Bahasa Indonesia", "?")]
        ['id', 'en-US', 'id', None]
    """
    value = or_empty(value).replace("_", "-")
    named = _LANGUAGES.get(value.lower())
    if named:
        return named
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}", value):
        return None
    language, *rest = value.split("-")
    # RFC 5646, section 2.1.1: countries in capitals
    return "-".join(
        [language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)]
    )


@lru_cache(maxsize=4096)
def read_channel(value: str) -> str | None:
    """Return a channel's name as the built-in sources write theirs, or None where it is empty.

    Example:
        >>> read_channel("Google Play")
        'google_play'
    """
    return re.sub(r"[\W_]+", "_", or_empty(value).casefold()).strip("_") or None


def read_id(value: str) -> str:
    """Return the id, "" where there is none, or where a spreadsheet has rounded it.

    Example:
        >>> read_id("570306133677760513"), read_id("5.70306E+17")
        ('570306133677760513', '')
    """
    value = or_empty(value)
    if is_damaged_id(value):
        return ""
    return value if len(value) <= _MAX_ID_CHARS else content_id(value)


def is_damaged_id(value: str) -> bool:
    """Say whether a spreadsheet has rounded this id, so that many rows share it."""
    return "+" in value and _DAMAGED.match(value.strip()) is not None


def id_in_url(url: str, parameter: str) -> str:
    """Return what a query parameter of a link holds, or "".

    Example:
        >>> id_in_url("https://play.google.com/x?reviewId=d2b0&corpus=A", "reviewId")
        'd2b0'
    """
    if f"{parameter}=" not in url:
        return ""
    try:
        return read_id(parse_qs(urlsplit(url).query).get(parameter, [""])[0])
    except ValueError:  # an address that is none
        return ""


def content_id(*parts: str) -> str:
    """Return an id that the same content always gets: BLAKE2b, 16 bytes, in hex."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return "content-" + blake2b(joined, digest_size=16).hexdigest()
