"""Turns rows into mentions; what cannot be read in one is counted and the row is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from collectors.files.columns import Recognised, find_column
from collectors.files.dates import read_time
from collectors.files.presets import FIELDS, GENERIC
from collectors.files.table import Row, bad_row
from collectors.files.values import (
    content_id,
    id_in_url,
    is_damaged_id,
    or_empty,
    read_channel,
    read_id,
    read_language,
    read_stars,
)
from simak.errors import BadRecord
from simak.mention import MAX_TEXT_CHARS, RawMention
from simak.reasons import NO_BRAND, NO_CONTENT

TIME_UNREAD = "times that cannot be read (kept without a time)"
STARS_UNREAD = "stars that are not 1 to 5 (kept without stars)"
TEXT_CUT = f"texts longer than {MAX_TEXT_CHARS:,} characters (cut)"
ATTRIBUTE_LONG = "attributes longer than 200 characters (left out)"
ID_DAMAGED = "ids that a spreadsheet has rounded (made from the content instead)"
LINK_UNREAD = "links that are not http or https (left out)"

_MAX_ATTRIBUTE_CHARS = 200


class RowReader:
    """Reads the rows of one table.

    Args:
        columns: of the table; JSONL may add to the list while it is read.
        brand: of rows that do not say it themselves; "" where all must.
        channel: of rows that do not say it themselves.
        warnings: values that could not be read are counted here.

    Raises:
        ConfigurationError: a column is gone that was there when the file was looked at.
    """

    def __init__(
        self,
        columns: Sequence[str],
        recognised: Recognised,
        *,
        brand: str,
        brand_column: str | None,
        channel: str,
        month_first: bool,
        warnings: Counter[str],
    ) -> None:
        # Absent fields read the "" that `read` puts at the end of every row.
        self._places = {
            field: columns.index(find_column(columns, recognised.fields[field], "file"))
            if field in recognised.fields
            else -1
            for field in FIELDS
        }
        self._brand_place = (
            columns.index(find_column(columns, brand_column, "--brand-column"))
            if brand_column
            else -1
        )
        self._attributes = [
            (columns.index(name), name) for name in recognised.attributes if name in columns
        ]
        self._columns, self._width = columns, len(columns)
        self._brand, self._channel = brand, channel
        self._month_first = month_first
        self._id_in_url = recognised.preset.id_in_url
        id_columns = recognised.preset.id_columns
        self._id_places = (
            [columns.index(name) for name in id_columns] if {*id_columns} <= {*columns} else []
        )
        is_review = recognised.preset is not GENERIC or "stars" in recognised.fields
        self._kind = "review" if is_review else "post"
        self._warnings = warnings

    def read(self, row: Row) -> tuple[str, RawMention] | BadRecord:
        """Return the brand and the mention, or why there is none."""
        line, values = row
        if len(values) > self._width:
            self._add_columns()
        at = self._places
        values.append("")
        text, title = values[at["text"]].strip(), values[at["title"]].strip()
        if not text:
            text, title = title, ""
        stars = self._stars(values[at["stars"]])
        if not text and stars is None:
            return self._bad(NO_CONTENT, line, values)
        brand = " ".join(values[self._brand_place].split()) or self._brand
        if not brand:
            return self._bad(NO_BRAND, line, values)
        time = self._time(values[at["time"]])
        edited = self._time(values[at["edit_time"]])
        author, url = or_empty(values[at["author"]]), or_empty(values[at["url"]])
        product = or_empty(values[at["product"]])
        external_id = read_id(values[at["id"]])
        if not external_id and self._id_in_url:
            external_id = id_in_url(url, self._id_in_url)
        if not external_id:
            if is_damaged_id(values[at["id"]]):
                self._warnings[ID_DAMAGED] += 1
            external_id = self._made_id(values)
        if not external_id:
            said = time.isoformat() if time else values[at["time"]].strip()
            external_id = content_id(author, said, title, text, str(stars), product, brand)
        if url and not url.startswith(("https://", "http://")):
            self._warnings[LINK_UNREAD] += 1
            url = ""
        if len(text) > MAX_TEXT_CHARS:
            self._warnings[TEXT_CUT] += 1
            text = text[:MAX_TEXT_CHARS]
        return brand, RawMention(
            external_id=external_id,
            text=text,
            title=title or None,
            stars=stars,
            channel=read_channel(values[at["channel"]]) or self._channel,
            kind=self._kind,
            author=author or None,
            published_at=time,
            edited_at=edited if edited != time else None,
            url=url or None,
            reply=or_empty(values[at["reply"]]) or None,
            reply_at=self._time(values[at["reply_time"]]),
            language=read_language(values[at["language"]]),
            product=product or None,
            version=or_empty(values[at["version"]]) or None,
            parent_id=read_id(values[at["parent_id"]]) or None,
            attributes=self._kept(values),
        )

    def _made_id(self, values: list[str]) -> str:
        parts = [or_empty(values[place]) for place in self._id_places]
        return content_id(*parts) if parts and parts[0] else ""

    def _stars(self, value: str) -> float | None:
        if not value:
            return None
        stars = read_stars(value)
        if stars is None and or_empty(value):
            self._warnings[STARS_UNREAD] += 1
        return stars

    def _time(self, value: str) -> datetime | None:
        value = or_empty(value)
        if not value:
            return None
        time = read_time(value, month_first=self._month_first)
        if time is None:
            self._warnings[TIME_UNREAD] += 1
        return time

    def _kept(self, values: list[str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for place, name in self._attributes:
            if place < len(values) and (value := values[place].strip()):
                if len(value) > _MAX_ATTRIBUTE_CHARS:
                    self._warnings[ATTRIBUTE_LONG] += 1
                else:
                    kept[name] = value
        return kept

    def _add_columns(self) -> None:
        new = range(self._width, len(self._columns))
        self._attributes += [(place, self._columns[place]) for place in new]
        self._width = len(self._columns)

    def _bad(self, reason: str, line: int, values: list[str]) -> BadRecord:
        return bad_row(reason, line, dict(zip(self._columns, values, strict=False)))
