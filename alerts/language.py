"""What alerts are written in: Indonesian or English, with its numbers and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from alerts.catalogue import TEXTS
from simak.taxonomy import INTERFACE_LANGUAGES, Taxonomy
from store.tables import UNPLACED

_CHANNELS = {
    "x": "X",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
    "rss": "RSS",
}


@dataclass(frozen=True)
class Language:
    """One language to write in.

    Attributes:
        code: one of `simak.taxonomy.INTERFACE_LANGUAGES`.
        taxonomy: how touchpoints are named.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> indonesian = Language("id", load_taxonomy())
        >>> indonesian.number(1234.5, 1), indonesian.touchpoint("delivery")
        ('1.234,5', 'Pengiriman')
    """

    code: str
    taxonomy: Taxonomy

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale."""
        return Locale.parse(self.code)

    def text(self, key: str, **values: object) -> str:
        """Return a text of the catalogue with its gaps filled."""
        return TEXTS[key][INTERFACE_LANGUAGES.index(self.code)].format(**values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as it is written."""
        form = "#,##0" + ("." + "0" * digits if digits else "")
        found: str = numbers.format_decimal(value, format=form, locale=self.locale)
        return found

    def percent(self, value: float) -> str:
        """Return a share as a percentage."""
        found: str = numbers.format_percent(value, format="#,##0%", locale=self.locale)
        return found

    def day(self, value: date) -> str:
        """Return a day, `3 Agu 2026`."""
        found: str = dates.format_date(value, "d MMM y", locale=self.locale)
        return found

    def days(self, first: date, last: date) -> str:
        """Return a span of days."""
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """Return a day and time in a zone."""
        local = value.astimezone(zone)
        text: str = dates.format_datetime(local, "d MMM y HH:mm", locale=self.locale)
        return f"{text} {local.tzname()}"

    def touchpoint(self, id: str) -> str:
        """Return a touchpoint's name, or the words for all mentions; one that is gone its id."""
        if id in ("", UNPLACED):
            return self.text("unplaced" if id else "all")
        return self.taxonomy[id].names[self.code] if id in self.taxonomy.ids else id

    def channel(self, key: str) -> str:
        """Return the name of where something was said."""
        return _CHANNELS.get(key) or (key.replace("_", " ").title() if key.islower() else key)
