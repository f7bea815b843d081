"""Reviews on Google Maps, as their author exports them with Google Takeout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from collectors.exports import pages
from collectors.http import is_address
from collectors.json_stream import json_stream
from collectors.options import Options
from collectors.payload import stars_in, text_in, time_in, value_in
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_CONTENT, NO_ID, NOT_ABOUT, UNKNOWN_SHAPE

_KEYS = {
    "text": ("review_text_published", "review_text", "review_comment", "comment"),
    "stars": ("five_star_rating_published", "star_rating", "rating"),
    "at": ("date", "published", "published_at"),
    "url": ("google_maps_url", "url"),
    "name": ("name", "business_name", "title"),
    "address": ("address",),
    "country": ("country_code",),
}
"""What each is called in the exports of several years, in lower case and with underscores."""

_WORDS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}


class GoogleTakeoutSource:
    """Reads a `Reviews.json` of Google Takeout ("Maps (your places)").

    It holds what one person wrote about all kinds of places: personal data of somebody else, to
    be imported only where that person agrees.

    Options:
        path: the file; it has another name where the account has another language.
        places: names of the places that are the brand's, or parts of them, one or a list; all
            places where not given.

    Cursor: as `collectors.exports`.

    Example:
        >>> source = GoogleTakeoutSource(
        ...     name="ulasan", brand="Kopi Senja",
        ...     options={"path": "Reviews.json", "places": "Kopi Senja"},
        ... )
        >>> source.asks()
        'every review of Kopi Senja in Reviews.json'
    """

    source = "google_takeout"
    facts = Facts(
        title="Google Maps reviews exported by their author (Google Takeout)",
        edits=False,
        own=True,
        opt_in=True,
        handles=(
            "A review of stars alone is kept.",
            "Keys of older exports are known too.",
            "A review is known by the link of its place and its time, for it has no id.",
            "Reviews of places that are not the brand's are left out and counted.",
            "A file that is damaged or cut short is refused before anything of it is stored.",
            "Another person's data: collected only where `enabled = true`.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        given = Options(name, options, ("path", "places"))
        self.name, self.brand = name, brand
        self._path = Path(given.text("path")).expanduser()
        self._places = given.texts("places")

    def asks(self) -> str:
        """Name the file, and the places where not all are the brand's."""
        places = f" of {', '.join(self._places)}" if self._places else ""
        return f"every review{places} in {self._path.name}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the reviews of the file, which is read through once before.

        Raises:
            ConfigurationError: the file is missing, damaged or cut short.
            SourceChanged: it is JSON of another kind.
        """
        total = sum(1 for _ in _features(self._path))
        for page in pages(cursor, self._path, _features(self._path), total, self._read):
            yield page
            if context.probe:
                return

    def _read(self, feature: Any) -> RawMention | str:
        result = mention_of(feature)
        if not self._places:
            return result
        place = (result.product or "").casefold()
        is_own = any(name.casefold() in place for name in self._places)
        return result if is_own else NOT_ABOUT


def mention_of(feature: Any) -> RawMention:
    """Return a review as a mention.

    Raises:
        BadRecord: it is no review, nothing tells it from others, or it has neither text nor
            stars: Google lets nobody write such a one, so they stand where nobody looks here.

    Example:
        >>> mention_of({"properties": {"date": "2026-05-01T08:00:00Z", "Star Rating": 5,
        ...     "google_maps_url": "https://www.google.com/maps/place//data=!1s0x0:0x1"}}).stars
        5.0
    """
    review = _plain_keys(value_in(feature, "properties"))
    place = _plain_keys(review.get("location"))
    if not review:
        raise BadRecord(UNKNOWN_SHAPE, record=feature)
    url, name, address = (
        _text(review if key == "url" else place, key) for key in ("url", "name", "address")
    )
    at = next((at for key in _KEYS["at"] if (at := time_in(review, key))), None)
    if not (url or name):
        raise BadRecord(NO_ID, record=feature)
    text = _text(review, "text")
    stars = next((stars for key in _KEYS["stars"] if (stars := _stars(review, key))), None)
    if not text and stars is None:
        raise BadRecord(NO_CONTENT, record=list(review))
    what = "\n".join((url or f"{name}\n{address}", at.isoformat() if at else ""))
    country = _text(place, "country")
    kept = {"address": address, "country": country}
    return RawMention(
        external_id=blake2b(what.encode("utf-8", "replace"), digest_size=16).hexdigest(),
        text=text,
        stars=stars,
        channel="google_maps",
        kind="review",
        published_at=at,
        url=url if is_address(url) else None,
        product=name or None,
        attributes={key: value for key, value in kept.items() if value},
    )


def _features(path: Path) -> Iterator[Any]:
    with json_stream(path) as stream:
        found = False
        opening = stream.peek()
        if opening in ("[", '"'):
            raise _unknown(path)
        for key in stream.members():
            if key != "features":
                stream.value()
                continue
            if stream.peek() != "[":
                raise _unknown(path)
            found = True
            for _ in stream.elements():
                yield stream.value()
        stream.end()
    if not found:
        raise _unknown(path)


def _unknown(path: Path) -> SourceChanged:
    return SourceChanged(
        f"{path} is no list of reviews of Google Takeout as known here, for it lacks `features`: "
        "give the Reviews.json of Maps (your places)"
    )


def _plain_keys(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    return {re.sub(r"\W+", "_", str(key).strip().lower()): item for key, item in value.items()}


def _text(record: Mapping[str, Any], what: str) -> str:
    return next((text for key in _KEYS[what] if (text := text_in(record, key))), "")


def _stars(record: Mapping[str, Any], key: str) -> float | None:
    return stars_in(record, key) or _WORDS.get(text_in(record, key).upper())
