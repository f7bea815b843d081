"""What a view shows, as the address holds it: the filter, the language, the choices of a page.

The address is the one home of these: widgets write to it and are set from it, links carry it, so
that a view can be bookmarked and shared and the browser's Back brings it back. `dashboard.reading`
reads an address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Any

from store import address
from store.filter import Filter
from store.selection import Position

ALL_TIME = "all"
PRESETS = ("30", "90", "365", ALL_TIME)
DEFAULT_PRESET = "90"
CUSTOM = "custom"
NEWEST, USEFUL = ORDERS = ("newest", "useful")

Choices = tuple[tuple[str, str], ...]

EVERYTHING = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One view of the dashboard.

    Attributes:
        lang: the interface's language.
        period: one of `PRESETS`, counted back from the last day with a mention, or `CUSTOM`.
        chosen: which mentions: the brand first among its brands. Its days count where the period
            is `CUSTOM`, else it has none.
        choices: what a page alone lets choose, by name, in the order of the names.
        order: one of `ORDERS`: the list's newest first, or what is most useful to correct next.
        after: where the list's page before ended, in that order.

    Example:
        >>> state = State(lang="en", chosen=Filter(brands=("Senandika",)))
        >>> state.filter(date(2026, 10, 31)).since.isoformat()
        '2026-08-03'
    """

    lang: str
    period: str = DEFAULT_PRESET
    chosen: Filter = EVERYTHING
    choices: Choices = ()
    order: str = NEWEST
    after: Position | None = None

    @property
    def brand(self) -> str | None:
        """The brand looked at; None where the store has none."""
        return self.chosen.brands[0] if self.chosen.brands else None

    def but(self, **changes: Any) -> State:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    def narrowed(self, **changes: Any) -> State:
        """Return a copy with some fields of the filter changed."""
        return replace(self, chosen=self.chosen.but(**changes))

    def choosing(self, name: str, value: str | None) -> State:
        """Return a copy with a page's own choice made, or None: taken back."""
        choices = dict(self.choices)
        choices.pop(name, None)
        if value is not None:
            choices[name] = value
        return replace(self, choices=tuple(sorted(choices.items())))

    def choice(self, name: str) -> str | None:
        """Return a page's own choice."""
        return dict(self.choices).get(name)

    def shared(self) -> State:
        """Return what every page has in common: language, brand, days, channels, languages,
        whether copies count."""
        mine = self.chosen
        return State(
            lang=self.lang,
            period=self.period,
            chosen=Filter(
                brands=mine.brands[:1],
                since=mine.since,
                until=mine.until,
                channels=mine.channels,
                languages=mine.languages,
                copies=mine.copies,
            ),
        )

    def filter(self, last: date | None) -> Filter:
        """Return the filter that every page shares.

        Args:
            last: the last day with a mention, from which presets count back.
        """
        return self.shared().list_filter(last)

    def list_filter(self, last: date | None) -> Filter:
        """Return the filter of the list of mentions."""
        since, until = self.chosen.since, self.chosen.until
        if self.period != CUSTOM:
            since = until = None
            if self.period != ALL_TIME and last is not None:
                since, until = last - timedelta(days=int(self.period) - 1), last
        return self.chosen.but(since=since, until=until)

    def listing(self, filter: Filter, last: date | None) -> State:
        """Return the view that lists exactly the mentions of `filter`.

        The preset stays where it means the same days, so that the view moves on with the data.
        """
        shown = self.filter(last)
        days = (filter.since, filter.until)
        if days == (shown.since, shown.until) and filter.brands[:1] == shown.brands:
            period = self.period
        else:
            period = CUSTOM if filter.dated else ALL_TIME
        chosen = filter if period == CUSTOM else filter.but(since=None, until=None)
        return State(lang=self.lang, period=period, chosen=chosen)

    def query(self) -> dict[str, str | list[str]]:
        """Return the parameters of the address; `dashboard.reading.read` understands them."""
        query: dict[str, str | list[str]] = {"lang": self.lang}
        when: address.Parameters = {"days": self.period}
        if self.period == CUSTOM:
            when = address.days(self.chosen)
        query |= address.parameters(self.chosen, when)
        if self.order != NEWEST:
            query["order"] = self.order
        if self.after:
            place, id = self.after
            written = place if self.order == USEFUL else place.astimezone(UTC).isoformat()
            query["after"] = f"{written}_{id}"
        return query | dict(self.choices)


KEYS = frozenset(("lang", "days", "since", "until", "order", "after", *address.NAMES))
"""What an address may say that is no page's own."""
