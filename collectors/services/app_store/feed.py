"""Reads a page of the App Store's feed of customer reviews (JSON made of Atom)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.http import Response
from collectors.payload import id_in, object_of, stars_in, text_in, time_in, value_in
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import OFF_SCALE, UNKNOWN_SHAPE

PAGE = 50
"""Entries of a full page."""

_PAGE_IN_LINK = re.compile(r"/page=(\d{1,6})/")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page.

    Attributes:
        reviews: its entries, without what describes the app; empty where none is there.
        is_missing: it has no `entry` at all: an app without reviews, or a failure to answer.
        is_full: another page may follow.
        last: the number of the last page, where the feed says so.
    """

    reviews: list[Any]
    is_missing: bool
    is_full: bool
    last: int | None


def page_of(response: Response, label: str) -> FeedPage:
    """Return the page in an answer.

    Args:
        label: names the feed in errors.

    Raises:
        SourceChanged: it is no such feed.
    """
    feed = object_of(response).get("feed")
    if not isinstance(feed, Mapping):
        raise SourceChanged(f"{label}: the App Store's answer has no feed")
    entries = feed.get("entry")
    if isinstance(entries, Mapping):
        # A list of one is written as the one.
        entries = [entries]
    if not isinstance(entries, list | None):
        raise SourceChanged(f"{label}: the entries of the App Store's feed are of a new shape")
    entries = entries or []
    reviews = entries[1:] if entries and _is_app(entries[0]) else entries
    if entries and not reviews and "im:name" not in entries[0]:
        raise SourceChanged(f"{label}: the entry of the App Store's feed is of a new shape")
    return FeedPage(
        reviews=reviews,
        is_missing=not entries,
        is_full=len(entries) >= PAGE,
        last=_last(feed),
    )


def _is_app(entry: Any) -> bool:
    """Whether an entry is what older feeds begin with: the app itself."""
    return (
        isinstance(entry, Mapping)
        and "im:rating" not in entry
        and ("im:name" in entry or "content" not in entry)
    )


def _last(feed: Mapping[str, Any]) -> int | None:
    """The number of the last page; its address is of another format and host."""
    links = feed.get("link")
    for link in links if isinstance(links, list) else []:
        if text_in(link, "attributes", "rel") == "last":
            found = _PAGE_IN_LINK.search(text_in(link, "attributes", "href"))
            return int(found[1]) if found else None
    return None


def mention_of(entry: Any, app: str, country: str) -> RawMention:
    """Return a review; an edited one has its old id and a new time.

    Votes are left out: each would make another review of it.

    Raises:
        BadRecord: it is none that can be read.

    Example:
        >>> mention_of(
        ...     {
        ...         "id": {"label": "17"},
        ...         "im:rating": {"label": "1"},
        ...         "content": {"label": "Lemot"},
        ...         "updated": {"label": "2026-05-31T20:00:00-07:00"},
        ...     },
        ...     "1234",
        ...     "id",
        ... ).published_at.isoformat()
        '2026-06-01T03:00:00+00:00'
    """
    id_ = id_in(entry, "id", "label")
    said, score = value_in(entry, "content", "label"), value_in(entry, "im:rating", "label")
    if not isinstance(said, str) or score is None:
        raise BadRecord(UNKNOWN_SHAPE, record=entry)
    stars = stars_in(score)
    if stars is None:
        raise BadRecord(OFF_SCALE, record=entry)
    return RawMention(
        external_id=id_,
        text=text_in(entry, "content", "label"),
        title=text_in(entry, "title", "label") or None,
        stars=stars,
        channel="app_store",
        author=text_in(entry, "author", "name", "label") or None,
        published_at=time_in(entry, "updated", "label"),
        url=f"https://apps.apple.com/{country}/app/id{app}?see-all=reviews",
        product=app,
        version=text_in(entry, "im:version", "label") or None,
        attributes={"country": country},
    )
