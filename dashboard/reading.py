"""Reads an address into a `State`; what it says that is not understood is left out, with a note.

Nothing that an address can say may raise: it is typed, cut, and kept in bookmarks for years.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import unquote

from dashboard.i18n import _
from dashboard.state import (
    CUSTOM,
    DEFAULT_PRESET,
    KEYS,
    NEWEST,
    ORDERS,
    PRESETS,
    USEFUL,
    Choices,
    State,
)
from simak.tags import SENTIMENTS, SIGNALS
from simak.taxonomy import INTERFACE_LANGUAGES
from store.cases import STATUSES
from store.filter import Answered, CaseIs, Filter
from store.rollups import Facets
from store.selection import Position
from store.tables import UNPLACED, UNTAGGED

MAX_SEARCH_CHARS = 200
MAX_CHARS = 2_000
"""Of any one value."""

T = TypeVar("T")

_TEXT_HASH = re.compile(r"[0-9a-f]{32}")
_CHOICE = re.compile(r"[a-z][a-z_]{0,30}")


def read_language(query: Mapping[str, Sequence[str]], default: str) -> str:
    """Return the interface's language."""
    return _Reader(query).one("lang", INTERFACE_LANGUAGES, default) or default


def read_brand(query: Mapping[str, Sequence[str]], brands: Sequence[str]) -> str | None:
    """Return the brand; the first of `brands` where none, or an unknown one, is named."""
    return next(iter(_brands(_Reader(query), brands)), None)


def read(
    query: Mapping[str, Sequence[str]],
    *,
    lang: str,
    brands: Sequence[str],
    there: Facets,
    touchpoints: Sequence[str],
) -> tuple[State, list[str]]:
    """Read an address.

    Args:
        lang: what `read_language` found.
        brands: every brand, the default first.
        there: what there is to filter by in the whole store: a channel that this brand does not
            have lists nothing, and must not list all.
        touchpoints: ids of the taxonomy.

    Returns:
        The view, and a note for each value that was not understood.
    """
    reader = _Reader(query)
    reader.one("lang", INTERFACE_LANGUAGES)
    since, until = reader.parsed("since", _day), reader.parsed("until", _day)
    if since and until and since > until:
        reader.notes.append(_("The first day is after the last: both are left out."))
        since = until = None
    preset = reader.one("days", PRESETS, DEFAULT_PRESET) or DEFAULT_PRESET
    order = reader.one("order", ORDERS, NEWEST) or NEWEST
    polarity = reader.one("polarity", SENTIMENTS)
    named = reader.many("touchpoint", (*touchpoints, UNPLACED))
    chosen = Filter(
        brands=_brands(reader, brands),
        since=since,
        until=until,
        channels=reader.many("channel", there.channels),
        sources=reader.several("source", str),
        languages=reader.many("language", there.languages),
        sentiments=reader.many("sentiment", (*SENTIMENTS, UNTAGGED)),
        complaint=reader.yes("complaint"),
        touchpoints=named,
        polarity=polarity if named else None,
        alone=reader.one("alone", ("yes",)) == "yes" and bool(named and polarity),
        signals=reader.many("signal", SIGNALS),
        facets=reader.several("with", _pair),
        replied=reader.yes("replied"),
        mark=reader.parsed("mark", _pair),
        answered=reader.parsed("answered", _answered),
        case=reader.parsed("case", _case),
        search=reader.text("q"),
        has_rating=reader.one("rating", ("yes",)) == "yes",
        text_hash=reader.parsed("same", _text_hash),
        copies=reader.one("copies", ("no",)) != "no",
        copy_group=reader.parsed("copies_of", lambda text: _id(text, bits=31)),
    )
    state = State(
        lang=lang,
        period=CUSTOM if chosen.dated else preset,
        chosen=chosen,
        choices=_choices(query),
        order=order,
        after=reader.parsed("after", _worth if order == USEFUL else _moment),
    )
    return state, reader.notes


class _Reader:
    """Reads parameters one by one."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self._query = query
        self.notes: list[str] = []

    def one(self, key: str, known: Iterable[str], default: str | None = None) -> str | None:
        """Return a value that must be one of `known`."""
        found = self.parsed(key, lambda text: _one_of(text, known))
        return default if found is None else found

    def yes(self, key: str) -> bool | None:
        """Return whether it says yes or no."""
        return {"yes": True, "no": False}.get(self.one(key, ("yes", "no")) or "")

    def many(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return every value that is one of `known`, each once."""
        known = tuple(known)
        return self.several(key, lambda text: _one_of(text, known))

    def several(self, key: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """Return every value that can be parsed, each once."""
        found: dict[T, None] = {}
        for text in dict.fromkeys(self._query.get(key, ())):
            value = self._parse(key, text, parse)
            if value is not None:
                found[value] = None
        return tuple(found)

    def parsed(self, key: str, parse: Callable[[str], T]) -> T | None:
        """Return the last value; None where there is none or it cannot be parsed."""
        values = self._query.get(key, ())
        return self._parse(key, values[-1], parse) if values and values[-1] else None

    def text(self, key: str) -> str | None:
        """Return what was typed, cut to a sensible length."""
        values = self._query.get(key, ())
        text = values[-1].replace("\x00", "").strip()[:MAX_SEARCH_CHARS] if values else ""
        return text or None

    def _parse(self, key: str, text: str, parse: Callable[[str], T]) -> T | None:
        try:
            if len(text) > MAX_CHARS or "\x00" in text:
                raise ValueError(text)
            return parse(text)
        except (ValueError, OverflowError, TypeError, LookupError, AttributeError, RecursionError):
            self.notes.append(unknown(key, text))
            return None


def unknown(key: str, value: str) -> str:
    """Say that the address holds a value that means nothing here."""
    return _(
        "The address says {key}={value}, which is not known here: it is left out.",
        key=key,
        value=value[:60],
    )


def _brands(reader: _Reader, brands: Sequence[str]) -> tuple[str, ...]:
    return reader.many("brand", brands) or tuple(brands[:1])


def _choices(query: Mapping[str, Sequence[str]]) -> Choices:
    """Return what is a page's own; the page says which values it knows."""
    found = {
        key: values[-1]
        for key, values in query.items()
        if key not in KEYS
        and _CHOICE.fullmatch(key)
        and values
        and values[-1]
        and len(values[-1]) <= MAX_CHARS
    }
    return tuple(sorted(found.items()))


def _one_of(text: str, known: Iterable[str]) -> str:
    if text not in known:
        raise ValueError(text)
    return text


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition(":")
    if not (name and sign and value):
        raise ValueError(text)
    return unquote(name), value


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1990 <= day.year <= 2100:  # further out, arithmetic with days and zones overflows
        raise ValueError(text)
    return day


def _text_hash(text: str) -> str:
    if not _TEXT_HASH.fullmatch(text):
        raise ValueError(text)
    return text


def _worth(text: str) -> Position:
    place, _sign, id = text.rpartition("_")
    return _finite(place), _id(id, bits=63)


def _moment(text: str) -> Position:
    moment, _sign, id = text.rpartition("_")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError(text)
    return at, _id(id, bits=31)


def _id(text: str, *, bits: int) -> int:
    id = int(text)
    if not 0 <= id < 2**bits:  # no database takes it
        raise ValueError(text)
    return id


def _finite(value: object) -> float:
    number = float(value) if isinstance(value, str | int | float) else math.nan
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _answered(text: str) -> Answered:
    said = json.loads(text)
    found = Answered(
        metric=_text(said.pop("metric")),
        low=_finite(said.pop("low", 0)),
        high=_finite(said.pop("high", 0)),
        higher_is_better=_bool(said.pop("higher_is_better", True)),
        at_least=_finite(said.pop("at_least", 0)),
        at_most=_finite(said.pop("at_most", 0)),
        touchpoint=_text_or_none(said.pop("touchpoint", None)),
        channels=tuple(map(_text, said.pop("channels", ()))),
        segment=_text_or_none(said.pop("segment", None)),
    )
    if said:
        raise ValueError(text)
    return found


def _case(text: str) -> CaseIs:
    said = json.loads(text)
    due_before = _text_or_none(said.pop("due_before", None))
    found = CaseIs(
        statuses=tuple(_one_of(_text(one), STATUSES) for one in said.pop("statuses", ())),
        owner=_text_or_none(said.pop("owner", None)),
        due_before=None if due_before is None else _day(due_before),
    )
    if said:
        raise ValueError(text)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value
