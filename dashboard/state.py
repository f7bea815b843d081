"""What the address says: the filters, the language and the choices of a page.

The address is the one home of these: widgets write to it and are set from it, links carry it, so
that a view can be bookmarked and shared and the browser's Back brings it back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from dashboard.i18n import _
from simak.tags import SENTIMENTS
from simak.taxonomy import INTERFACE_LANGUAGES
from store.filter import Filter
from store.rollups import Facets
from store.selection import Position
from store.tables import UNPLACED, UNTAGGED

ALL_TIME = "all"
PRESETS = ("30", "90", "365", ALL_TIME)
DEFAULT_PRESET = "90"
CUSTOM = "custom"
TREND_METRICS = ("complaint_rate", "net_sentiment", "stars")
EVERY = ("day", "week", "month")
NEWEST, USEFUL = ORDERS = ("newest", "useful")
MAX_SEARCH_CHARS = 200

Query = dict[str, list[str]]

T = TypeVar("T")

_TEXT_HASH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One view of the dashboard.

    Attributes:
        lang: the interface's language.
        brand: the brand looked at; None where the store has none.
        period: one of `PRESETS`, counted back from the last day with a mention, or `CUSTOM`.
        since, until: the days of a custom period.
        channels, languages: only these; empty means all.
        copies: False leaves out all but the first of texts that many accounts have copied.
        metric, every: what the trend shows, and by which period (None: by the length).
        sentiments, complaint, touchpoint, polarity, search: narrow the list of mentions.
        has_rating: only mentions with stars in the list.
        same: the hash of a text: only mentions that say it in the list.
        copies_of: the id of a group of copies: only its mentions in the list.
        order: one of `ORDERS`: the list's newest first, or what is most useful to correct next.
        after: where the list's page before ended, in that order.
    """

    lang: str
    brand: str | None = None
    period: str = DEFAULT_PRESET
    since: date | None = None
    until: date | None = None
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    copies: bool = True
    metric: str = "complaint_rate"
    every: str | None = None
    sentiments: tuple[str, ...] = ()
    complaint: bool | None = None
    touchpoint: str | None = None
    polarity: str | None = None
    search: str | None = None
    has_rating: bool = False
    same: str | None = None
    copies_of: int | None = None
    order: str = NEWEST
    after: Position | None = None

    def but(self, **changes: Any) -> State:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    def shared(self) -> State:
        """Return what every page has in common: language, brand, days, channels, languages,
        whether copies count."""
        return State(
            lang=self.lang,
            brand=self.brand,
            period=self.period,
            since=self.since,
            until=self.until,
            channels=self.channels,
            languages=self.languages,
            copies=self.copies,
        )

    def filter(self, last: date | None) -> Filter:
        """Return the filter that every page shares.

        Args:
            last: the last day with a mention, from which presets count back.
        """
        since, until = self.since, self.until
        if self.period != CUSTOM:
            since = until = None
            if self.period != ALL_TIME and last is not None:
                since, until = last - timedelta(days=int(self.period) - 1), last
        return Filter(
            brands=(self.brand,) if self.brand else (),
            since=since,
            until=until,
            channels=self.channels,
            languages=self.languages,
            copies=self.copies,
        )

    def list_filter(self, last: date | None) -> Filter:
        """Return the filter of the list of mentions."""
        return self.filter(last).but(
            sentiments=self.sentiments,
            complaint=self.complaint,
            touchpoints=(self.touchpoint,) if self.touchpoint else (),
            polarity=self.polarity if self.touchpoint else None,
            search=self.search,
            has_rating=self.has_rating,
            text_hash=self.same,
            copy_group=self.copies_of,
        )

    def query(self) -> dict[str, str | list[str]]:
        """Return the parameters of the address; `read` understands them."""
        query: dict[str, str | list[str]] = {"lang": self.lang}
        if self.brand:
            query["brand"] = self.brand
        if self.period == CUSTOM:
            for key, value in (("since", self.since), ("until", self.until)):
                if value:
                    query[key] = value.isoformat()
        else:
            query["days"] = self.period
        for key, values in (
            ("channel", self.channels),
            ("language", self.languages),
            ("sentiment", self.sentiments),
        ):
            if values:
                query[key] = list(values)
        if not self.copies:
            query["copies"] = "no"
        if self.complaint is not None:
            query["complaint"] = "yes" if self.complaint else "no"
        if self.has_rating:
            query["rating"] = "yes"
        if self.order != NEWEST:
            query["order"] = self.order
        if self.metric != "complaint_rate":
            query["metric"] = self.metric
        for key, text in (
            ("every", self.every),
            ("touchpoint", self.touchpoint),
            ("polarity", self.polarity if self.touchpoint else None),
            ("q", self.search),
            ("same", self.same),
            ("copies_of", None if self.copies_of is None else str(self.copies_of)),
        ):
            if text:
                query[key] = text
        if self.after:
            place, id = self.after
            written = place if self.order == USEFUL else place.astimezone(UTC).isoformat()
            query["after"] = f"{written}_{id}"
        return query


class Reader:
    """Reads parameters one by one; what is not understood is left out, with a note in words."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self._query = query
        self.notes: list[str] = []

    def one(self, key: str, known: Iterable[str], default: str | None = None) -> str | None:
        """Return a value that must be one of `known`."""
        return self._read(key, lambda text: _one_of(text, known), default)

    def many(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return every value that is one of `known`, each once."""
        known = tuple(known)
        values = dict.fromkeys(self._query.get(key, ()))
        for value in values:
            if value not in known:
                self._note(key, value)
        return tuple(value for value in values if value in known)

    def day(self, key: str) -> date | None:
        """Return a day written 2026-05-31."""
        return self._read(key, _day, None)

    def position(self, key: str, order: str) -> Position | None:
        """Return where a page of a list in this order begins."""
        return self._read(key, _worth if order == USEFUL else _moment, None)

    def text_hash(self, key: str) -> str | None:
        """Return the hash of a text."""
        return self._read(key, _text_hash, None)

    def group(self, key: str) -> int | None:
        """Return the id of a group of copies."""
        return self._read(key, lambda text: _id(text, bits=31), None)

    def text(self, key: str) -> str | None:
        """Return what was typed, cut to a sensible length."""
        values = self._query.get(key, ())
        text = values[-1].replace("\x00", "").strip()[:MAX_SEARCH_CHARS] if values else ""
        return text or None

    def _read(self, key: str, parse: Callable[[str], T], default: T) -> T:
        values = self._query.get(key, ())
        if not values or not values[-1]:
            return default
        try:
            return parse(values[-1])
        except (ValueError, OverflowError):
            self._note(key, values[-1])
            return default

    def _note(self, key: str, value: str) -> None:
        self.notes.append(
            _(
                "The address says {key}={value}, which is not known here: it is left out.",
                key=key,
                value=value[:60],
            )
        )


def read_language(query: Mapping[str, Sequence[str]], default: str) -> str:
    """Return the interface's language."""
    return Reader(query).one("lang", INTERFACE_LANGUAGES, default) or default


def read_brand(query: Mapping[str, Sequence[str]], brands: Sequence[str]) -> str | None:
    """Return the brand; the first of `brands` where none, or an unknown one, is named."""
    first = brands[0] if brands else None
    return Reader(query).one("brand", brands, first)


def read(
    query: Mapping[str, Sequence[str]],
    *,
    lang: str,
    brands: Sequence[str],
    facets: Facets,
    touchpoints: Sequence[str],
) -> tuple[State, list[str]]:
    """Read an address.

    Args:
        lang: what `read_language` found.
        brands: every brand, the default first.
        facets: what there is to filter by for the brand that `read_brand` found.
        touchpoints: ids of the taxonomy.

    Returns:
        The view, and a note for each value that was not understood.
    """
    reader = Reader(query)
    reader.one("lang", INTERFACE_LANGUAGES)
    since, until = reader.day("since"), reader.day("until")
    if since and until and since > until:
        reader.notes.append(_("The first day is after the last: both are left out."))
        since = until = None
    order = reader.one("order", ORDERS, NEWEST) or NEWEST
    state = State(
        lang=lang,
        brand=reader.one("brand", brands, brands[0] if brands else None),
        period=CUSTOM
        if since or until
        else reader.one("days", PRESETS, DEFAULT_PRESET) or DEFAULT_PRESET,
        since=since,
        until=until,
        channels=reader.many("channel", facets.channels),
        languages=reader.many("language", facets.languages),
        copies=reader.one("copies", ("no",)) != "no",
        metric=reader.one("metric", TREND_METRICS, "complaint_rate") or "complaint_rate",
        every=reader.one("every", EVERY),
        sentiments=reader.many("sentiment", (*SENTIMENTS, UNTAGGED)),
        complaint={"yes": True, "no": False}.get(reader.one("complaint", ("yes", "no")) or ""),
        touchpoint=reader.one("touchpoint", (*touchpoints, UNPLACED)),
        polarity=reader.one("polarity", SENTIMENTS),
        search=reader.text("q"),
        has_rating=reader.one("rating", ("yes",)) == "yes",
        same=reader.text_hash("same"),
        copies_of=reader.group("copies_of"),
        order=order,
        after=reader.position("after", order),
    )
    return state, reader.notes


def _one_of(text: str, known: Iterable[str]) -> str:
    if text not in known:
        raise ValueError(text)
    return text


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
    usefulness = float(place)
    if not math.isfinite(usefulness):
        raise ValueError(text)
    return usefulness, _id(id, bits=63)


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
